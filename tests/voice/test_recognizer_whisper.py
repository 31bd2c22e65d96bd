"""Whisper with the real model: people and synthetic callers are heard, silence and noise are not."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from commands.caller_voices import MAN, WOMAN, caller_says, kokoro_missing
from commands.evaluate_asr import frames
from voice.hearing.expectation import OPEN, YES_NO, Expectation, ExpectationKind
from voice.hearing.recognizer import NOTHING_HEARD, RecognizerFailed, RecognizerUnavailable, Transcript
from voice.hearing.recognizer_choice import TERMS, load_recognizer
from voice.hearing.recognizer_whisper import WhisperRecognizer, load_whisper
from voice.hearing.whisper_settings import WhisperSettings, is_no_answer, repeats_the_prompt
from voice.sound.audio import AudioFrame, silence
from voice.sound.wav import read_wav

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "var" / "models" / "whisper-base"
HUMAN = ROOT.parent / "shared" / "speech" / "human"
ID_ENDING = Expectation(ExpectationKind.DIGITS, 4)
PHONE = Expectation(ExpectationKind.DIGITS, 11)

needs_voices = pytest.mark.skipif(kokoro_missing() is not None, reason=str(kokoro_missing()))


@pytest.fixture(scope="module")
def recognizer() -> Iterator[WhisperRecognizer]:
    if not (MODEL / "model.bin").is_file():
        pytest.skip("the Whisper model is not here (var/models/whisper-base); make run fetches it")
    # with the language models too, as a call listens: processors differ in what Whisper alone makes of a sound
    loaded = load_recognizer("whisper", MODEL.parent, terms=ROOT / TERMS)
    assert isinstance(loaded, WhisperRecognizer)
    yield loaded
    loaded.close()


async def hear(
    recognizer: WhisperRecognizer, pcm: bytes, rate: int = 8000, expects: Expectation = OPEN
) -> Transcript:
    """As in a call: a little sound from before the first word, and the silence that ended the turn."""
    stream = recognizer.start_stream(rate, expects)
    for frame in frames(silence(300, rate) + pcm + silence(600, rate), rate):
        await stream.accept(frame)
    return await stream.finish()


async def test_a_person_is_heard(recognizer: WhisperRecognizer) -> None:
    path = HUMAN / "as3_SSB02000375.wav"
    if not path.is_file():
        pytest.skip("recordings of people are not here (../shared/speech/human)")
    pcm, rate = read_wav(path)
    transcript = await hear(recognizer, pcm, rate)
    assert "销售过程管理" in transcript.text
    assert 0.3 < transcript.confidence <= 1.0
    assert transcript.engine == "whisper"


@needs_voices
@pytest.mark.parametrize("voice", [MAN, WOMAN])
@pytest.mark.parametrize("question", ["这个月要还多少钱", "我的贷款申请到哪一步了", "需要准备哪些材料"])
async def test_a_question_about_a_loan_is_heard_over_the_telephone(
    recognizer: WhisperRecognizer, voice: str, question: str
) -> None:
    transcript = await hear(recognizer, caller_says(question, voice))
    assert transcript.text.rstrip("？") == question


@needs_voices
@pytest.mark.parametrize("said", ["好的", "没错", "不是", "不需要", "不用了"])
async def test_a_yes_or_a_no_is_heard_when_it_was_asked_for(recognizer: WhisperRecognizer, said: str) -> None:
    assert (await hear(recognizer, caller_says(said, WOMAN), expects=YES_NO)).text == said


@needs_voices
async def test_a_question_instead_of_yes_or_no_stays_a_question(recognizer: WhisperRecognizer) -> None:
    transcript = await hear(recognizer, caller_says("我的贷款申请到哪一步了", WOMAN), expects=YES_NO)
    assert "贷款申请" in transcript.text


@needs_voices
@pytest.mark.parametrize(
    ("said", "digits"), [("七八七七", "7877"), ("四七零一", "4701"), ("八九零一", "8901")]
)
async def test_the_end_of_an_id_card_comes_as_digits(
    recognizer: WhisperRecognizer, said: str, digits: str
) -> None:
    assert (await hear(recognizer, caller_says(said, MAN), expects=ID_ENDING)).text == digits


@needs_voices
async def test_a_sentence_is_not_bent_into_digits(recognizer: WhisperRecognizer) -> None:
    transcript = await hear(recognizer, caller_says("我要找人工客服", MAN), expects=ID_ENDING)
    assert "人工" in transcript.text
    assert not any(char.isdigit() for char in transcript.text)


@needs_voices
async def test_a_telephone_number_comes_as_digits(recognizer: WhisperRecognizer) -> None:
    sound = caller_says("一三零七，五四零零，九一七", MAN)
    assert (await hear(recognizer, sound, expects=PHONE)).text == "13075400917"


@needs_voices
@pytest.mark.parametrize("voice", [MAN, WOMAN])
async def test_a_part_of_a_telephone_number_is_not_filled_up_with_zeros(
    recognizer: WhisperRecognizer, voice: str
) -> None:
    """199, 0.9 s of silence, 0000: the caller has not finished, and the turn must not end for eleven digits."""
    said = caller_says("一九九", voice) + silence(900, 8000) + caller_says("零零零零", voice)
    transcript = await hear(recognizer, said, expects=PHONE)
    assert transcript.text == "1990000"


@pytest.mark.parametrize("text", ["贷款、违约金", "征信、利息、担保、人工客服", "贷款客服。"])
def test_words_of_the_prompt_alone_are_known_for_what_they_are(text: str) -> None:
    assert repeats_the_prompt(text)


@pytest.mark.parametrize("text", ["贷款要违约金吗", "利息多少", "人工客服。", ""])
def test_a_question_in_words_of_the_prompt_is_a_question(text: str) -> None:
    assert not repeats_the_prompt(text)


def noise(rate: int, seconds: float, level: float) -> bytes:
    return np.random.default_rng(3).normal(0, level, int(rate * seconds)).astype("<i2").tobytes()


def hum(rate: int, seconds: float) -> bytes:
    time = np.arange(int(rate * seconds)) / rate
    return bytes((3000 * np.sin(2 * np.pi * 50 * time)).astype("<i2").tobytes())


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("expects", [OPEN, YES_NO, ID_ENDING])
async def test_silence_and_noise_say_nothing(
    recognizer: WhisperRecognizer, rate: int, expects: Expectation
) -> None:
    for sound in (bytes(rate * 4), noise(rate, 1.5, 300), noise(rate, 3, 2000), hum(rate, 2)):
        assert await hear(recognizer, sound, rate, expects) == NOTHING_HEARD


def buzz(rate: int, seconds: float) -> bytes:
    """A tone of 300 Hz with its harmonics: to the sound head much like 对的."""
    time = np.arange(int(rate * seconds)) / rate
    wave = sum(np.sin(2 * np.pi * 300 * harmonic * time) / harmonic for harmonic in range(1, 9))
    return bytes((6000 * wave).astype("<i2").tobytes())


async def test_a_tone_is_no_yes(recognizer: WhisperRecognizer) -> None:
    assert await hear(recognizer, buzz(8000, 0.7), expects=YES_NO) == NOTHING_HEARD


@pytest.mark.parametrize(
    ("log_probability", "no_speech", "is_none"),
    [
        (-0.21, 0.66, False),  # 没问题, as two synthetic callers said it
        (-0.35, 0.61, False),
        (-2.81, 0.18, False),  # 对的
        (-0.66, 0.56, True),  # what noise comes to
        (-0.93, 0.48, True),
        (-1.82, 0.28, True),
    ],
)
def test_sure_words_are_an_answer_and_words_at_a_loss_are_none(
    log_probability: float, no_speech: float, is_none: bool
) -> None:
    assert is_no_answer(log_probability, no_speech, WhisperSettings()) is is_none


async def test_no_sound_at_all_says_nothing(recognizer: WhisperRecognizer) -> None:
    assert await recognizer.start_stream(8000, OPEN).finish() == NOTHING_HEARD


async def test_a_cancelled_utterance_is_forgotten(recognizer: WhisperRecognizer) -> None:
    stream = recognizer.start_stream(8000, OPEN)
    await stream.accept(AudioFrame(noise(8000, 0.02, 3000), 8000, 0))
    stream.cancel()
    assert await stream.finish() == NOTHING_HEARD


async def test_the_event_loop_goes_on_while_whisper_works(recognizer: WhisperRecognizer) -> None:
    """One 20 ms tick a turn of the loop: were recognition on the loop, none would pass."""
    ticks = 0
    work = asyncio.ensure_future(hear(recognizer, noise(8000, 4, 2000)))
    while not work.done():
        await asyncio.sleep(0)
        ticks += 1
    assert ticks > 50


async def test_too_many_waiting_utterances_fail_instead_of_piling_up(recognizer: WhisperRecognizer) -> None:
    loud = [hear(recognizer, noise(8000, 0.1, 2000)) for _ in range(36)]
    results = await asyncio.gather(*loud, return_exceptions=True)
    assert any(isinstance(result, RecognizerFailed) for result in results)
    assert any(isinstance(result, Transcript) for result in results)


@pytest.mark.parametrize("missing", ["model.bin", "tokenizer.json"])
def test_an_incomplete_model_is_named(tmp_path: Path, missing: str) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        if name != missing:
            (tmp_path / name).write_text("{}")
    with pytest.raises(RecognizerUnavailable, match=missing):
        load_whisper(tmp_path, None)


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(RecognizerUnavailable, match="damaged"):
        load_whisper(tmp_path, None)
