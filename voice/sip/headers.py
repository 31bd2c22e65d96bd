"""Headers: the header fields of one message, in order, by names without case (RFC 3261 section 7.3)."""

from collections.abc import Iterable

_COMPACT = {
    "b": "Referred-By",
    "c": "Content-Type",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
}
"""One-letter names (RFC 3261, 3515, 3892, 4028, 6665)."""


class Headers:
    """A list of (name, value); the same name may come more than once."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields = [(_COMPACT.get(name.lower(), name), value) for name, value in fields]

    def add(self, name: str, value: str) -> None:
        """Append a field."""
        self._fields.append((name, value))

    def add_first(self, name: str, value: str) -> None:
        """Put a field before all others: a new Via lies on top."""
        self._fields.insert(0, (name, value))

    def put(self, name: str, value: str) -> None:
        """Append a field in place of all of that name."""
        self.remove(name)
        self.add(name, value)

    def replace_first(self, name: str, value: str) -> None:
        """Change the first field of that name where it stands."""
        for position, (known, _) in enumerate(self._fields):
            if known.lower() == name.lower():
                self._fields[position] = (known, value)
                return

    def remove(self, name: str) -> None:
        """Drop all fields of that name."""
        self._fields = [field for field in self._fields if field[0].lower() != name.lower()]

    def first(self, name: str) -> str | None:
        """The first value of that name, or None."""
        return next((value for known, value in self._fields if known.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        """All values of that name, in order."""
        return [value for known, value in self._fields if known.lower() == name.lower()]

    def words(self, name: str) -> set[str]:
        """The comma-separated words of all fields of that name, in lower case (Supported, Require, Allow)."""
        return {word.strip().lower() for value in self.all(name) for word in value.split(",") if word.strip()}

    def lines(self) -> Iterable[str]:
        """``Name: value`` of every field."""
        return (f"{name}: {value}" for name, value in self._fields)
