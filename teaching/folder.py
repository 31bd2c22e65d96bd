"""Folder: the files of one batch under var/teaching: what to learn, how far it is, the model, the comparison."""

import fcntl
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from install.files import write_atomically

_NAME = re.compile(r"[0-9a-z]{1,40}")


class LessonRunning(Exception):
    """Another process is at work in the folder (code ``lesson_running``)."""

    code = "lesson_running"


@dataclass(frozen=True)
class Progress:
    """How far a lesson is."""

    state: str
    """``training`` | ``trained`` | ``failed`` | ``broken_off`` (its process is gone)."""
    stage: str = ""
    done: float = 0.0
    """0 to 1."""
    began_at_ms: int = 0
    at_ms: int = 0
    reason: str = ""
    """The error's code, when it failed."""


class LessonFolder:
    """Paths and small files; safe to read while the lesson runs."""

    def __init__(self, teaching: Path, name: str) -> None:
        """``teaching`` is var/teaching; ``name`` a batch's id. Raises ValueError for anything that is no id."""
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        self.path = teaching / name
        self.lesson, self.patch = self.path / "lesson.json", self.path / "data.patch"
        self.model, self.log = self.path / "model.tar.gz", self.path / "training.log"
        self._progress, self._report = self.path / "progress.json", self.path / "report.json"

    def begin(self, lesson: dict[str, Any]) -> None:
        """Write what is to be learnt; what an earlier run left is forgotten."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in (self.model, self._report):
            old.unlink(missing_ok=True)
        write_atomically(self.lesson, json.dumps(lesson, ensure_ascii=False))
        now = _now_ms()
        self.say(Progress("training", "准备", 0.0, now, now))

    def forget_sentences(self) -> None:
        """Of work that is over: customers' words that were only compared or sorted; deletion would not find them."""
        kept = {name: part for name, part in self.content().items() if name not in _FORGOTTEN}
        write_atomically(self.lesson, json.dumps(kept, ensure_ascii=False))

    def content(self) -> dict[str, Any]:
        """What is to be learnt, as it was given; empty when there is nothing."""
        return _read(self.lesson) or {}

    def say(self, progress: Progress) -> None:
        """Note how far it is."""
        write_atomically(self._progress, json.dumps(asdict(progress), ensure_ascii=False))

    def progress(self) -> Progress | None:
        """How far it is; None: it never began. Work whose process is gone is broken off."""
        content = _read(self._progress)
        if content is None:
            return None
        progress = Progress(**content)
        # Between the folder's making and the process's start there is no lock yet.
        fresh = _now_ms() - progress.at_ms < _STARTS_MS
        if progress.state == "training" and not fresh and not self.at_work():
            return Progress("broken_off", progress.stage, progress.done, progress.began_at_ms, progress.at_ms)
        return progress

    def report(self) -> dict[str, Any] | None:
        """The comparison with the model before."""
        return _read(self._report)

    def keep_report(self, report: dict[str, Any]) -> None:
        """Write the comparison."""
        write_atomically(self._report, json.dumps(report, ensure_ascii=False))

    def at_work(self) -> bool:
        """Whether a process holds the folder."""
        try:
            with self._lock():
                return False
        except LessonRunning:
            return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder while working in it; ends with the process. Raises LessonRunning."""
        with self._lock():
            yield

    def remove(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.path, ignore_errors=True)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        if not self.path.is_dir():
            yield
            return
        with (self.path / ".lock").open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LessonRunning(self.path.name) from None
            yield


_STARTS_MS = 30_000
_FORGOTTEN = ("recent", "labels", "items")


def _read(path: Path) -> dict[str, Any] | None:
    """The object in the file; None where there is no file, or one that a broken disk left unreadable."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _now_ms() -> int:
    return round(time.time() * 1000)
