"""What the source itself says: its settings and its error codes, read from the syntax tree."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "voice",
    "actions",
    "bot",
    "understanding",
    "commands",
    "install",
    "serve",
    "speech_model",
    "teaching",
)

SETTING = re.compile(r"SHOUDAI_[A-Z][A-Z_]*[A-Z]|DATABASE_URL")
SPOKEN_BY_SHELL = re.compile(r"^\s*(?:echo \"|printf ')?([a-z0-9]+(?:_[a-z0-9]+)+): ", re.MULTILINE)
NAMED_BY_FIRST_ARGUMENT = {"GraphInput", "SetupError", "EvaluationInput", "SentencesError", "TakeOverRefused"}
"""Errors that get their code where they are raised."""
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def tracked_files() -> list[Path]:
    """Every file that git knows or would take up."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listing.splitlines() if (path := ROOT / name).is_file()]


def python_files() -> list[Path]:
    """Our packages' own files."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def settings_in_source() -> set[str]:
    """Names of environment settings in Python, shell and the Makefile."""
    files = [*python_files(), *(ROOT / "install").glob("*.sh"), ROOT / "Makefile"]
    names = {name for path in files for name in SETTING.findall(path.read_text(encoding="utf-8"))}
    return names - {"DEFAULT_DATABASE_URL"}


def codes_in_source() -> set[str]:
    """Codes of exception classes, of errors and refusals made with one, of the web and of the shell."""
    codes = {
        code for path in python_files() for code in _codes_of(ast.parse(path.read_text(encoding="utf-8")))
    }
    for script in (ROOT / "install").glob("*.sh"):
        codes |= set(SPOKEN_BY_SHELL.findall(script.read_text(encoding="utf-8")))
    return codes - {""}


def _codes_of(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _codes_of_class(node)
        elif isinstance(node, ast.Call):
            yield from _codes_of_call(node)


def _codes_of_class(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        target, value = None, None
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            target, value = statement.targets[0].id, statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            target, value = statement.target.id, statement.value
        if target == "code" and _text(value):
            yield _text(value)
        if node.name == "WebError" and isinstance(value, ast.Tuple):
            yield _text(value.elts[0])


def _codes_of_call(node: ast.Call) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in NAMED_BY_FIRST_ARGUMENT and node.args:
        yield _text(node.args[0])
    if name == "_refusal" and len(node.args) > 1:
        yield _text(node.args[1])
    for keyword in node.keywords:
        if keyword.arg == "code" and CODE.fullmatch(_text(keyword.value)):
            yield _text(keyword.value)


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
