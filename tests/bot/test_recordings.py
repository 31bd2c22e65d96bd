"""Recordings: readable from any place, unreadable without the key, and not to be tampered with."""

import io
import stat
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console.byte_range import byte_range
from bot.recordings import RecordingBroken, RecordingMissing, RecordingStore, StoredRecording
from install.paths import ROOT

KEY = bytes(range(32))
SOUND = b"".join((number % 65536).to_bytes(2, "little") for number in range(100_000))


def record(store: RecordingStore, sound: bytes = SOUND, call_id: str = "call") -> str:
    """Write a recording in uneven pieces of whole stereo samples."""
    writer = store.create(call_id, 8000)
    for start in range(0, len(sound), 12_344):
        writer.write(sound[start : start + 12_344])
    writer.close()
    return writer.name


@pytest.mark.parametrize("key", [None, KEY])
def test_a_recording_reads_as_the_wav_file_it_stands_for(tmp_path: Path, key: bytes | None) -> None:
    """Stereo, 16 bit, the line's rate, whether encrypted or not."""
    store = RecordingStore(tmp_path, key)
    stored = store.open(record(store))
    content = b"".join(stored.read(0, stored.size))
    assert len(content) == stored.size
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 8000)
        assert file.readframes(file.getnframes()) == SOUND


def test_with_a_key_no_sound_lies_on_the_disk_in_clear(tmp_path: Path) -> None:
    """Nor while the call goes on."""
    store = RecordingStore(tmp_path, KEY)
    writer = store.create("call", 8000)
    writer.write(SOUND)
    assert all(SOUND[1_000:1_064] not in path.read_bytes() for path in tmp_path.iterdir())
    writer.close()
    (path,) = tmp_path.iterdir()
    assert SOUND[1_000:1_064] not in path.read_bytes()
    assert b"RIFF" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@settings(max_examples=40)
@given(st.integers(0, 200_044), st.integers(0, 200_044))
def test_any_part_of_an_encrypted_recording_is_the_same_part_of_the_whole(start: int, end: int) -> None:
    """A player jumps to wherever it likes."""
    stored = _encrypted()
    whole = b"".join(stored.read(0, stored.size))
    assert b"".join(stored.read(start, end)) == whole[start:end]


_kept: dict[str, RecordingStore] = {}


def _encrypted() -> StoredRecording:
    if not _kept:
        _kept["store"] = RecordingStore(Path(tempfile.mkdtemp()), KEY)
        record(_kept["store"])
    return _kept["store"].open("call.wavx")


@pytest.mark.parametrize("place", [3, 40, 70_000, -1])
def test_a_changed_byte_is_noticed(tmp_path: Path, place: int) -> None:
    """In the header, in a chunk, in the last one."""
    store = RecordingStore(tmp_path, KEY)
    path = tmp_path / record(store)
    changed = bytearray(path.read_bytes())
    changed[place] ^= 1
    path.write_bytes(changed)
    with pytest.raises(RecordingBroken):
        stored = store.open(path.name)
        list(stored.read(0, stored.size))


@pytest.mark.parametrize("keep", [0, 10, 20, 30, 65_556, 131_092, 150_000])
def test_a_recording_that_was_cut_off_is_noticed(tmp_path: Path, keep: int) -> None:
    """Also where it ends at a chunk's border: the last chunk is marked."""
    store = RecordingStore(tmp_path, KEY)
    path = tmp_path / record(store)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(RecordingBroken):
        stored = store.open(path.name)
        list(stored.read(0, stored.size))


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    """Nor does no key."""
    name = record(RecordingStore(tmp_path, KEY))
    stored = RecordingStore(tmp_path, bytes(32)).open(name)
    with pytest.raises(RecordingBroken):
        list(stored.read(0, stored.size))
    with pytest.raises(RecordingBroken):
        RecordingStore(tmp_path, None).open(name)


@pytest.mark.parametrize(
    "name", ["../x.wav", "/etc/passwd", "a/b.wav", "call.wav.part", "", "x.mp3", "..", "a\0.wav"]
)
def test_only_names_of_recordings_are_opened(tmp_path: Path, name: str) -> None:
    """A name with a path in it is no name."""
    (tmp_path.parent / "x.wav").write_bytes(b"secret")
    with pytest.raises(RecordingMissing):
        RecordingStore(tmp_path, None).open(name)


