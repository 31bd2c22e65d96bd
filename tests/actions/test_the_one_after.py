"""Whether the instalment after the one that was told is meant, or the next one once more."""

import pytest

from actions.follow_up import asks_the_one_after
from actions.turn import Turn


def asked(text: str, told: bool = True) -> bool:
    context = {"intent": "query_repayment", "instalment": 8} if told else None
    return asks_the_one_after(Turn("c1", text, "query_repayment", memory={"context": context}))


@pytest.mark.parametrize(
    "text", ["那下一期呢", "下一期呢", "那下个月呢", "再下一期", "后面呢", "下下个月还多少"]
)
def test_a_question_that_leaves_out_its_subject_means_the_one_after(text: str) -> None:
    assert asked(text)
    assert not asked(text, told=False)


@pytest.mark.parametrize(
    "text", ["下一期什么时候还，还多少", "下一期还多少", "下期还多少", "这个月要还多少", "几号还"]
)
def test_the_next_instalment_can_be_asked_for_twice(text: str) -> None:
    assert not asked(text)
