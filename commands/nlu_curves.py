"""`make nlu-curves`: how well confidences are calibrated, and what the thresholds cost, as figures and drawings.

A fifth of the examples, the calibration split, is held out; our pipeline learns the rest. Draws
docs/images/reliability.svg (confidence against share of right answers) and docs/images/thresholds.svg (what becomes of
sentences as the least confidence rises). The last line is one JSON object.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from commands.labelled_sentences import LabelledSentence
from commands.nlu_scores import Decision, scores
from commands.options import OptionInvalid, OptionParser
from commands.parsed_texts import parsed_texts
from commands.taught_models import all_examples, split, taught_model
from install.errors import SetupError
from install.paths import ROOT

_BINS = 10
_THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(17))
_AMBIGUITIES = (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)

Ranking = list[dict[str, Any]]
Row = dict[str, float]


@dataclass(frozen=True)
class Answers:
    """What the classifier said to the calibration split, before any threshold."""

    meant: list[str]
    rankings: list[Ranking]

    @property
    def confidences(self) -> NDArray[np.float64]:
        return np.array([ranking[0]["confidence"] for ranking in self.rankings])

    @property
    def right(self) -> NDArray[np.bool_]:
        said = [ranking[0]["name"] for ranking in self.rankings]
        return np.array([one == meant for one, meant in zip(said, self.meant, strict=True)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 2 with ``{"error": {"code", "message"}}``."""
    try:
        options = _options(arguments)
        answers = _answers(*split(all_examples(), 0.2))
    except (OptionInvalid, SetupError) as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 2
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    chosen, gap = configured()
    bins, costs = reliability(answers), [cost(answers, least, gap) for least in _THRESHOLDS]
    _draw_reliability(bins, folder / "reliability.svg")
    _draw_thresholds(costs, chosen, folder / "thresholds.svg")
    found = {
        "n": len(answers.meant),
        "calibration_error": round(calibration_error(answers), 4),
        "reliability": bins,
        "thresholds": costs,
        "ambiguities": [cost(answers, chosen, other) for other in _AMBIGUITIES],
    }
    print(json.dumps(found))
    return 0


def reliability(answers: Answers) -> list[Row]:
    """For each tenth of confidence: how many answers, their mean confidence, and the share that is right."""
    places = np.minimum((answers.confidences * _BINS).astype(int), _BINS - 1)
    return [
        {
            "confidence": round(float(answers.confidences[places == place].mean()), 4),
            "right": round(float(answers.right[places == place].mean()), 4),
            "n": int((places == place).sum()),
        }
        for place in range(_BINS)
        if (places == place).any()
    ]


def calibration_error(answers: Answers) -> float:
    """Expected calibration error in ten bins (Guo, Pleiss, Sun, Weinberger 2017), 0..1."""
    return sum(row["n"] * abs(row["confidence"] - row["right"]) for row in reliability(answers)) / len(
        answers.meant
    )


def cost(answers: Answers, least: float, gap: float) -> Row:
    """What the bot would do with these thresholds: its own AskBackClassifier decides."""
    from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
    from rasa.shared.nlu.training_data.message import Message

    from understanding.ask_back import AskBackClassifier
    from understanding.boundaries import Boundaries

    classifier = AskBackClassifier({"threshold": least, "ambiguity_threshold": gap}, Boundaries(()))
    messages = [
        Message(data={INTENT: ranking[0], INTENT_RANKING_KEY: list(ranking)}) for ranking in answers.rankings
    ]
    decided = [Decision.of(message.data) for message in classifier.process(messages)]
    told = scores(answers.meant, decided)
    served = [one not in ("ask_back", "out_of_scope") for one in (decision.intent for decision in decided)]
    wrong = [
        s and decision.intent != meant
        for s, decision, meant in zip(served, decided, answers.meant, strict=True)
    ]
    return {
        "threshold": least,
        "ambiguity": gap,
        "accuracy": told["accuracy"],
        "asked_back": round(told["ask_back"] / len(decided), 4),
        "served_wrong": round(sum(wrong) / len(decided), 4),
        "false_reject": told["false_reject"],
        "out_of_scope_recall": told["out_of_scope_recall"],
    }


def configured() -> tuple[float, float]:
    """The least confidence and the least lead of a service, in config.yml."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    settings = next(part for part in pipeline if part["name"].endswith("AskBackClassifier"))
    return float(settings["threshold"]), float(settings["ambiguity_threshold"])


def _answers(taught: list[LabelledSentence], held_out: list[LabelledSentence]) -> Answers:
    with tempfile.TemporaryDirectory(prefix="nlu-curves.") as folder:
        model = taught_model(ROOT / "config.yml", taught, Path(folder))
        parsed = asyncio.run(parsed_texts(model, [one.text for one in held_out]))
    # The ranking without what the thresholds put at its head.
    rankings = [[one for one in each["intent_ranking"] if one["name"] != "nlu_fallback"] for each in parsed]
    return Answers([one.intent for one in held_out], rankings)


def _draw_reliability(bins: list[Row], path: Path) -> None:
    figure, axes = _axes("confidence", "share of right answers")
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    axes.plot(
        [row["confidence"] for row in bins], [row["right"] for row in bins], marker="o", color="#1f5fa8"
    )
    for row in bins:
        axes.annotate(
            f"{row['n']:.0f}", (row["confidence"], row["right"]), xytext=(4, -10), textcoords="offset points"
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    _save(figure, path)


def _draw_thresholds(costs: list[Row], chosen: float, path: Path) -> None:
    figure, axes = _axes("least confidence of a service", "share of sentences")
    lines = {
        "accuracy": "right (ask-back: half)",
        "out_of_scope_recall": "out of scope found",
        "asked_back": "asked back",
        "served_wrong": "served wrongly",
        "false_reject": "refused although in scope",
    }
    for key, label in lines.items():
        axes.plot([row["threshold"] for row in costs], [row[key] for row in costs], label=label)
    axes.axvline(chosen, color="0.7", linewidth=1)
    axes.set_ylim(0, 1)
    axes.legend(fontsize=8)
    _save(figure, path)


def _axes(x: str, y: str) -> tuple[Any, Any]:
    import matplotlib

    matplotlib.use("svg")
    # The same drawing from the same figures, byte for byte.
    matplotlib.rcParams["svg.hashsalt"] = "shoudai"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5.5, 4), layout="constrained")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(color="0.9")
    return figure, axes


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None})


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = OptionParser(prog="nlu_curves", description=__doc__)
    parser.add_argument("--folder", default=str(ROOT / "docs/images"), help="where the drawings go")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
