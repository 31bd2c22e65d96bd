"""Found: a value recognised in a text, with the characters it stands in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """One entity."""

    entity: str
    value: str | int | float
    start: int
    end: int
    role: str | None = None

    def overlaps(self, other: "Found") -> bool:
        """Whether both stand on a common character."""
        return self.start < other.end and other.start < self.end
