"""Best reading: where words were heard in several ways, those that make sense in the context are gone on with."""

from typing import Any

import pytest

from bot.channels.best_reading import best_reading

UNDERSTOOD = {
    "下个月要还多少": ("query_next_repayment", 0.9),
    "下个月要换多少": ("nlu_fallback", 0.4),
    "今天天气": ("out_of_scope", 0.8),
    "提前还": ("ask_early_repayment", 0.45),
    "利息多少": ("ask_interest", 0.8),
    "是的": ("affirm", 0.95),
}


class FakeNlu:
    """Knows a few sentences and counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def parse(self, text: str) -> dict[str, Any]:
        self.asked.append(text)
        name, confidence = UNDERSTOOD[text]
        return {"intent": {"name": name, "confidence": confidence}, "entities": []}


async def test_words_that_are_understood_stand_and_nothing_else_is_looked_at() -> None:
    nlu = FakeNlu()
    text, understood = await best_reading("利息多少", ["下个月要还多少"], False, nlu.parse)
    assert (text, understood["intent"]["name"]) == ("利息多少", "ask_interest")
    assert nlu.asked == ["利息多少"]


@pytest.mark.parametrize("first", ["下个月要换多少", "今天天气"])
async def test_of_words_heard_as_well_those_that_are_understood_win(first: str) -> None:
    text, understood = await best_reading(first, ["下个月要还多少"], False, FakeNlu().parse)
    assert (text, understood["intent"]["name"]) == ("下个月要还多少", "query_next_repayment")


async def test_a_guess_takes_nobodys_place() -> None:
    text, understood = await best_reading("下个月要换多少", ["提前还"], False, FakeNlu().parse)
    assert (text, understood["intent"]["name"]) == ("下个月要换多少", "nlu_fallback")


@pytest.mark.parametrize(("question_open", "won"), [(True, "是的"), (False, "今天天气")])
async def test_a_yes_makes_sense_only_where_something_was_asked(question_open: bool, won: str) -> None:
    assert (await best_reading("今天天气", ["是的"], question_open, FakeNlu().parse))[0] == won


async def test_two_others_are_tried_and_no_more() -> None:
    nlu = FakeNlu()
    await best_reading("今天天气", ["下个月要换多少", "提前还", "利息多少"], False, nlu.parse)
    assert nlu.asked == ["今天天气", "下个月要换多少", "提前还"]


async def test_one_reading_costs_one_parse() -> None:
    nlu = FakeNlu()
    assert (await best_reading("今天天气", [], False, nlu.parse))[0] == "今天天气"
    assert nlu.asked == ["今天天气"]
