"""Privacy: how personal digits are written where anybody may read them."""

import re

_LONG_DIGITS = re.compile(r"(?<!\d)(?!\d{4}-\d\d-\d\d(?!\d))\d(?:[ \-]?\d){5,}[\dXx]")
"""Seven digits or more, spaces and hyphens between them allowed; an ISO date is none."""
_PHONE = re.compile(r"1[3-9]\d{9}")


def mask_phone(phone: str) -> str:
    """Write a mobile number as ``138****0001``; anything shorter than eleven digits is hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * len(phone)


def mask_id_card(number: str) -> str:
    """Write an ID card number as its last four: ``**************1234``."""
    return "*" * (len(number) - 4) + number[-4:] if len(number) > 4 else "*" * len(number)


def mask_card(number: str) -> str:
    """Write a bank card as its last four: ``****6789``."""
    return f"****{number[-4:]}" if len(number) > 4 else "****"


def mask_digits(text: str) -> str:
    """Hide every phone, ID card or bank card number in free text: runs of seven digits or more.

    A mobile number keeps its first three and last four digits, anything else its last two.
    """
    return _LONG_DIGITS.sub(_masked_run, text)


def _masked_run(match: re.Match[str]) -> str:
    run = re.sub(r"[ \-]", "", match.group())
    return mask_phone(run) if _PHONE.fullmatch(run) else "*" * (len(run) - 2) + run[-2:]
