"""MessageStream: cuts a TCP stream into SIP messages by their Content-Length (RFC 3261 section 18.3)."""

import re

from voice.sip.errors import SipInvalid
from voice.sip.message import MAX_MESSAGE_BYTES

_LENGTH = re.compile(
    rb"^(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,7})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)

_BLANK = re.compile(rb"(?:\r\n)*")


class MessageStream:
    """One connection's bytes. Bounded: a header or body that grows too large is an error, and the line is closed."""

    def __init__(self) -> None:
        self._buffer = b""
        self.keep_alives = 0
        """Pings (CRLF CRLF, RFC 5626) since the last ``push`` that want a CRLF back."""

    def push(self, data: bytes) -> list[bytes]:
        """Add bytes; return the messages they complete. Raises SipInvalid when the stream cannot be followed."""
        self._buffer += data
        messages = []
        while (message := self._next()) is not None:
            messages.append(message)
        return messages

    def _next(self) -> bytes | None:
        self._drop_blank_lines()
        head, blank, _ = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            if len(self._buffer) > MAX_MESSAGE_BYTES:
                raise SipInvalid("a header without an end")
            return None
        length = _LENGTH.search(head)
        if length is None:
            raise SipInvalid("no Content-Length in a stream")
        whole = len(head) + 4 + int(length[1])
        if whole > MAX_MESSAGE_BYTES:
            raise SipInvalid("too large")
        if len(self._buffer) < whole:
            return None
        message, self._buffer = self._buffer[:whole], self._buffer[whole:]
        return message

    def _drop_blank_lines(self) -> None:
        """Two blank lines are a ping; a single one may precede a message (section 7.5), or be half a ping still."""
        found = _BLANK.match(self._buffer)
        assert found is not None, "the pattern matches nothing at all as well"
        pings, half = divmod(found.end(), 4)
        self.keep_alives += pings
        goes_on = len(self._buffer) > found.end() and self._buffer[found.end() : found.end() + 1] != b"\r"
        self._buffer = self._buffer[found.end() if half and goes_on else 4 * pings :]
