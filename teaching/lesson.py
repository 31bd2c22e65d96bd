"""``python -m teaching.lesson FOLDER``: train a candidate and compare it with the model that serves.

Reads lesson.json (written by the console), leaves data.patch, model.tar.gz, progress.json and report.json.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from commands.labelled_sentences import read_sentences
from commands.nlu_scores import Decision
from commands.parsed_texts import parsed_texts
from install.errors import SetupError
from install.paths import ROOT
from install.training import ensure_model
from teaching.evaluation import Label, compared, held_out, moved, regressions
from teaching.examples import REGRESSIONS, Example, ExampleUnfit, patch, read_files, taught
from teaching.folder import LessonFolder, LessonRunning, Progress
from teaching.training import stand_back, train

BASE_SET = ROOT / "teaching" / "labelled.tsv"
"""Labelled sentences of the repository, ``intent TAB text``; may be absent. Never taught."""

_TRAINING, _BEFORE = 0.7, 0.85
"""Where in the bar the training and the first model's answers end."""


class Lesson:
    """One run in one folder."""

    def __init__(self, folder: LessonFolder, content: dict[str, Any]) -> None:
        self._folder, self._content = folder, content
        self._progress = folder.progress() or Progress("training", began_at_ms=_now_ms())
        self.examples = [Example(**one) for one in content["examples"]]
        self.tests = [Example(**one) for one in content["regressions"]]

    def run(self) -> None:
        """Raises SetupError, ExampleUnfit."""
        started = time.monotonic()
        files = read_files(ROOT)
        after = taught(files, self.examples)
        self._folder.patch.write_text(patch(files, after), encoding="utf-8")
        model = self._content["model"]
        before = Path(model) if model and Path(model).is_file() else ensure_model()
        train(after, self._folder.model, self._folder.log, self._trained)
        trained_s = time.monotonic() - started
        self._folder.keep_report(self._compare(before) | {"training_s": round(trained_s, 1)})
        self._say("完成", 1.0, "trained")

    def _trained(self, component: str, share: float) -> None:
        self._say(component, share * _TRAINING)

    def _compare(self, before: Path) -> dict[str, Any]:
        chosen = held_out(self._labels(), self.examples, frozenset(self._content["conversations"]))
        tests = list(dict.fromkeys([*self.tests, *_committed_tests()]))
        recent: list[str] = self._content["recent"]
        texts = [*(label.text for label in chosen.labels), *(one.text for one in tests), *recent]
        old = self._decided(before, texts, "原模型作答", _TRAINING, _BEFORE)
        new = self._decided(self._folder.model, texts, "新模型作答", _BEFORE, 1.0)
        first, second = len(chosen.labels), len(chosen.labels) + len(tests)
        return {
            "labelled": compared(chosen.labels, old[:first], new[:first])
            | {
                "base": sum(not label.conversation for label in chosen.labels),
                "same_conversation": chosen.same_conversation,
                "same_words": chosen.same_words,
            },
            "regressions": regressions(tests, old[first:second], new[first:second]),
            "recent": moved(recent, old[second:], new[second:]),
        }

    def _labels(self) -> list[Label]:
        committed = read_sentences(BASE_SET) if BASE_SET.is_file() else []
        reviewed = [Label(one["intent"], one["text"], one["conversation"]) for one in self._content["labels"]]
        return [*reviewed, *(Label(one.intent, one.text) for one in committed)]

    def _decided(
        self, model: Path, texts: Sequence[str], stage: str, start: float, end: float
    ) -> list[Decision]:
        def on_each(number: int) -> None:
            if number % 20 == 0:
                self._say(stage, start + (end - start) * number / len(texts))

        self._say(stage, start)
        return [Decision.of(one) for one in asyncio.run(parsed_texts(model, texts, on_each))]

    def _say(self, stage: str, done: float, state: str = "training") -> None:
        self._progress = replace(
            self._progress, state=state, stage=stage, done=round(done, 3), at_ms=_now_ms()
        )
        self._folder.say(self._progress)

    def fail(self, code: str) -> None:
        """Say that it ended without a model."""
        self._progress = replace(self._progress, state="failed", reason=code, at_ms=_now_ms())
        self._folder.say(self._progress)


def _committed_tests() -> list[Example]:
    path = ROOT / REGRESSIONS
    return [Example(one.intent, one.text) for one in read_sentences(path)] if path.is_file() else []


def _now_ms() -> int:
    return round(time.time() * 1000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 with a candidate, 1 without."""
    parser = argparse.ArgumentParser(prog="teaching.lesson", description=__doc__)
    parser.add_argument("folder", type=Path)
    path: Path = parser.parse_args(arguments).folder
    folder = LessonFolder(path.parent, path.name)
    stand_back()
    try:
        with folder.held():
            return _run(folder)
    except LessonRunning as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1


def _run(folder: LessonFolder) -> int:
    lesson = Lesson(folder, json.loads(folder.lesson.read_text(encoding="utf-8")))
    try:
        lesson.run()
    except (SetupError, ExampleUnfit) as error:
        lesson.fail(error.code)
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1
    except Exception:
        lesson.fail("lesson_failed")
        raise
    finally:
        folder.forget_sentences()
    return 0


if __name__ == "__main__":
    sys.exit(main())
