"""PhoneNumber: how a number is written inside the country."""

import re


def national(number: str) -> str:
    """A Chinese number without country code and long-distance zero before a mobile; others as they are."""
    plain = re.sub(r"[-.() ]", "", number)
    found = re.fullmatch(r"(?:(?:\+|00)?86|0)?(1[3-9][0-9]{9})", plain)
    return found[1] if found is not None else plain
