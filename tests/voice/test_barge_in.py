"""Who has the word while the bot speaks: noises, backchannels and real words, in audio time with fake engines."""

import pytest

from tests.voice.call_fakes import RATE, ListedDialogue, Played, ToneSpeaker, play_call, quiet, tone
from voice.dialogue import DialogueTurn, Message
from voice.events import (
    BotPrompt,
    PlaybackFinished,
    PlaybackInterrupted,
    PlaybackPaused,
    PlaybackResumed,
    SpeechStarted,
)
from voice.hearing.expectation import OPEN, YES_NO, Expectation, ExpectationKind
from voice.hearing.recognizer import Transcript
from voice.line.transport import Dtmf
from voice.settings import FILLER, CallSettings
from voice.turn_taking.barge_in import takes_the_word

OPENING_MS = 1700
LONG = "长" * 30 + "，" + "短" * 30 + "。"
SPOKEN_AT_MS = OPENING_MS + 200 + 600 + 2600
"""When the sound over the long answer begins."""


async def over_the_answer(
    sound: bytes, hears: str, answers: tuple[DialogueTurn | str, ...] = (LONG, "好的。"), **more: CallSettings
) -> Played:
    """A question, its long answer, and this sound into it, which the recogniser takes for these words."""
    line = quiet(OPENING_MS + 200) + tone(600) + quiet(2600) + sound + quiet(900)
    return await play_call(line, ["几号还款", hears], list(answers), **more)


@pytest.mark.parametrize("hears", ["", "嗯", "哦好的", "对对对", "行"])
async def test_what_is_no_turn_is_followed_by_the_clause_that_was_cut_within_200_ms(hears: str) -> None:
    noise_ms = 900
    played = await over_the_answer(tone(noise_ms), hears)
    (paused,), (resumed,) = played.of(PlaybackPaused), played.of(PlaybackResumed)
    assert paused.audio_ms - SPOKEN_AT_MS <= 500 + 60
    assert resumed.audio_ms - (SPOKEN_AT_MS + noise_ms) <= 200
    assert played.of(PlaybackInterrupted) == [] and len(played.dialogue.asked) == 1
    assert played.of(PlaybackFinished)[-1].text == LONG


async def test_the_clause_that_was_cut_is_said_again_from_its_beginning() -> None:
    played = await over_the_answer(tone(900), "")
    sounding_ms = sum(any(frame) for frame in frames(bytes(played.caller.heard))) * 20
    clean = await over_the_answer(quiet(900), "")
    sounding_without_ms = sum(any(frame) for frame in frames(bytes(clean.caller.heard))) * 20
    assert 1000 < sounding_ms - sounding_without_ms < 3200, "what was heard of the cut clause comes on top"


async def test_a_noise_that_goes_on_does_not_keep_the_bot_silent_nor_make_it_stutter() -> None:
    played = await over_the_answer(tone(5000), "")
    (paused,), (resumed,) = played.of(PlaybackPaused), played.of(PlaybackResumed)
    assert 1500 <= resumed.audio_ms - paused.audio_ms <= 1700
    assert played.of(PlaybackFinished)[-1].text == LONG


async def test_a_caller_who_goes_on_after_a_backchannel_is_heard() -> None:
    played = await over_the_answer(tone(900) + quiet(300) + tone(900), "嗯")
    played.recognizer.texts.clear()
    assert len(played.of(PlaybackPaused)) == len(played.of(PlaybackResumed)) == 2
    assert len(played.of(SpeechStarted)) == 2, "the question, and one utterance over the answer"


async def test_words_end_the_reply_as_soon_as_they_are_known() -> None:
    played = await over_the_answer(tone(900), "转人工")
    (interrupted,) = played.of(PlaybackInterrupted)
    assert interrupted.audio_ms - (SPOKEN_AT_MS + 900) <= 200, "not only at the end of the turn"
    assert [text for text, _ in played.dialogue.asked] == ["几号还款", "转人工"]


