"""Packages of models: looked for on disk first, fetched else, and never used with a wrong hash."""

import hashlib
from pathlib import Path

import pytest

from install.errors import SetupError
from install.packages import NpmPackage, Wheel, integrity_of, locked_wheels, npm_file, wheel_file


def wheel_of(content: bytes) -> Wheel:
    return Wheel("no-such-shoudai-model", "9.9.9", hashlib.sha256(content).hexdigest())


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """pip and npm find no index: what a machine without a network looks like to them."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("npm_config_offline", "true")
    monkeypatch.setenv("npm_config_cache", "/nonexistent")


def test_every_model_package_is_pinned_with_its_hash() -> None:
    wheels = locked_wheels()
    assert len(wheels) == 7
    assert all(len(wheel.sha256) == 64 for wheel in wheels.values())


def test_a_wheel_put_there_by_hand_is_used_without_any_network(tmp_path: Path, no_network: None) -> None:
    wheel = wheel_of(b"model")
    (tmp_path / wheel.filename).write_bytes(b"model")
    assert wheel_file(wheel, tmp_path).read_bytes() == b"model"


def test_a_half_downloaded_wheel_is_not_used_and_the_message_says_what_to_copy_where(
    tmp_path: Path, no_network: None
) -> None:
    wheel = wheel_of(b"model")
    (tmp_path / wheel.filename).write_bytes(b"mod")
    with pytest.raises(SetupError) as caught:
        wheel_file(wheel, tmp_path)
    assert caught.value.code == "package_unavailable"
    assert wheel.filename in caught.value.message
    assert str(tmp_path) in caught.value.message
    assert not (tmp_path / wheel.filename).exists()


def test_a_voice_tarball_with_another_content_is_not_used(tmp_path: Path, no_network: None) -> None:
    package = NpmPackage("no-such-shoudai-voices", "9.9.9", "sha512-AAAA")
    (tmp_path / package.filename).write_bytes(b"something else")
    with pytest.raises(SetupError) as caught:
        npm_file(package, tmp_path)
    assert caught.value.code == "package_unavailable"
    assert package.filename in caught.value.message


def test_integrity_is_written_as_npm_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "empty"
    file.write_bytes(b"")
    assert integrity_of(file) == (
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
    )
