"""Adapt the sound head to short answers: ``python -m speech_model.adapt_sounds``, after speak_answers and recordings.

It learns on from what train_sounds has made: from answers whose labels are known (speak_answers) and from the tuning
recordings of commands/answer_recordings.py, aligned by force with the head as it is (Rabiner 1989, section III-B).
"""

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin
from tqdm import tqdm

from commands.evaluate_asr import on_the_line, read_items
from speech_model.heard import Heard, heard_pieces, whisper_in
from speech_model.train_sounds import frames_of, train
from voice.hearing.digit_head import Floats
from voice.hearing.sound_head import SOUND_OF, WEIGHTS, SoundHead, load_sound_head, states_of
from voice.hearing.sound_units import NUMBER, SILENCE, SyllableUnknown, units_of
from voice.hearing.utterance import SAMPLE_RATE
from voice.hearing.whisper_decoder import WhisperDecoder
from voice.sound.resampling import resample

_NEVER = -1e9
_LEAST_FIT = -60.0
"""Nats that an alignment may lose against the best sounds; what loses more was not said like that."""

_RATE = 8000


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the weights and print one JSON object as the last line."""
    options = _parser().parse_args(arguments)
    decoder, head = whisper_in(options.models), load_sound_head(options.given)
    kept = options.kept / options.answers.name
    spoken = heard_pieces(options.answers, kept, decoder, options.copies, options.seed)
    heard = [one for one in spoken if "X" not in one.text]  # a letter has no units
    for folder in options.recordings:
        heard += _recorded(folder, decoder, head)
    random.Random(options.seed).shuffle(heard)  # those held back are the last
    frames = frames_of(heard)
    steps = list(tqdm(train(frames, 0, options.epochs, options.seed, head.weights), file=sys.stderr))
    learnt, accuracy = steps[-1]
    weights = between(head.weights, learnt, options.share)
    with options.out.open("wb") as file:
        np.savez_compressed(file, **{name: one.astype(np.float16) for name, one in weights.items()})
    print(json.dumps({"utterances": len(frames.lengths), "accuracy": round(accuracy, 4)}))
    return 0


def between(given: Mapping[str, Floats], learnt: Mapping[str, Floats], share: float) -> dict[str, Floats]:
    """Return weights so far on the way from one head to another (Wortsman et al., "Robust fine-tuning", CVPR 2022).

    Half of the way keeps most of what short answers teach, and forgets less of what sentences had.
    """
    return {name: one + share * (learnt[name] - one) for name, one in given.items()}


def aligned(scores: Floats, text: str) -> tuple[NDArray[np.uint8], float]:
    """Return the unit of each frame where the text is said, and the log likelihood it loses against the best sounds."""
    states = units_on_the_way(text)
    sounds = SOUND_OF[states]
    emitted = scores[:, sounds].astype(np.float64)
    best, came = np.full(len(states), _NEVER), np.zeros(emitted.shape, dtype=np.int64)
    best[:2] = emitted[0, :2]
    skippable = np.zeros(len(states), dtype=bool)
    skippable[2:] = sounds[1:-1] == 0
    for frame in range(1, len(emitted)):
        before = np.stack(
            [
                best,
                np.concatenate([[_NEVER], best[:-1]]),
                np.where(skippable, np.concatenate([[_NEVER] * 2, best[:-2]]), _NEVER),
            ]
        )
        came[frame] = before.argmax(axis=0)
        best = before.max(axis=0) + emitted[frame]
    state = len(states) - (1 if best[-1] >= best[-2] else 2)
    lost = float(best[state]) - float(scores.max(axis=1).sum())
    units = np.zeros(len(scores), dtype=np.uint8)
    for frame in range(len(scores) - 1, -1, -1):
        units[frame] = states[state]
        state -= int(came[frame, state])
    return units, lost


def units_on_the_way(text: str) -> NDArray[np.int64]:
    """Return the units, tones too, of the states that voice/hearing/sound_head.py takes a text through."""
    silence = NUMBER[SILENCE]
    units = [silence]
    for syllable in lazy_pinyin(text.replace("X", "埃克斯"), style=Style.TONE3):
        try:
            numbers = [NUMBER[unit] for unit in units_of(syllable)]
        except SyllableUnknown:
            continue
        units += [*numbers[:-1], *[numbers[-1]] * _frames_of_a_final(), silence]
    return np.array(units)


def _frames_of_a_final() -> int:
    return len(states_of("啊")) - 2


def _recorded(folder: Path, decoder: WhisperDecoder, head: SoundHead) -> list[Heard]:
    """Encode a folder of recordings over the telephone; what does not fit its text is left out."""
    heard = []
    for item in tqdm(read_items(folder), desc=f"aligning {folder.name}", file=sys.stderr):
        pcm = resample(on_the_line(item.path, "8k"), _RATE, SAMPLE_RATE)
        states = decoder.encode(np.frombuffer(pcm, "<i2").astype(np.float32) / 32768).frames()
        units, lost = aligned(head.scores(states), item.said)
        if lost > _LEAST_FIT:
            heard.append(Heard(item.said, states.astype(np.float16), units))
    return heard


def _parser() -> argparse.ArgumentParser:
    tuning = Path("var/answers/tuning")
    parser = argparse.ArgumentParser(prog="adapt_sounds", description=__doc__)
    parser.add_argument("--given", type=Path, default=WEIGHTS, help="what train_sounds has made")
    parser.add_argument("--answers", type=Path, default=Path("var/speech-model/answers"))
    parser.add_argument(
        "--kept", type=Path, default=Path("var/speech-model/heard"), help="keeps what was heard"
    )
    parser.add_argument(
        "--recordings",
        type=Path,
        nargs="*",
        default=[tuning / kind for kind in ("yes_no", "amount", "date", "ending")],
    )
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--copies", type=int, default=2, help="telephone lines for each answer")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--share", type=float, default=0.5, help="of what was learnt, taken into the weights")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
