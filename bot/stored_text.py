"""Stored text: what of the words of both sides may lie in the transcripts."""

import re

from bot.redaction import mask_reply, redact
from voice.hearing.expectation import OPEN, Expectation, ExpectationKind

_SHORT_READ_BACK = re.compile(r"「[\dX]{1,3}」")
"""Parts of a number that is read back while it is still incomplete."""

_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{14,18}[\dXx](?![\dXx])")

_ELEVEN = Expectation(ExpectationKind.DIGITS, 11)
"""With this expectation a message of a few digits is a piece of a number and masked, even two of them."""


def stored_reply(text: str) -> str:
    """The bot's words without the identity digits that it reads back."""
    text = _SHORT_READ_BACK.sub("「***」", mask_reply(text))
    text = _LONG_NUMBER.sub(lambda number: f"***{number.group()[-4:]}", text)
    return _PHONE.sub(r"\1****\2", text)


def stored_words(understood: str, raw: str, expects: Expectation = OPEN) -> str:
    """The customer's words: as the dialogue masked them, or masked here when the dialogue gave no answer."""
    return stored_reply(understood) if understood else redact(raw, expects, id_last4_open=True).text


def stored_heard(text: str) -> str:
    """What an engine wrote, and words still being spoken: any run of digits may be part of a number, so all go."""
    return redact(text, _ELEVEN, id_last4_open=True).text
