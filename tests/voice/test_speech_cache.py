"""Clips on disk and in memory."""

from pathlib import Path

import pytest

from voice.speech.speech_cache import ClipKey, SpeechCache

KEY = ClipKey("您好，", 8000)
PCM = bytes(range(200)) * 8


def test_a_stored_clip_is_found_by_another_process_of_the_same_voice(tmp_path: Path) -> None:
    SpeechCache(tmp_path, "voice").store(KEY, PCM)
    later = SpeechCache(tmp_path, "voice")
    assert KEY in later
    assert later.load(KEY) == PCM


@pytest.mark.parametrize("other", [ClipKey("您好，", 16_000), ClipKey("您好。", 8000)])
def test_another_line_or_another_clause_is_another_clip(tmp_path: Path, other: ClipKey) -> None:
    cache = SpeechCache(tmp_path, "voice")
    cache.store(KEY, PCM)
    assert other not in cache
    assert cache.load(other) is None


def test_another_voice_does_not_find_the_clip(tmp_path: Path) -> None:
    SpeechCache(tmp_path, "voice").store(KEY, PCM)
    assert SpeechCache(tmp_path, "other voice").load(KEY) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-10],
        lambda content: content[:20],
        lambda content: b"",
        lambda content: b"RIFF" + content[4:],
        lambda content: content[:100] + bytes([content[100] ^ 1]) + content[101:],
    ],
    ids=["cut off", "header only", "empty", "another format", "one bit flipped"],
)
def test_a_damaged_file_is_a_miss(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    cache = SpeechCache(tmp_path, "voice")
    cache.store(KEY, PCM)
    path = cache.path(KEY)
    assert path is not None
    path.write_bytes(damage(path.read_bytes()))
    assert cache.load(KEY) is None


def test_a_changed_pronunciation_makes_its_own_clips_stale_and_no_others(tmp_path: Path) -> None:
    before = SpeechCache(tmp_path, "voice", reading=lambda text: text)
    before.store(KEY, PCM)
    before.store(ClipKey("还款，", 8000), PCM)
    after = SpeechCache(tmp_path, "voice", reading=lambda text: text.replace("还", "huan2"))
    assert after.load(KEY) == PCM
    assert after.load(ClipKey("还款，", 8000)) is None


def test_a_clip_read_once_needs_the_disk_no_more(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, "voice")
    cache.store(KEY, PCM)
    assert cache.in_memory(KEY) is None
    cache.load(KEY)
    path = cache.path(KEY)
    assert path is not None
    path.unlink()
    assert cache.load(KEY) == PCM


def test_a_kept_clip_never_reaches_the_disk(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, "voice")
    cache.keep(KEY, PCM)
    assert cache.load(KEY) == PCM
    assert list(tmp_path.iterdir()) == []


def test_a_full_memory_forgets_what_was_not_asked_for_longest() -> None:
    cache = SpeechCache(None, "voice", most_memory_bytes=3 * len(PCM))
    first, second, third, fourth = (ClipKey(name, 8000) for name in "一二三四")
    for key in (first, second, third):
        cache.keep(key, PCM)
    cache.load(first)
    cache.keep(fourth, PCM)
    assert [key in cache for key in (first, second, third, fourth)] == [True, False, True, True]


def test_keeping_the_same_clip_again_takes_no_more_room() -> None:
    cache = SpeechCache(None, "voice", most_memory_bytes=2 * len(PCM))
    cache.keep(ClipKey("一", 8000), PCM)
    for _ in range(5):
        cache.keep(KEY, PCM)
    assert ClipKey("一", 8000) in cache


def test_pruning_leaves_wanted_clips_and_removes_the_rest(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, "voice")
    other = ClipKey("再见。", 8000)
    cache.store(KEY, PCM)
    cache.store(other, PCM)
    (tmp_path / "interrupted.part").write_bytes(b"half")
    assert cache.prune({KEY}) == 2
    assert cache.load(KEY) == PCM
    assert cache.load(other) is None


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = SpeechCache(tmp_path, "voice")

    def full_disk(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        cache.store(KEY, PCM)
    assert cache.load(KEY) is None
