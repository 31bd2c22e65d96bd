"""Libraries of the staff's pages: only the pinned file is ever put where pages load it from."""

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from install.errors import SetupError
from install.web_libraries import HTMX, LICENSE, is_whole, libraries_dir, sri_of, unpack


@pytest.fixture
def tarball(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with a file of our own, and a ``var`` of its own."""
    monkeypatch.setenv("SHOUDAI_VAR_DIR", str(tmp_path / "var"))
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in ((HTMX.member, b"library"), (LICENSE, b"0BSD")):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def test_the_pinned_file_is_unpacked_with_its_licence(tarball: Path) -> None:
    pinned = replace(HTMX, integrity=sri_of(b"library"))
    unpack(tarball, pinned)
    folder = libraries_dir() / pinned.folder
    assert sorted(path.name for path in folder.iterdir()) == ["LICENSE", "htmx.min.js"]
    assert is_whole(pinned)
    (folder / pinned.file).write_bytes(b"changed")
    assert not is_whole(pinned)


def test_another_file_is_refused_and_leaves_nothing(tarball: Path) -> None:
    with pytest.raises(SetupError) as refused:
        unpack(tarball, HTMX)
    assert refused.value.code == "checksum_mismatch"
    assert not (libraries_dir() / HTMX.folder).exists()


def test_an_integrity_is_written_as_browsers_read_it() -> None:
    """The hash of nothing, as everybody knows it."""
    assert sri_of(b"") == "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
