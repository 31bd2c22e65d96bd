"""Satisfaction: the question after a caller was helped and has said goodbye: how good was it, 1 to 5?"""

from voice import settings as prompts
from voice.bot_side import BotSide
from voice.call_log import CallLog
from voice.dialogue import NextStep
from voice.events import Rated
from voice.hearing.clean_words import is_backchannel
from voice.hearing.expectation import RATING
from voice.sound.audio import FRAME_MS
from voice.spoken_rating import BEST, declines, spoken_score
from voice.turn_taking.listening import Listener

PATIENCE_MS = 5_000
"""Audio time of silence after the question in which an answer is waited for. Who hangs up meanwhile is simply gone."""

LONGEST_MS = 30_000
"""Audio time after which nobody is waited for, however often a noise has broken the silence."""

_ASKED_AT_MOST = 2


class Satisfaction:
    """Asks once in a call, and once more where it was talked over or answered with what is no score.

    Whoever goes on talking about something else is answered, and not asked again.
    """

    def __init__(self, asks: bool, bot: BotSide, listener: Listener, log: CallLog) -> None:
        """``asks`` False: never."""
        self._asks = asks
        self._bot = bot
        self._listener = listener
        self._log = log
        self._times_asked = 0
        self._awaits_answer = False
        self._answered = False
        self._heard_whole = False
        self._asked_at_ms = self._at_rest_since_ms = self._at_rest_ms = 0

    def keeps_the_line(self, next_step: NextStep) -> bool:
        """Whether the line stays open a little longer; asked each frame in which both are silent and idle."""
        if next_step is not NextStep.RATE:
            return False
        if self._asks:
            self._asks, self._awaits_answer = False, True
            self._asked_at_ms = self._log.audio_ms
            self._ask(prompts.ASK_RATING)
            return True
        if not self._awaits_answer:
            return False
        if self.was_cut(next_step):
            return self._ask_again()
        now_ms = self._log.audio_ms
        if now_ms - self._at_rest_ms > FRAME_MS:
            self._at_rest_since_ms = now_ms
        self._at_rest_ms = now_ms
        patient = now_ms - self._at_rest_since_ms < PATIENCE_MS
        return patient and now_ms - self._asked_at_ms < LONGEST_MS

    def takes_key(self, key: str, next_step: NextStep) -> bool:
        """Whether this key is an answer to the question; 0 calls a person all the same.

        Keys behind the answer (the # that ends entries elsewhere) do not cut the thanks.
        """
        if next_step is not NextStep.RATE or key == "0":
            return False
        if not self._awaits_answer:
            return self._answered
        self._bot.interrupt()
        self._take_score(int(key) if key.isdigit() else None)
        return True

    def takes_words(self, text: str, next_step: NextStep) -> bool:
        """Whether these words are an answer to the question, or may be passed over behind it."""
        if next_step is not NextStep.RATE or not (self._awaits_answer or self._answered):
            return False
        score = spoken_score(text)
        if self._answered:
            return score is not None or declines(text) or is_backchannel(text)
        if score is not None:
            self._bot.interrupt()
            self._take_score(score)
        elif declines(text):
            self._bot.interrupt()
            self._leave_it()
        else:
            return is_backchannel(text)  # 好的 before the key is pressed
        return True

    def waits(self, next_step: NextStep) -> bool:
        """Whether the question was asked and an answer would still count."""
        return next_step is NextStep.RATE and self._awaits_answer

    def was_cut(self, next_step: NextStep) -> bool:
        """Whether the question is to be asked again because it was talked over."""
        return self.waits(next_step) and self._times_asked < _ASKED_AT_MOST and not self._question_was_heard()

    def give_way(self) -> None:
        """The caller has something else to say: no answer is waited for any more."""
        self._awaits_answer = self._answered = False

    def _take_score(self, score: int | None) -> None:
        if score is not None and 1 <= score <= BEST:
            self._awaits_answer, self._answered = False, True
            self._log.tell(Rated, score=score)
            self._bot.prompt(prompts.RATED)
        elif not self._ask_again():
            self._leave_it()

    def _leave_it(self) -> None:
        self._awaits_answer, self._answered = False, True
        self._bot.prompt(prompts.NOT_RATED)

    def _ask_again(self) -> bool:
        if self._times_asked >= _ASKED_AT_MOST:
            return False
        self._ask(prompts.ASK_RATING_AGAIN)
        return True

    def _ask(self, sentence: str) -> None:
        self._times_asked += 1
        self._question, self._heard_whole = sentence, False
        self._bot.prompt(sentence)
        self._listener.expect(RATING)

    def _question_was_heard(self) -> bool:
        self._heard_whole = self._heard_whole or self._bot.said.endswith(self._question)
        return self._heard_whole
