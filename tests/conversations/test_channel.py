"""The clerk's channel and what Rasa keeps: the token, the greeting, commands as text, and no digits in its store."""

import json
import sqlite3
import unicodedata
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url

from actions.lending.database import open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from bot.channels.clerk import plain_text
from bot.dialogue import RasaDialogue
from serve.stack import TextStack
from understanding.text_normaliser import normalise
from voice.dialogue import DialogueUnavailable, NextStep
from voice.hearing.expectation import ExpectationKind

GREETING = "/webhooks/clerk/start"
PHONE, LAST4 = "13800000001", "1234"


@pytest.fixture
async def dialogue(stack: TextStack) -> AsyncIterator[RasaDialogue]:
    talk = RasaDialogue(
        stack.rasa_url, stack.token, IdentityService(open_database(stack.database_url), load_keys())
    )
    yield talk
    await talk.close()


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic wrong"}])
async def test_nobody_talks_to_rasa_without_the_token(stack: TextStack, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(base_url=stack.rasa_url, trust_env=False) as client:
        answer = await client.post(GREETING, json={"sender": "stranger"}, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/model/parse", "/conversations/x/tracker"])
async def test_rasas_own_doors_are_shut(stack: TextStack, path: str) -> None:
    async with httpx.AsyncClient(base_url=stack.rasa_url, trust_env=False) as client:
        answers = [
            await client.post(path, json={"sender": "x", "message": "/restart", "text": "x"}),
            await client.get(path),
        ]
    assert {answer.status_code for answer in answers} <= {404, 405}


async def test_its_health_is_that_of_the_model(stack: TextStack) -> None:
    async with httpx.AsyncClient(base_url=stack.rasa_url, trust_env=False) as client:
        assert (await client.get("/webhooks/clerk/health")).status_code == 200


@pytest.mark.parametrize("body", [[], {}, {"sender": ""}, {"sender": "x", "text": 3}])
async def test_a_body_that_makes_no_sense_is_refused(stack: TextStack, body: object) -> None:
    headers = {"Authorization": f"Bearer {stack.token}"}
    async with httpx.AsyncClient(base_url=stack.rasa_url, trust_env=False) as client:
        answer = await client.post("/webhooks/clerk/message", json=body, headers=headers)
    assert answer.status_code == 400


async def test_an_open_question_can_be_dropped_so_that_what_a_person_is_told_answers_nothing(
    dialogue: RasaDialogue,
) -> None:
    after = []
    for settled in (False, True):
        sender = f"settle-{uuid.uuid4().hex}"
        await dialogue.start(sender, {"channel": "chat"})
        offered = await dialogue.send(sender, "我真的不想活了", {"input": "text"})
        assert offered.expects.kind is ExpectationKind.YES_NO
        if settled:
            await dialogue.settle(sender)
        after.append((await dialogue.send(sender, "好的", {"input": "text"})).next)
    assert after[0] is NextStep.TRANSFER
    assert after[1] is NextStep.CONTINUE


async def test_of_words_heard_in_two_ways_those_that_are_understood_are_gone_on_with(
    dialogue: RasaDialogue,
) -> None:
    sender = f"heard-{uuid.uuid4().hex}"
    await dialogue.start(sender, {"channel": "browser"})
    heard, meant = "先请要多长时间才能的下来", "先请要多长时间才能批下来"
    alone = await dialogue.send(sender, heard, {"input": "voice"})
    assert (alone.intent, alone.understood_text) == ("nlu_fallback", heard)
    turn = await dialogue.send(sender, heard, {"input": "voice", "others": [meant]})
    assert (turn.intent, turn.understood_text) == ("query_application_progress", meant)


async def test_where_nobody_spoke_nothing_is_dropped_and_the_greeting_comes(dialogue: RasaDialogue) -> None:
    sender = f"settle-{uuid.uuid4().hex}"
    await dialogue.settle(sender)
    greeted = await dialogue.start(sender, {"channel": "chat"})
    assert "智能客服" in greeted.messages[0].text


async def test_the_first_words_say_ai_clerk_and_recording_and_cannot_be_interrupted(
    dialogue: RasaDialogue,
) -> None:
    spoken = await dialogue.start(f"start-{uuid.uuid4().hex}", {"channel": "phone", "line_phone": None})
    written = await dialogue.start(f"start-{uuid.uuid4().hex}", {"channel": "chat"})
    assert "智能语音客服" in spoken.messages[0].text
    assert "通话会录音" in spoken.messages[0].text
    assert "对话会被记录" in written.messages[0].text
    for turn in (spoken, written):
        assert not turn.messages[0].interruptible
        assert turn.messages[-1].text.endswith("？")


async def test_a_greeting_that_was_lost_is_said_again_but_not_once_the_customer_spoke(
    dialogue: RasaDialogue,
) -> None:
    sender = f"again-{uuid.uuid4().hex}"
    first = await dialogue.start(sender, {"channel": "chat"})
    assert (await dialogue.start(sender, {"channel": "chat"})).messages == first.messages
    await dialogue.send(sender, "我几号还款", {})
    again = await dialogue.start(sender, {"channel": "chat"})
    assert again.messages == ()
    assert again.expects.kind is ExpectationKind.DIGITS


async def test_a_message_without_a_start_is_still_greeted_with_the_notice(dialogue: RasaDialogue) -> None:
    turn = await dialogue.send(f"nostart-{uuid.uuid4().hex}", "上征信吗", {})
    assert "智能" in turn.messages[0].text
    assert "征信" in turn.messages[-1].text


def test_no_letter_of_unicode_brings_back_the_slash_of_a_command() -> None:
    """The pipeline's normaliser works on what the channel lets through."""
    letters = [letter for code in range(0x110000) if may_vanish_or_be_a_slash(letter := chr(code))]
    assert "／" in letters
    for text in [letter + rest for letter in letters for rest in ("restart", "/restart")]:
        assert not normalise(plain_text(text)).startswith("/"), ascii(text)


def may_vanish_or_be_a_slash(letter: str) -> bool:
    plain = unicodedata.normalize("NFKC", letter).strip()
    return not plain or plain.startswith("/")


@pytest.mark.parametrize("slash", ["/", "／", " /", "　／"])
async def test_a_command_of_rasa_restarts_nothing_and_forces_no_intent(
    dialogue: RasaDialogue, slash: str
) -> None:
    sender = f"command-{uuid.uuid4().hex}"
    await dialogue.start(sender, {"channel": "chat"})
    await dialogue.send(sender, "我还欠多少", {})
    restarted = await dialogue.send(sender, f"{slash}restart", {})
    assert "action_restart" not in restarted.actions and "action_session_start" not in restarted.actions
    assert restarted.messages and not any("智能客服" in message.text for message in restarted.messages)
    forced = await dialogue.send(sender, f"{slash}query_application_progress", {})
    assert (forced.intent, forced.confidence) != ("query_application_progress", 1.0)
    hidden = await dialogue.send(sender, f"利率是多少？{slash}query_application_progress@1.0几期", {})
    assert hidden.intent != "query_application_progress"


async def test_wrong_token_is_dialogue_unavailable(stack: TextStack) -> None:
    identity = IdentityService(open_database(stack.database_url), load_keys())
    talk = RasaDialogue(stack.rasa_url, "wrong", identity)
    with pytest.raises(DialogueUnavailable):
        await talk.start(f"token-{uuid.uuid4().hex}", {"channel": "chat"})
    await talk.close()


async def test_rasa_keeps_no_phone_number_and_no_id_digits(dialogue: RasaDialogue, stack: TextStack) -> None:
    sender = f"private-{uuid.uuid4().hex}"
    turn = await dialogue.start(sender, {"channel": "phone", "line_phone": PHONE})
    for said in ("我还欠多少", "一二三五", "不对，是一二三四", "对"):
        turn = await dialogue.send(sender, said, {"input": "voice", "expects": turn.expects.to_json()})
    assert turn.verified
    turn = await dialogue.send(sender, f"我的号码是{PHONE}，身份证110101199003071234", {"input": "text"})
    words = "\n".join(events_of(sender, stack))
    assert "我还欠多少" in words, "the conversation must be in the store, or this test proves nothing"
    for digits in (PHONE, LAST4, "1235", "一二三四", "一二三五", "110101199003071234"):
        assert digits not in words


RANDOM = {"message_id", "model_id", "timestamp", "confidence", "confidence_entity"}
"""Names whose values may hold any four digits by chance: one message in two thousand has an id with 1234 in it."""


def said_in(value: object) -> object:
    """The same event without its random ids, its time and its scores."""
    if isinstance(value, dict):
        return {name: said_in(part) for name, part in value.items() if name not in RANDOM}
    return [said_in(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("broken", ["reading", "writing"])
async def test_a_conversation_that_cannot_be_kept_is_refused_and_goes_on_where_it_was(
    dialogue: RasaDialogue, stack: TextStack, broken: str
) -> None:
    """Rasa itself would take him for a new customer, or answer and forget what was said."""
    spoil, mend = {
        "reading": ("ALTER TABLE events RENAME TO events_away", "ALTER TABLE events_away RENAME TO events"),
        "writing": (
            "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk full'); END",
            "DROP TRIGGER full",
        ),
    }[broken]
    sender = f"kept-{uuid.uuid4().hex}"
    await dialogue.start(sender, {"channel": "chat"})
    offered = await dialogue.send(sender, "我真的不想活了", {"input": "text"})
    assert offered.expects.kind is ExpectationKind.YES_NO
    with sqlite3.connect(store_of(stack), isolation_level=None) as connection:
        connection.execute(spoil)
        try:
            with pytest.raises(DialogueUnavailable) as refused:
                await dialogue.send(sender, "好的", {"input": "text"})
        finally:
            connection.execute(mend)
    answer = refused.value.__cause__
    assert isinstance(answer, httpx.HTTPStatusError)
    assert answer.response.json() == {"error": {"code": "clerk_conversation_not_kept"}}
    assert (await dialogue.send(sender, "好的", {"input": "text"})).next is NextStep.TRANSFER


def store_of(stack: TextStack) -> Path:
    """The tracker store's file."""
    return next(Path(str(make_url(stack.database_url).database)).parent.rglob("trackers.db"))


def events_of(sender: str, stack: TextStack) -> list[str]:
    """Events of one conversation, as they lie in the tracker store's file, without what is random in them."""
    with sqlite3.connect(f"file:{store_of(stack)}?mode=ro", uri=True) as connection:
        return [
            json.dumps(said_in(json.loads(row[0])), ensure_ascii=False)
            for row in connection.execute("SELECT data FROM events WHERE sender_id = ?", (sender,))
        ]