async def test_a_short_word_ends_the_reply_without_a_pause() -> None:
    played = await over_the_answer(tone(300), "停")
    assert played.of(PlaybackPaused) == [] and len(played.of(PlaybackInterrupted)) == 1
    assert played.dialogue.asked[1][0] == "停"


async def test_a_caller_who_talks_without_a_breath_is_recognised_before_he_ends() -> None:
    played = await over_the_answer(tone(4000), "我想问一下提前还款")
    (interrupted,) = played.of(PlaybackInterrupted)
    assert interrupted.audio_ms < SPOKEN_AT_MS + 2500


async def test_yes_over_the_rest_of_the_question_is_an_answer() -> None:
    question = DialogueTurn((Message("后四位是1234，" + "长" * 40 + "，对吗？"),), expects=YES_NO)
    played = await over_the_answer(tone(500), "对", (question, "好的。"))
    assert [text for text, _ in played.dialogue.asked] == ["几号还款", "对"]


async def test_a_yes_said_before_the_question_was_heard_is_no_answer_and_the_question_is_asked() -> None:
    question = DialogueTurn((Message("后四位是1234，对吗？"),), expects=YES_NO)
    line = quiet(OPENING_MS + 200) + tone(600) + quiet(1000) + tone(400) + quiet(3500)
    slow = ListedDialogue([question, "查到了。"], delay_s=0.06)
    hears, settings = ["我的尾号是1234", "对"], CallSettings(filler_after_s=0.02)
    played = await play_call(line, hears, [], dialogue=slow, settings=settings)
    assert [one.text for one in played.of(BotPrompt)] == [FILLER]
    assert [text for text, _ in played.dialogue.asked] == ["我的尾号是1234"]
    assert played.of(PlaybackFinished)[-1].text.endswith("对吗？")


async def test_a_yes_over_one_question_does_not_answer_the_next_that_waits_behind_it() -> None:
    first = DialogueTurn((Message("甲" * 40 + "，对吗？", interruptible=False),), expects=YES_NO)
    second = DialogueTurn((Message("乙" * 10 + "，对吗？"),), expects=YES_NO)
    over_the_filler = quiet(760) + tone(800)
    line = quiet(OPENING_MS + 200) + tone(600) + over_the_filler + quiet(1200) + tone(400) + quiet(5500)
    slow = ListedDialogue([first, second, "好的。"], delay_s=0.06)
    hears, settings = ["几号还款", "能分几期", "对"], CallSettings(filler_after_s=0.02)
    played = await play_call(line, hears, [], dialogue=slow, settings=settings)
    assert [text for text, _ in slow.asked] == ["几号还款", "能分几期"]
    assert played.of(PlaybackFinished)[-1].text.endswith("乙" * 10 + "，对吗？")


PRICE = Message("长" * 30 + "。", interruptible=False)
"""3.1 s; it begins 0.9 s before the caller does in ``over_the_answer``."""
PRICE_THEN_QUESTION = DialogueTurn((PRICE, Message("短" * 20 + "，可以吗？")), expects=YES_NO)


async def test_a_yes_over_the_price_before_the_question_is_no_answer_to_it() -> None:
    played = await over_the_answer(tone(500), "对", (PRICE_THEN_QUESTION, "好的。"))
    assert [text for text, _ in played.dialogue.asked] == ["几号还款"]
    assert played.of(PlaybackFinished)[-1].text.endswith("可以吗？"), "the question is asked all the same"


async def test_a_yes_into_the_question_behind_a_price_is_an_answer() -> None:
    line = quiet(OPENING_MS + 200) + tone(600) + quiet(5000) + tone(500) + quiet(900)
    played = await play_call(line, ["几号还款", "对"], [PRICE_THEN_QUESTION, "好的。"])
    assert [text for text, _ in played.dialogue.asked] == ["几号还款", "对"]
    assert "unasked" not in played.dialogue.asked[1][1]
    assert len(played.of(PlaybackInterrupted)) == 1


