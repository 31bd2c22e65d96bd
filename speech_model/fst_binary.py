"""OpenFst's binary files, as far as Vosk reads them: constant transducers, and one with look-ahead for its labels."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

MAGIC = 2125659606
"""The first number of an OpenFst file."""

_ADD_ON_MAGIC = 446681434

_EXPANDED, _ACCEPTOR, _NOT_ACCEPTOR = 0x1, 0x10000, 0x20000
_INPUT_SORTED, _OUTPUT_SORTED = 0x10000000, 0x40000000

_STATE = np.dtype(
    [("final", "<f4"), ("at", "<u4"), ("arcs", "<u4"), ("input_eps", "<u4"), ("output_eps", "<u4")]
)
_ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("weight", "<f4"), ("to", "<i4")])

Arc = tuple[int, int, float, int]
"""Input label, output label, cost, state that it leads to; label 0 is no label."""


Interval = tuple[int, int]
"""Labels from the first to before the last."""


@dataclass(frozen=True)
class Transducer:
    """Arcs by state, and the cost of ending in a state."""

    arcs: Sequence[Sequence[Arc]]
    finals: dict[int, float]
    start: int = 0


def write_acceptor(path: Path, graph: Transducer) -> None:
    """Write an acceptor (input label = output label), its arcs sorted by label."""
    with path.open("wb") as file:
        _write_const(file, graph, _ACCEPTOR | _INPUT_SORTED | _OUTPUT_SORTED, by=0)


def write_look_ahead(
    path: Path, graph: Transducer, reach: Sequence[Sequence[Interval]], final_label: int
) -> None:
    """Write a transducer with the output labels that can come next (olabel_lookahead-fst.h, label-reachable.h).

    ``reach`` has for each state, in order and apart, the labels of which one is the next output on some path;
    ``final_label``, behind all words, stands for the end. Labels keep their numbers (no relabelling), so that a
    grammar made at run time finds its words by words.txt.
    """
    properties = _NOT_ACCEPTOR | _OUTPUT_SORTED
    with path.open("wb") as file:
        _write_header(file, "olabel_lookahead", 1, properties, -1, 0, 0)
        file.write(struct.pack("<i", _ADD_ON_MAGIC))
        _write_const(file, graph, properties, by=1)
        # an add-on follows; its first half (input side) is absent, its second present, for outputs, not relabelled
        file.write(bytes((1, 0, 1, 0, 0)) + struct.pack("<iq", final_label, len(reach)))
        for intervals in reach:
            flat = [label for interval in intervals for label in interval]
            count = sum(behind - first for first, behind in intervals)
            file.write(struct.pack(f"<q{len(flat)}ii", len(intervals), *flat, count))


def _write_const(file: BinaryIO, graph: Transducer, properties: int, by: int) -> None:
    """Write states and arcs (const-fst.h, version 2); ``by`` 0 sorts by input label, 1 by output label."""
    states = np.zeros(len(graph.arcs), _STATE)
    arcs: list[Arc] = []
    for number, leaving in enumerate(graph.arcs):
        inputs = sum(arc[0] == 0 for arc in leaving)
        outputs = sum(arc[1] == 0 for arc in leaving)
        states[number] = (graph.finals.get(number, np.inf), len(arcs), len(leaving), inputs, outputs)
        arcs.extend(sorted(leaving, key=lambda arc: arc[by]))
    _write_header(file, "const", 2, properties, graph.start, len(states), len(arcs))
    file.write(states.tobytes() + np.array(arcs, _ARC).tobytes())


def _write_header(
    file: BinaryIO, kind: str, version: int, properties: int, start: int, states: int, arcs: int
) -> None:
    file.write(struct.pack("<i", MAGIC))
    for text in (kind, "standard"):
        file.write(struct.pack("<i", len(text)) + text.encode())
    file.write(struct.pack("<iiQqqq", version, 0, _EXPANDED | properties, start, states, arcs))
