"""The general model is taken where it can be had, and never required."""

from pathlib import Path

import pytest

from install import general_model
from install.general_model import PACKAGE, fetched, installed


class Machine:
    """Stands for apt-get and dpkg-deb: downloads succeed when the lists are fresh."""

    def __init__(self, *, fresh: bool, reachable: bool = True) -> None:
        self.fresh, self.reachable = fresh, reachable
        self.ran: list[str] = []

    def run(self, command: list[str], folder: Path) -> bool:
        self.ran.append(" ".join(command[:3]))
        if command[0] == "dpkg-deb":
            place = folder / command[-1] / "usr/lib/some-machine/libime"
            place.mkdir(parents=True)
            (place / "zh_CN.lm").write_bytes(b"model")
            return True
        if "update" in command:
            self.fresh = self.reachable
            return self.reachable
        if self.fresh:
            (folder / f"{PACKAGE}_1_all.deb").write_bytes(b"")
        return self.fresh


def test_a_downloaded_package_is_unpacked(tmp_path: Path) -> None:
    machine = Machine(fresh=True)
    found = fetched(tmp_path, machine.run)
    assert found is not None and found.read_bytes() == b"model"
    assert "apt-get -qq update" not in machine.ran


def test_root_renews_lists_that_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    machine = Machine(fresh=False)
    assert fetched(tmp_path, machine.run) is not None
    assert "apt-get -qq update" in machine.ran


def test_without_root_or_network_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert fetched(tmp_path, Machine(fresh=False, reachable=False).run) is None
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    machine = Machine(fresh=False)
    assert fetched(tmp_path, machine.run) is None
    assert "apt-get -qq update" not in machine.ran


def test_an_installed_package_is_found(tmp_path: Path) -> None:
    assert installed(tmp_path) is None
    place = tmp_path / "some-machine" / "libime"
    place.mkdir(parents=True)
    (place / "zh_CN.lm").write_bytes(b"")
    assert installed(tmp_path) == place / "zh_CN.lm"


def test_what_could_not_be_had_is_not_tried_at_every_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []
    monkeypatch.setattr(general_model, "models_dir", lambda: tmp_path)
    monkeypatch.setattr(general_model, "installed", lambda: None)
    monkeypatch.setattr(general_model, "fetched", lambda folder, run: asked.append(folder))
    general_model.ensure_general_model()
    general_model.ensure_general_model()
    assert len(asked) == 1
    assert PACKAGE in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [".general-words-tried"]
