"""Answering: one utterance of the caller after the other, beside the line: recognised, asked, answered."""

import asyncio
import math
import time
from collections.abc import Coroutine, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from voice import settings as prompts
from voice.bot_side import BotSide
from voice.call_log import CallLog
from voice.dialogue import Dialogue, DialogueTurn, DialogueUnavailable, NextStep
from voice.events import BotReply, CallFailed, DtmfReceived
from voice.farewell import asks_for_a_person
from voice.hearing.expectation import OPEN, Expectation, ExpectationKind
from voice.hearing.recognizer import Transcript
from voice.keypad import PERSON, Entry, Keypad
from voice.satisfaction import Satisfaction
from voice.settings import CallSettings
from voice.turn_taking.barge_in import takes_the_word
from voice.turn_taking.listening import Listener, Utterance
from voice.turn_taking.patience import Patience
from voice.words import Words

_WAITING_UTTERANCES = 8
"""Utterances that may wait for the one being answered; a caller who says more is not answered on the rest."""

_DIALOGUE_FAILURES = 2
"""Failures of the dialogue in a row after which the call is given up."""

_GOES_ON_AT_MOST = 2
"""Times that one reply goes on to its question after interruptions that nothing came of."""

_SECOND_START_AFTER_S = 1.0
"""Wall seconds between the two attempts at a greeting: a supervisor may just be starting the dialogue again."""


