"""Turn shape: do these words look like all of an answer, or like the beginning of one?"""

import re
from enum import Enum

from voice.expectation import Expectation, ExpectationKind


class TurnShape(str, Enum):
    """What words tell about the end of a turn; silence alone cannot."""

    COMPLETE = "complete"
    """The answer is whole: little silence is enough."""
    OPEN = "open"
    """Nothing can be told from the words."""
    UNFINISHED = "unfinished"
    """The clause hangs in the air: the caller is looking for words."""


_MARKS = re.compile(r"[，。？！、；：,.?!\s]+")

_HANGING = re.compile(
    r"(?:那个|这个|就是|就是说|然后|因为|所以|但是|不过|如果|要是|还有|或者|和|跟|把|被|给|我的|你们的|关于|比如"
    r"|我想|想问|想问问|问一下|问下|请问|请问一下|想咨询|咨询一下|我想要|我要|想要|的话|嗯|呃|额|啊这)$"
)
"""Words after which a Chinese clause needs more: conjunctions, prepositions, openings without their question."""

_WHOLE = re.compile(
    r"(?:吗|呢|么|吧|没有|了没|人工|客服|谢谢|再见|听清|一遍)$|什么|怎么|咋|多少|几[号期天个点]|多久|多长|哪|谁|是不是|能不能"
    r"|可不可以|要不要|有没有|会不会|行不行"
)
"""A final particle, or a question word anywhere: the question has been put."""

_LEAST_WHOLE = 4
"""Characters; a shorter question may be the beginning of one (多少…, 怎么…)."""


def turn_shape(text: str, expects: Expectation) -> TurnShape:
    """Judge the words recognised so far, given what is expected. Digits are complete when they are as many as asked."""
    words = _MARKS.sub("", text)
    if expects.kind is ExpectationKind.DIGITS and expects.count is not None:
        return TurnShape.COMPLETE if _signs(words) >= expects.count else TurnShape.OPEN
    if not words:
        return TurnShape.OPEN
    if _HANGING.search(words):
        return TurnShape.UNFINISHED
    if len(words) >= _LEAST_WHOLE and _WHOLE.search(words):
        return TurnShape.COMPLETE
    return TurnShape.OPEN


def _signs(words: str) -> int:
    """How many signs of a number are in it: people may put words before them (尾号是1234)."""
    return len(re.findall(r"[0-9Xx]", words))
