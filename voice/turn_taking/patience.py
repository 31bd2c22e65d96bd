"""Patience: how long the bot bears silence before it asks whether anybody is there, and when it gives up."""

from voice.settings import SILENCE_FIRST, SILENCE_GOODBYE, SILENCE_SECOND, CallSettings

_SENTENCES = (SILENCE_FIRST, SILENCE_SECOND, SILENCE_GOODBYE)


class Patience:
    """Counts audio time in which neither side speaks or thinks."""

    def __init__(self, settings: CallSettings) -> None:
        self._silence_ms = settings.silence_reprompt_ms
        self._quiet_since_ms = 0
        self._said = 0

    @property
    def is_over(self) -> bool:
        """The goodbye was due: the call is to be ended after it."""
        return self._said == len(_SENTENCES)

    def somebody_is_busy(self, audio_ms: int) -> None:
        """One side speaks or thinks now."""
        self._quiet_since_ms = audio_ms

    def caller_answered(self, audio_ms: int) -> None:
        """The caller said words or pressed a key: the count of re-prompts begins anew."""
        self._quiet_since_ms = audio_ms
        self._said = 0

    def sentence_due(self, audio_ms: int) -> str | None:
        """Return what must be said into the silence now, if anything."""
        if self.is_over or audio_ms - self._quiet_since_ms < self._silence_ms:
            return None
        self._said += 1
        return _SENTENCES[self._said - 1]
