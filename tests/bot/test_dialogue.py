"""RasaDialogue: digits stay on this side of the wire, turns keep their order, and failures are named."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.lending.database import open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import KEY_BYTES, DataKeys
from actions.lending.models import metadata
from bot.dialogue import RasaDialogue
from voice.dialogue import DialogueUnavailable, NextStep
from voice.hearing.expectation import YES_NO, Expectation, ExpectationKind

FOUR = Expectation(ExpectationKind.DIGITS, 4).to_json()


class FakeRasa:
    """Remembers what it was sent and answers with one message."""

    def __init__(
        self, text: str = "好的。", answer: Callable[[httpx.Request], Awaitable[httpx.Response]] | None = None
    ) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.running = self.most_running = 0
        self._answer = answer
        self._text = text

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(request.content))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            if self._answer is not None:
                return await self._answer(request)
            await asyncio.sleep(0)
            return httpx.Response(
                200,
                json={"messages": [{"text": self._text}], "next": "transfer", "expects": {"kind": "yes_no"}},
            )
        finally:
            self.running -= 1


@pytest.fixture
def identity(tmp_path: Path) -> IdentityService:
    database = open_database(f"sqlite:///{tmp_path / 'identity.db'}")
    metadata.create_all(database.engine)
    return IdentityService(database, DataKeys(b"k" * KEY_BYTES))


def dialogue(rasa: FakeRasa, identity: IdentityService, **settings: Any) -> RasaDialogue:
    return RasaDialogue("http://rasa", "secret", identity, transport=httpx.MockTransport(rasa), **settings)


async def test_the_lines_number_opens_the_session_and_never_reaches_rasa(identity: IdentityService) -> None:
    rasa = FakeRasa()
    await dialogue(rasa, identity).start("call-1", {"channel": "phone", "line_phone": "13800000001"})
    assert identity.state("call-1").has_line_phone
    assert rasa.bodies == [{"sender": "call-1", "metadata": {"channel": "phone"}}]


async def test_digits_are_claimed_here_and_masked_for_rasa_and_the_transcript(
    identity: IdentityService,
) -> None:
    rasa = FakeRasa()
    talk = dialogue(rasa, identity)
    await talk.start("chat-1", {"channel": "chat"})
    turn = await talk.send("chat-1", "13800000001", {"input": "text"})
    await talk.send("chat-1", "567叉", {"input": "voice", "expects": FOUR})
    state = identity.state("chat-1")
    assert (state.claimed_phone, state.claimed_last4) == ("13800000001", "567X")
    assert turn.understood_text == "〔手机号尾号0001〕"
    assert [body["text"] for body in rasa.bodies[1:]] == ["〔手机号尾号0001〕", "〔证件后四位〕"]


async def test_digits_of_a_correction_are_masked_while_a_read_back_is_open(identity: IdentityService) -> None:
    rasa = FakeRasa()
    talk = dialogue(rasa, identity)
    await talk.start("call-1", {"channel": "browser"})
    await talk.send("call-1", "一二三四", {"input": "voice", "expects": FOUR})
    await talk.send("call-1", "不对，是1235", {"input": "voice", "expects": YES_NO.to_json()})
    assert rasa.bodies[-1]["text"] == "不对，是〔证件后四位〕"
    assert identity.state("call-1").claimed_last4 == "1235"


async def test_a_number_in_pieces_is_put_together_here_and_rasa_sees_no_digit_of_it(
    identity: IdentityService,
) -> None:
    rasa = FakeRasa()
    talk = dialogue(rasa, identity)
    await talk.start("call-1", {"channel": "phone"})
    eleven = Expectation(ExpectationKind.DIGITS, 11).to_json()
    first = await talk.send("call-1", "我的手机号是138 0000", {"input": "voice", "expects": eleven})
    assert first.understood_text == "我的手机号是〔数字〕"
    assert identity.state("call-1").digits_heard[11] == 7
    await talk.send("call-1", "零零零幺", {"input": "voice", "expects": eleven})
    await talk.send("call-1", "五六", {"input": "voice", "expects": FOUR})
    await talk.send("call-1", "七叉", {"input": "voice", "expects": FOUR})
    state = identity.state("call-1")
    assert (state.claimed_phone, state.claimed_last4) == ("13800000001", "567X")
    texts = [body["text"] for body in rasa.bodies[1:]]
    assert texts == ["我的手机号是〔数字〕", "〔手机号尾号0001〕", "〔数字〕", "〔证件后四位〕"]


async def test_a_second_reading_of_the_digits_stays_here_and_fills_the_question_which_it_was(
    identity: IdentityService,
) -> None:
    rasa = FakeRasa("身份证后四位是「〔证件后四位〕」，还是「〔另一个证件后四位〕」？")
    talk = dialogue(rasa, identity)
    await talk.start("call-1", {"channel": "browser"})
    heard = {"input": "voice", "expects": FOUR, "others": ["1284"], "unsure": True, "confidence": 0.03}
    turn = await talk.send("call-1", "1234", heard)
    assert turn.messages[0].text == "身份证后四位是「1234」，还是「1284」？"
    assert rasa.bodies[-1]["text"] == "〔证件后四位〕"
    assert rasa.bodies[-1]["metadata"]["unsure"] is True
    assert "1284" not in json.dumps(rasa.bodies)


async def test_other_readings_of_open_words_reach_rasa_unless_they_hold_digits_of_an_identity(
    identity: IdentityService,
) -> None:
    rasa = FakeRasa()
    talk = dialogue(rasa, identity)
    await talk.start("call-1", {"channel": "phone"})
    others = ["下个月要还多少", "我的手机号是13800000001"]
    await talk.send("call-1", "下个月要换多少", {"input": "voice", "others": others})
    await talk.send("call-1", "手机号是13800000002", {"input": "voice", "others": ["手机好"]})
    assert [body["others"] for body in rasa.bodies[1:]] == [["下个月要还多少"], []]
    assert "others" not in rasa.bodies[1]["metadata"]


async def test_the_reading_that_was_gone_on_with_is_what_was_understood(identity: IdentityService) -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        instead = {"text": "下个月要还多少"} if json.loads(request.content).get("others") else {}
        return httpx.Response(200, json={"messages": [{"text": "好的。"}], **instead})

    talk = dialogue(FakeRasa(answer=answer), identity)
    await talk.start("call-1", {"channel": "phone"})
    heard = {"input": "voice", "others": ["下个月要还多少"]}
    assert (await talk.send("call-1", "下个月要换多少", heard)).understood_text == "下个月要还多少"
    assert (await talk.send("call-1", "下个月要换多少", {})).understood_text == "下个月要换多少"


async def test_a_read_back_is_filled_with_what_was_claimed(identity: IdentityService) -> None:
    talk = dialogue(FakeRasa("身份证后四位是「〔证件后四位〕」，对吗？"), identity)
    await talk.start("call-1", {"channel": "browser"})
    turn = await talk.send("call-1", "一二三四", {"input": "voice", "expects": FOUR})
    assert turn.messages[0].text == "身份证后四位是「1234」，对吗？"
    assert turn.expects == YES_NO
    assert turn.next is NextStep.TRANSFER


@pytest.mark.parametrize("status", [401, 500, 503])
async def test_an_error_of_rasa_is_dialogue_unavailable(identity: IdentityService, status: int) -> None:
    async def broken(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={"error": "x"})

    talk = dialogue(FakeRasa(answer=broken), identity)
    with pytest.raises(DialogueUnavailable):
        await talk.start("call-1", {"channel": "chat"})


async def test_an_answer_that_is_no_turn_is_dialogue_unavailable(identity: IdentityService) -> None:
    async def page(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="<html>")

    with pytest.raises(DialogueUnavailable):
        await dialogue(FakeRasa(answer=page), identity).start("call-1", {"channel": "chat"})


async def test_silence_of_rasa_is_dialogue_unavailable(identity: IdentityService) -> None:
    async def late(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late", request=request)

    with pytest.raises(DialogueUnavailable):
        await dialogue(FakeRasa(answer=late), identity).start("call-1", {"channel": "chat"})


async def test_a_broken_identity_store_is_dialogue_unavailable_and_says_no_number(tmp_path: Path) -> None:
    no_tables = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    talk = dialogue(FakeRasa(), IdentityService(no_tables, DataKeys(b"k" * KEY_BYTES)))
    with pytest.raises(DialogueUnavailable) as failure:
        await talk.send("chat-1", "13800000001", {})
    assert "13800000001" not in str(failure.value)


async def test_turns_of_one_conversation_run_one_after_the_other_in_order(identity: IdentityService) -> None:
    rasa = FakeRasa()
    talk = dialogue(rasa, identity)
    await talk.start("chat-1", {"channel": "chat"})
    await asyncio.gather(*(talk.send("chat-1", f"第{n}句", {}) for n in range(8)))
    assert rasa.most_running == 1
    assert [body["text"] for body in rasa.bodies[1:]] == [f"第{n}句" for n in range(8)]


async def test_conversations_run_beside_each_other_up_to_the_number_of_places(
    identity: IdentityService,
) -> None:
    release, full = asyncio.Event(), asyncio.Event()

    async def wait(_: httpx.Request) -> httpx.Response:
        if rasa.running == 3:
            full.set()
        await release.wait()
        return httpx.Response(200, json={"messages": []})

    rasa = FakeRasa(answer=wait)
    talk = dialogue(rasa, identity, places=3)
    turns = [asyncio.create_task(talk.send(f"chat-{n}", "你好", {})) for n in range(6)]
    await full.wait()
    release.set()
    await asyncio.gather(*turns)
    assert rasa.most_running == 3
    assert len(rasa.bodies) == 6
