"""Examples: figures that may stand for the placeholders of replies, drawn at random."""

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence

from voice.speech.clauses import split_clauses

PLACEHOLDER = re.compile(r"\{(\w+)\}")

Draw = Callable[[random.Random], str]


def amount(chance: random.Random) -> str:
    """A sum of money between 3 fen and three million yuan, small ones as often as large."""
    yuan = int(math.exp(chance.uniform(0.0, math.log(3e6))))
    kind = chance.random()
    if kind < 0.4:
        return f"{yuan}.{chance.randint(1, 99):02d}元"
    if kind < 0.5:
        return f"{yuan}.{chance.randint(1, 9)}0元"
    if kind < 0.7:
        return f"{yuan}元"
    step = 10 ** max(0, len(str(yuan)) - 2)
    return f"{max(1, yuan // step) * step}元"


def day(chance: random.Random) -> str:
    """A date, in a quarter of the cases with its year."""
    year = f"{chance.randint(2025, 2032)}年" if chance.random() < 0.25 else ""
    return f"{year}{chance.randint(1, 12)}月{chance.randint(1, 31)}日"


def rate(chance: random.Random) -> str:
    """A yearly rate as messages write it."""
    return f"{chance.uniform(0.01, 26):.2f}%"


def count(chance: random.Random) -> str:
    """A small number."""
    return str(chance.randint(1, 60))


def terms(chance: random.Random) -> str:
    """Terms that may be chosen."""
    return "、".join(f"{term}期" for term in sorted(chance.sample((3, 6, 9, 12, 18, 24, 36), 4)))


def months(chance: random.Random) -> str:
    """A span."""
    return f"{chance.randint(1, 9)}年" if chance.random() < 0.4 else f"{chance.randint(1, 36)}个月"


def needed(chance: random.Random) -> str:
    """What a condition asks for, or a detail that was put right: a sum, terms, or how old a business is."""
    return chance.choice(
        (amount(chance), amount(chance), f"{chance.randint(1, 60)}期", f"开业{months(chance)}")
    )


def digits(length: int, before: str = "", quoted: bool = False) -> Draw:
    """Digits to be read one by one, in their quotes where the template has none."""

    def draw(chance: random.Random) -> str:
        said = before + "".join(chance.choice("0123456789") for _ in range(length - len(before)))
        return f"「{said}」" if quoted else said

    return draw


def last_four(chance: random.Random) -> str:
    """The end of an identity number; one in eleven ends in X."""
    return digits(3)(chance) + chance.choice("0123456789X")


_AMOUNTS = "total available amount cost least most instalment last interest penalty principal saved fee low high value"
_FIGURES: Mapping[str, Draw] = {
    **dict.fromkeys(_AMOUNTS.split(), amount),
    **dict.fromkeys(("date", "submitted", "decided"), day),
    **dict.fromkeys(("rate", "annualised"), rate),
    "year": lambda chance: str(chance.randint(2025, 2032)),
    "month": lambda chance: str(chance.randint(1, 12)),
    "terms": terms,
    "age": months,
    "what": needed,
    "phone": digits(11, "1"),
    **dict.fromkeys(("id_last4", "other"), last_four),
    "reference": digits(6, quoted=True),
    "card_tail": digits(4, quoted=True),
}
"""What a placeholder stands for, where no measure word stands behind it."""

_COUNTED = "期天号笔个次小分位款家"
_RATES = frozenset({"low", "high"})
_OF_WORDS = ("办理", "行业")
"""Regions and industries stand before these: words, whatever the placeholder."""


def drawn_for(name: str, clause: str) -> Draw | None:
    """Draws examples of a placeholder; None where it stands for words."""
    behind = clause.partition(f"{{{name}}}")[2]
    if behind.startswith(_OF_WORDS):
        return None
    if behind[:1] in tuple(_COUNTED):
        return count
    if name in _RATES and "年化" in clause:
        return rate
    if name == "most" and "违约金" in clause:
        return lambda chance: f"剩余本金的{rate(chance)}"
    return _FIGURES.get(name)


def is_figure(name: str, clause: str) -> bool:
    """Whether a placeholder stands for a figure in this clause."""
    return drawn_for(name, clause) is not None


def filled(template: str, seed: str, names: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """The clauses that come of a template of figures and names; the same for the same seed."""
    chance = random.Random(seed)

    def drawn(match: re.Match[str]) -> str:
        if names and match[1] in names:
            return chance.choice(names[match[1]])
        draw = drawn_for(match[1], template)
        assert draw is not None, "the template holds figures and names only"
        return draw(chance)

    return split_clauses(PLACEHOLDER.sub(drawn, template))
