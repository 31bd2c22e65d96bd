"""The recipe end to end on a handful of tones, where PyTorch is installed; without it these tests say so and skip."""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: training is not tested here")

from speech_model.export import export  # noqa: E402
from speech_model.features import cepstra, log_mel  # noqa: E402
from speech_model.importing import import_model  # noqa: E402
from speech_model.kaldi_binary import NotOurModel  # noqa: E402
from speech_model.network import AcousticModel, Layer, Shape  # noqa: E402
from speech_model.training import Plan, learning_rate, load_model, train  # noqa: E402
from speech_model.utterances import Utterance  # noqa: E402
from voice.hearing.recognizer_choice import BOOTSTRAP  # noqa: E402
from voice.hearing.sound_units import NUMBER, UNITS  # noqa: E402

GOLDEN = Path(__file__).with_name("golden_mfcc.json")


def tones(seed: int) -> Utterance:
    """A second in which a low tone is ``uo3`` and a high one is ``i4``."""
    random = np.random.default_rng(seed)
    labels = np.repeat([NUMBER["SIL"], NUMBER["uo3"], NUMBER["i4"], NUMBER["SIL"]], 25).astype(np.uint8)
    hz = np.repeat([0.0, 300.0, 2500.0, 0.0], 2000)
    sound = np.sin(np.cumsum(hz) * 2 * np.pi / 8000) * (hz > 0) * random.uniform(3000, 12000)
    return Utterance("哦意", (sound + random.normal(0, 20, 8000)).astype(np.int16), labels)


def test_features_are_kaldis() -> None:
    golden = json.loads(GOLDEN.read_text("utf-8"))
    at = torch.arange(1600, dtype=torch.float64) / 16000
    sound = (0.3 * torch.sin(2 * torch.pi * (300 + 8000 * at) * at)).float()[None]
    assert cepstra(log_mel(sound))[0, 3].tolist() == pytest.approx(golden["frame_3"], abs=0.03)


def test_it_learns_exports_and_goes_on_where_it_was(tmp_path: Path) -> None:
    from voice.hearing.recognizer_vosk import load_vosk

    utterances = [tones(seed) for seed in range(60)]
    checkpoint = tmp_path / "checkpoint.pt"
    learnt = train(utterances, Plan(steps=40, batch=16), checkpoint)
    assert learnt.figures["augmented"] > 0.5
    again = train(utterances, Plan(steps=40, batch=16), checkpoint)
    assert again.figures == learnt.figures, "a finished plan was trained again"
    model, priors = load_model(checkpoint)
    folder = tmp_path / "model"
    export(model, priors.numpy(), folder)
    for path in (BOOTSTRAP / "graph").iterdir():
        (folder / "graph" / path.name).write_bytes(path.read_bytes())
    assert load_vosk(folder, None).knows("还款")


def test_whole_utterances_teach_on_and_the_mean_of_the_weights_is_the_model(tmp_path: Path) -> None:
    utterances = [tones(seed) for seed in range(60)]
    train(utterances, Plan(steps=30, batch=16), tmp_path / "first.pt")
    start, _ = load_model(tmp_path / "first.pt")
    plan = Plan(steps=10, batch=16, top_rate=3e-4, sequences=True)
    learnt = train(utterances, plan, tmp_path / "further.pt", start)
    assert learnt.figures["augmented"] > 0.5
    model, _ = load_model(tmp_path / "further.pt")
    kept = torch.load(tmp_path / "further.pt", map_location="cpu")
    for name, value in model.state_dict().items():
        assert torch.equal(value, learnt.model.cpu().state_dict()[name])
    assert not torch.equal(kept["mean"]["first.weight"], kept["model"]["first.weight"])


def test_a_plan_ends_with_its_time_and_the_rate_falls_to_nothing(tmp_path: Path) -> None:
    utterances = [tones(seed) for seed in range(60)]
    learnt = train(utterances, Plan(steps=100_000, batch=16, minutes=0.02), tmp_path / "checkpoint.pt")
    assert 0 < learnt.figures["steps"] < 1000
    assert learning_rate(0.1, 1.0) == 1.0
    assert learning_rate(0.0, 1.0) < learning_rate(0.05, 1.0)
    assert learning_rate(1.0, 1.0) == learning_rate(1.5, 1.0) == 0.0


def test_a_model_that_was_exported_comes_back_the_same(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = AcousticModel(Shape(outputs=len(UNITS)))
    features = torch.randn(2, model.shape.left + 60 + model.shape.right, 40)
    model.train()
    model(features)
    model.eval()
    export(model, np.ones(len(UNITS)) / len(UNITS), tmp_path)
    with torch.no_grad():
        difference = (import_model(tmp_path)(features) - model(features)).abs().max()
    assert float(difference) < 1e-3


def test_a_model_folder_keeps_how_far_its_layers_look(tmp_path: Path) -> None:
    layers = (Layer(6, 3), Layer(0, 0), Layer(3, 0))
    model = AcousticModel(Shape(outputs=len(UNITS), layers=layers)).eval()
    export(model, np.ones(len(UNITS)) / len(UNITS), tmp_path)
    assert import_model(tmp_path).shape.layers == layers


def test_a_model_of_another_size_is_not_adapted(tmp_path: Path) -> None:
    small = AcousticModel(Shape(outputs=len(UNITS), hidden=64, layers=(Layer(3, 3),))).eval()
    export(small, np.ones(len(UNITS)) / len(UNITS), tmp_path)
    with pytest.raises(NotOurModel):
        import_model(tmp_path)


def test_in_cross_validation_each_recording_is_measured_once_and_never_where_it_was_learnt() -> None:
    from commands.evaluate_asr import Item
    from speech_model.cross_validation import folds

    items = [Item(Path(f"{number}.wav"), "好") for number in range(7)]
    split = folds(items, 3)
    assert sorted((one for fold in split for one in fold.measured), key=str) == items
    assert all(set(fold.learnt).isdisjoint(fold.measured) for fold in split)
    assert all(len(fold.learnt) + len(fold.measured) == 7 for fold in split)
