"""Whatever our packages import is declared, and what is declared is locked."""

import ast
import re
import sys
from importlib.metadata import distributions

from tests.architecture.source_facts import PACKAGES, ROOT, python_files

FOR_TRAINING = {"torch"}
"""Imported by speech_model alone (the import walls see to it), from the extra of that name."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    """Names of the running dependencies in pyproject.toml."""
    section = (
        (ROOT / "pyproject.toml")
        .read_text(encoding="utf-8")
        .split("dependencies = [", 1)[1]
        .split("\n]\n", 1)[0]
    )
    return {normal(name) for name in re.findall(r"^\s+\"([A-Za-z0-9_.-]+)", section, re.MULTILINE)}


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


def imported() -> set[str]:
    """Top-level names of everything that our packages import from outside."""
    names: set[str] = set()
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(PACKAGES) - set(sys.stdlib_module_names)


def providers() -> dict[str, set[str]]:
    """Top-level import name -> distributions that bring it (read from their records)."""
    found: dict[str, set[str]] = {}
    for distribution in distributions():
        name = normal(distribution.metadata["Name"])
        found.setdefault(name, set()).add(name)
        for line in (distribution.read_text("RECORD") or "").splitlines():
            top = line.partition(",")[0].partition("/")[0].partition(".")[0]
            found.setdefault(top, set()).add(name)
    return found


def test_every_import_is_a_declared_dependency() -> None:
    brought_by = providers()
    undeclared = {name for name in imported() if not brought_by.get(name, set()) & declared()}
    assert undeclared - FOR_TRAINING == set()


def test_what_only_training_needs_is_an_extra_and_not_installed_with_the_rest() -> None:
    extra = (
        (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("speech-model = [", 1)[1].split("]", 1)[0]
    )
    assert set(re.findall(r'"([a-z]+)', extra)) == FOR_TRAINING
    assert not FOR_TRAINING & (declared() | locked("requirements.lock"))


def test_every_declared_dependency_is_locked() -> None:
    assert declared() - locked("requirements.lock") == set()


def test_the_test_lock_holds_all_that_runs() -> None:
    assert locked("requirements.lock") - locked("requirements-test.lock") == set()


def noticed() -> set[str]:
    """Names in NOTICE's list of direct Python dependencies."""
    section = (
        (ROOT / "NOTICE").read_text(encoding="utf-8").split("Python packages, direct dependencies\n", 1)[1]
    )
    entries = re.sub(r"\([^)]*\)", "", section.split("\n\n", 1)[0]).split("\n- ")
    return {
        normal(name) for entry in entries for name in re.split(r"[,\s]+", entry.partition(":")[2]) if name
    }


def test_the_notice_names_every_direct_dependency() -> None:
    separate_programs = {"espeakng-loader"}
    assert declared() - noticed() == separate_programs


def test_the_notice_names_nothing_that_is_not_installed() -> None:
    assert noticed() - locked("requirements-test.lock") == set()
