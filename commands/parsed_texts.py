"""Parsed texts: what a trained model makes of sentences, in this process; no server is started."""

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm


async def parsed_texts(
    model: Path, texts: Sequence[str], on_each: Callable[[int], None] = lambda number: None
) -> list[dict[str, Any]]:
    """Rasa's parse of each text: ``intent``, ``intent_ranking``, ``entities``. ``on_each`` hears how many are done."""
    os.environ |= {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    # Set before the embeddings load: with more threads they cost ten times as much.
    os.environ["OMP_NUM_THREADS"] = "1"
    warnings.simplefilter("ignore")
    # jieba and TensorFlow greet on stdout, which is for the figures.
    with contextlib.redirect_stdout(sys.stderr):
        from rasa.core.agent import Agent
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.ERROR)
        agent = Agent.load(str(model))
        found = []
        for text in tqdm(texts, unit="sentence", file=sys.stderr):
            found.append(await agent.parse_message(text))
            on_each(len(found))
        return found
