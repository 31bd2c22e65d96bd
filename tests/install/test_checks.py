"""What `make test` does about a missing browser."""

import pytest

from install import checks
from install.errors import SetupError


def test_chromium_that_is_there_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        checks.shutil, "which", lambda name: "/usr/bin/chromium" if name == "chromium" else None
    )
    monkeypatch.setattr(checks.subprocess, "run", lambda *_, **__: pytest.fail("nothing is to be installed"))
    checks.ensure_chromium()


def test_who_may_not_install_it_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.shutil, "which", lambda name: None)
    monkeypatch.setattr(checks.os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError) as caught:
        checks.ensure_chromium()
    assert caught.value.code == "chromium_missing"
    assert "apt-get install chromium" in caught.value.message


def test_root_on_debian_gets_it_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    present = {"apt-get"}
    commands = []

    def run(command: list[str], **_: object) -> None:
        commands.append(command)
        if "install" in command:
            present.add("chromium")

    monkeypatch.setattr(checks.shutil, "which", lambda name: name if name in present else None)
    monkeypatch.setattr(checks.os, "geteuid", lambda: 0)
    monkeypatch.setattr(checks.subprocess, "run", run)
    checks.ensure_chromium()
    assert [command[2] for command in commands] == ["update", "install"]
    assert commands[1][-1] == "chromium"
