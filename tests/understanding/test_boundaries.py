"""Sentences that people mean in two ways are asked back, however sure the classifier is."""

from pathlib import Path

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from actions.labels import LABELS
from commands.nlu_scores import Decision
from understanding.ask_back import AskBackClassifier
from understanding.boundaries import Boundaries

PATH = Path("data/boundaries/two_meanings.yml")
OPENING = ("apply_loan", "check_eligibility")
CARD = ("change_bank_card", "ask_repay_method")
REPAY = ("query_repayment", "ask_repay_method")


@pytest.fixture(scope="module")
def boundaries() -> Boundaries:
    return Boundaries.read(PATH)


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("怎么开通", OPENING),
        ("请问怎么开通呀?", OPENING),
        ("你好,这个咋开通", OPENING),
        ("如何开通贷款", OPENING),
        ("怎么开桶", OPENING),
        ("卡丢了怎么还", CARD),
        ("我的银行卡弄丢了,怎么还款呢", CARD),
        ("还款卡不见了咋还钱", CARD),
        ("咔丢了怎么海", CARD),
        ("还款", REPAY),
        ("我要还款", REPAY),
    ],
)
def test_they_are_known_with_both_meanings(
    text: str, meanings: tuple[str, str], boundaries: Boundaries
) -> None:
    assert boundaries.meanings(text) == meanings


@pytest.mark.parametrize(
    "text",
    [
        "",
        "怎么才能开通",
        "帮我开通",
        "怎么开通不了",
        "微信分付怎么开通",
        "卡丢了",
        "卡丢了怎么换卡",
        "怎么还款",
        "还款日",
        "提前还款",
        "还款失败",
        "你好",
    ],
)
def test_a_sentence_of_one_meaning_is_not_among_them(text: str, boundaries: Boundaries) -> None:
    assert boundaries.meanings(text) is None


def test_every_meaning_has_a_name_in_plain_words(boundaries: Boundaries) -> None:
    meanings = [name for _, both in boundaries.patterns for name in both]
    assert meanings
    assert set(meanings) <= set(LABELS)


def test_a_sure_classifier_is_overruled_and_both_are_offered(boundaries: Boundaries) -> None:
    sure = {"name": "apply_loan", "confidence": 0.99}
    message = Message(data={"text": "怎么开通", INTENT: sure, INTENT_RANKING_KEY: [sure]})
    config = {"threshold": 0.3, "ambiguity_threshold": 0.1}
    AskBackClassifier(config, boundaries).process([message])
    assert message.get(INTENT)["name"] == "nlu_fallback"
    assert Decision.of(message.data) == Decision("ask_back", OPENING)
