"""Words: from an utterance to what was said, whatever the recogniser does."""

import asyncio
import time

from voice.call_log import CallLog
from voice.events import CallFailed, FinalTranscript
from voice.hearing.recognizer import NOTHING_HEARD, RecognizerFailed, Transcript
from voice.turn_taking.listening import Utterance

_FAILURES = 2
"""Failures of the recogniser in a row after which the call is given up."""


class Words:
    """Of one call."""

    def __init__(self, patience_s: float, log: CallLog) -> None:
        """``patience_s``: wall seconds that the words of one utterance are waited for."""
        self._patience_s = patience_s
        self._log = log
        self._failures = 0

    async def of(self, utterance: Utterance) -> Transcript:
        """Wait for the words and put them on record; a first failure is nothing heard.

        Raises RecognizerFailed at the second in a row: a caller is not asked to repeat himself for ever.
        """
        asked_at = time.perf_counter()
        try:
            transcript = await self._transcript(utterance)
            self._failures = 0
        except RecognizerFailed as error:
            self._failures += 1
            if self._failures >= _FAILURES:
                raise
            self._log.tell(CallFailed, code=error.code, message=str(error))
            transcript = NOTHING_HEARD
        self._log.tell(
            FinalTranscript,
            text=transcript.text,
            heard=transcript.heard,
            confidence=transcript.confidence,
            speech_start_ms=utterance.start_ms,
            speech_end_ms=utterance.end_ms,
            endpointing_ms=utterance.endpointing_ms,
            recognition_ms=round((time.perf_counter() - asked_at) * 1000),
            engine=transcript.engine,
        )
        return transcript

    async def _transcript(self, utterance: Utterance) -> Transcript:
        """Whatever an engine does (raise, hang, die) is one kind of failure here. Raises RecognizerFailed."""
        try:
            return await asyncio.wait_for(utterance.transcript(), self._patience_s)
        except RecognizerFailed:
            raise
        except asyncio.TimeoutError:
            raise RecognizerFailed("no words within the time that an utterance may take") from None
        except Exception as error:
            raise RecognizerFailed(f"the engine broke: {type(error).__name__}") from error
