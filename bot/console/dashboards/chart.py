"""Chart: numbers with their names, as they are drawn, read out as a table and written into a file."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Value = int | Decimal | None


@dataclass(frozen=True)
class Row:
    """One place on the axis."""

    label: str
    values: tuple[Value, ...]
    link: str
    """The conversations behind it."""


@dataclass(frozen=True)
class Chart:
    """What one card of the page shows."""

    key: str
    """Its name in addresses."""
    title: str
    note: str
    """What exactly was counted, one Chinese sentence."""
    kind: str
    """``stacked`` | ``bars`` | ``lines`` | ``ranks`` (bars that lie, the longest above)."""
    columns: tuple[str, ...]
    """Of the labels, then of each series."""
    rows: tuple[Row, ...]
    unit: str = ""
    """Behind each number: ``%``, `` 毫秒``, empty for counts."""
    limit: int | None = None
    """A line across."""
    limit_name: str = ""
    logarithmic: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        values = [value for row in self.rows for value in row.values if value is not None]
        return not values if self.unit else not any(values)

    def to_json(self) -> dict[str, Any]:
        """For ``dashboards.js``."""
        return {
            "kind": self.kind,
            "series": list(self.columns[1:]),
            "labels": [row.label for row in self.rows],
            "values": [[_number(value) for value in row.values] for row in self.rows],
            "links": [row.link for row in self.rows],
            "unit": self.unit,
            "limit": self.limit,
            "limitName": self.limit_name,
            "logarithmic": self.logarithmic,
        }


def _number(value: Value) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value
