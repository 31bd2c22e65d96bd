"""Backchannels over the bot's voice: 嗯 and 好的 also as recognisers write them when they mishear them."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

from voice.hearing.clean_words import is_backchannel

_LISTENING = (
    r"en|n|ng|nen|m|o|a|e|ei|ai|ha|hao(?: (?:de|ba|a))?|wo(?= hao| ming| zhi| dui)|dui(?: (?:de|a))?|shi(?: (?:de|a))?"
    r"|xing(?: (?:de|ba|a))?|ming bai(?: le)?|zhi dao(?: le)?|liao jie(?: le)?|zhe yang(?: a)?|ke yi(?: de)?|ni hao"
)
_SOUNDS_LIKE_LISTENING = re.compile(f"(?:{_LISTENING})(?: (?:{_LISTENING}))*")
_ONE_MISHEARD = re.compile(r"[^不没别太几真](?:好的|知道了|明白了|这样)")
"""哦 or 嗯 before them is written in many ways (你知道了, 新好的)."""

_NO_WORDS = re.compile(r"[^\u4e00-\u9fff]+")


@lru_cache(maxsize=256)
def only_listens(text: str) -> bool:
    """Return whether this only says "I am listening", by its characters or by its sounds (直到了 for 知道了).

    Over the bot's voice, short words come through a telephone line so badly that their characters are a guess.
    """
    characters = _NO_WORDS.sub("", text)
    if is_backchannel(text) or _ONE_MISHEARD.fullmatch(characters):
        return True
    return (
        bool(characters) and _SOUNDS_LIKE_LISTENING.fullmatch(" ".join(lazy_pinyin(characters))) is not None
    )
