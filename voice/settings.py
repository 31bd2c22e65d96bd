"""CallSettings: every number that shapes turn-taking, and the sentences that the call itself says."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voice.hearing.expectation import Expectation, ExpectationKind
from voice.operator_settings import CallSettingInvalid, adjustable, from_variables
from voice.turn_taking.turn_shape import TurnShape
from voice.turn_taking.vad_settings import VadSettings


@dataclass(frozen=True)
class CallSettings:
    """Milliseconds are audio time unless said otherwise."""

    end_silence_ms: int = adjustable("SHOUDAI_TURN_END_SILENCE_MS", 700, 200, 5_000)
    """Silence that ends the caller's turn after an open question."""

    end_silence_yes_no_ms: int = adjustable("SHOUDAI_TURN_END_SILENCE_YES_NO_MS", 350, 200, 5_000)
    """The same where yes or no is expected."""

    end_silence_digits_ms: int = adjustable("SHOUDAI_TURN_END_SILENCE_DIGITS_MS", 1500, 200, 5_000)
    """The same while digits are dictated, until there are as many as expected: people pause between groups."""

    end_silence_value_ms: int = adjustable("SHOUDAI_TURN_END_SILENCE_VALUE_MS", 1000, 200, 5_000)
    """The same where an amount or a date is expected."""

    end_silence_complete_ms: int = adjustable("SHOUDAI_TURN_END_SILENCE_COMPLETE_MS", 500, 200, 5_000)
    """The same, at most, once the words so far are a whole answer (voice/turn_taking/turn_shape.py)."""

    end_silence_unfinished_ms: int = adjustable("SHOUDAI_TURN_END_SILENCE_UNFINISHED_MS", 1500, 200, 5_000)
    """The same, at least, while the words so far are half a sentence (我想问一下那个…)."""

    early_recognition_ms: int = adjustable("SHOUDAI_TURN_EARLY_RECOGNITION_MS", 120, 60, 5_000)
    """Silence after which the words so far are recognised, in case the turn is over; speech makes that void."""

    speech_start_ms: int = adjustable("SHOUDAI_TURN_SPEECH_START_MS", 60, 20, 500)
    """Speech in a row that begins an utterance; shorter sounds are clicks."""

    pre_roll_ms: int = adjustable("SHOUDAI_TURN_PRE_ROLL_MS", 300, 0, 1_000)
    """Sound kept from before the utterance was noticed, so that no first syllable is lost."""

    max_utterance_ms: int = adjustable("SHOUDAI_TURN_MAX_UTTERANCE_MS", 28_000, 3_000, 28_000)
    """An utterance is closed after this long (Whisper's window is 30 s)."""

    barge_in_ms: int = adjustable("SHOUDAI_TURN_BARGE_IN_MS", 500, 100, 5_000)
    """Speech over the bot's voice that pauses playback."""

    barge_in_characters: int = adjustable("SHOUDAI_TURN_BARGE_IN_CHARACTERS", 1, 1, 10)
    """Characters of recognised words, other than 嗯 and the like, that end the bot's reply."""

    barge_in_confidence: float = adjustable("SHOUDAI_TURN_BARGE_IN_CONFIDENCE", 0.62, 0.0, 1.0)
    """The recogniser's confidence that words of up to four characters need, unless it is 转人工 or the like."""

    barge_in_words_ms: int = adjustable("SHOUDAI_TURN_BARGE_IN_WORDS_MS", 1500, 300, 10_000)
    """Speech without a silence into the pause after which it is looked whether there are words in it at all."""

    echo_delay_ms: int = adjustable("SHOUDAI_TURN_ECHO_DELAY_MS", 500, 0, 1_000)
    """Longest delay with which the bot's own voice may come back on the line; 0: echoes are not looked for."""

    echo_loss_db: int = adjustable("SHOUDAI_TURN_ECHO_LOSS_DB", 10, 3, 40)
    """Decibels that an echo is fainter than the bot's voice, at least; what is louder is a caller."""

    short_word_ms: int = adjustable("SHOUDAI_TURN_SHORT_WORD_MS", 300, 0, 2_000)
    """Speech up to which an utterance is listened for more closely; more carries itself, and noise would prolong it."""

    attentive_ms: int = adjustable("SHOUDAI_TURN_ATTENTIVE_MS", 600, 0, 5_000)
    """Sound of the bot's last clause that may still be to come when short words are listened for more closely."""

    foreground_db: int = adjustable("SHOUDAI_TURN_FOREGROUND_DB", 11, 0, 40)
    """In a loud place, speech that is fainter than the caller's loudest by more is other people's; 0: all is his."""

    key_pause_ms: int = adjustable("SHOUDAI_TURN_KEY_PAUSE_MS", 3_000, 500, 15_000)
    """Time without a further key after which the keys pressed so far are an entry."""

    silence_reprompt_ms: int = adjustable("SHOUDAI_TURN_SILENCE_REPROMPT_MS", 6_000, 2_000, 60_000)
    """Silence of both sides before the bot asks again; after two re-prompts it says goodbye."""

    asked_again_ms: int = adjustable("SHOUDAI_TURN_ASKED_AGAIN_MS", 500, 60, 5_000)
    """Speech without a trustworthy word after an open question that is asked for again; less may be a noise."""

    asked_again_closed_ms: int = adjustable("SHOUDAI_TURN_ASKED_AGAIN_CLOSED_MS", 160, 60, 5_000)
    """The same where yes, no, digits or a rating are expected: the answer may be a single syllable."""

    filler_after_s: float = adjustable("SHOUDAI_TURN_FILLER_AFTER_S", 1.5, 0.3, 10.0)
    """Wall seconds of waiting for the dialogue before "one moment" is said."""

    recognition_patience_s: float = adjustable("SHOUDAI_TURN_RECOGNITION_PATIENCE_S", 8.0, 1.0, 60.0)
    """Wall seconds that the words of one utterance are waited for; a recogniser that takes longer has broken."""

    needs_recording: bool = False
    """A call that can no longer be recorded is handed to a person instead of going on."""

    asks_rating: bool = False
    """Whoever was helped and says goodbye is asked for a rating (voice/satisfaction.py)."""

    max_call_ms: int = 30 * 60 * 1000
    """A call is ended politely after this long."""

    vad: VadSettings = field(default_factory=VadSettings)

    @staticmethod
    def from_environment(environment: Mapping[str, str] | None = None) -> "CallSettings":
        """Read what operators have set (docs/settings.md, turn-taking). Raises CallSettingInvalid."""
        values = os.environ if environment is None else environment
        found = from_variables(CallSettings, values)
        return replace(found, vad=from_variables(VadSettings, values)).checked()

    def checked(self) -> "CallSettings":
        """Return these settings. Raises CallSettingInvalid where two of them do not go together."""
        shortest_ms = min(self.end_silence_ms, self.end_silence_yes_no_ms, self.end_silence_complete_ms)
        for fits, fault in (
            (
                self.early_recognition_ms <= shortest_ms,
                "SHOUDAI_TURN_EARLY_RECOGNITION_MS must not be more than the shortest end silence",
            ),
            (
                self.end_silence_complete_ms <= self.end_silence_ms <= self.end_silence_unfinished_ms,
                "SHOUDAI_TURN_END_SILENCE_COMPLETE_MS, SHOUDAI_TURN_END_SILENCE_MS and "
                "SHOUDAI_TURN_END_SILENCE_UNFINISHED_MS must not fall",
            ),
            (
                self.speech_start_ms <= self.pre_roll_ms,
                "SHOUDAI_TURN_PRE_ROLL_MS must not be less than SHOUDAI_TURN_SPEECH_START_MS",
            ),
            (
                self.vad.stop_probability <= self.vad.start_probability,
                "SHOUDAI_VAD_STOP must not be more than SHOUDAI_VAD_START",
            ),
        ):
            if not fits:
                raise CallSettingInvalid(f"{fault}.")
        return self

    def end_silence_for(self, expects: Expectation, shape: TurnShape = TurnShape.OPEN) -> int:
        """Milliseconds of silence that end a turn, given what is expected and what the words so far look like."""
        usual_ms = {
            ExpectationKind.YES_NO: self.end_silence_yes_no_ms,
            ExpectationKind.DIGITS: self.end_silence_digits_ms,
            ExpectationKind.AMOUNT: self.end_silence_value_ms,
            ExpectationKind.DATE: self.end_silence_value_ms,
        }.get(expects.kind, self.end_silence_ms)
        if shape is TurnShape.COMPLETE:
            return min(usual_ms, self.end_silence_complete_ms)
        if shape is TurnShape.UNFINISHED:
            return max(usual_ms, self.end_silence_unfinished_ms)
        return usual_ms

    def least_asked_again_ms(self, expects: Expectation) -> int:
        """Milliseconds of speech that are asked for again when nothing was understood."""
        closed = expects.kind in (ExpectationKind.YES_NO, ExpectationKind.DIGITS, ExpectationKind.RATING)
        return self.asked_again_closed_ms if closed else self.asked_again_ms


