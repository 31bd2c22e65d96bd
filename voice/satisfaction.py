"""Satisfaction: the one question after a caller was helped and has said goodbye: how good was it, by key 1 to 5."""

from voice import settings as prompts
from voice.bot_side import BotSide
from voice.call_log import CallLog
from voice.dialogue import NextStep
from voice.events import Rated

SCORES = "12345"
PATIENCE_MS = 5_000
"""Audio time after the question in which a key counts. Who hangs up meanwhile is simply gone."""


class Satisfaction:
    """Asks once in a call at most. Whoever goes on talking instead is answered, and not asked again."""

    def __init__(self, asks: bool, bot: BotSide, log: CallLog) -> None:
        """``asks`` False: never."""
        self._asks = asks
        self._bot = bot
        self._log = log
        self._until_ms: int | None = None
        self._awaits_key = False
        self._rated = False

    def keeps_the_line(self, next_step: NextStep) -> bool:
        """Whether the line stays open a little longer; asked when everything was said and both are silent."""
        if next_step is not NextStep.RATE:
            return False
        if self._asks:
            self._asks, self._awaits_key = False, True
            self._bot.prompt(prompts.ASK_RATING)
            return True
        if not self._awaits_key:
            return False
        if self._until_ms is None:
            self._until_ms = self._log.audio_ms + PATIENCE_MS
        return self._log.audio_ms < self._until_ms

    def takes(self, key: str, next_step: NextStep) -> bool:
        """Whether this key is a rating; it is told, thanked for, and ends the question.

        Keys behind it (the # that ends entries elsewhere) do not cut the thanks; 0 calls a person all the same.
        """
        if self._rated and next_step is NextStep.RATE and key != "0":
            return True
        if not self._awaits_key or next_step is not NextStep.RATE or key not in SCORES:
            return False
        self._awaits_key, self._rated = False, True
        self._bot.interrupt()
        self._log.tell(Rated, score=int(key))
        self._bot.prompt(prompts.RATED)
        return True
