"""Every script of this folder is talked through with a running Rasa, action server and database."""

import re
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from actions.lending.database import open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from actions.lending.money import written_percent, written_yuan
from bot.dialogue import RasaDialogue
from serve.stack import TextStack
from tests.conversations.cheapest_quote import cheapest
from tests.conversations.recorded_requests import recorded
from tests.conversations.script import Script, Step, read_script
from tests.conversations.truth import Truth
from tests.tone import breaches
from voice.dialogue import DialogueTurn

SCRIPTS = sorted(Path(__file__).parent.glob("*.yml"))


@pytest.fixture(scope="session")
def truth(stack: TextStack) -> Truth:
    return Truth(open_database(stack.database_url), load_keys())


@pytest.fixture
def identity(stack: TextStack) -> Iterator[IdentityService]:
    yield IdentityService(open_database(stack.database_url), load_keys())


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.stem for path in SCRIPTS])
async def test_the_conversation_goes_as_written(
    path: Path, stack: TextStack, truth: Truth, identity: IdentityService
) -> None:
    script = read_script(path)
    dialogue = RasaDialogue(stack.rasa_url, stack.token, identity)
    try:
        sender = f"{script.name[:40]}-{uuid.uuid4().hex[:8]}"
        await talk(dialogue, script, script.steps, sender, truth)
        check_recorded(truth, sender, script)
        if script.then_dials_again:
            await talk(dialogue, script, script.then_dials_again, f"{sender}-2", truth)
    finally:
        await dialogue.close()


async def talk(
    dialogue: RasaDialogue, script: Script, steps: tuple[Step, ...], sender: str, truth: Truth
) -> None:
    """Open a conversation and go through its steps."""
    line = truth.number_of(script.line)["phone"] if script.line else None
    turn = await dialogue.start(sender, {"channel": script.channel, "line_phone": line})
    assert "智能" in turn.messages[0].text and not turn.messages[0].interruptible
    for step in steps:
        said = filled(step.user, script, truth)
        turn = await dialogue.send(sender, said, {"input": step.input, "expects": turn.expects.to_json()})
        check(turn, step, script, truth, said)


def check(turn: DialogueTurn, step: Step, script: Script, truth: Truth, said: str) -> None:
    """Hold one reply against what was written."""
    reply = "".join(message.text for message in turn.messages)
    context = f"{said!r} was answered with {reply!r} ({turn.intent}, {turn.understood_text!r})"
    for words in step.bot:
        assert filled(words, script, truth) in reply, context
    for words in step.bot_not:
        assert filled(words, script, truth) not in reply, context
    assert turn.next.value == step.next, context
    if step.intent is not None:
        assert turn.intent == step.intent, context
    if step.expects is not None:
        expected = (
            f"{turn.expects.kind.value} {turn.expects.count}"
            if turn.expects.count
            else turn.expects.kind.value
        )
        assert expected == step.expects, context
    if step.verified is not None:
        assert turn.verified is step.verified, context
    if step.uninterruptible is not None:
        assert any(step.uninterruptible in m.text and not m.interruptible for m in turn.messages), context
    if step.slow is not None:
        assert {message.slow for message in turn.messages} == {step.slow}, context
    assert sum(len(message.quick_replies) for message in turn.messages) >= step.quick_replies, context
    check_figures(turn, step, script, truth, reply)
    assert not (found := breaches(reply, step.answers)), f"{found}: {context}"


def check_figures(turn: DialogueTurn, step: Step, script: Script, truth: Truth, reply: str) -> None:
    """Every figure that was written down has the database's value, and is in the words that were said."""
    figures = {figure.name: figure.value for figure in turn.figures}
    if step.figures == ("none",):
        assert not figures, reply
    else:
        for name in step.figures:
            assert script.about is not None
            assert figures.get(name) == truth.figure(script.about, name), f"{name}: {figures} in {reply!r}"
            if name.endswith(("_amount", "_principal", "_available", "_total")):
                assert written_yuan(int(figures[name])) in reply
    if step.quote is not None:
        expected = cheapest(*step.quote)
        assert {name: figures.get(name) for name in expected} == expected, reply
        assert written_percent(turn_rate(figures["annualised_rate"])) in reply


def turn_rate(value: int | str) -> Decimal:
    return Decimal(str(value))


def check_recorded(truth: Truth, sender: str, script: Script) -> None:
    """The requests that were written down are there, no others, and their summaries say what they should."""
    left = recorded(truth, sender)
    plain = [{key: one[key] for key in one if key not in {"says", "says_not"}} for one in script.recorded]
    assert [{key: one[key] for key in one if key != "summary"} for one in left] == plain
    for one, expected in zip(left, script.recorded, strict=True):
        for words in expected.get("says", ()):
            assert filled(words, script, truth) in str(one["summary"]), one["summary"]
        for words in expected.get("says_not", ()):
            assert filled(words, script, truth) not in str(one["summary"]), one["summary"]


def filled(words: str, script: Script, truth: Truth) -> str:
    """Put persons' numbers into ``{张伟.phone}`` and the reason of a rejection into ``{rejected.reason}``."""

    def value(found: re.Match[str]) -> str:
        person, what = found.groups()
        return truth.reason(person) if what == "reason" else truth.number_of(person)[what]

    return re.sub(r"\{([^{}.]+)\.(phone|id|wrong|reason)\}", value, words)
