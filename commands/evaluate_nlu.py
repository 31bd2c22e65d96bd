"""`make evaluate-nlu`: how well labelled sentences are understood, after the bot's thresholds.

The trained model's understanding runs in this process; no server is started. The last line is one JSON object.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from tqdm import tqdm

from commands.homophones import with_homophones
from commands.labelled_sentences import SentencesError, read_sentences
from commands.nlu_scores import Decision, scores
from commands.options import OptionInvalid, OptionParser
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
    random = Random(_SEED)
    texts = [with_homophones(one.text, options.noise, random) for one in sentences]
    parsed = asyncio.run(_parse(model, texts))
    found = scores([one.intent for one in sentences], [Decision.of(one) for one in parsed])
    print(json.dumps(found | {"noise": options.noise}, ensure_ascii=False))
    return 0


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


async def _parse(model: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
    """What the model makes of each text, in its process."""
    os.environ |= {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    # Set before the embeddings load: with more threads they cost ten times as much.
    os.environ["OMP_NUM_THREADS"] = "1"
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(
        sys.stderr
    ):  # jieba and TensorFlow greet on stdout, which is for the figures
        from rasa.core.agent import Agent
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.ERROR)
        agent = Agent.load(str(model))
        return [await agent.parse_message(text) for text in tqdm(texts, unit="sentence", file=sys.stderr)]


if __name__ == "__main__":
    sys.exit(main())
