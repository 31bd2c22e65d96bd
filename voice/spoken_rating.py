"""Spoken rating: what words mean that answer the question how good the service was."""

import re

BEST = 5

_NUMBERS = {digit: number for number, digit in enumerate("零一二三四五六七八九十")} | {"两": 2}
_ALL = frozenset({"满", "十", "一百", "10", "100"})
"""十分 and 一百分 are said for all there is, on whatever scale."""

_NUMBER = re.compile(
    r"(?:嗯|呃|那就?|就|我|给|打|评|选|您|你们?|一?个(?=[0-9零一二两三四五六七八九十满])|肯定|当然|都|是|必须)*?"
    r"(?P<number>一百|100?|[0-9零一二两三四五六七八九十满])个?(?P<unit>分|颗星|星)?"
    r"(?:非常|很|最)?(?:满意|好评)?(?:吧|啊|呀|哦|啦|呗|了|的|嘛)*(?:谢谢[你您]?)?"
)
_WORDS = {
    5: r"(?:非常|十分|很|特别|最|太|超级)(?:满意|好|棒|不错)|满意极了|好极了|完美|好评",
    4: r"(?:比较|挺|蛮|还算?|还是)?满意|(?:挺|蛮|比较)好|(?:还|挺|蛮)?不错",
    3: r"一般般?|还行|还可以|还好|凑合|马马虎虎|普通",
    2: r"不(?:太|怎么|是很|是太|大)?(?:满意|好)|不怎么样|有点差|比较差|差",
    1: r"(?:非常|十分|很|特别|太|极其?|极度)(?:不满意|不好|差劲?)|差评|差劲|差极了|最差",
}
"""The five steps of the usual scale, from 非常不满意 to 非常满意."""

_JUDGEMENTS = {
    score: re.compile(
        f"(?:嗯|呃|我|觉得|感觉|都|服务|这次)*(?:{words})(?:吧|啊|呀|哦|啦|呗|了|的|嘛)*(?:谢谢[你您]?)?"
    )
    for score, words in _WORDS.items()
}
_DECLINES = re.compile(
    r"(?:嗯|好的?|行|那|我|就)*(?:不用了?|不需要|不要|不必了?|不打了?|不评了?|不想打|不想评|不打分了?|不评价了?|算了|没有了?|没了|没事了?|谢谢[你您]?"
    r"|再见|拜拜|挂了|先这样)(?:吧|啊|哦|啦|哈)*(?:谢谢[你您]?|再见|拜拜)*"
)
_MARKS = re.compile(r"[^0-9一-鿿]")


def spoken_score(text: str) -> int | None:
    """Return the score that these words are, 1 to 5, or the number outside the scale; None where it is neither.

    Only words that say nothing else: 五分，但是利率太高 is for the dialogue.
    """
    words = _MARKS.sub("", text)
    for score, judgement in _JUDGEMENTS.items():
        if judgement.fullmatch(words):
            return score
    said = _NUMBER.fullmatch(words)
    if said is None or (said["number"] in ("两", "满") and said["unit"] is None):
        return None
    number = said["number"]
    if number in _ALL:
        return BEST
    return _NUMBERS[number] if number in _NUMBERS else int(number)


def declines(text: str) -> bool:
    """Return whether these words leave the question where it is: 不用了, 谢谢再见."""
    return _DECLINES.fullmatch(_MARKS.sub("", text)) is not None
