"""Native libraries that share symbols live together in one process."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "modules",
    [
        "voice.speech.speaker, voice.hearing.recognizer_vosk",
        "voice.hearing.recognizer_vosk, voice.speech.speaker",
    ],
)
def test_vosk_and_the_speaking_side_load_in_any_order(modules: str) -> None:
    """A hang here is what the timeout turns into a failure; loading takes about a second."""
    code = f"import {modules}; assert voice.speech.speaker.spoken('A3') and voice.hearing.recognizer_vosk.vosk.Model"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
