"""``python -m teaching.unanswered FOLDER``: questions that mean the same become a group, by the sentence embeddings.

Reads lesson.json (turns and their words; forgotten once read), leaves report.json with turn ids only.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from teaching.folder import LessonFolder, LessonRunning, Progress
from teaching.training import stand_back

APART = 0.5
"""Groups are joined while the mean cosine distance between them is less. Of 700 examples of 46 intents, pairs that
share a group share their intent in 0.70 of cases, and 0.62 of sentences are in some group; 0.4 gives 0.80 and 0.42."""

_BATCH = 64

Vectors = NDArray[np.float32]


def grouped(turns: Sequence[str], vectors: Vectors, mean: Vectors) -> list[dict[str, Any]]:
    """Turn ids by group, the largest group first; ``example`` is the turn nearest to all others of its group.

    ``mean`` is that of ordinary sentences: e5's vectors all lie in one narrow cone, and without taking its middle
    out even strangers are 0.8 alike. Average linkage (Sokal and Michener 1958).
    """
    if not turns:
        return []
    centred = vectors - mean
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    distances = np.clip(1 - centred @ centred.T, 0, 2)
    if len(turns) == 1:
        names = np.zeros(1, int)
    else:
        names = AgglomerativeClustering(
            n_clusters=None, affinity="precomputed", linkage="average", distance_threshold=APART
        ).fit_predict(distances)
    groups = []
    for name in np.unique(names):
        mine = np.flatnonzero(names == name)
        nearest = mine[int(np.argmin(distances[np.ix_(mine, mine)].sum(axis=1)))]
        groups.append({"example": turns[nearest], "turns": [turns[one] for one in mine]})
    return sorted(groups, key=lambda group: -len(group["turns"]))


class Sorting:
    """One run in one folder."""

    def __init__(self, folder: LessonFolder) -> None:
        self._folder = folder
        self._progress = folder.progress() or Progress("training")

    def run(self) -> None:
        """Embed, group, forget the words."""
        items = self._folder.content()["items"]
        # Before anything can fail or take long: nobody would find them there.
        self._folder.forget_sentences()
        from understanding.embedding_cache import read_embeddings
        from understanding.sentence_embedding import encoder
        from understanding.text_normaliser import normalise

        texts = [normalise(item["text"]) for item in items]
        rows: list[Vectors] = []
        for start in range(0, len(texts), _BATCH):
            rows.append(encoder().encode(texts[start : start + _BATCH]))
            self._say("读句子", 0.95 * min(1.0, (start + _BATCH) / len(texts)))
        vectors = np.concatenate(rows) if rows else np.zeros((0, 384), np.float32)
        examples = read_embeddings()
        mean = np.stack(list(examples.values())).mean(axis=0) if examples else vectors.mean(axis=0)
        groups = grouped([item["turn"] for item in items], vectors, mean)
        self._folder.keep_report({"groups": groups, "n": len(items)})
        self._say("完成", 1.0, "trained")

    def _say(self, stage: str, done: float, state: str = "training") -> None:
        self._progress = replace(self._progress, state=state, stage=stage, done=round(done, 3))
        self._folder.say(self._progress)

    def fail(self) -> None:
        """Say that it ended without groups."""
        self._folder.say(replace(self._progress, state="failed", reason="sorting_failed"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 with groups."""
    parser = argparse.ArgumentParser(prog="teaching.unanswered", description=__doc__)
    parser.add_argument("folder", type=Path)
    path: Path = parser.parse_args(arguments).folder
    folder = LessonFolder(path.parent, path.name)
    stand_back()
    try:
        with folder.held():
            sorting = Sorting(folder)
            try:
                sorting.run()
            except Exception:
                sorting.fail()
                raise
    except LessonRunning as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
