"""The walls between packages, as import-linter sees them, and importing without side effects."""

import subprocess
import sys

import pytest

from tests.architecture.source_facts import PACKAGES, ROOT


def test_no_import_crosses_a_wall() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_named_in_the_walls_and_exists(package: str) -> None:
    assert (ROOT / package).is_dir()
    assert (
        f'"{package}"'
        in (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.importlinter]")[1]
    )
