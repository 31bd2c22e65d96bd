"""Intent names: the intents that conversations may be filtered by, from the domain that Rasa is trained on."""

from pathlib import Path

import yaml


def _intents() -> tuple[str, ...]:
    domain = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8"))
    return tuple(sorted(next(iter(one)) if isinstance(one, dict) else str(one) for one in domain["intents"]))


INTENTS = _intents()
