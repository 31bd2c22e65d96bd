"""Closed answers: what may be said when a yes, a no or digits are asked for, and when to believe such a reading."""

from collections.abc import Iterable
from dataclasses import dataclass

from voice.expectation import Expectation, ExpectationKind
from voice.spoken_digits import spoken_digits, well_formed

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
    for lead in DIGIT_LEADS:
        words = words.replace(lead, "")
    digits = spoken_digits(words.lstrip("是"), expects.count)
    return digits if digits is not None and well_formed(digits, expects.count) else None


def first_reading(texts: Iterable[str], expects: Expectation) -> tuple[int, str] | None:
    """Return (place, answer) of the first text that is an answer."""
    for place, text in enumerate(texts):
        answer = reading(text, expects)
        if answer is not None:
            return place, answer
    return None
