"""`make vosk-model`: a Mandarin model for Vosk from synthetic speech, and from people's where there is any."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from commands.evaluate_asr import EvaluationInput
from commands.options import OptionInvalid, OptionParser
from install.paths import ROOT
from speech_model.build_graph import GraphInput, rebuild_graph
from speech_model.kaldi_binary import NotOurModel
from speech_model.pieces import speak_pieces
from speech_model.script import general_words, write_script
from speech_model.speaking import with_durations
from speech_model.texts import domain_sentences, sayings
from speech_model.voices import gather_styles, save_styles
from voice.sound.wav import WavError
from voice.speech.spoken_text import spoken

_SECONDS_A_LINE = 1.9
_VOCABULARY = 60_000


class TorchMissing(Exception):
    """Training needs PyTorch, which is not in the usual installation (code ``torch_missing``)."""

    code = "torch_missing"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train or adapt, write the model folder, print one JSON object as the last line; 2 where the input is bad."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        options = _parser().parse_args(arguments)
        figures = make_model(options)
    except (OptionInvalid, EvaluationInput, GraphInput, NotOurModel, WavError, TorchMissing) as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 2
    print(json.dumps(figures, ensure_ascii=False))
    return 0


def make_model(options: argparse.Namespace) -> dict[str, object]:
    """Speak what is missing of the synthetic speech, align the recordings, train, export, build the graph."""
    try:
        from speech_model.learning import learn
        from speech_model.training import Plan
    except ImportError as error:
        if error.name != "torch":
            raise
        raise TorchMissing("Training needs PyTorch: run `.venv/bin/pip install 'torch>=2.1,<3'`.") from error
    work: Path = options.work
    work.mkdir(parents=True, exist_ok=True)
    hours = speak(work, options.hours, options.seed, options.processes) if options.hours else 0.0
    plan = Plan(options.steps, options.batch, options.seed, minutes=options.minutes)
    figures = learn(work, options.out, options.speech, options.adapt, options.further, plan)
    words = rebuild_graph(options.out)
    return {"synthetic_hours": round(hours, 2), **figures, "words": words, "model": str(options.out)}


def speak(work: Path, hours: float, seed: int, processes: int) -> float:
    """Have synthetic speech of about so many hours; what an earlier run spoke is kept. Returns the hours."""
    models = Path(os.environ.get("SHOUDAI_MODELS_DIR", ROOT / "var" / "models"))
    script, styles, graph = work / "script.jsonl", work / "styles.npz", work / "kokoro-durations.onnx"
    lines = int(hours * 3600 / _SECONDS_A_LINE)
    if not styles.is_file():
        package = next(iter(sorted((ROOT / "var" / "downloads").glob("kokoro-js-*.tgz"))), None)
        save_styles(gather_styles(models / "kokoro", package), styles)
    if not graph.is_file():
        with_durations(models / "kokoro" / "kokoro-fp32.onnx", graph)
    # a longer script begins with the shorter one: a later run with more hours goes on
    texts = sayings(domain_sentences(ROOT / "data"), general_words(_VOCABULARY), spoken, lines, seed)
    write_script(script, texts)
    return speak_pieces(graph, styles, script, work / "pieces", seed, processes)


def _parser() -> argparse.ArgumentParser:
    parser = OptionParser(prog="make vosk-model", description=__doc__)
    parser.add_argument("--speech", type=Path, default=None, help="folder of recordings with transcripts.tsv")
    parser.add_argument(
        "--adapt", type=Path, default=None, help="model folder to adapt instead of a fresh start"
    )
    parser.add_argument(
        "--further", type=Path, default=None, help="checkpoint to learn on with instead of a fresh start"
    )
    parser.add_argument("--hours", type=float, default=6.0, help="synthetic speech; 0 leaves it out")
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--minutes", type=float, default=150, help="most time for training")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--processes", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "speech-model")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "speech-model" / "model")
    return parser


if __name__ == "__main__":
    sys.exit(main())
