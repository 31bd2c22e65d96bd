"""Early recognition: an utterance is recognised in the silence that may be its end, and not only after it."""

import asyncio

from voice.hearing.recognizer import RecognizerStream, Transcript

_LAG_MS = 200
"""Audio milliseconds by which the partial words of a streaming engine may be behind the caller."""


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

    def heard(self, stream: RecognizerStream, silence_ms: float) -> Transcript | None:
        """Begin when the silence is long enough; return what was said so far, None while it is not known."""
        if silence_ms < self._after_ms:
            return None
        if not self._begun:
            self._begun = True
            self._task = stream.anticipate()
        if self._task is None:
            caught_up = silence_ms >= self._after_ms + _LAG_MS
            return partial_words(stream) if stream.partial or caught_up else None
        return result_of(self._task)

    def void(self) -> None:
        """Speech goes on: what was recognised is only the beginning."""
        if self._task is not None:
            drop(self._task)
        self._task, self._begun = None, False

    def take(self) -> "asyncio.Task[Transcript] | None":
        """The turn is over: hand the recognition on, if one was begun."""
        task, self._task, self._begun = self._task, None, False
        return task


def result_of(task: "asyncio.Task[Transcript]") -> Transcript | None:
    """Return what a recognition has come to; None while it goes on, and where it failed."""
    if not task.done() or task.cancelled() or task.exception() is not None:
        return None
    return task.result()


def partial_words(stream: RecognizerStream) -> Transcript:
    """Return the words of a streaming engine so far; it tells no confidence before the end."""
    return Transcript(stream.partial, confidence=1.0)


def drop(task: "asyncio.Task[Transcript]") -> None:
    """Nobody will ask for this recognition."""
    if not task.cancel() and not task.cancelled():
        task.exception()  # seen here: nobody else will ask how it ended
