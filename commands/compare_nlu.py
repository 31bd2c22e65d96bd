"""`make compare-nlu`: pipelines of understanding against each other, trained on the same examples in one run.

A share of the examples is held out; every pipeline is trained on the rest and measured, with the bot's thresholds, on
what was held out and on a labelled file, as written and with homophones. Takes most of an hour on one core, nearly all
of it Rasa's DIET. The last line is one JSON object, before it comes a table in Markdown.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commands.evaluate_nlu import spoilt
from commands.labelled_sentences import LabelledSentence, SentencesError, read_sentences
from commands.nlu_scores import Decision, scores
from commands.options import OptionInvalid, OptionParser
from commands.parsed_texts import parsed_texts
from commands.taught_models import all_examples, split, taught_model
from install.errors import SetupError
from install.paths import ROOT

PIPELINES = {
    "rasa_default_diet": ROOT / "commands/pipelines/diet.yml",
    "rasa_logistic_regression": ROOT / "commands/pipelines/logistic_regression.yml",
    "ours_without_sounds": ROOT / "commands/pipelines/no_sounds.yml",
    "ours": ROOT / "config.yml",
}
_TOLD = ("accuracy", "macro_f1", "out_of_scope_recall", "false_reject")

Scores = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 2 with ``{"error": {"code", "message"}}`` when the input cannot be used."""
    try:
        options = _options(arguments)
        labelled = read_sentences(Path(options.file))
        taught, held_out = split(all_examples(), options.held_out)
        found = {}
        for name in options.pipelines:
            found[name] = _measured(name, taught, {"held_out": held_out, "file": labelled}, options.noise)
            print(f"{name}: {json.dumps(found[name])}", file=sys.stderr, flush=True)
    except (OptionInvalid, SentencesError, SetupError) as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 2
    print(table(found, options.noise))
    print(json.dumps({"noise": options.noise, "taught": len(taught), "pipelines": found}))
    return 0


def table(found: dict[str, Scores], noise: float) -> str:
    """Accuracy / macro F1 / recall of out of scope / in-scope refused, in Markdown."""
    sets = ["held_out", "held_out_noise", "file", "file_noise"]
    share = f"{noise:.0%} homophones"
    lines = [f"| pipeline | held out | held out, {share} | file | file, {share} | training, CPU s |"]
    lines.append("|---" * 6 + "|")
    for name, one in found.items():
        cells = [" / ".join(f"{one[place][key]:.3f}".lstrip("0") for key in _TOLD) for place in sets]
        lines.append(f"| {name} | {' | '.join(cells)} | {one['training_cpu_s']} |")
    return "\n".join(lines)


def _measured(
    name: str, taught: Sequence[LabelledSentence], sets: dict[str, list[LabelledSentence]], noise: float
) -> Scores:
    with tempfile.TemporaryDirectory(prefix="compare-nlu.") as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        model = taught_model(PIPELINES[name], taught, Path(folder))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found: Scores = {
            "training_cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        }
        for place, sentences in sets.items():
            for suffix, share in (("", 0.0), ("_noise", noise)):
                texts = spoilt([one.text for one in sentences], share)
                decided = [Decision.of(one) for one in asyncio.run(parsed_texts(model, texts))]
                told = scores([one.intent for one in sentences], decided)
                found[place + suffix] = {key: told[key] for key in (*_TOLD, "ask_back", "n")}
    return found


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = OptionParser(prog="compare_nlu", description=__doc__)
    parser.add_argument("--file", required=True, help="intent TAB text, a line each, no header")
    parser.add_argument(
        "--noise", type=float, default=0.15, help="share of characters replaced by homophones"
    )
    parser.add_argument("--held-out", type=float, default=0.2, help="share of the examples that is held out")
    parser.add_argument(
        "--pipelines", nargs="+", choices=sorted(PIPELINES), default=list(PIPELINES), help="which of them"
    )
    options = parser.parse_args(arguments)
    if not 0 <= options.noise <= 1 or not 0 < options.held_out < 1:
        raise OptionInvalid("noise and held-out are shares between 0 and 1")
    return options


if __name__ == "__main__":
    sys.exit(main())
