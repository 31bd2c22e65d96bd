"""The waveform: both lanes, in any pieces, to anybody who may hear and nobody else."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.permissions import Role
from bot.console.waveform import BARS, HEADER_BYTES, waveform
from tests.bot.staff import StaffBrowser, signed_in
from tests.bot.test_staff_pages import record_call
from tests.bot.web import Web

RATE = 8_000
HEADER = bytes(24) + struct.pack("<I", RATE) + bytes(HEADER_BYTES - 28)


def wav(frames: list[tuple[int, int]]) -> bytes:
    """A recording of these (caller, bot) samples."""
    return HEADER + b"".join(struct.pack("<hh", *frame) for frame in frames)


def test_each_side_has_its_lane_and_its_time() -> None:
    """The caller speaks at half loudness in the first half, the bot at full in the second."""
    content = wav([(16_384, 0)] * RATE + [(0, -32_768)] * RATE)
    drawn = waveform([content], len(content))
    half = BARS // 2
    assert (drawn.caller[:half], drawn.caller[half:]) == ([50] * half, [0] * half)
    assert (drawn.bot[:half], drawn.bot[half:]) == ([0] * half, [100] * half)
    assert drawn.duration_ms == 2_000


@given(
    st.lists(st.tuples(st.integers(-32_768, 32_767), st.integers(-32_768, 32_767)), max_size=50), st.data()
)
def test_pieces_may_be_cut_anywhere(frames: list[tuple[int, int]], data: st.DataObject) -> None:
    """Also within the header and within a sample."""
    content = wav(frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=6)))
    pieces = [content[a:b] for a, b in zip([0, *cuts], [*cuts, len(content)], strict=True)]
    assert waveform(pieces, len(content)) == waveform([content], len(content))


def test_a_recording_is_drawn_for_those_who_may_hear_it(web: Web) -> None:
    """By the call's id alone; what is no call is not found."""
    record_call(web, struct.pack("<hh", 16_384, 0) * 16_000)
    li = signed_in(web, "li", Role.QUALITY)
    drawn = li.get("/staff/waveforms/c1").json()
    assert max(drawn["caller"]) == 50 and max(drawn["bot"]) == 0 and drawn["duration_ms"] == 1_000
    assert StaffBrowser(web.client).get("/staff/waveforms/c1").headers["location"] == "/staff/login"


@pytest.mark.parametrize("call_id", ["none", "..%2fweb.db", "%2e%2e/%2e%2e/etc/passwd"])
def test_no_other_file_is_drawn(web: Web, call_id: str) -> None:
    """Path traversal, as with the sound itself."""
    assert signed_in(web, "li", Role.AGENT).get(f"/staff/waveforms/{call_id}").status_code == 404


def test_a_waveform_is_kept_as_long_as_its_recording(web: Web, tmp_path: Path) -> None:
    """The second look reads no sound; a recording that is gone has no look, nor has a deleted call."""
    record_call(web, struct.pack("<hh", 16_384, 0) * 16_000)
    li = signed_in(web, "li", Role.QUALITY)
    drawn = li.get("/staff/waveforms/c1").json()
    kept = "SELECT count(*) FROM call_waveforms"
    with web.database.writing() as connection:
        assert connection.exec_driver_sql(kept).scalar_one() == 1
    (path,) = (tmp_path / "recordings").iterdir()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert li.get("/staff/waveforms/c1").json() == drawn, "the damage would be noticed by reading it"
    path.unlink()
    assert li.get("/staff/waveforms/c1").status_code == 404
    with web.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM conversations")
        assert connection.exec_driver_sql(kept).scalar_one() == 0
