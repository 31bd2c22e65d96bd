"""Workshop: the folders and processes of lessons, and which model serves."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.console.teaching.batches import Batches
from bot.console.teaching.jobs import Jobs
from bot.console.teaching.suggestions import Suggestions
from install.paths import ROOT
from install.training import content_hash, model_path
from teaching.examples import ExampleUnfit, patch, read_files, taught
from teaching.folder import LessonFolder
from teaching.serving import Serving, ServingFiles

LESSON, SORTING = "teaching.lesson", "teaching.unanswered"
UNANSWERED = "unanswered"
"""Name of the folder of the sorted questions."""


class TeachingRefused(Exception):
    """This cannot be done now (code ``teaching_refused``); the message is for staff, in Chinese."""

    code = "teaching_refused"


class Workshop:
    """Blocks: called from worker threads."""

    def __init__(self, var_dir: Path, suggestions: Suggestions, batches: Batches, jobs: Jobs) -> None:
        self.suggestions, self.batches = suggestions, batches
        # The processes have a working folder of their own.
        self._folder, self._jobs = (var_dir / "teaching").resolve(), jobs
        self._serving = ServingFiles((var_dir / "rasa").resolve())

    def folder(self, batch_id: str) -> LessonFolder:
        """A batch's folder; it may not be there yet."""
        return LessonFolder(self._folder, batch_id)

    @property
    def serving(self) -> Serving | None:
        """Which model serves; None: no launcher says, and none could change it."""
        return self._serving.serving()

    def accept(self, chosen: Sequence[str], account: str) -> str | None:
        """Make a batch, its patch and begin its training; None: there was nothing to learn, only labels.

        Raises SuggestionRefused, TeachingRefused.
        """
        with self._alone():
            self._only_one()
            accepted = self.batches.accept(chosen, self._parent(), account)
            if accepted.batch_id:
                self._begin(accepted.batch_id)
            return accepted.batch_id

    def train(self, batch_id: str) -> None:
        """Begin the training of a batch, again if need be. Raises TeachingRefused."""
        with self._alone():
            if batch_id in self._in_use():
                # Rasa would find no model when it is started again.
                raise TeachingRefused("这个模型正在使用，请先换回别的模型。")
            self._only_one()
            self._begin(batch_id)

    def patch(self, batch_id: str) -> str:
        """What the batch changes in data/ as it is now, for ``git apply``. Raises TeachingRefused."""
        files = read_files(ROOT)
        try:
            return patch(files, taught(files, self.batches.examples(batch_id)))
        except ExampleUnfit as error:
            raise TeachingRefused(str(error)) from error

    def discard(self, batch_id: str) -> None:
        """Give up a batch: its suggestions wait again, its model is gone. Raises TeachingRefused."""
        with self._alone():
            if any(batch_id == used or batch_id in self.batches.line(used) for used in self._in_use()):
                raise TeachingRefused("正在使用的模型含有这一批，请先换回别的模型。")
            if self._trains(batch_id):
                raise TeachingRefused("这一批还在训练。")
            if not self.batches.discard(batch_id):
                raise TeachingRefused("这一批已经作废。")
            self.folder(batch_id).remove()

    def go_live(self, batch_id: str) -> None:
        """Ask for this batch's model, or (empty) the repository's. Raises TeachingRefused."""
        with self._alone():
            self._ask_for(batch_id)

    def _ask_for(self, batch_id: str) -> None:
        serving = self.serving
        if serving is None:
            raise TeachingRefused("机器人不是由 make run 启动的，不能在这里更换模型。")
        if serving.state in ("starting", "finishing"):
            raise TeachingRefused("正在更换模型，请稍候。")
        if serving.batch == batch_id:
            raise TeachingRefused("这个模型正在使用。")
        if not batch_id:
            self._serving.want("", "", content_hash())
            return
        row, folder = self.batches.one(batch_id), self.folder(batch_id)
        progress = folder.progress()
        if row is None or row.state != "accepted" or progress is None or progress.state != "trained":
            raise TeachingRefused("这一批还没有训练好的模型。")
        if self._lesson_sources(folder) != content_hash():
            raise TeachingRefused("训练之后程序或数据有更新，请重新训练这一批。")
        self._serving.want(str(folder.model), batch_id, content_hash())

    def asked_for(self) -> bool:
        """Whether the launcher has yet to look at what was asked for."""
        wanted, serving = self._serving.wanted(), self.serving
        return wanted is not None and serving is not None and wanted.request != serving.request

    def sort_unanswered(self, items: Sequence[dict[str, str]]) -> None:
        """Begin to sort these questions. Raises TeachingRefused."""
        with self._alone():
            if self._trains(UNANSWERED):
                raise TeachingRefused("正在归类，请稍候。")
            folder = self.folder(UNANSWERED)
            folder.begin({"items": list(items)})
            self._jobs.start(SORTING, folder.path)

    def sorted_unanswered(self) -> dict[str, Any] | None:
        """The groups found last: turn ids only, so that a deleted conversation is gone from them too."""
        return self.folder(UNANSWERED).report()

    def forget_leftovers(self) -> None:
        """At the start: words of customers that a killed process had no time to forget."""
        for folder in (self.folder(UNANSWERED), *(self.folder(row.id) for row in self.batches.all())):
            if folder.lesson.is_file() and not folder.at_work():
                folder.forget_sentences()

    def _begin(self, batch_id: str) -> None:
        folder, changes = self.folder(batch_id), self.patch(batch_id)
        folder.begin(self.batches.lesson(batch_id, self._model_now()) | {"sources": content_hash()})
        folder.patch.write_text(changes, encoding="utf-8")
        self._jobs.start(LESSON, folder.path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Whoever begins, changes or gives up something waits for whoever does it already, in whatever process."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / ".lock").open("a") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def _only_one(self) -> None:
        if any(self._trains(row.id) for row in self.batches.all()):
            raise TeachingRefused("有一批正在训练，请等它完成。")

    def _trains(self, name: str) -> bool:
        """A process works in this folder, or was begun a moment ago."""
        progress = self.folder(name).progress()
        return progress is not None and progress.state == "training"

    def _in_use(self) -> set[str]:
        """Batches whose model serves, or is about to."""
        serving, wanted = self.serving, self._serving.wanted()
        if serving is None:
            return set()
        coming = wanted is not None and (wanted.request != serving.request or serving.state == "starting")
        return {serving.batch, wanted.batch if coming and wanted else ""} - {""}

    def _parent(self) -> str:
        serving = self.serving
        return serving.batch if serving else ""

    def _model_now(self) -> str:
        parent = self._parent()
        model = self.folder(parent).model if parent else model_path()
        return str(model)

    def _lesson_sources(self, folder: LessonFolder) -> str:
        return str(folder.content().get("sources", ""))
