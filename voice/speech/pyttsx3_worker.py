"""One pyttsx3 engine in a process of its own: JSON lines in, JSON lines out, sound in the file that was named.

Apart from the bot because pyttsx3 is a singleton that hangs when threads share it, because a hung engine can be
killed with its process, and because espeak-ng is under the GPL.
"""

import ctypes
import json
import os
import sys
from typing import TextIO

import espeakng_loader

VOICE = "cmn"
RATE_WORDS_PER_MINUTE = 230
"""Chosen so that a clause takes as long as with Kokoro (4 characters a second)."""


def load_espeak_ng() -> None:
    """Put espeak-ng 1.52 in front of whatever the system has: Debian's 1.51 reads Mandarin tones as English words."""
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)


def serve(requests: TextIO, replies: TextIO) -> None:
    """Answer ``{"text": ..., "path": ...}`` with ``{"ok": true}`` or ``{"ok": false, "error": ...}`` until the end."""
    load_espeak_ng()
    import pyttsx3  # only after its library is loaded

    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", VOICE)
    engine.setProperty("rate", RATE_WORDS_PER_MINUTE)
    for line in requests:
        request = json.loads(line)
        try:
            engine.save_to_file(request["text"], request["path"])
            engine.runAndWait()
            reply: dict[str, object] = {"ok": True}
        except Exception as error:  # whatever pyttsx3 raises must reach the parent as an answer
            reply = {"ok": False, "error": type(error).__name__}
        print(json.dumps(reply), file=replies, flush=True)


if __name__ == "__main__":
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the libraries print must not look like an answer
    serve(sys.stdin, answers)
