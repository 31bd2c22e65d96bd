"""The bot's own voice, come back on the line, is found and taken out; a caller's is left as it is."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter

from voice.line.line_echo import LineEcho
from voice.settings import CallSettings
from voice.turn_taking.echo import Cleaned, EchoCanceller

RATE, FRAME = 8000, 160


def speech_like(seconds: float, seed: int) -> NDArray[np.float64]:
    """Noise with a voice's colour, at a voice's level (RMS 3000), in syllables of a quarter of a second."""
    at = np.arange(int(seconds * RATE)) / RATE
    noise = lfilter([1.0], [1.0, -1.2, 0.5], np.random.default_rng(seed).normal(size=len(at)))
    voiced = noise * (0.55 + 0.45 * np.sin(2 * np.pi * (3 + 0.3 * seed) * at))
    loud: NDArray[np.float64] = voiced * 3000 / np.sqrt(np.mean(np.square(voiced)))
    return np.clip(loud, -32000, 32000).round()


def syllables(count: int, seed: int) -> NDArray[np.float64]:
    """A quarter of a second each, of its own pitch and colour: one says nothing of how the line colours another."""
    random, made = np.random.default_rng(seed), []
    for _ in range(count):
        pitch, resonance = random.uniform(120, 220), random.uniform(300, 2800)
        pulses = np.zeros(RATE // 4)
        pulses[:: int(RATE / pitch)] = 1.0
        turn = 2 * np.pi * resonance / RATE
        voiced = lfilter([1.0], [1.0, -1.9 * np.cos(turn), 0.9], pulses)
        made.append(voiced * 3000 / np.sqrt(np.mean(np.square(voiced))))
    loud: NDArray[np.float64] = np.concatenate(made)
    return np.clip(loud, -32000, 32000).round()


def frames(samples: NDArray[np.float64]) -> list[bytes]:
    pcm = samples.astype("<i2").tobytes()
    return [pcm[at : at + 2 * FRAME] for at in range(0, len(pcm) - 2 * FRAME + 1, 2 * FRAME)]


def run(
    bot: NDArray[np.float64],
    caller: NDArray[np.float64],
    line: LineEcho | None,
    settings: CallSettings = CallSettings(),
) -> tuple[EchoCanceller, list[Cleaned]]:
    """Both sides of a line, frame by frame; returns what is left of the caller's."""
    canceller, cleaned = EchoCanceller(RATE, settings), []
    for said, came in zip(frames(bot), frames(caller), strict=True):
        cleaned.append(canceller.clean(line.mix(came) if line else came))
        canceller.played(said)
        if line:
            line.played(said)
    return canceller, cleaned


def power(cleaned: list[Cleaned]) -> float:
    samples = np.frombuffer(b"".join(one.pcm for one in cleaned), dtype="<i2").astype(np.float64)
    return float(np.mean(np.square(samples)))


BOT = speech_like(6.0, seed=1)
CALLER = speech_like(6.0, seed=2)
SILENT = np.zeros(len(BOT))


@pytest.mark.parametrize("delay_ms", [0, 60, 200, 400])
@pytest.mark.parametrize("loss_db", [12, 20, 30])
def test_an_echo_is_found_wherever_it_is_and_never_taken_for_a_caller(loss_db: float, delay_ms: int) -> None:
    canceller, cleaned = run(BOT, SILENT, LineEcho(loss_db, delay_ms))
    assert all(one.is_echo for one in cleaned[len(cleaned) // 2 :])
    assert np.mean([one.is_echo or not any(one.pcm) for one in cleaned]) > 0.98
    found = canceller.found
    assert found is not None and abs(found.delay_ms - delay_ms) <= 40
    assert found.removed_db > 6


@pytest.mark.parametrize("delay_ms", [250, 350, 450])
def test_a_late_echo_of_sentences_with_pauses_between_is_nowhere_taken_for_a_caller(delay_ms: int) -> None:
    """What was found from the first sound of a reply alone would fit that sound and nothing after it."""
    pause = np.zeros(int(0.16 * RATE))
    bot = np.concatenate([part for seed in range(4) for part in (syllables(7, seed), pause)])
    _, cleaned = run(bot, np.zeros(len(bot)), LineEcho(12, delay_ms))
    loud = [np.abs(np.frombuffer(one.pcm, dtype="<i2")).max(initial=0) > 60 for one in cleaned]
    assert not any(heard and not one.is_echo for heard, one in zip(loud, cleaned, strict=True))


def test_most_of_the_echo_is_taken_out_of_what_the_recogniser_hears() -> None:
    _, cleaned = run(BOT, SILENT, LineEcho(12, 100))
    _, untouched = run(BOT, SILENT, LineEcho(12, 100), CallSettings(echo_delay_ms=0))
    assert power(cleaned[150:]) < power(untouched[150:]) / 30


def test_a_caller_through_the_echo_is_no_echo_and_sounds_as_he_spoke() -> None:
    caller = np.where(np.arange(len(CALLER)) > 3 * RATE, CALLER, 0.0)
    _, cleaned = run(BOT, caller, LineEcho(20, 100))
    spoke = [np.any(np.frombuffer(one, dtype="<i2")) for one in frames(caller)]
    said = cleaned[160:]
    assert all(spoke[160:]) and np.mean([one.is_echo for one in said]) < 0.05
    left = np.frombuffer(b"".join(one.pcm for one in said), dtype="<i2").astype(np.float64)
    alone = caller[160 * FRAME :][: len(left)]
    assert np.mean(np.square(left - alone)) < np.mean(np.square(alone)) / 20


def test_a_line_without_an_echo_is_left_alone_bit_by_bit() -> None:
    canceller, cleaned = run(BOT, CALLER, None)
    assert canceller.found is None
    assert [one.pcm for one in cleaned] == frames(CALLER)
    assert not any(one.is_echo for one in cleaned[100:])


def test_a_silent_bot_has_no_echo() -> None:
    _, cleaned = run(SILENT, CALLER, None)
    assert [one.pcm for one in cleaned] == frames(CALLER) and not any(one.is_echo for one in cleaned)


def test_an_echo_whose_delay_changes_is_found_again() -> None:
    line = LineEcho(20, 60)
    canceller = EchoCanceller(RATE, CallSettings())
    delays = set()
    for at, said in enumerate(frames(np.concatenate([BOT, BOT]))):
        if at == 300:
            line = LineEcho(20, 140)
        canceller.clean(line.mix(bytes(2 * FRAME)))
        canceller.played(said)
        line.played(said)
        if canceller.found is not None:
            delays.add(round(canceller.found.delay_ms, -1) // 40 * 40)
    assert len(delays) == 2


def test_echoes_are_not_looked_for_where_the_setting_says_so() -> None:
    canceller, cleaned = run(BOT, SILENT, LineEcho(20, 60), CallSettings(echo_delay_ms=0))
    assert canceller.found is None and not any(one.is_echo for one in cleaned)
