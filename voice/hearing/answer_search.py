"""Answer search: the answer of a grammar that fits the sound best, found without Whisper's words (token passing).

Young, Russell, Thornton, "Token passing", 1989: a Viterbi search over words, each a chain of sounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from voice.hearing.answer_grammar import Slot, rows_of
from voice.hearing.digit_head import Floats
from voice.hearing.expectation import ExpectationKind
from voice.hearing.sound_head import states_of

_NEVER = -1e9
_START = -1


@dataclass(frozen=True)
class _Network:
    """Words as chains of sounds, and which may follow which."""

    words: tuple[str, ...]
    sounds: NDArray[np.int64]
    """Words x states; filled up with silence."""
    ends: NDArray[np.int64]
    """The last state of each word; the silence after it, which may be passed over."""
    slot: NDArray[np.int64]
    """The slot of each word, counted through all rows; words lie slot by slot."""
    begins: NDArray[np.int64]
    """The first word of each slot."""
    barred: NDArray[np.float64]
    """Slots x slots: 0 where the column may follow the row, else _NEVER."""
    first: NDArray[np.bool_]
    last: NDArray[np.bool_]
    """By word: it may begin an answer, it may end one."""


def best_answers(scores: Floats, kind: ExpectationKind, most: int = 1) -> list[str]:
    """Return the answers that fit the sound best, one for each last word, best first.

    The last word is what differs most (可以, 可以啊). Empty where the kind has no grammar or the sound is too short.
    """
    if not rows_of(kind):
        return []
    network = _network(kind)
    final, left, came = _passed(scores, network)
    likeliest = [int(word) for word in np.argsort(-final)[:most] if final[word] > _NEVER / 2]
    return list(dict.fromkeys(_traced(word, len(scores) - 1, network, left, came) for word in likeliest))


def _traced(
    word: int, frame: int, network: _Network, left: NDArray[np.int64], came: NDArray[np.int64]
) -> str:
    """Return all words up to one that ends in a frame."""
    said = [network.words[word]]
    while True:
        entered = int(left[frame, word])
        before = int(came[entered, word])
        if before == _START:
            return "".join(reversed(said))
        word, frame = before, entered - 1
        said.append(network.words[word])


def _passed(
    scores: Floats, network: _Network
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the score of ending in each word; by frame and word, when what ends there began, and after what."""
    count, longest = network.sounds.shape
    rows, slots = np.arange(count), np.arange(len(network.begins))
    best, entered = np.full((count, longest), _NEVER), np.zeros((count, longest), dtype=np.int64)
    left, came = (np.zeros((len(scores), count), dtype=np.int64) for _ in range(2))
    silence = np.cumsum(scores[:, 0], dtype=np.float64)  # before the first word
    exits = np.full(count, _NEVER)
    for frame, row in enumerate(scores):
        leading = np.maximum.reduceat(exits, network.begins)
        following = leading[:, np.newaxis] + network.barred
        after = following.argmax(axis=0)
        entry = following[after, slots][network.slot]
        leaders = np.array([part.argmax() for part in np.split(exits, network.begins[1:])]) + network.begins
        before = leaders[after][network.slot]
        fresh = np.where(network.first, silence[frame - 1] if frame else 0.0, _NEVER)
        came[frame] = np.where(fresh > entry, _START, before)
        entry = np.maximum(entry, fresh)
        moved, when = np.roll(best, 1, axis=1), np.roll(entered, 1, axis=1)
        moved[:, 0], when[:, 0] = entry, frame
        entered = np.where(moved > best, when, entered)
        best = np.maximum(moved, best) + row[network.sounds]
        sounding, silent = best[rows, network.ends - 1], best[rows, network.ends]
        exits = np.maximum(sounding, silent)
        left[frame] = np.where(
            sounding > silent, entered[rows, network.ends - 1], entered[rows, network.ends]
        )
    return np.where(network.last, exits, _NEVER), left, came


@cache
def _network(kind: ExpectationKind) -> _Network:
    rows = rows_of(kind)
    places = [(number, at) for number, row in enumerate(rows) for at in range(len(row))]
    slots = [[word for word in rows[number][at] if word] for number, at in places]
    words = [word for slot in slots for word in slot]
    slot = np.repeat(np.arange(len(slots)), [len(slot) for slot in slots])
    chains = [states_of(word)[1:] for word in words]
    sounds = np.zeros((len(words), max(map(len, chains))), dtype=np.int64)
    for at, chain in enumerate(chains):
        sounds[at, : len(chain)] = chain

    def may_follow(one: tuple[int, int], other: tuple[int, int]) -> bool:
        return one[0] == other[0] and one[1] < other[1] and _optional(rows[one[0]][one[1] + 1 : other[1]])

    first = np.array([_optional(rows[number][:at]) for number, at in places])
    last = np.array([_optional(rows[number][at + 1 :]) for number, at in places])
    return _Network(
        tuple(words),
        sounds,
        np.array([len(chain) - 1 for chain in chains]),
        slot,
        np.searchsorted(slot, np.arange(len(slots))),
        np.array([[0.0 if may_follow(one, other) else _NEVER for other in places] for one in places]),
        first[slot],
        last[slot],
    )


def _optional(slots: Sequence[Slot]) -> bool:
    return all("" in slot for slot in slots)
