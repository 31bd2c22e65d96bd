"""Closed answers: what may be said when a yes, a no or digits are asked for, and when to believe such a reading."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from voice.hearing.expectation import Expectation, ExpectationKind
from voice.hearing.spoken_digits import completed_phone, spoken_digits, well_formed

YES = (
    "是", "是的", "对", "对的", "没错", "对没错", "是的没错", "好", "好的", "可以", "行", "要", "需要", "嗯", "确认",
    "同意", "愿意", "有", "当然", "好好", "对对对", "要的", "可以的", "没问题", "好谢谢", "好的谢谢",
)  # fmt: skip
NO = (
    "不是", "不对", "不是的", "错了", "不", "不要", "不用", "不用了", "不需要", "不行", "不可以", "没有", "没有了",
    "不同意", "不愿意", "不好", "不要了", "不是错了", "不对错了", "不用谢谢",
)  # fmt: skip
NEITHER = ("不知道", "不清楚", "等一下", "再说一遍", "你说什么", "转人工", "人工", "什么")
"""As short as a yes or a no: they are in the list so that the list does not bend them into one."""

YES_NO_ANSWERS = YES + NO + NEITHER

SHORT_ANSWERS = (
    *YES_NO_ANSWERS, "喂", "你好", "谢谢", "谢谢再见", "再见", "利息", "还款", "额度", "逾期", "放款", "投诉", "征信",
    "月供", "展期", "首贷", "听不清", "没听清", "还有呢", "然后呢", "多少", "什么时候", "为什么", "继续", "好了",
)  # fmt: skip
"""What is said in less than two seconds when anything may be said; isolated words are what Whisper hears worst."""

DIGIT_WORDS = "零一二三四五六七八九要妖X"
"""What a recogniser may write for a digit; 要 and 妖 stand for 幺, which is no token of Whisper's."""

DIGIT_LEADS = ("尾号是", "后四位是", "我的", "身份证", "手机", "号码", "电话", "后四位", "尾号")
"""What callers say before their digits."""

_MARKS = str.maketrans("", "", " ，。、！？,.!?")


@dataclass(frozen=True)
class ClosedGate:
    """When a reading from the closed list is believed against what was heard freely (mean log probabilities).

    Measured with two synthetic voices at telephone quality: right readings lose at most 1.3 against free decoding,
    sentences bent into digits or a yes lose 1.5 and more (docs/recognition.md).
    """

    least: float = -2.5
    most_behind: float = 1.35

    def believes(self, likelihood: float, of_free: float) -> bool:
        """Return whether a reading with this mean log probability stands beside free decoding's."""
        return likelihood >= self.least and of_free - likelihood <= self.most_behind


_WRITING_WEIGHTS = (0.7, 0.3)
"""How much characters (一二) and figures (12) count; measured on 64 endings of ID cards."""


SHORT_GATE = ClosedGate(least=-2.0, most_behind=0.9)
"""Stricter where anything may have been said."""


def of_one_length(answer: str, heard: str) -> bool:
    """Return whether an answer is as long as what was heard freely, give or take a character.

    The likelihood of a reading says nothing of what comes after it: 需要 is a likely reading of 需要准备哪些材料.
    """
    return abs(len(answer) - len(heard.translate(_MARKS))) <= 1


def short_answer(text: str) -> str | None:
    """Return the short answer that ``text`` (simplified) is, or None."""
    words = text.translate(_MARKS)
    return words if words in SHORT_ANSWERS else None


JUDGED = (
    ExpectationKind.YES_NO,
    ExpectationKind.AMOUNT,
    ExpectationKind.DATE,
    ExpectationKind.TERM,
    ExpectationKind.RATING,
    ExpectationKind.INDUSTRY,
)
"""Kinds of answers that are weighed against each other (voice/hearing/answer_choice.py)."""


def is_closed(expects: Expectation) -> bool:
    """Return whether the answer expected comes from a closed list."""
    return expects.kind is ExpectationKind.YES_NO or (
        expects.kind is ExpectationKind.DIGITS and expects.count is not None
    )


def words_of(expects: Expectation) -> tuple[str, ...]:
    """Return the words that answers are made of."""
    if expects.kind is ExpectationKind.YES_NO:
        return YES_NO_ANSWERS
    return (*DIGIT_WORDS, *DIGIT_LEADS, "，")


def reading(text: str, expects: Expectation) -> str | None:
    """Return the answer that ``text`` (simplified) is, or None where it is none: 尾号是一二三四 is 1234."""
    words = text.translate(_MARKS)
    if expects.kind is ExpectationKind.YES_NO:
        return words if words in YES_NO_ANSWERS else None
    digits = _digits_in(text, expects.count)
    return digits if digits is not None and well_formed(digits, expects.count) else None


Place = tuple[int, int]
"""Where a reading comes from: the number of the writing and of the hypothesis in it."""


def readings(
    writings: Sequence[Sequence[tuple[str, float]]], expects: Expectation
) -> tuple[dict[str, float], dict[str, Place]]:
    """Return the answers that the hypotheses are: how much each weighs (0..1), and where it was found.

    ``writings`` holds one n-best list for each way of writing (characters, figures): (text, log probability of the
    whole). Their posteriors are mixed, since they err apart; a telephone number may be completed as a last resort.
    """
    mass: dict[str, float] = {}
    places: dict[str, Place] = {}
    for read in (reading, _completed):
        for number, hypotheses in enumerate(writings):
            found = [(read(text, expects), score, place) for place, (text, score) in enumerate(hypotheses)]
            top = max((score for answer, score, _ in found if answer), default=0.0)
            total = sum(math.exp(score - top) for answer, score, _ in found if answer)
            for answer, score, place in found:
                if answer:
                    weight = _WRITING_WEIGHTS[number] * math.exp(score - top) / total
                    mass[answer] = mass.get(answer, 0.0) + weight
                    places.setdefault(answer, (number, place))
        if mass:
            break
    return mass, places


def _completed(text: str, expects: Expectation) -> str | None:
    """Return the phone number that nearly is in ``text``."""
    if expects != Expectation(ExpectationKind.DIGITS, 11):
        return None
    digits = _digits_in(text, None)
    return completed_phone(digits) if digits else None


def _digits_in(text: str, count: int | None) -> str | None:
    words = text.translate(_MARKS)
    for lead in DIGIT_LEADS:
        words = words.replace(lead, "")
    return spoken_digits(words.lstrip("是"), count)