class Answering:
    """Knows what the dialogue expects and what is to follow; everything else of it is a queue."""

    def __init__(
        self,
        dialogue: Dialogue,
        sender: str,
        listener: Listener,
        bot: BotSide,
        patience: Patience,
        satisfaction: Satisfaction,
        settings: CallSettings,
        log: CallLog,
    ) -> None:
        self._dialogue = dialogue
        self._sender = sender
        self._listener = listener
        self._bot = bot
        self._patience = patience
        self._satisfaction = satisfaction
        self._settings = settings
        self._log = log
        self._words = Words(settings.recognition_patience_s, log)
        self._keypad = Keypad(settings.key_pause_ms)
        self._waiting: asyncio.Queue[Utterance | Entry] = asyncio.Queue(maxsize=_WAITING_UTTERANCES)
        self._answering = True
        self._task: asyncio.Task[None] | None = None
        self._not_heard_in_a_row = 0
        self._dialogue_failures = 0
        self._wants_a_person = False
        self.expects = OPEN
        """What the dialogue expects to hear next."""
        self._replies = 0
        self._went_on = 0
        self._asked_since_ms = 0.0
        """Audio time since which the last reply's question can be answered; infinite while it is still to be said."""
        self.next = NextStep.CONTINUE
        """What happens to the line once everything was said."""

    def start(self, metadata: dict[str, Any]) -> None:
        """Greet the caller, then answer until ``close``."""
        self._task = asyncio.create_task(self._answer_utterances(metadata))

    @property
    def busy(self) -> bool:
        """Something is being recognised or answered, or waits for that."""
        broken = self._task is not None and self._task.done()
        return not broken and (self._answering or not self._waiting.empty())

    def failure(self) -> BaseException | None:
        """What ended the answering, if anything did."""
        if self._task is None or not self._task.done() or self._task.cancelled():
            return None
        return self._task.exception()

    def utterance_ended(self, utterance: Utterance) -> None:
        """The caller has finished a turn."""
        if self._waiting.full():
            utterance.forget()
            self._bot.resume()
        else:
            self._waiting.put_nowait(utterance)

    def key_pressed(self, key: str) -> None:
        """The caller has pressed a key (0-9 * #): the bot stops, as far as it may be stopped.

        Not for the # behind a whole entry: what it would stop is the answer.
        """
        self._patience.caller_answered(self._log.audio_ms)
        if not self._keypad.is_late_end(key, self._log.audio_ms):
            self._bot.interrupt()
        entry = self._keypad.press(key, self.expects, self._log.audio_ms)
        self._log.tell(DtmfReceived, count=self._keypad.count)
        self._enter(entry)

    def watch_the_keys(self) -> None:
        """Once a frame: an entry is finished when no key follows."""
        entry = self._keypad.due(self._log.audio_ms)
        if entry is not None:
            self._enter(entry)

    def _enter(self, entry: Entry | None) -> None:
        self._listener.expect(self._keypad.still_wanted(self.expects))
        if entry is None:
            return
        if entry.text == PERSON:
            self._forget_what_waits()
        if not self._waiting.full():
            self._waiting.put_nowait(entry)

    def _forget_what_waits(self) -> None:
        """Who asks for a person by key has no other wish: what was said before, or is being said, is left."""
        while not self._waiting.empty():
            waiting = self._waiting.get_nowait()
            if isinstance(waiting, Utterance):
                waiting.forget()
        self._listener.forget()

    def goes_on(self) -> bool:
        """Once nobody speaks and nothing is under way: go on to a question that was cut off; False where none was.

        The caller broke the reply off, and then it was no turn: without the question his 对 would answer nothing.
        """
        if not self._question_was_cut or self._keypad.count:
            return False
        self._went_on += 1
        self._bot.go_on(on_last=partial(self._may_be_answered, self._replies))
        return True

    @property
    def _question_was_cut(self) -> bool:
        unheard = self._asked_since_ms == math.inf and bool(self._bot.cut)
        return unheard and self._went_on < _GOES_ON_AT_MOST

    def close(self) -> None:
        """The line is gone."""
        if self._task is not None:
            self._task.cancel()

    async def _answer_utterances(self, metadata: dict[str, Any]) -> None:
        await self._greet(metadata)
        while True:
            self._answering = False
            said = await self._waiting.get()
            self._answering = True
            if isinstance(said, Entry):
                self._bot.interrupt()
                await self._answer(said.text, "voice" if said.by_voice else "keypad", self.expects)
            else:
                await self._answer_speech(said)

    async def _greet(self, metadata: dict[str, Any]) -> None:
        """Without a greeting there is nothing that a caller could go on with: the second failure is the last."""
        try:
            await self._ask(self._dialogue.start(self._sender, metadata))
        except DialogueUnavailable as error:
            self._log.tell(CallFailed, code=error.code, message=str(error))
            await asyncio.sleep(_SECOND_START_AFTER_S)
            await self._ask(self._dialogue.start(self._sender, metadata))

    async def _answer_speech(self, utterance: Utterance) -> None:
        transcript = await self._words.of(utterance)
        if self._bot.own_words.are(transcript.text, utterance.start_ms):
            self._bot.resume()
            return
        unasked = utterance.start_ms < self._asked_since_ms
        over_bot = unasked or utterance.over_bot or not self._bot.silent
        expects = OPEN if unasked else utterance.expects
        is_turn = not over_bot or takes_the_word(transcript, expects, self._settings)
        # Keys make a number final: digits beside them must be sure.
        doubtful = transcript.unsure and self._keypad.count > 0
        if not transcript.text or not is_turn or doubtful:
            self._nothing_to_answer(utterance)
            return
        self._not_heard_in_a_row = 0
        self._patience.caller_answered(self._log.audio_ms)
        if self._satisfaction.takes_words(transcript.text, self.next):
            self._bot.resume()
            return
        self._bot.interrupt()
        if self._belongs_to_the_keys(transcript.text, utterance):
            return
        await self._answer(transcript.text, "voice", utterance.expects, _as_heard(transcript, unasked))

    def _belongs_to_the_keys(self, text: str, utterance: Utterance) -> bool:
        if utterance.expects.kind is not ExpectationKind.DIGITS:
            return False
        said = self._keypad.say(text, self.expects, utterance.start_ms, self._log.audio_ms)
        self._enter(said.entry)
        return said.kept

    def _nothing_to_answer(self, utterance: Utterance) -> None:
        long_enough = utterance.speech_ms >= self._settings.least_asked_again_ms(utterance.expects)
        if self._bot.paused:
            self._bot.resume()
        elif self._question_was_cut or self._satisfaction.was_cut(self.next):
            return  # it is asked again, which tells enough
        elif self._bot.silent and long_enough and self._stays_for_an_answer:
            # Twice at most: a noisy line is not to be told forever that it was not understood.
            self._not_heard_in_a_row += 1
            if self._not_heard_in_a_row <= 2:
                self._bot.prompt(prompts.NOT_HEARD)

    @property
    def _stays_for_an_answer(self) -> bool:
        """Who is about to be put through or hung up on is not asked to say it again."""
        return self.next is NextStep.CONTINUE or self._satisfaction.waits(self.next)

    async def _answer(
        self, text: str, how: str, expects: Expectation, heard: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self._satisfaction.give_way()
        self._went_on = _GOES_ON_AT_MOST  # until the next reply: this one has been answered by something else
        self._wants_a_person = asks_for_a_person(text)
        metadata = {"input": how, "expects": expects.to_json(), **heard}
        try:
            await self._ask(self._dialogue.send(self._sender, text, metadata))
        except DialogueUnavailable as error:
            self._dialogue_failed(error)

    async def _ask(self, question: Coroutine[Any, Any, DialogueTurn]) -> None:
        """Await the dialogue's reply, fill a long wait, and say it. Raises DialogueUnavailable."""
        asked_at = time.perf_counter()
        asking = asyncio.ensure_future(question)
        try:
            done, _ = await asyncio.wait([asking], timeout=self._settings.filler_after_s)
            if not done:
                self._bot.prompt(prompts.FILLER)
            turn = await asking
        except asyncio.CancelledError:
            asking.cancel()
            raise
        self._dialogue_failures = 0
        self._log.tell(BotReply, turn=turn, dialogue_ms=round((time.perf_counter() - asked_at) * 1000))
        self.next = turn.next
        self.expects = turn.expects
        self._listener.expect(OPEN)
        self._asked_since_ms = math.inf
        self._replies += 1
        self._went_on = 0
        asked = partial(self._may_be_answered, self._replies)
        if turn.expects.kind is ExpectationKind.YES_NO:
            self._bot.say(turn.messages, on_last=asked)
        else:  # digits and sums are no nods: who knows what comes may say them ahead
            self._bot.say(turn.messages, on_begin=asked)
        if not turn.messages:
            asked()
        self._bot.foresee(turn.foreseen)

    def _may_be_answered(self, number: int) -> None:
        """Only now can a 对 be an answer: over 请稍等, or over a price before the question, it must verify nobody."""
        if number != self._replies:
            return  # a newer reply waits behind this one
        self._asked_since_ms = self._log.audio_ms
        self._listener.expect(self._keypad.still_wanted(self.expects))

    def _dialogue_failed(self, error: DialogueUnavailable) -> None:
        """Once it is excused, unless a person was asked for: that needs no dialogue."""
        self._dialogue_failures += 1
        if self._dialogue_failures >= _DIALOGUE_FAILURES or self._wants_a_person:
            raise error
        self._log.tell(CallFailed, code=error.code, message=str(error))
        if self.next in (NextStep.HANG_UP, NextStep.RATE):
            # What he said after the goodbye is asked for again: the line must still be there then.
            self.next = NextStep.CONTINUE
            self._listener.expect(self._keypad.still_wanted(self.expects))
        self._bot.prompt(prompts.SYSTEM_BUSY)


def _as_heard(transcript: Transcript, unasked: bool) -> dict[str, Any]:
    """What the dialogue is told of how the words were heard."""
    told: dict[str, Any] = {"confidence": round(transcript.confidence, 2)}
    if transcript.others:
        told["others"] = list(transcript.others)
    return told | ({"unsure": True} if transcript.unsure else {}) | ({"unasked": True} if unasked else {})
