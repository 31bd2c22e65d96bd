"""Turn shape: do these words look like all of an answer, or like the beginning of one?"""

import re
from enum import Enum

from voice.hearing.expectation import Expectation, ExpectationKind


class TurnShape(str, Enum):
    """What words tell about the end of a turn; silence alone cannot."""

    COMPLETE = "complete"
    """The answer is whole: little silence is enough."""
    OPEN = "open"
    """Nothing can be told from the words."""
    UNFINISHED = "unfinished"
    """The clause hangs in the air: the caller is looking for words."""


_MARKS = re.compile(r"[，。？！、；：…—,.?!\s]+")

_HANGING = re.compile(
    r"(?:那个|(?<![是说])这个|就是说|然后|因为|所以|但是|(?<![刷通审老])不过|可是|如果|要是|假如|万一|(?<!怎么)还有|或者|而且|另外|除了|虽然"
    r"|就算|和|跟|把|被|(?<!时候)给|我的|你们的|关于|比如|比方说|想问|想问问|问一下|问下|请问|请问一下|想咨询|咨询一下|想知道|是想|是说"
    r"|意思是|你们说|他跟我说|帮我|我觉得|的话|的时候|怎么说呢|(?:^|[我个是后嗯呃])额|啊这)$"
)
"""Words after which a Chinese clause needs more: conjunctions, prepositions, openings without their question."""

_OPENING = re.compile(
    r"(?:嗯|呃|就是|我想|我?想要|我要|我需要|(?:[看查找问]一下我的?|[看查]一下啊?|我找一下|我?想想|等一下我|我这边是?|我们(?:公司|店|厂)"
    r"|我(?:上次|之前|当时|有一?个)|(?:问|有|还有)(?:你|您)?一?个(?:事情?|问题)|是这样的?|情况是|首先|第一个?|(?:主要|关键|大概|应该|好像)是?"
    r"|差不多|其实我?|对了|那个我|我办一个|想办一个))$"
)
"""What introduces something; as an answer to a yes-or-no question most of it is whole (嗯, 我要, 应该是)."""

_CONDITION = re.compile(r"^(?:那|那我|我|就是)?(?:如果|要是|假如|假设|万一)")
_CONSEQUENCE = re.compile(r"[吗么呢就]|会|能|可以|要不|怎么|什么|多少|咋|几|算")
"""A condition without what follows from it: 如果我提前还款…"""

_TOPIC = re.compile(
    r"^(?:就是|其实|那)?(?:我们?|你们|他)?(?:这个|那个|这边)[^什怎哪谁多几吗没能会]{1,6}[呢吧嘛啊]$"
)
"""A topic that is put up for discussion: 我这个贷款呢…"""

_WHOLE = re.compile(
    r"(?:吗|呢|么|(?<=[以有是对行好会能了的没题])吧|没有|了没|人工|客服|谢谢|再见|听清|一遍)$|什么|怎么|咋|多少|几[号期天个点]"
    r"|多久|多长|哪|谁|是不是|能不能|可不可以|要不要|有没有|会不会|行不行"
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
    if _hangs(words, expects):
        return TurnShape.UNFINISHED
    if len(words) >= _LEAST_WHOLE and _WHOLE.search(words):
        return TurnShape.COMPLETE
    return TurnShape.OPEN


def _hangs(words: str, expects: Expectation) -> bool:
    if _HANGING.search(words):
        return True
    if expects.kind is ExpectationKind.YES_NO:
        return False
    condition = _CONDITION.match(words)
    alone = condition is not None and not _CONSEQUENCE.search(words, condition.end())
    return alone or bool(_OPENING.search(words) or _TOPIC.search(words))


def _signs(words: str) -> int:
    """How many signs of a number are in it: people may put words before them (尾号是1234)."""
    return len(re.findall(r"[0-9Xx]", words))
