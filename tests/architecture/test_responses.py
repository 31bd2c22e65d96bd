"""Sentences in data/<topic>/responses.yml and what says them belong together."""

import ast
import re

import yaml

from tests.architecture.source_facts import ROOT


def responses() -> set[str]:
    names: set[str] = set()
    for path in ROOT.glob("data/*/responses.yml"):
        names |= set((yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("responses", {}))
    return names


def said() -> set[str]:
    """Names, and patterns of names, in actions, rules and the domain."""
    intents = "|".join(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
    names: set[str] = set()
    for path in [*(ROOT / "actions").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and re.fullmatch(r"utter_\w*[a-z0-9]", str(node.value)):
                names.add(str(node.value))
            if isinstance(node, ast.JoinedStr) and ast.unparse(node)[2:].startswith("utter_"):
                parts = [
                    str(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values
                ]
                # A name made of an intent alone can only be an intent's.
                names.add(f"utter_(?:{intents})" if parts == ["utter_", r"\w+"] else "".join(parts))
    for path in [ROOT / "domain.yml", *ROOT.glob("data/*/rules.yml"), *ROOT.glob("data/*/stories.yml")]:
        names |= set(re.findall(r"\butter_\w+", path.read_text(encoding="utf-8")))
    return names


def test_every_sentence_is_said_by_somebody() -> None:
    patterns = [re.compile(name) for name in said()]
    assert {name for name in responses() if not any(pattern.fullmatch(name) for pattern in patterns)} == set()


def test_everything_that_is_said_has_its_sentence() -> None:
    assert {
        name for name in said() if not any(re.fullmatch(name, response) for response in responses())
    } == set()