async def test_a_yes_over_the_sentence_before_the_question_in_one_message_is_no_answer() -> None:
    question = DialogueTurn((Message("长" * 40 + "。" + "短" * 5 + "，可以吗？"),), expects=YES_NO)
    played = await over_the_answer(tone(500), "好的", (question, "好的。"))
    assert [text for text, _ in played.dialogue.asked] == ["几号还款"]


async def test_words_over_the_price_go_to_the_dialogue_as_said_before_the_question() -> None:
    played = await over_the_answer(tone(500), "没错就这么办", (PRICE_THEN_QUESTION, "好的。"))
    assert played.dialogue.asked[1][0] == "没错就这么办" and played.dialogue.asked[1][1]["unasked"] is True


async def test_digits_may_be_said_ahead_of_the_sentence_that_asks_for_them() -> None:
    four = Expectation(ExpectationKind.DIGITS, 4)
    asks = DialogueTurn((Message("长" * 40 + "。"), Message("请说后四位。")), expects=four)
    played = await over_the_answer(tone(900), "1234", (asks, "好的。"))
    assert played.recognizer.expectations[1] == four
    assert "unasked" not in played.dialogue.asked[1][1]


async def test_a_backchannel_over_a_price_is_ignored_and_words_over_it_are_answered_after_it() -> None:
    price = DialogueTurn((Message("长" * 40 + "。", interruptible=False),))
    nodded = await over_the_answer(tone(700), "嗯", (price, "好的。"))
    assert nodded.of(PlaybackPaused) == [] and len(nodded.dialogue.asked) == 1
    asked = await over_the_answer(tone(700), "能分几期", (price, "可以分12期。"))
    assert asked.of(PlaybackPaused) == asked.of(PlaybackInterrupted) == []
    assert asked.of(PlaybackFinished)[-1].text == "长" * 40 + "。可以分12期。"


async def test_a_backchannel_that_ends_after_the_bot_is_still_no_turn() -> None:
    short = "长" * 30 + "。"  # ends 900 ms after the caller began
    played = await over_the_answer(tone(1600), "好的好的", (short,))
    assert len(played.dialogue.asked) == 1


async def test_the_number_of_characters_that_end_a_reply_is_a_setting() -> None:
    played = await over_the_answer(tone(900), "停", settings=CallSettings(barge_in_characters=2))
    assert len(played.dialogue.asked) == 1


@pytest.mark.parametrize("text", ["嗯", "哦", "好的", "对", "行", "嗯嗯，好的", "是的是的", ""])
def test_backchannels_take_the_word_only_where_yes_or_no_is_expected(text: str) -> None:
    assert not takes_the_word(heard(text), OPEN, CallSettings())
    assert takes_the_word(heard(text), YES_NO, CallSettings()) is bool(text)


@pytest.mark.parametrize(
    "text",
    ["直到了", "行行直到了", "我好得好得", "嫩嫩", "队队", "好名白了", "号的", "性八", "新好的", "你知道了"],
)
def test_backchannels_are_known_by_their_sound_where_the_recogniser_wrote_something_else(text: str) -> None:
    assert not takes_the_word(heard(text), OPEN, CallSettings())


@pytest.mark.parametrize(
    "text",
    [
        "几号",
        "我是张伟",
        "不是",
        "不行",
        "是不是",
        "好贵",
        "对吗",
        "行吗",
        "我明白你的意思但是",
        "12",
        "不知道了",
        "太好的",
    ],
)
def test_words_that_only_resemble_them_take_the_word(text: str) -> None:
    assert takes_the_word(heard(text), OPEN, CallSettings())


@pytest.mark.parametrize("text", ["喂", "停", "不对", "等一下", "嗯我想问一下", "好的那利息呢"])
def test_words_take_the_word(text: str) -> None:
    assert takes_the_word(heard(text), OPEN, CallSettings())


