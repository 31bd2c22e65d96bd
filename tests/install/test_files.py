"""Files and folders that are whole or absent."""

import errno
from pathlib import Path

import pytest

from install.errors import SetupError
from install.files import directory_made_whole, require_space, write_atomically


def test_a_folder_whose_making_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), directory_made_whole(tmp_path / "model") as making:
        (making / "half").write_bytes(b"x")
        raise RuntimeError("power cut")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_remaking_keeps_the_old_folder(tmp_path: Path) -> None:
    with directory_made_whole(tmp_path / "model") as making:
        (making / "part").write_text("old")
    with pytest.raises(RuntimeError), directory_made_whole(tmp_path / "model"):
        raise RuntimeError
    assert (tmp_path / "model" / "part").read_text() == "old"


def test_what_an_interrupted_making_left_is_swept_away_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".model.making.killed").mkdir()
    with directory_made_whole(tmp_path / "model") as making:
        (making / "part").write_text("new")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_file_that_cannot_be_written_keeps_its_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "stamp"
    write_atomically(file, "old")

    def full_disk(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr("install.files.os.fsync", full_disk)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(file, "new")
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["stamp"]


def test_a_disk_too_small_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        require_space(tmp_path, 1 << 60, "the model kokoro")
    assert caught.value.code == "disk_full"
    assert "the model kokoro" in caught.value.message
