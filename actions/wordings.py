"""Wordings: responses as Rasa will word them, for what has to know its words before they are said."""

from functools import lru_cache
from pathlib import Path

import yaml

from actions.turn import Utterance

RESPONSES_DIR = Path("data")


def worded(utterance: Utterance) -> list[str]:
    """A response as Rasa will word it; where it has variations, nobody can tell which."""
    wordings = _wordings().get(utterance.response or "", ())
    return [wordings[0].format(**utterance.values)] if len(wordings) == 1 else []


@lru_cache(maxsize=1)
def _wordings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(RESPONSES_DIR.glob("*/responses.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, variations in content["responses"].items():
            found[name] = tuple(one["text"] for one in variations)
    return found