def test_a_call_that_is_not_over_has_no_recording_to_play(tmp_path: Path) -> None:
    """The file gets its name when it is whole."""
    store = RecordingStore(tmp_path, None)
    writer = store.create("call", 8000)
    with pytest.raises(RecordingMissing):
        store.open(writer.name)
    writer.close()
    assert store.open(writer.name).size == 44


def test_an_empty_encrypted_recording_is_an_empty_wav(tmp_path: Path) -> None:
    """A caller who hangs up at once."""
    store = RecordingStore(tmp_path, KEY)
    stored = store.open(record(store, b""))
    assert len(b"".join(stored.read(0, stored.size))) == 44


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, (0, 100)),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=100-", None),
        ("bytes=20-10", None),
        ("bytes=-0", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("bytes=" + "9" * 40 + "-", None),
        ("seconds=1-2", None),
    ],
)
def test_ranges_are_read_as_the_standard_says(header: str | None, part: tuple[int, int] | None) -> None:
    """RFC 9110, one range; what cannot be satisfied is refused."""
    assert byte_range(header, 100) == part


@pytest.mark.parametrize("key", [None, KEY])
def test_a_recording_that_a_dead_process_left_is_finished_by_the_next(
    tmp_path: Path, key: bytes | None
) -> None:
    """Up to the last second in clear, up to the last whole chunk when sealed."""
    store = RecordingStore(tmp_path, key)
    writer = store.create("call", 8000)
    writer.write(SOUND[:150_000])
    writer.write(SOUND[150_000:])
    del writer  # as a process that is killed: nothing is closed
    assert store.recover() == [store.named("call")[0]]
    stored = store.open(store.named("call")[0])
    with wave.open(io.BytesIO(b"".join(stored.read(0, stored.size)))) as file:
        sound = file.readframes(file.getnframes())
    assert sound == (SOUND if key is None else SOUND[: 3 * 65_536])
    assert store.recover() == []


def test_a_finished_file_that_only_lacks_its_name_loses_nothing(tmp_path: Path) -> None:
    """The process died between the last chunk and the renaming."""
    store = RecordingStore(tmp_path, KEY)
    (tmp_path / record(store)).rename(tmp_path / "call.wavx.part")
    assert store.recover() == ["call.wavx"]
    stored = store.open("call.wavx")
    assert b"".join(stored.read(44, stored.size)) == SOUND


@pytest.mark.parametrize("content", [b"", b"SHOUDAI1", b"SHOUDAI1" + bytes(40), b"\0" * 70_000])
def test_what_cannot_be_finished_is_put_aside_and_not_deleted(tmp_path: Path, content: bytes) -> None:
    """It may be evidence all the same."""
    (tmp_path / "call.wavx.part").write_bytes(content)
    assert RecordingStore(tmp_path, KEY).recover() == []
    (left,) = tmp_path.iterdir()
    assert left.name == "call.wavx.part.unreadable" and left.read_bytes() == content


_FILLS_THE_DISK = """
import resource, sys
from pathlib import Path
from bot.recordings import RecordingStore

key = bytes(range(32)) if sys.argv[2] == "sealed" else None
store = RecordingStore(Path(sys.argv[1]), key)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
writer = store.create("call", 8000)
written = 0
try:
    while written < 1_000_000:
        writer.write(bytes([written // 4000 % 250]) * 4000)
        written += 4000
except OSError:
    pass
writer.close()
stored = store.open(store.named("call")[0])
print(written, len(b"".join(stored.read(44, stored.size))))
"""


@pytest.mark.parametrize("kind", ["plain", "sealed"])
def test_a_file_that_the_system_lets_grow_no_further_is_finished_with_all_that_was_taken(
    tmp_path: Path, kind: str
) -> None:
    """With the kernel's own refusal: a process whose files may hold 200,000 bytes."""
    command = [sys.executable, "-c", _FILLS_THE_DISK, str(tmp_path), kind]
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert said.returncode == 0, said.stderr
    written, kept = map(int, said.stdout.split())
    assert written == kept and 100_000 < written < 200_000
