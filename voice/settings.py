"""CallSettings: every number that shapes turn-taking, and the sentences that the call itself says."""

from dataclasses import dataclass

from voice.expectation import Expectation, ExpectationKind
from voice.turn_shape import TurnShape


@dataclass(frozen=True)
class CallSettings:
    """Milliseconds are audio time unless said otherwise."""

    end_silence_ms: int = 700
    """Silence that ends the caller's turn after an open question."""

    end_silence_yes_no_ms: int = 350
    """The same where yes or no is expected."""

    end_silence_digits_ms: int = 1500
    """The same while digits are dictated, until there are as many as expected: people pause between groups."""

    end_silence_value_ms: int = 1000
    """The same where an amount or a date is expected."""

    end_silence_complete_ms: int = 500
    """The same, at most, once the words so far are a whole answer (voice/turn_shape.py)."""

    end_silence_unfinished_ms: int = 1500
    """The same, at least, while the words so far are half a sentence (我想问一下那个…)."""

    early_recognition_ms: int = 200
    """Silence after which the words so far are recognised, in case the turn is over; speech makes that void."""

    speech_start_ms: int = 60
    """Speech in a row that begins an utterance; shorter sounds are clicks."""

    pre_roll_ms: int = 300
    """Sound kept from before the utterance was noticed, so that no first syllable is lost."""

    max_utterance_ms: int = 28_000
    """An utterance is closed after this long (Whisper's window is 30 s)."""

    barge_in_ms: int = 500
    """Speech over the bot's voice that pauses playback."""

    barge_in_characters: int = 1
    """Characters of recognised words, other than 嗯 and the like, that end the bot's reply."""

    barge_in_words_ms: int = 1500
    """Speech without a silence into the pause after which it is looked whether there are words in it at all."""

    echo_delay_ms: int = 500
    """Longest delay with which the bot's own voice may come back on the line; 0: echoes are not looked for."""

    echo_loss_db: int = 10
    """Decibels that an echo is fainter than the bot's voice, at least; what is louder is a caller."""

    attentive_ms: int = 600
    """Sound of the bot's last clause that may still be to come when short words are listened for more closely."""

    key_pause_ms: int = 3_000
    """Time without a further key after which the keys pressed so far are an entry."""

    silence_reprompt_ms: int = 6_000
    """Silence of both sides before the bot asks again; after two re-prompts it says goodbye."""

    asked_again_ms: int = 500
    """Speech without a trustworthy word after an open question that is asked for again; less may be a noise."""

    asked_again_closed_ms: int = 160
    """The same where yes, no or digits are expected: the answer may be a single syllable."""

    filler_after_s: float = 1.5
    """Wall seconds of waiting for the dialogue before "one moment" is said."""

    max_call_ms: int = 30 * 60 * 1000
    """A call is ended politely after this long."""

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
        closed = expects.kind in (ExpectationKind.YES_NO, ExpectationKind.DIGITS)
        return self.asked_again_closed_ms if closed else self.asked_again_ms


SILENCE_FIRST = "您好，请问您还在吗？"
SILENCE_SECOND = "我没有听到您的声音，请您说一下要办什么业务。"
SILENCE_GOODBYE = "一直没有听到您的声音，我先挂断了，欢迎您再打来。"
NOT_HEARD = "不好意思，我没听清，请您再说一遍。"
FILLER = "请稍等，我正在查询。"
SYSTEM_BUSY = "抱歉，系统暂时没有回应，请您再说一遍，或者说转人工。"
APOLOGY = "非常抱歉，系统出了问题，请您稍后再打来，人工客服也可以帮您。"
TRANSFER_FAILED = "抱歉，人工客服现在接不通，请您稍后再打来，还有别的我可以帮您查的吗？"
CALL_TOO_LONG = "通话时间已到上限，我先挂断了，您可以再打来。"

CALL_PROMPTS: tuple[str, ...] = (
    SILENCE_FIRST,
    SILENCE_SECOND,
    SILENCE_GOODBYE,
    NOT_HEARD,
    FILLER,
    SYSTEM_BUSY,
    APOLOGY,
    TRANSFER_FAILED,
    CALL_TOO_LONG,
)
"""Rendered once at set-up, so that they can be said even when the voice has failed."""
