"""What `make test` does about a missing browser and missing telephones."""

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


def test_telephones_that_are_missing_are_installed_and_nothing_fails_without_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(checks.shutil, "which", lambda name: None if name in checks.TELEPHONES else name)
    monkeypatch.setattr(checks.subprocess, "run", lambda command, **_: commands.append(command))
    monkeypatch.setattr(checks.os, "geteuid", lambda: 0)
    checks.install_telephones()
    assert [command[-1] for command in commands if "install" in command] == ["baresip-core", "sip-tester"]
    commands.clear()
    monkeypatch.setattr(checks.os, "geteuid", lambda: 1000)
    checks.install_telephones()
    assert commands == []
