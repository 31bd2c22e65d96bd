"""Homophones: spoils a text as a speech recogniser does, by characters of the same sound."""

from functools import lru_cache
from random import Random

from pypinyin import lazy_pinyin


def with_homophones(text: str, share: float, random: Random) -> str:
    """Replace about that share of the Chinese characters by others of the same toneless sound."""
    return "".join(_homophone(sign, random) if random.random() < share else sign for sign in text)


def _homophone(sign: str, random: Random) -> str:
    if not "\u4e00" <= sign <= "\u9fff":
        return sign
    others = [other for other in _by_sound().get(lazy_pinyin(sign)[0], "") if other != sign]
    return random.choice(others) if others else sign


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, str]:
    """The 3,755 common characters of GB 2312's first level, by their sound."""
    found: dict[str, str] = {}
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            sign = bytes([row, cell]).decode("gb2312", errors="ignore")
            if sign:
                sound = lazy_pinyin(sign)[0]
                found[sound] = found.get(sound, "") + sign
    return found
