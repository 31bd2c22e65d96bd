"""ID card numbers (GB 11643-1999): eighteen characters, the last a checksum."""

from datetime import date, timedelta

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


def check_character(first_seventeen: str) -> str:
    """Return the eighteenth character (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def id_card(area: str, born_on: date, sequence: int) -> str:
    """Return the number for a GB/T 2260 area, a birthday and a sequence number (odd: man, even: woman)."""
    body = f"{area}{born_on:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def id_card_ending(area: str, born_after: date, ending: str) -> str:
    """Return a valid number with the wanted last four: of the first birthday whose checksum agrees."""
    day = born_after
    while True:
        number = id_card(area, day, int(ending[:3]))
        if number.endswith(ending):
            return number
        day += timedelta(days=1)
