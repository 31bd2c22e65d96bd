"""BrowserTransport: frames in order, bounded queues, and a clear that overtakes the sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.line.transport import Dtmf
from voice.sound.audio import AudioFrame
from voice.transports.browser import (
    FRAME_BYTES,
    INCOMING_FRAMES,
    OUTGOING_ITEMS,
    AudioInvalid,
    BrowserTransport,
    FrameAssembler,
)


def frame(number: int) -> AudioFrame:
    """20 ms that can be told apart."""
    return AudioFrame(bytes([number % 256]) * FRAME_BYTES, 16_000, 20 * number)


@given(st.lists(st.integers(0, 900), max_size=30))
def test_however_the_bytes_are_cut_the_frames_are_the_same(lengths: list[int]) -> None:
    """20 ms each, nothing lost between messages, time counted in samples."""
    sound = bytes(number % 251 for number in range(2 * sum(lengths)))
    assembler, frames, at = FrameAssembler(), [], 0
    for length in lengths:
        frames += assembler.push(sound[at : at + 2 * length])
        at += 2 * length
    assert b"".join(one.pcm for one in frames) == sound[: len(sound) // FRAME_BYTES * FRAME_BYTES]
    assert [one.timestamp_ms for one in frames] == [20 * number for number in range(len(frames))]


def test_half_a_sample_is_refused() -> None:
    """PCM16 has two bytes a sample."""
    with pytest.raises(AudioInvalid):
        BrowserTransport().hear(b"\0" * 641)


async def test_frames_and_keys_come_in_order_and_end_with_the_caller() -> None:
    """What was heard before the hang-up is still delivered."""
    transport = BrowserTransport()
    transport.hear(bytes(FRAME_BYTES))
    transport.press("7")
    transport.hear(bytes(FRAME_BYTES))
    transport.caller_gone()
    items = [item async for item in transport.frames()]
    assert [type(item) for item in items] == [AudioFrame, Dtmf, AudioFrame]
    assert isinstance(items[1], Dtmf) and items[1].key == "7"


async def test_a_call_that_falls_behind_loses_the_oldest_sound() -> None:
    """Five seconds are kept; the rest is counted."""
    transport = BrowserTransport()
    transport.hear(bytes(FRAME_BYTES * (INCOMING_FRAMES + 10)))
    transport.caller_gone()
    items = [item async for item in transport.frames()]
    assert (len(items), transport.dropped_frames) == (INCOMING_FRAMES, 10)
    assert items[0].timestamp_ms == 200


async def test_clear_drops_unsent_sound_and_keeps_the_messages() -> None:
    """Barge-in: what waits must not be heard, what was to be shown still is."""
    transport = BrowserTransport()
    await transport.play(frame(1))
    transport.show({"type": "final", "text": "等一下"})
    await transport.play(frame(2))
    await transport.clear()
    await transport.play(frame(3))
    await transport.hang_up()
    sent = []
    while (item := await transport.next_outgoing()) is not None:
        sent.append(item)
    assert sent == [{"type": "final", "text": "等一下"}, {"type": "clear"}, frame(3).pcm]


async def test_a_browser_that_no_longer_reads_loses_the_line() -> None:
    """Ten seconds of unsent sound: nobody listens."""
    transport = BrowserTransport()
    for number in range(OUTGOING_ITEMS + 1):
        await transport.play(frame(number))
    assert [item async for item in transport.frames()] == []
