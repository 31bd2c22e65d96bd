"""`make evaluate-nlu`: how well labelled sentences are understood, after the bot's thresholds.

The trained model's understanding runs in this process; no server is started. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

from commands.homophones import with_homophones
from commands.labelled_sentences import SentencesError, read_sentences
from commands.nlu_scores import Decision, scores
from commands.options import OptionInvalid, OptionParser
from commands.parsed_texts import parsed_texts
from install.errors import SetupError
from install.training import ensure_model

_SEED = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 2 with ``{"error": {"code", "message"}}`` when the input cannot be used."""
    try:
        options = _options(arguments)
        sentences = read_sentences(options.file)
        model = ensure_model()
    except (OptionInvalid, SentencesError, SetupError) as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 2
    texts = spoilt([one.text for one in sentences], options.noise)
    parsed = asyncio.run(parsed_texts(model, texts))
    found = scores([one.intent for one in sentences], [Decision.of(one) for one in parsed])
    print(json.dumps(found | {"noise": options.noise}, ensure_ascii=False))
    return 0


def spoilt(texts: Sequence[str], noise: float) -> list[str]:
    """The sentences with that share of their characters replaced by homophones, the same every time."""
    random = Random(_SEED)
    return [with_homophones(text, noise, random) for text in texts]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = OptionParser(prog="evaluate_nlu", description=__doc__)
    parser.add_argument("path", nargs="?", help="intent TAB text, a line each, no header")
    parser.add_argument("--file", help="the same")
    parser.add_argument(
        "--noise", default="0", help="share of Chinese characters replaced by homophones, 0..1"
    )
    options = parser.parse_args(arguments)
    chosen = options.file or options.path
    if not chosen:
        raise SentencesError("file_missing", "Give FILE=path.tsv: a file of intent TAB text lines.")
    try:
        options.noise = float(options.noise or 0)
    except ValueError:
        options.noise = -1.0
    if not 0 <= options.noise <= 1:
        raise SentencesError("noise_invalid", "NOISE is a share between 0 and 1.")
    options.file = Path(chosen)
    return options


if __name__ == "__main__":
    sys.exit(main())
