"""The scripts themselves: enough of every class, and none that could not fail."""

from collections import Counter
from pathlib import Path

import pytest

from tests.conversations.script import CLASSES, Script, read_script

SCRIPTS = [read_script(path) for path in sorted(Path(__file__).parent.glob("*.yml"))]
LEAST_OF_A_CLASS = 4
LEAST = 80


def test_there_are_enough_conversations_of_every_class() -> None:
    found = Counter(script.kind for script in SCRIPTS)
    assert {kind: found[kind] for kind in CLASSES if found[kind] < LEAST_OF_A_CLASS} == {}
    assert len(SCRIPTS) >= LEAST


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
def test_a_conversation_checks_more_than_its_words(script: Script) -> None:
    """Words alone may be right by chance: each script also holds a question, a figure, a request or a state."""
    steps = (*script.steps, *script.then_dials_again)
    hard = [s for s in steps if s.expects or s.figures or s.quote or s.intent or s.verified is not None]
    hard += [s for s in steps if s.next != "continue" or s.quick_replies or s.uninterruptible]
    assert hard or script.recorded


def test_no_two_conversations_say_the_same() -> None:
    said = Counter(tuple(step.user for step in script.steps) for script in SCRIPTS)
    assert [words for words, times in said.items() if times > 1] == []
