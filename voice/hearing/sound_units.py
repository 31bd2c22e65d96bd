"""Sound units: what acoustic models tell apart. Pinyin initials, finals with their tone, and silence."""

import re
from functools import lru_cache

SILENCE = "SIL"

INITIALS = (
    *("zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l"),
    *("g", "k", "h", "j", "q", "x", "r", "z", "c", "s"),
)
"""Two letters first, so that the longest match wins."""

FINALS = (
    *("a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "er", "ong"),
    *("i", "ii", "iii", "ia", "io", "ie", "iao", "iou", "ian", "in", "iang", "ing", "iong"),
    *("u", "ua", "uo", "uai", "uei", "uan", "uen", "uang", "ueng", "v", "ve", "van", "vn"),
)
"""``ii`` is the vowel of zi, ci, si; ``iii`` that of zhi, chi, shi, ri; ``v`` is ü."""

TONES = "12345"
"""5 is the neutral tone."""

UNITS = (SILENCE, *INITIALS, *(final + tone for final in FINALS for tone in TONES))
"""A unit's number is its place; silence is 0."""

NUMBER = {unit: number for number, unit in enumerate(UNITS)}

_WITHOUT_INITIAL = {
    **{"yi": "i", "ya": "ia", "yo": "io", "ye": "ie", "yao": "iao", "you": "iou", "yan": "ian", "yin": "in"},
    **{"yang": "iang", "ying": "ing", "yong": "iong", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn"},
    **{
        "yai": "ai",
        "wu": "u",
        "wa": "ua",
        "wo": "uo",
        "wai": "uai",
        "wei": "uei",
        "wan": "uan",
        "wen": "uen",
    },
    **{"wang": "uang", "weng": "ueng", "n": "en", "ng": "en", "m": "en", "hm": "en", "hng": "en", "ê": "ei"},
}
"""Whole syllables; the sounds of assent (嗯, 呣) count as en."""

_SHORTENED = {"iu": "iou", "ui": "uei", "un": "uen", "ue": "ve", "ü": "v", "üe": "ve", "lve": "ve"}


class SyllableUnknown(Exception):
    """A syllable is no Mandarin pinyin (code ``syllable_unknown``)."""

    code = "syllable_unknown"


@lru_cache(maxsize=4096)
def units_of(syllable: str) -> tuple[str, ...]:
    """Return the initial, if there is one, and the final of ``huan2``. Raises SyllableUnknown."""
    match = re.fullmatch(r"([a-zêü]+)([1-5]?)", syllable.replace("u:", "v"))
    if match is None:
        raise SyllableUnknown(f"{syllable} is no pinyin syllable with a tone number")
    letters, tone = match.group(1), match.group(2) or "5"
    if letters in _WITHOUT_INITIAL:
        return (_known(_WITHOUT_INITIAL[letters] + tone, syllable),)
    initial = next((one for one in INITIALS if letters.startswith(one)), "")
    final = _final(initial, letters[len(initial) :])
    known = _known(final + tone, syllable)
    return (initial, known) if initial else (known,)


def _final(initial: str, letters: str) -> str:
    if initial in ("j", "q", "x") and letters.startswith("u"):
        return {"u": "v", "ue": "ve", "uan": "van", "un": "vn"}.get(letters, letters)
    if letters == "i" and initial in ("zh", "ch", "sh", "r"):
        return "iii"
    if letters == "i" and initial in ("z", "c", "s"):
        return "ii"
    return _SHORTENED.get(letters, letters)


def _known(unit: str, syllable: str) -> str:
    if unit not in NUMBER:
        raise SyllableUnknown(f"{syllable} is no Mandarin syllable")
    return unit
