"""Early recognition: an utterance is recognised in the silence that may be its end, and not only after it."""

import asyncio

from voice.recognizer import RecognizerStream, Transcript


class EarlyRecognition:
    """At most one recognition under way for the present silence; speech makes it void."""

    def __init__(self, after_ms: int) -> None:
        """``after_ms``: audio milliseconds of silence after which it begins."""
        self._after_ms = after_ms
        self._task: asyncio.Task[Transcript] | None = None
        self._begun = False

    @property
    def under_way(self) -> bool:
        """A recognition goes on."""
        return self._task is not None and not self._task.done()

    def words(self, stream: RecognizerStream, silence_ms: float) -> str | None:
        """Begin when the silence is long enough; return the words once they are there (None: not yet, or none)."""
        if silence_ms < self._after_ms:
            return None
        if not self._begun:
            self._begun = True
            self._task = stream.anticipate()
        if self._task is None:
            return stream.partial or None
        if not self._task.done() or self._task.cancelled() or self._task.exception() is not None:
            return None
        return self._task.result().text or None

    def void(self) -> None:
        """Speech goes on: what was recognised is only the beginning."""
        if self._task is not None and not self._task.cancel() and not self._task.cancelled():
            self._task.exception()  # seen here: nobody else will ask how it ended
        self._task, self._begun = None, False

    def take(self) -> "asyncio.Task[Transcript] | None":
        """The turn is over: hand the recognition on, if one was begun."""
        task, self._task, self._begun = self._task, None, False
        return task
