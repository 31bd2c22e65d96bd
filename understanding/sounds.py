"""Sounds: toneless syllables of Chinese characters, and which of them a bad line or an accent does not keep apart."""

import re
from functools import cache, lru_cache

from pypinyin import lazy_pinyin

_NOT_SPOKEN = re.compile(r"[^\w]|_")
_ONE_SOUND = {"huan": "hai"}
"""还 is huán in 还款 and hái in 还有, pypinyin guesses wrong, and recognisers write 海款 or 环款: one syllable stands
for both."""

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@lru_cache(maxsize=8192)
def syllables(text: str) -> tuple[str, ...]:
    """Toneless pinyin of every character, read in its word; letters and digits stay as they are."""
    return tuple(_ONE_SOUND.get(sound, sound) for sound in lazy_pinyin(_NOT_SPOKEN.sub("", text)))


@cache
def sound(sign: str) -> str:
    """Toneless pinyin of one character alone, by its commonest reading."""
    found = str(lazy_pinyin(sign)[0])
    return _ONE_SOUND.get(found, found)


@cache
def blurred(syllable: str) -> str:
    """The syllable as many regions say it: zh is z, n is l, ng at the end is n."""
    for full, bare in _INITIALS:
        if syllable.startswith(full):
            syllable = bare + syllable[len(full) :]
            break
    for full, bare in _FINALS:
        if syllable.endswith(full):
            return syllable[: -len(full)] + bare
    return syllable


def is_chinese(sign: str) -> bool:
    """Whether this is one Chinese character of the common block."""
    return "\u4e00" <= sign <= "\u9fff"