@pytest.mark.parametrize(
    ("text", "takes"), [("信", False), ("后点后点", False), ("转人工", True), ("听不清", True)]
)
def test_a_short_guess_of_the_recogniser_takes_the_word_only_where_it_is_an_answer_people_give(
    text: str, takes: bool
) -> None:
    assert takes_the_word(Transcript(text, confidence=0.3), OPEN, CallSettings()) is takes
    assert takes_the_word(Transcript(text, confidence=0.7), OPEN, CallSettings())


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("追对呀", 0.53),
        ("宁贷", 0.45),
        ("面白", 0.6),
        ("我好意", 0.61),
        ("无效地", 0.49),
        ("继续", 0.14),
        ("你好", 0.84),
    ],
)
def test_nods_as_the_recogniser_misheard_them_end_no_reply(text: str, confidence: float) -> None:
    """What Whisper made of 对对, 明白, 哦好的 and 嗯好 in six voices on a telephone line."""
    assert not takes_the_word(Transcript(text, confidence=confidence), OPEN, CallSettings())


@pytest.mark.parametrize(("text", "confidence"), [("几号还", 0.48), ("不许这个", 0.47), ("我要换腿", 0.61)])
def test_short_questions_and_refusals_need_less_confidence_than_words_that_may_be_a_nod(
    text: str, confidence: float
) -> None:
    assert takes_the_word(Transcript(text, confidence=confidence), OPEN, CallSettings())


async def test_the_calls_own_sentences_are_slow_for_who_asked_for_slow_speech() -> None:
    speaker = ToneSpeaker()
    slow = DialogueTurn((Message("好的，慢慢说。", slow=True),))
    sound = quiet(OPENING_MS + 300) + tone(800) + quiet(2500) + tone(800) + quiet(900)
    await play_call(sound, ["慢一点", ""], [slow], speaker=speaker)
    assert speaker.said_slowly == ["好的，", "慢慢说。", "不好意思，", "我没听清，", "请您再说一遍。"]


def heard(text: str) -> Transcript:
    return Transcript(text, confidence=0.9)


def frames(pcm: bytes) -> list[bytes]:
    size = RATE * 20 // 1000 * 2
    return [pcm[at : at + size] for at in range(0, len(pcm), size)]


QUESTION = DialogueTurn((Message("长" * 40 + "。" + "短" * 5 + "，可以吗？"),), expects=YES_NO)


async def over_a_question(*partials: str) -> Played:
    """Words that seemed to come over what precedes a question, and then were none; then a 对."""
    line = quiet(OPENING_MS + 200) + tone(600) + quiet(1200) + tone(900)
    line += quiet(9_000) + tone(500) + quiet(2_000)
    return await play_call(
        line, ["几号还款", "", "对"], [QUESTION, "好的。"], partials=["", *partials], settings=CallSettings()
    )


async def test_a_question_that_was_cut_off_by_nothing_is_still_asked_and_can_be_answered() -> None:
    played = await over_a_question("我想说")
    assert len(played.of(PlaybackInterrupted)) == 1
    assert [text for text, _ in played.dialogue.asked] == ["几号还款", "对"]
    assert "unasked" not in played.dialogue.asked[1][1]
    assert "".join(played.of(PlaybackFinished)[-2].text).endswith("可以吗？")
    assert not played.of(BotPrompt), "the question comes at once, and not behind a request to say it again"


async def test_a_key_that_enters_nothing_does_not_take_the_question_away() -> None:
    line = quiet(OPENING_MS + 200) + tone(600) + quiet(9_000) + tone(500) + quiet(2_000)
    star = (Dtmf("*", OPENING_MS + 2_400),)
    played = await play_call(line, ["几号还款", "对"], [QUESTION, "好的。"], keys=star)
    assert len(played.of(PlaybackInterrupted)) == 1
    assert [text for text, _ in played.dialogue.asked] == ["几号还款", "对"]


async def test_a_question_that_is_cut_off_again_and_again_is_not_asked_for_ever() -> None:
    noise = quiet(1_200) + tone(900)
    line = quiet(OPENING_MS + 200) + tone(600) + noise * 6 + quiet(5_000)
    words = ["", *["我想说"] * 6]
    played = await play_call(line, ["几号还款"], [QUESTION], partials=words)
    cut = [event for event in played.of(PlaybackInterrupted) if event.not_heard.endswith("可以吗？")]
    assert len(cut) == 1 + 2, "it went on twice"
