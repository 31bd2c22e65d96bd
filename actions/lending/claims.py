"""Claims: the two things a caller proves himself with, brought into one form and hashed with a key."""

import re
import unicodedata

from actions.lending.errors import LendingError
from actions.lending.keys import DataKeys

_PHONE = re.compile(r"1[3-9]\d{9}")
_LAST4 = re.compile(r"\d{3}[\dX]")
_PHONE_BEGINS = re.compile(r"1(?:[3-9]\d*)?")
_LAST4_BEGINS = re.compile(r"\d{1,3}|\d{3}[\dX]")
PHONE_LENGTH, LAST4_LENGTH = 11, 4
_SEPARATORS = re.compile(r"[\s\-]")


class ClaimMalformed(LendingError):
    """What was claimed is no mobile number, or no four characters that can end an ID card."""

    code = "claim_malformed"


def phone_hash(keys: DataKeys, phone: str) -> str:
    """Return the keyed hash by which a borrower is found."""
    return keys.lookup_hash("phone", phone)


def id_last4_hash(keys: DataKeys, phone: str, last4: str) -> str:
    """Return the keyed hash of an ID end, bound to its owner's number: equal ends of two people look different."""
    return keys.lookup_hash("id_last4", f"{phone}\x1f{last4}")


def joined(length: int, before: str, piece: str) -> str | None:
    """Return the digits so far with ``piece`` behind them, or None where they cannot be such a number any more.

    ``length`` is 11 for a mobile number, 4 for an ID end.
    """
    digits = before + piece
    pattern = _PHONE_BEGINS if length == PHONE_LENGTH else _LAST4_BEGINS
    return digits if len(digits) <= length and pattern.fullmatch(digits) else None


def normalised_phone(phone: str) -> str:
    """Return eleven plain digits; takes full-width digits, spaces, hyphens, +86. Raises ClaimMalformed."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", phone)).removeprefix("+")
    digits = digits.removeprefix("0086") if digits.startswith("0086") else digits
    if len(digits) == 13:
        digits = digits.removeprefix("86")
    if not digits.isascii() or not _PHONE.fullmatch(digits):
        raise ClaimMalformed("这不是一个完整的手机号，手机号是11位数字")
    return digits


def normalised_last4(last4: str) -> str:
    """Return four characters, the last a digit or X; takes x and full-width forms. Raises ClaimMalformed."""
    ending = _SEPARATORS.sub("", unicodedata.normalize("NFKC", last4)).upper()
    if not ending.isascii() or not _LAST4.fullmatch(ending):
        raise ClaimMalformed("身份证后四位是四个数字，最后一位也可能是X")
    return ending
