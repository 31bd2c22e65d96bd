"""Decoding graph: HMM, lexicon and their look-ahead (HCLr.fst), and the language model (Gr.fst), for Vosk to join."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from speech_model.fst_binary import Arc, Interval, Transducer, write_acceptor, write_look_ahead
from speech_model.language_model import END, START, LanguageModel, grammar
from speech_model.lexicon import Lexicon, Pronunciation
from voice.hearing.sound_units import NUMBER, SILENCE, UNITS


@dataclass(frozen=True)
class Costs:
    """Negative log probabilities that are set and not learnt."""

    unit: float = 0.0
    """Of beginning a unit: more makes words longer and fewer."""
    silence: float = 0.5
    """Of a silence between words."""
    word: float = 0.0
    """Of ending a word."""
    later: float = 2.0
    """Of a first word of an utterance that no sentence began with, and so is put out where its last unit begins."""


@dataclass
class _Node:
    """A place in the tree of readings: the units before it, and the words that end here."""

    unit: int
    children: dict[int, "_Node"] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


def write_graph(folder: Path, model: LanguageModel, lexicon: Lexicon, costs: Costs, least: int = 2) -> int:
    """Write HCLr.fst, Gr.fst, words.txt and disambig_tid.int into ``folder``; return how many words there are."""
    folder.mkdir(parents=True, exist_ok=True)
    tree = _tree((word, reading) for word in model.words for reading in lexicon.readings(word))
    numbers: dict[str, int] = {}
    _number(tree, numbers)
    final_label = len(numbers) + 1
    words, reach = _spelling(tree, numbers, final_label, costs)
    first = {word: lexicon.readings(word) for word in _first_words(model) if word in numbers}
    words = _with_first_words(words, reach, first, numbers, costs)
    write_look_ahead(folder / "HCLr.fst", words, reach, final_label)
    write_acceptor(folder / "Gr.fst", grammar(model, numbers, least))
    rows = ["<eps> 0", *(f"{word} {number}" for word, number in numbers.items()), f"#0 {final_label}"]
    (folder / "words.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    # no disambiguation symbols are left in the graph; the file has to be there, and names none that exists
    (folder / "disambig_tid.int").write_text(f"{2 * len(UNITS) + 1}\n", encoding="utf-8")
    return len(numbers)


def _tree(readings: Iterable[tuple[str, Pronunciation]]) -> _Node:
    root = _Node(NUMBER[SILENCE])
    for word, reading in readings:
        node = root
        for unit in reading:
            node = node.children.setdefault(unit, _Node(unit))
        node.words.append(word)
    return root


def _number(node: _Node, numbers: dict[str, int]) -> None:
    """Number the words from 1 in the order of the tree, so that words that begin alike are neighbours."""
    for word in node.words:
        numbers.setdefault(word, len(numbers) + 1)
    for child in node.children.values():
        _number(child, numbers)


def _spelling(
    root: _Node, numbers: Mapping[str, int], final_label: int, costs: Costs
) -> tuple[Transducer, list[list[Interval]]]:
    """Return the transducer from transitions to words, and what each of its states can reach.

    A unit is one state with a loop. Transition 2n + 2 enters unit n and 2n + 1 stays in it (export.py). State 0 lies
    between words, state 1 is the silence there. A word is put out where its last unit begins and not where it ends:
    the first partial comes a vowel earlier.
    """
    anything = [(1, final_label + 1)]
    arcs: list[list[Arc]] = [[], []]
    reach: list[list[Interval]] = [anything, anything]
    silence = NUMBER[SILENCE]
    arcs[0].append((_enter(silence), 0, costs.silence, 1))
    arcs[1] += [(_stay(silence), 0, 0.0, 1), (0, 0, 0.0, 0)]

    def state(unit: int) -> int:
        arcs.append([(_stay(unit), 0, 0.0, len(arcs))])
        reach.append(anything)
        return len(arcs) - 1

    def add(node: _Node, place: int) -> list[Interval]:
        reached: list[Interval] = []
        for child in node.children.values():
            if child.words:
                end = state(child.unit)
                arcs[end].append((0, 0, costs.word, 0))
                for word in child.words:
                    arcs[place].append((_enter(child.unit), numbers[word], costs.unit, end))
                    reached.append((numbers[word], numbers[word] + 1))
            if child.children:
                below = state(child.unit)
                arcs[place].append((_enter(child.unit), 0, costs.unit, below))
                reach[below] = add(child, below)
                reached += reach[below]
        return _joined(reached)

    add(root, 0)
    return Transducer(arcs, {0: 0.0}), reach


def _first_words(model: LanguageModel) -> list[str]:
    """Return the words that sentences were seen to begin with."""
    seen = model.counts[(START,)]
    return [word for word in seen if word != END]


def _with_first_words(
    spelling: Transducer,
    reach: list[list[Interval]],
    first: Mapping[str, Sequence[Pronunciation]],
    numbers: Mapping[str, int],
    costs: Costs,
) -> Transducer:
    """Return the transducer with a beginning of its own, where a usual first word is put out with its first unit.

    Everywhere else that would cost too much: each of these words needs an arc of its own out of the place between
    words. The first partial words come up to two syllables earlier, as a guess. The words' common beginnings
    through the tree are as likely as all words below them together, so that without ``later`` they would win.
    """
    arcs = [list(leaving) for leaving in spelling.arcs]
    anything = [*reach[0]]

    def state(*leaving: Arc) -> int:
        arcs.append([*leaving])
        reach.append(anything)
        return len(arcs) - 1

    begin, quiet = state(), state()
    arcs[begin] += [(0, 0, costs.later, 0), (_enter(NUMBER[SILENCE]), 0, costs.silence, quiet)]
    arcs[quiet] += [(_stay(NUMBER[SILENCE]), 0, 0.0, quiet), (0, 0, 0.0, begin)]
    for word, readings in first.items():
        for reading in readings:
            place, label = begin, numbers[word]
            for unit in reading:
                following = state()
                arcs[following].append((_stay(unit), 0, 0.0, following))
                arcs[place].append((_enter(unit), label, costs.unit, following))
                place, label = following, 0
            arcs[place].append((0, 0, costs.word, 0))
    return Transducer(arcs, {**spelling.finals, begin: 0.0}, start=begin)


def _joined(intervals: Sequence[Interval]) -> list[Interval]:
    """Put intervals in order and join those that touch."""
    joined: list[Interval] = []
    for first, behind in sorted(intervals):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(behind, joined[-1][1]))
        else:
            joined.append((first, behind))
    return joined


def _enter(unit: int) -> int:
    return 2 * unit + 2


def _stay(unit: int) -> int:
    return 2 * unit + 1
