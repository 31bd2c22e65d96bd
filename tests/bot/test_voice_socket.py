"""The voice socket: sound both ways, the conversation of the chat, and the same doors."""

from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from bot.session_dialogue import VOICE_OPENING
from bot.settings import Limits
from bot.transcript_tables import calls, conversations, turns
from tests.bot.web import Web, hello, running_web, until
from voice.transports.browser import FRAME_BYTES

FRAME = bytes(range(256)) * 2 + bytes(128)


def begin_call(voice: WebSocketTestSession, token: str) -> None:
    """Join the conversation with its token."""
    voice.send_json({"type": "hello", "token": token})
    assert voice.receive_json() == {"type": "ready", "sample_rate": 16000}


def speak(voice: WebSocketTestSession, frames: int = 25) -> None:
    """Half a second of sound: the fake call answers after that."""
    for _ in range(frames):
        voice.send_bytes(FRAME)


def test_sound_goes_both_ways_in_20_ms_frames(web: Web) -> None:
    """The fake call plays what it hears, so the browser gets its own bytes back."""
    assert len(FRAME) == FRAME_BYTES
    with web.chat() as chat, web.voice() as voice:
        begin_call(voice, hello(chat)["token"])
        voice.send_bytes(FRAME + FRAME[:100])
        voice.send_bytes(FRAME[100:])
        heard: list[bytes] = []
        while len(heard) < 2:
            message = voice.receive()
            if message.get("bytes"):
                heard.append(message["bytes"])
        assert heard == [FRAME, FRAME]
    assert [frame.timestamp_ms for frame in web.call.frames] == [0, 20]


def test_a_call_shares_the_conversation_of_the_chat(web: Web) -> None:
    """One sender for both, so that an identity proven in one is known in the other; the chat shows what was said."""
    with web.chat() as chat, web.voice() as voice:
        begin_call(voice, hello(chat)["token"])
        speak(voice)
        assert until(voice, type="final")["text"] == "这个月要还多少"
        assert "3250" in until(voice, type="reply")["text"]
        spoken = until(chat, type="entry", via="voice", **{"from": "customer"})
        assert spoken["text"] == "这个月要还多少"
        chat.send_json({"type": "message", "id": "1", "text": "谢谢"})
        until(chat, type="entry", text="您说的是：谢谢")
    assert len({sender for sender, _, _ in web.dialogue.sent}) == 1
    assert {sender for sender, _ in web.dialogue.started} == {web.dialogue.sent[0][0]}


@pytest.mark.parametrize("greets_again", [False, True])
def test_a_call_says_that_it_is_a_machine_and_that_it_records(web: Web, greets_again: bool) -> None:
    """The dialogue has greeted in writing; whatever it says to the second start, the call's own notice is heard."""
    web.dialogue.greets_again = greets_again
    with web.chat() as chat, web.voice() as voice:
        token = hello(chat)["token"]
        until(chat, type="entry", seq=1)
        begin_call(voice, token)
        notice = until(chat, type="entry", via="voice")["text"]
        assert notice == VOICE_OPENING[0].text
        assert "智能" in notice and "录音" in notice
        assert not VOICE_OPENING[0].interruptible


def test_the_page_is_told_of_every_state(web: Web) -> None:
    """Hearing, partial words, final words, the reply, speaking, listening again: in this order."""
    with web.chat() as chat, web.voice() as voice:
        begin_call(voice, hello(chat)["token"])
        speak(voice)
        for state in ("hearing", "partial", "final", "reply", "speaking", "listening"):
            until(voice, type=state)


def test_keys_of_the_on_screen_keypad_arrive_and_clear_the_sound(web: Web) -> None:
    """A key stops the bot: the page is told to drop what it has not played."""
    with web.chat() as chat, web.voice() as voice:
        begin_call(voice, hello(chat)["token"])
        voice.send_json({"type": "key", "key": "5"})
        until(voice, type="clear")
    assert web.call.keys == ["5"]


def test_when_the_bot_says_goodbye_the_call_ends_and_the_line_closes(web: Web) -> None:
    """The page learns who ended it."""
    web.call.words = "再见"
    with web.chat() as chat, web.voice() as voice:
        begin_call(voice, hello(chat)["token"])
        speak(voice)
        assert until(voice, type="ended")["ended_by"] == "bot"
        assert voice.receive()["type"] == "websocket.close"


