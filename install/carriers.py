"""Carriers: which clauses are spoken so that every figure can be joined from them, and the voice that tells cuts."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx

from install.bot_sentences import Words
from install.examples import filled
from voice.speech.carrier import Carrier, cut_carrier
from voice.speech.joints import joints_of
from voice.speech.phonemes import syllables, tokens
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer_kokoro import BOT_VOICES, GRAPH, SAMPLE_RATE_HZ, load_graph, mean_style

DURATIONS = "/encoder/Clip_output_0"
"""The graph's tensor with the length of each token, padding included."""

_TWICE = 2
"""How often each template is spoken, each time with other figures."""

_POOL = 24
"""Further fillings of each template, among which those are looked for that hold what is still missing."""

_END = "$"

VOICED = "一二两五六"
"""First characters of figures that begin with voice: a join before them is heard worst (docs/voice.md)."""

_TRIES = 300
"""Fillings of a template among which those are looked for whose figure begins so; 两 begins one in fifty sums."""

_OWED = "amount available cost date fee instalment interest last penalty principal saved total"
_BEHIND_WORDS = re.compile(r"([\u4e00-\u9fff]+)\{(?:" + "|".join(_OWED.split()) + r")\}")
"""Figures of the caller's own loan, behind fixed words."""

FIGURE = frozenset("零一二三四五六七八九十百千万亿点元角分年月日号期天幺两负之到半埃克斯，、")
"""Characters of spoken figures and of what stands beside them."""


def carrier_clauses(templates: Iterable[str], names: Words) -> list[str]:
    """The clauses to speak, the same ones at every set-up.

    Every template twice, with figures that depend on nothing but the template; every name once; then whatever holds
    two neighbours in a figure that lie beside each other nowhere yet; then what the caller owes or has, beginning with
    each digit whose sound begins with voice.
    """
    chosen: dict[str, None] = {}
    pool: list[list[str]] = []
    for template in templates:
        for turn in range(_TWICE):
            chosen |= dict.fromkeys(_joined(template, f"{template}{turn}", names))
        pool += [_joined(template, f"{template}{turn}", names) for turn in range(_TWICE, _TWICE + _POOL)]
    for kind, values in names.items():
        chosen |= dict.fromkeys(_once_each(kind, values, templates, chosen))
    known = _neighbours(chosen)
    while pool:
        best = max(pool, key=lambda clauses: len(_neighbours(clauses) - known))
        if not _neighbours(best) - known:
            break
        known |= _neighbours(best)
        chosen |= dict.fromkeys(best)
    for template in templates:
        chosen |= dict.fromkeys(_voiced_beginnings(template, names, chosen))
    return list(chosen)


def _voiced_beginnings(template: str, names: Words, chosen: Iterable[str]) -> Iterator[str]:
    """A clause for each figure of money or day that begins with voice behind the template's words, if none is there."""
    behind = _BEHIND_WORDS.search(template)
    if behind is None:
        return
    words = behind[1]
    missing = set(VOICED) - {begins_with(clause, words) for clause in chosen if words in clause}
    for turn in range(_TRIES):
        for clause in _joined(template, f"{template}{VOICED}{turn}", names) if missing else ():
            begin = begins_with(clause, words)
            if begin in missing:
                missing.remove(begin)
                yield clause


def begins_with(clause: str, words: str) -> str:
    """The first character that is said behind these words of a clause; empty where there is none."""
    return spoken(clause).partition(words)[2][:1]


def _joined(template: str, seed: str, names: Words) -> list[str]:
    """The clauses of one filling that hold a figure or a name; the others are fixed."""
    spoken_of = [name for kind in names for name in names[kind] if f"{{{kind}}}" in template]
    return [
        clause
        for clause in filled(template, seed, names)
        if re.search(r"[0-9]", clause) or any(name in clause for name in spoken_of)
    ]


def _once_each(
    kind: str, values: list[str], templates: Iterable[str], chosen: Iterable[str]
) -> Iterator[str]:
    """A clause for each name that is in none yet: of the shortest template, with that name alone."""
    fitting = sorted((each for each in templates if f"{{{kind}}}" in each), key=len)
    missing = [value for value in values if not any(value in clause for clause in chosen)]
    for value in missing if fitting else ():
        yield from _joined(fitting[0], value, {kind: [value]})


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

    def __init__(self, model_dir: Path, names: Words) -> None:
        """Load the graph with another output (2 s, 1.2 GB for a moment). Raises SynthesizerUnavailable."""
        self._names = [name for kind in names.values() for name in kind]
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
        samples, lengths = np.asarray(sound).reshape(-1), np.asarray(durations).reshape(-1)
        return cut_carrier(said, samples, lengths, SAMPLE_RATE_HZ, joints_of(clause, self._names))


def with_durations(graph: Path) -> bytes:
    """Kokoro's graph with the token durations as a second output."""
    model = onnx.load(str(graph))
    output = onnx.helper.make_tensor_value_info(DURATIONS, onnx.TensorProto.FLOAT, None)
    model.graph.output.append(output)
    content: bytes = model.SerializeToString()
    return content