SILENCE_FIRST = "您好，请问您还在吗？"
SILENCE_SECOND = "我没有听到您的声音，请您说一下要办什么业务。"
SILENCE_GOODBYE = "一直没有听到您的声音，我先挂断了，欢迎您再打来。"
NOT_HEARD = "不好意思，我没听清，请您再说一遍。"
FILLER = "请稍等，我正在查询。"
SYSTEM_BUSY = "抱歉，系统暂时没有回应，请您再说一遍，或者说转人工。"
APOLOGY = "非常抱歉，系统出了问题。"
SERVICE_STOPPING = "非常抱歉，系统要停机维护了。"
TO_A_PERSON = "马上为您转人工，请稍等。"
CALLED_BACK = "已经为您登记好了，工作人员会联系您。"
CALL_AGAIN = "请您稍后再打来。"
WAITING = "现在咨询的人比较多，请您稍等，转人工请按零。"
WAITING_STILL = "还在为您排队，请您再等一下，转人工请按零。"
WAITING_OFFER = "现在人还是比较多，要我们给您回电请按一，转人工请按零。"
WAITED_LONG = "让您久等了，现在还是没有空出来，请您稍后再打来。"
NO_PERSON = "抱歉，人工客服现在接不通，请您再等一下。"
TRANSFER_FAILED = "抱歉，人工客服现在接不通，请您稍后再打来，还有别的我可以帮您查的吗？"
ASK_RATING = "请您给这次服务打分，按键或者说一到五，五分最满意。"
ASK_RATING_AGAIN = "打分请按一到五，也可以直接说几分。"
RATED = "谢谢您的评价，再见。"
NOT_RATED = "谢谢您，再见。"
CALL_TOO_LONG = "通话时间已到上限，我先挂断了，您可以再打来。"

CALL_PROMPTS: tuple[str, ...] = (
    SILENCE_FIRST,
    SILENCE_SECOND,
    SILENCE_GOODBYE,
    NOT_HEARD,
    FILLER,
    SYSTEM_BUSY,
    APOLOGY,
    SERVICE_STOPPING,
    TO_A_PERSON,
    CALLED_BACK,
    CALL_AGAIN,
    WAITING,
    WAITING_STILL,
    WAITING_OFFER,
    WAITED_LONG,
    NO_PERSON,
    TRANSFER_FAILED,
    ASK_RATING,
    ASK_RATING_AGAIN,
    RATED,
    NOT_RATED,
    CALL_TOO_LONG,
)
"""Rendered once at set-up, so that they can be said even when the voice has failed."""