def test_hanging_up_ends_the_call_and_not_the_conversation(web: Web) -> None:
    """The customer goes on in writing."""
    with web.chat() as chat:
        token = hello(chat)["token"]
        with web.voice() as voice:
            begin_call(voice, token)
            voice.send_json({"type": "hang_up"})
            assert until(voice, type="ended")["ended_by"] == "caller"
        chat.send_json({"type": "message", "id": "1", "text": "还在"})
        until(chat, type="entry", id="1")
    assert web.ended == []


def test_no_call_without_the_conversations_token(web: Web) -> None:
    """A stranger cannot join by voice either."""
    with web.chat() as chat:
        hello(chat)
        for token in (None, "x" * 43):
            with web.voice() as voice:
                voice.send_json({"type": "hello", "token": token})
                assert voice.receive_json()["code"] == "hello_expected"
                with pytest.raises(WebSocketDisconnect):
                    voice.receive_json()


def test_a_page_of_another_origin_cannot_call(web: Web) -> None:
    """The same check as for the chat."""
    with pytest.raises(WebSocketDisconnect), web.voice({"origin": "https://evil.example"}):
        pass


def test_a_second_call_of_the_same_conversation_is_refused(web: Web) -> None:
    """One voice at a time."""
    with web.chat() as chat, web.voice() as first, web.voice() as second:
        token = hello(chat)["token"]
        begin_call(first, token)
        second.send_json({"type": "hello", "token": token})
        assert second.receive_json()["code"] == "call_running"


def test_when_all_lines_are_busy_the_customer_is_told_to_type(tmp_path: Path) -> None:
    """The capacity is a setting; the sentence names the other way."""
    with (
        running_web(tmp_path, Limits(calls=1)) as web,
        web.chat() as one,
        web.chat() as two,
        web.voice() as first,
    ):
        begin_call(first, hello(one)["token"])
        token = hello(two)["token"]
        with web.voice() as second:
            second.send_json({"type": "hello", "token": token})
            refused = second.receive_json()
    assert refused["code"] == "calls_full"
    assert "打字" in refused["message"]


@pytest.mark.parametrize(
    ("payload", "code"),
    [(b"\0" * 641, "audio_invalid"), (b"\0" * 16_002, "audio_invalid"), (b"\0" * 16_000, None)],
)
def test_sound_of_a_wrong_shape_ends_the_call_by_name(web: Web, payload: bytes, code: str | None) -> None:
    """Half samples and giant messages are refused; half a second at once is fine."""
    with web.chat() as chat, web.voice() as voice:
        begin_call(voice, hello(chat)["token"])
        voice.send_bytes(payload)
        if code is None:
            voice.send_json({"type": "ping"})
            until(voice, type="pong")
        else:
            assert until(voice, type="error")["code"] == code
            until(voice, type="ended")


def test_sound_faster_than_speech_is_refused(web: Web) -> None:
    """Ten seconds may come at once after a stall; a flood is an attack."""
    web.call.echo = False
    with web.chat() as chat, web.voice() as voice:
        begin_call(voice, hello(chat)["token"])
        for _ in range(22):
            voice.send_bytes(b"\0" * 16_000)
        assert until(voice, type="error")["code"] == "rate_limited"


def test_the_call_is_in_the_transcripts_with_its_conversation(web: Web) -> None:
    """One conversation, one call, its turns; marked as voice since that is what staff look for."""
    with web.chat() as chat, web.voice() as voice:
        begin_call(voice, hello(chat)["token"])
        speak(voice)
        until(voice, type="reply")
        voice.send_json({"type": "hang_up"})
        until(voice, type="ended")
    web.recorder.flush()
    with web.database.reading() as connection:
        conversation = connection.execute(select(conversations)).one()
        call = connection.execute(select(calls)).one()
        spoken = connection.execute(select(turns).where(turns.c.via == "voice")).one()
    assert (conversation.channel, conversation.outcome, conversation.verified) == (
        "browser",
        "answered",
        True,
    )
    assert (call.conversation_id, call.transport, call.ended_by) == (conversation.id, "browser", "caller")
    assert (spoken.call_id, spoken.customer_text) == (call.id, "这个月要还多少")
