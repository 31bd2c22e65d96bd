"""Rule bits: one bit for every reason and every asked input of every product, packed into 64-bit words.

A condition that several products share is held against a row once and sets the bits of all of them.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from actions.lending.decision_policy import Comparison, Condition, OwnReason
from actions.lending.products import Product
from actions.lending.screening.conditions import broken_sql, limit_too_low_sql
from actions.lending.screening.sql_text import quoted

T = TypeVar("T")

_WORD_BITS = 62
"""Of a BIGINT: sums of disjoint bits stay positive."""


@dataclass(frozen=True)
class Bits:
    """Where the bits of one product lie."""

    column: str
    first: int
    names: tuple[str, ...]
    """What each bit stands for, lowest first."""

    @property
    def mask(self) -> int:
        """All bits of the product."""
        return ((1 << len(self.names)) - 1) << self.first

    def any(self) -> str:
        """Return the condition that some bit is set; FALSE where the product has none."""
        return f"({self.column} & {self.mask}) <> 0" if self.names else "FALSE"

    def none(self) -> str:
        """Return the condition that no bit is set; TRUE where the product has none."""
        return f"({self.column} & {self.mask}) = 0" if self.names else "TRUE"

    def count(self) -> str:
        """Return how many are set."""
        return f"bit_count({self.column} & {self.mask})" if self.names else "0"

    def set_names(self) -> str:
        """Return the names of those that are set, joined by commas."""
        listed = ", ".join(
            f"CASE WHEN ({self.column} & {1 << self.first + bit}) <> 0 THEN '{name}' END"
            for bit, name in enumerate(self.names)
        )
        return f"concat_ws(',', {listed})" if self.names else "''"


def reason_bits(products: Sequence[Product]) -> list[Bits]:
    """Return for each product the bits of its reasons, in the order in which ``decide`` gives them."""
    return _packed("broken", [reasons_of(product) for product in products])


def asked_bits(products: Sequence[Product]) -> list[Bits]:
    """Return for each product the bits of the inputs that it asks for, in the order of ``decide``."""
    return _packed("missing", [asked_of(product) for product in products])


def reasons_of(product: Product) -> tuple[str, ...]:
    """Codes that a business without wishes can be refused for."""
    return (*(rule.code for rule in product.decision.rules), OwnReason.LIMIT_TOO_LOW.value)


def asked_of(product: Product) -> tuple[str, ...]:
    """Inputs without which the product is undecided."""
    names = [rule.condition.input for rule in product.decision.rules if rule.asked]
    names += [name for cap in product.decision.caps if cap.asked for name in (cap.input, cap.minus) if name]
    return tuple(dict.fromkeys(names))


def reason_columns(products: Sequence[Product], places: Sequence[Bits]) -> list[str]:
    """Return the columns that hold the reason bits of a row."""
    terms: dict[str, dict[str, int]] = _columns(places, lambda: defaultdict(int))
    choices: dict[str, dict[str, list[tuple[Condition, int]]]] = _columns(places, lambda: defaultdict(list))
    for product, bits in zip(products, places, strict=True):
        for number, rule in enumerate(product.decision.rules):
            bit = 1 << bits.first + number
            if isinstance(rule.condition.value, tuple):
                choices[bits.column][rule.condition.input].append((rule.condition, bit))
            else:
                terms[bits.column][broken_sql(rule.condition)] += bit
        too_low = limit_too_low_sql(product)
        if too_low:
            terms[bits.column][too_low] += 1 << bits.first + len(product.decision.rules)
    return [
        f"{' + '.join([*(_bits(*term) for term in terms[column].items()), *_looked_up(choices[column])]) or '0'}"
        f" AS {column}"
        for column in terms
    ]


def asked_columns(products: Sequence[Product], places: Sequence[Bits]) -> list[str]:
    """Return the columns that hold the bits of the unknown inputs of a row."""
    terms: dict[str, dict[str, int]] = _columns(places, lambda: defaultdict(int))
    for bits in places:
        for number, name in enumerate(bits.names):
            terms[bits.column][name] += 1 << bits.first + number
    return [
        f"{' + '.join(_bits(f'{name} IS NULL', bits) for name, bits in inputs.items()) or '0'} AS {column}"
        for column, inputs in terms.items()
    ]


def _bits(condition: str, bits: int) -> str:
    """The bits where the condition is true; CASE is twice as fast as a product with a truth value."""
    return f"(CASE WHEN {condition} THEN {bits}::BIGINT ELSE 0 END)"


def _looked_up(choices: Mapping[str, Sequence[tuple[Condition, int]]]) -> list[str]:
    """All that one choice breaks, looked up by its value: Parquet's dictionaries make that the cheapest way."""
    return [_of_choice(name, conditions) for name, conditions in choices.items()]


def _of_choice(name: str, conditions: Sequence[tuple[Condition, int]]) -> str:
    listed = dict.fromkeys(str(one) for condition, _ in conditions for one in _values(condition))
    by_value = {value: sum(bit for one, bit in conditions if _breaks(value, one)) for value in listed}
    pairs = ", ".join(f"{quoted(value)}: {bits}::BIGINT" for value, bits in by_value.items())
    elsewhere = sum(bit for one, bit in conditions if one.comparison is Comparison.ONE_OF)
    return f"coalesce(MAP {{{pairs}}}[{name}], {_bits(f'{name} IS NOT NULL', elsewhere)})"


def _values(condition: Condition) -> tuple[str, ...]:
    return condition.value if isinstance(condition.value, tuple) else ()


def _breaks(value: str, condition: Condition) -> bool:
    return (value in _values(condition)) is (condition.comparison is Comparison.NONE_OF)


def _packed(stem: str, names: Sequence[tuple[str, ...]]) -> list[Bits]:
    """Lay products behind each other; none is cut in two."""
    places: list[Bits] = []
    word = first = 0
    for one in names:
        assert len(one) <= _WORD_BITS, "the schema allows fewer rules in a product"
        if first + len(one) > _WORD_BITS:
            word, first = word + 1, 0
        places.append(Bits(f"{stem}_{word}", first, one))
        first += len(one)
    return places


def _columns(places: Sequence[Bits], empty: Callable[[], T]) -> dict[str, T]:
    return {bits.column: empty() for bits in places}
