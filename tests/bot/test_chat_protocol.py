"""The chat protocol's parser accepts what the widget sends and refuses everything else by a named error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat_protocol import HangUp, Hello, Key, Ping, ProtocolRefused, Say, parse
from bot.settings import Limits

LIMITS = Limits()


@pytest.mark.parametrize(
    ("message", "parsed"),
    [
        ({"type": "hello", "token": None}, Hello(None, 0)),
        ({"type": "hello", "token": "t", "last_seen": 7}, Hello("t", 7)),
        ({"type": "message", "id": "1", "text": "  还款\n多少 "}, Say("1", "还款 多少")),
        ({"type": "key", "key": "#"}, Key("#")),
        ({"type": "hang_up"}, HangUp()),
        ({"type": "ping"}, Ping()),
    ],
)
def test_what_the_widget_sends_is_understood(message: dict[str, object], parsed: object) -> None:
    """Each kind of message of docs/web.md."""
    assert parse(json.dumps(message), LIMITS) == parsed


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (None, "message_invalid"),
        (b"bytes", "message_invalid"),
        ("[1]", "message_invalid"),
        ("[" * 5_000, "message_invalid"),
        ('{"type":"unknown"}', "message_invalid"),
        ('{"type":"hello","token":null,"last_seen":true}', "message_invalid"),
        ('{"type":"hello","token":null,"last_seen":-1}', "message_invalid"),
        ('{"type":"key","key":"12"}', "message_invalid"),
        ('{"type":"message","id":"","text":"a"}', "message_invalid"),
        ('{"type":"message","id":"' + "x" * 65 + '","text":"a"}', "message_invalid"),
        ('{"type":"message","id":"1","text":" \\u0000\\n "}', "message_empty"),
        ('{"type":"message","id":"1","text":"' + "字" * 501 + '"}', "message_too_long"),
        ('{"type":"message","id":"1","text":"' + "字" * 5_000 + '"}', "message_too_long"),
    ],
)
def test_anything_else_is_refused_by_name(raw: str | bytes | None, code: str) -> None:
    """The code is stable and documented."""
    with pytest.raises(ProtocolRefused) as refused:
        parse(raw, LIMITS)
    assert refused.value.code == code


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_no_text_breaks_the_parser(raw: str) -> None:
    """Whatever comes is parsed or refused, never another exception."""
    try:
        parse(raw, LIMITS)
    except ProtocolRefused as refused:
        assert refused.code


@given(st.text(max_size=400))
def test_the_text_that_is_let_through_is_short_printable_and_not_empty(text: str) -> None:
    """Control characters, lone surrogates and surrounding spaces never reach the dialogue."""
    try:
        said = parse(json.dumps({"type": "message", "id": "1", "text": text}), LIMITS)
    except ProtocolRefused:
        return
    assert isinstance(said, Say)
    assert said.text == said.text.strip() != ""
    assert said.text.isprintable() and said.text.encode()
