"""Joining: a clause put together from syllables of carriers, so that a figure never waits for the synthesiser.

Unit selection after Hunt and Black, "Unit selection in a concatenative speech synthesis system using a large speech
database" (ICASSP 1996): of all units that say the syllables in order, those are taken that lie in a like place and
stand beside each other with the least break.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voice.speech.carrier import CARRIER_HZ
from voice.speech.phonemes import Syllable
from voice.speech.trimming import Samples
from voice.speech.unit_bank import Floats, Ints, UnitBank, mark_number, tone_of

_JOIN = 2.0
_OVER_A_VOICED_ONSET = 5.0
_WITHIN_A_PLACE = 3.0
_SPECTRAL = 0.6
_WRONG_NEIGHBOUR = 0.5
_WRONG_TONE = 0.5
_NOT_LAST = 5.0
_TOWARDS_THE_END = 0.8
_NOT_FIRST = 1.0
_WRONG_MARK = 0.8
"""Costs, weighed by ear and by how well joined figures are recognised (docs/voice.md)."""

_DIGITS = frozenset("零一二三四五六七八九两幺")
_PLACES = frozenset("十百千万亿元角分月日年点")
"""A digit and the place behind it are one foot of speech: 八百 is rather taken whole than 八 and 百 apart."""

_VOICED_ONSETS = frozenset("mnlɻwjɥiuyaəɚɛo")
_MOST_CANDIDATES = 120
"""Units looked at for one syllable: those that fit their neighbours best."""

_FADE = CARRIER_HZ * 12 // 1000
"""Samples over which two runs are faded into each other."""

_SHIFT = CARRIER_HZ * 4 // 1000
"""Samples by which a run is moved at most, so that the waves of both sides lie on each other."""


@dataclass(frozen=True)
class Run:
    """Units that lie beside each other in one carrier."""

    first: int
    last: int


@dataclass(frozen=True)
class Joined:
    """A clause put together."""

    samples: Samples
    """-1..1 at CARRIER_HZ, without the pause of its mark."""
    runs: tuple[Run, ...]
    joins: tuple[int, ...]
    """The samples in whose neighbourhood runs were faded into each other."""


def join(said: tuple[Syllable, ...], mark: str, bank: UnitBank) -> Joined | None:
    """Put a clause together from ``bank``; None where a syllable is not there or fixed words would be torn apart."""
    runs = choose(said, mark, bank)
    return None if runs is None else _sounded(runs, bank)


def choose(said: tuple[Syllable, ...], mark: str, bank: UnitBank) -> tuple[Run, ...] | None:
    """The cheapest units that say these syllables in this order (Viterbi's search)."""
    if not said or not len(bank):
        return None
    costs = [_target_costs(said, place, mark, bank) for place in range(len(said))]
    units: list[Ints] = []
    for place, (found, cost) in enumerate(costs):
        if not len(found):
            return None
        kept = np.argsort(cost, kind="stable")[:_MOST_CANDIDATES]
        units.append(found[kept])
        costs[place] = (found[kept], cost[kept])
    total, came_from = costs[0][1], []
    for place in range(1, len(said)):
        way = total[:, None] + _join_costs(said[place - 1], said[place], units[place - 1], units[place], bank)
        came_from.append(np.argmin(way, axis=0))
        total = way[came_from[-1], np.arange(way.shape[1])] + costs[place][1]
    if not np.isfinite(total.min()):
        return None
    best = int(np.argmin(total))
    path = [best]
    for back in reversed(came_from):
        path.append(int(back[path[-1]]))
    chosen = [int(units[place][index]) for place, index in enumerate(reversed(path))]
    return _runs(chosen, bank)


def _target_costs(said: tuple[Syllable, ...], place: int, mark: str, bank: UnitBank) -> tuple[Ints, Floats]:
    """Units for one syllable and how little each one's surroundings are those that it would get."""
    found = bank.saying(said[place])
    before = said[place - 1] if place else None
    behind = said[place + 1] if place + 1 < len(said) else None
    from_end = len(said) - 1 - place
    cost = _WRONG_NEIGHBOUR * (bank.left[found] != bank.number(before))
    cost = cost + _WRONG_NEIGHBOUR * (bank.right[found] != bank.number(behind))
    cost += _WRONG_TONE * (bank.left_tone[found] != tone_of(before))
    cost += _WRONG_TONE * (bank.right_tone[found] != tone_of(behind))
    cost += _NOT_LAST * ((bank.from_end[found] == 0) != (from_end == 0))
    cost += _TOWARDS_THE_END * np.abs(np.minimum(bank.from_end[found], 4) - min(from_end, 4))
    cost += _NOT_FIRST * ((bank.from_start[found] == 0) != (place == 0))
    if from_end < 3:
        cost += _WRONG_MARK * (bank.mark[found] != mark_number(mark))
    return found, cost.astype(np.float32)


def _join_costs(left: Syllable, right: Syllable, lefts: Ints, rights: Ints, bank: UnitBank) -> Floats:
    """What it costs to go from each of ``lefts`` to each of ``rights``; nothing where both lie together."""
    apart = np.abs(bank.after[lefts][:, None, :] - bank.before[rights][None, :, :]).mean(axis=2)
    cost = _JOIN + _SPECTRAL * apart + _OVER_A_VOICED_ONSET * (right.symbols[:1] in _VOICED_ONSETS)
    cost += _WITHIN_A_PLACE * (left.text in _DIGITS and right.text in _PLACES)
    may_join = bank.ends_joint[lefts][:, None] & bank.begins_joint[rights][None, :]
    goes_on = (lefts[:, None] + 1 == rights[None, :]) & (bank.from_start[rights] > 0)[None, :]
    return np.where(goes_on, 0.0, np.where(may_join, cost, np.inf)).astype(np.float32)


def _runs(chosen: list[int], bank: UnitBank) -> tuple[Run, ...]:
    runs: list[Run] = []
    for unit in chosen:
        if runs and runs[-1].last + 1 == unit and bank.from_start[unit] > 0:
            runs[-1] = Run(runs[-1].first, unit)
        else:
            runs.append(Run(unit, unit))
    return tuple(runs)


def _sounded(runs: tuple[Run, ...], bank: UnitBank) -> Joined:
    joined, begin, end = bank.sound(runs[0].first, runs[0].last)
    joined = joined[begin:end]
    joins: list[int] = []
    for run in runs[1:]:
        sound, begin, end = bank.sound(run.first, run.last)
        # Faded in before the cut: what begins there, a burst perhaps of 10 ms, is heard whole.
        following = sound[_aligned(joined, sound, max(0, begin - _FADE)) : end]
        fade = min(_FADE, len(joined), len(following))
        joins.append(len(joined) - fade // 2)
        ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
        middle = joined[len(joined) - fade :] * (1 - ramp) + following[:fade] * ramp
        joined = np.concatenate([joined[: len(joined) - fade], middle, following[fade:]])
    return Joined(_softened(joined), runs, tuple(joins))


def _aligned(joined: Samples, sound: Samples, begin: int) -> int:
    """Where near ``begin`` the following sound is most like the end of what is there."""
    tail = joined[-_FADE:]
    low = max(0, begin - _SHIFT)
    room = sound[low : begin + _SHIFT + len(tail)]
    if len(room) < len(tail) or not len(tail):
        return max(0, begin)
    likeness = np.correlate(room, tail, "valid")
    power = np.convolve(room**2, np.ones(len(tail), np.float32), "valid")
    return low + int(np.argmax(likeness / np.sqrt(power + 1e-4)))


def _softened(samples: Samples) -> Samples:
    """5 ms ramps at both ends: clauses are joined too, and a jump would click."""
    edge = min(CARRIER_HZ * 5 // 1000, len(samples) // 2)
    ramp: npt.NDArray[np.float32] = np.linspace(0, 1, edge, dtype=np.float32)
    samples = samples.copy()
    samples[:edge] *= ramp
    samples[len(samples) - edge :] *= ramp[::-1]
    return samples
