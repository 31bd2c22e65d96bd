"""Carriers: which clauses are spoken so that every figure can be joined from them, and the voice that tells cuts."""

import random
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx

from install.examples import filled
from voice.carrier import Carrier, cut_carrier
from voice.joining import FIGURE
from voice.phonemes import syllables, tokens
from voice.spoken_text import spoken
from voice.synthesizer_kokoro import BOT_VOICES, GRAPH, SAMPLE_RATE_HZ, load_graph, mean_style

DURATIONS = "/encoder/Clip_output_0"
"""The graph's tensor with the length of each token, padding included."""

SEED = 4
"""The same figures are drawn at every set-up: what was spoken stays of use."""

_POOL = 3000
"""Clauses among which those are looked for that hold what is still missing."""

_DRAWN = 30
"""Fillings of a template among which the one with most that is new is taken."""

_END = "$"


def carrier_clauses(templates: list[str]) -> list[str]:
    """The clauses to speak, those first that cover most; the same ones at every set-up.

    First every template twice, each time with the figures of which most neighbours are new; then whatever holds
    two neighbours in a figure that still lie beside each other nowhere.
    """
    chance = random.Random(SEED)
    chosen: list[str] = []
    known: set[tuple[str, str]] = set()

    def choose(among: Iterable[list[str]]) -> bool:
        best = max(among, key=lambda clauses: len(_neighbours(clauses) - known))
        new = _neighbours(best) - known
        known.update(new)
        chosen.extend(best)
        return bool(new)

    for template in [*templates, *templates]:
        choose([_drawn(template, chance) for _ in range(_DRAWN)])
    pool = [_drawn(chance.choice(templates), chance) for _ in range(_POOL if templates else 0)]
    while pool and choose(pool):
        pass
    return list(dict.fromkeys(chosen))


def _drawn(template: str, chance: random.Random) -> list[str]:
    """The clauses of one filling that hold a figure."""
    return [clause for clause in filled(template, chance.random()) if re.search(r"[0-9]", clause)]


def _neighbours(clauses: Iterable[str]) -> set[tuple[str, str]]:
    """Pairs of characters in a figure, and its last one with the end of the clause or its mark."""
    found: set[tuple[str, str]] = set()
    for clause in clauses:
        said = spoken(clause)
        ends = {len(said) - 1, len(said) - 2}
        found |= {
            (left, right)
            for place, (left, right) in enumerate(zip(said, said[1:] + _END, strict=True))
            if left in FIGURE and (right in FIGURE or place in ends)
        }
    return found


class CarrierVoice:
    """The bot's voice, with the place of every token: the graph's own durations, given out beside the sound."""

    def __init__(self, model_dir: Path) -> None:
        """Load the graph with another output (2 s, 1.2 GB for a moment). Raises SynthesizerUnavailable."""
        self._style = mean_style([model_dir / "voices" / f"{voice}.bin" for voice in BOT_VOICES])
        self._session = load_graph(with_durations(model_dir / GRAPH))

    def carrier(self, clause: str) -> Carrier:
        """Speak one clause; it must be shorter than what the graph takes at once."""
        said = syllables(spoken(clause))
        numbers = tokens("".join(" " * each.begins_word + each.symbols for each in said).strip())
        feeds = {
            "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
            "style": self._style[len(numbers)],
            "speed": np.ones(1, dtype=np.float32),
        }
        sound, durations = self._session.run(["audio", DURATIONS], feeds)
        return cut_carrier(
            said, np.asarray(sound).reshape(-1), np.asarray(durations).reshape(-1), SAMPLE_RATE_HZ
        )


def with_durations(graph: Path) -> bytes:
    """Kokoro's graph with the token durations as a second output."""
    model = onnx.load(str(graph))
    output = onnx.helper.make_tensor_value_info(DURATIONS, onnx.TensorProto.FLOAT, None)
    model.graph.output.append(output)
    content: bytes = model.SerializeToString()
    return content
