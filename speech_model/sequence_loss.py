"""Sequence loss: a whole utterance's units against all other rows of units (lattice-free MMI, Povey et al. 2016).

Frame by frame a network learns which unit is likely; a decoder asks which row of units is. Rows are weighed by how
often a unit follows another in the training speech, as scores will be when decoding.
"""

import math
from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from speech_model.corpus import IGNORED

SCALE = 0.8
"""What the network's scores count for; the decoder's scale is chosen afterwards."""

_BEGINNING = 0.4
"""Cost of beginning a unit, as in the decoding graph (build_graph.COSTS)."""

_UNSEEN = 0.02
"""Times that each pair of units counts as seen besides."""

_FAR = -60.0
"""Score of a unit that is not said then."""


class SequenceLoss:
    """Built from all labels (one unit number for each 10 ms, an array an utterance)."""

    def __init__(
        self, labels: Iterable[NDArray[np.uint8]], priors: Tensor, prior_power: float, device: torch.device
    ) -> None:
        """``priors``: each unit's share of the frames; scores are divided by them to this power, as when decoding."""
        units = len(priors)
        pairs = np.full((units, units), _UNSEEN)
        for frames in labels:
            said = frames[np.flatnonzero(np.diff(frames, prepend=frames[0] + 1))]
            row = np.concatenate([[0], said, [0]])
            np.add.at(pairs, (row[:-1], row[1:]), 1)
        np.fill_diagonal(pairs, 0.0)
        pairs /= pairs.sum(1, keepdims=True)
        self._next = torch.from_numpy(np.eye(units) + math.exp(-_BEGINNING) * pairs).float().to(device)
        self._priors = (priors.double().log() * prior_power).float().to(device)

    def __call__(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Nats a frame by which what was said falls behind everything that could have been.

        ``scores`` batch x outputs x units, ``labels`` batch x outputs. Labels may be one output early or late.
        """
        counted = labels != IGNORED
        weighed = SCALE * (scores.float() - self._priors)
        said = torch.nn.functional.one_hot(labels.clamp_min(0), scores.shape[-1]).bool()
        near = said.clone()
        near[:, 1:] |= said[:, :-1]
        near[:, :-1] |= said[:, 1:]
        both = torch.cat([weighed.masked_fill(~near, _FAR), weighed])
        own, everything = self._all_ways(both, counted.repeat(2, 1)).chunk(2)
        return (everything - own).sum() / counted.sum()

    def _all_ways(self, weighed: Tensor, counted: Tensor) -> Tensor:
        """The logarithm of the sum of all rows of units (the forward algorithm, rescaled at each output)."""
        most = weighed.amax(-1, keepdim=True).detach()
        # unbind: indexing output by output would have the gradient of each be as large as the whole
        likely = (weighed - most).exp().unbind(1)
        counts = counted.unsqueeze(-1).unbind(1)
        now = likely[0] * self._next[0]
        sums = [now.sum(-1, keepdim=True)]
        now = now / sums[0]
        for here, counting in zip(likely[1:], counts[1:], strict=True):
            further = (now @ self._next) * here
            total = further.sum(-1, keepdim=True) + 1e-30
            sums.append(torch.where(counting, total, torch.ones_like(total)))
            now = torch.where(counting, further / sums[-1], now)
        return (torch.stack(sums, 1).log() + most * counted.unsqueeze(-1)).sum((1, 2))
