"""BargeIn: while the bot speaks, does the caller take the word, or is it a cough, a 嗯, a lorry?"""

import math
import re

from voice.bot_side import BotSide
from voice.hearing.closed_answers import short_answer
from voice.hearing.expectation import Expectation, ExpectationKind
from voice.hearing.recognizer import NOTHING_HEARD, Transcript
from voice.settings import CallSettings
from voice.turn_taking.backchannels import only_listens
from voice.turn_taking.listening import Listener

_SHORT = 4
"""Characters up to which words over the bot's voice may well be a 嗯 that was misheard."""


_SURE_OF_A_KNOWN_WORD = 0.3
"""Confidence that 转人工 and the like need: all that is short is held against them (对对 was 继续 at 0.14)."""


_ASKS_OR_REFUSES = re.compile(r"多少|几|怎|什么|哪|谁|吗|不|没|错|要|停|等|喂|听|说|问")
_SURE_OF_A_QUESTION = 0.45
"""Confidence that short words with one of these need; no nod was ever misheard for one."""


def takes_the_word(heard: Transcript, expects: Expectation, settings: CallSettings) -> bool:
    """Return whether these words, said over the bot's voice, are a turn.

    对 into a question that wants yes or no is an answer; into anything else it only says "I am listening".
    """
    text = heard.text
    if expects.kind is ExpectationKind.YES_NO:
        return bool(text)
    if len(text) < settings.barge_in_characters or only_listens(text):
        return False
    if len(text) > _SHORT or expects.kind is not ExpectationKind.OPEN:
        return True
    return heard.confidence >= _least_confidence(text, settings)


def _least_confidence(text: str, settings: CallSettings) -> float:
    if short_answer(text) is not None:
        return _SURE_OF_A_KNOWN_WORD
    asks = _ASKS_OR_REFUSES.search(text) is not None
    return min(settings.barge_in_confidence, _SURE_OF_A_QUESTION) if asks else settings.barge_in_confidence


class BargeIn:
    """Speech makes the bot pause; only words end its reply; anything else lets it go on as soon as that is known."""

    def __init__(self, listener: Listener, bot: BotSide, settings: CallSettings) -> None:
        self._listener = listener
        self._bot = bot
        self._settings = settings
        self._excused_ms = 0.0
        self._paused_at_ms = 0.0

    def watch(self) -> bool:
        """Decide after each frame of the caller's; return whether sound that was sent ahead is to be thrown away."""
        if not self._listener.in_speech:
            self._excused_ms = 0.0
            return False
        if not (self._bot.may_be_cut or self._bot.paused):
            return False
        words = self._listener.so_far
        if words is not None and self._bot.own_words.are(words.text, self._listener.start_ms):
            words = NOTHING_HEARD
        if words is not None and takes_the_word(words, self._listener.expects, self._settings):
            self._bot.interrupt()
            return True
        if self._bot.paused:
            self._watch_the_pause(words)
            return False
        if self._excused_ms == math.inf and self._in_silence:
            self._excused_ms = self._listener.speech_ms  # the noise is over: speech counts anew
        if (
            self._bot.own_words.came_back
            or self._listener.speech_ms - self._excused_ms < self._settings.barge_in_ms
        ):
            return False
        self._paused_at_ms = self._listener.speech_ms
        self._bot.pause()
        return True

    def _watch_the_pause(self, words: Transcript | None) -> None:
        """The bot is cut off. What the caller said so far is no turn, or is not known yet (None)."""
        if (
            words is None
            and self._listener.speech_ms - self._paused_at_ms >= self._settings.barge_in_words_ms
        ):
            self._paused_at_ms = self._listener.speech_ms
            words = self._listener.ask_for_words()
        if words is not None:
            # What goes on without words is a noise: it is not to make the bot stutter.
            self._excused_ms = self._listener.speech_ms if self._in_silence else math.inf
            self._bot.resume()

    @property
    def _in_silence(self) -> bool:
        return self._listener.silence_ms >= self._settings.early_recognition_ms
