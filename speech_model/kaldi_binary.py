"""Kaldi's binary files (base/io-funcs.cc, matrix/kaldi-matrix.cc): tokens, numbers, vectors, matrices."""

import struct
from collections.abc import Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike


class KaldiWriter:
    """Writes Kaldi's binary form of things to an open file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        file.write(b"\0B")

    def token(self, *names: str) -> None:
        """Names such as ``<Nnet3>``, each with a blank behind."""
        for name in names:
            self._file.write(name.encode() + b" ")

    def line(self, text: str) -> None:
        """A line of text, as the head of a network is written."""
        self._file.write(text.encode() + b"\n")

    def integer(self, value: int) -> None:
        """An int32 behind its size."""
        self._file.write(b"\x04" + struct.pack("<i", value))

    def real(self, value: float) -> None:
        """A float behind its size."""
        self._file.write(b"\x04" + struct.pack("<f", value))

    def double(self, value: float) -> None:
        """A double behind its size."""
        self._file.write(b"\x08" + struct.pack("<d", value))

    def integers(self, values: Sequence[int]) -> None:
        """A vector of int32."""
        self._file.write(b"\x04" + struct.pack("<i", len(values)) + np.array(values, "<i4").tobytes())

    def vector(self, values: ArrayLike) -> None:
        """A vector of floats."""
        numbers = np.asarray(values, "<f4")
        self.token("FV")
        self.integer(len(numbers))
        self._file.write(numbers.tobytes())

    def matrix(self, values: ArrayLike) -> None:
        """A matrix of floats, row by row."""
        numbers = np.ascontiguousarray(values, "<f4")
        self.token("FM")
        self.integer(numbers.shape[0])
        self.integer(numbers.shape[1])
        self._file.write(numbers.tobytes())


class NotOurModel(Exception):
    """A folder's acoustic model was not written by export.py (code ``not_our_model``)."""

    code = "not_our_model"
