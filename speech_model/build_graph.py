"""`make vosk-graph`: language model and graph of a Vosk model from data/ and a lender's terms, in seconds."""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from commands.options import OptionInvalid, OptionParser
from install.paths import ROOT
from speech_model.decoding_graph import Costs
from speech_model.graph_texts import graph_texts, write_whole_graph
from speech_model.known_words import WordsUnknown, write_language_model
from speech_model.script import general_words
from voice.hearing.recognizer_vosk import is_our_model
from voice.speech.spoken_text import spoken

TERMS = ROOT / "data" / "jieba" / "loan_terms.txt"
COSTS = Costs(unit=0.4, silence=0.3, word=0.0, later=2.0)
"""Chosen on 60 sentences by mixed voices at 8 kHz."""

_WORDS, _CHARACTERS = 9000, 3500


class GraphInput(Exception):
    """What was given cannot be made a graph of; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the graph and print one JSON object; 2 where the input is bad."""
    try:
        options = _parser().parse_args(arguments)
        words = rebuild_graph(options.model, options.terms)
    except (OptionInvalid, GraphInput, WordsUnknown) as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 2
    print(json.dumps({"model": str(options.model), "words": words}, ensure_ascii=False))
    return 0


def rebuild_graph(model: Path, terms: Path = TERMS) -> int:
    """Give a model folder new words; return how many it knows then. Raises GraphInput, WordsUnknown.

    A model of ours gets a whole new graph. A model of the official layout keeps its lexicon (it comes without what
    would make a new one) and gets a new language model over the words that it has; that needs graph/HCLr.fst.
    """
    graph = model / "graph"
    if not graph.is_dir():
        raise GraphInput("graph_missing", f"{model.name} holds no folder graph: it is no Vosk model.")
    if not terms.is_file():
        raise GraphInput("terms_missing", f"There is no term list {terms}.")
    texts = graph_texts(ROOT / "data", terms, spoken, general_words(_WORDS, _CHARACTERS))
    if not is_our_model(model):
        if not (graph / "HCLr.fst").is_file():
            raise GraphInput(
                "graph_fixed",
                f"{model.name} has one whole graph (HCLG.fst), which cannot take new words; "
                "models with HCLr.fst and Gr.fst can.",
            )
        return write_language_model(graph, texts.sentences, texts.general)
    new = model / "graph.new"
    shutil.rmtree(new, ignore_errors=True)
    words = write_whole_graph(new, texts, COSTS)
    for path in new.iterdir():
        path.replace(graph / path.name)
    new.rmdir()
    return words


def _parser() -> argparse.ArgumentParser:
    parser = OptionParser(prog="make vosk-graph", description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "shoudai-vosk-cn")
    parser.add_argument("--terms", type=Path, default=TERMS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
