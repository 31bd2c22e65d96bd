"""Korean speech from espeak-ng, made at test time for the Korean Vosk model."""

import ctypes
from functools import lru_cache
from pathlib import Path

import espeakng_loader

from voice.sound.resampling import resample

_RETRIEVAL, _UTF8 = 1, 1


@lru_cache(maxsize=1)
def _espeak() -> tuple[ctypes.CDLL, int]:
    """Return the library and its sample rate (Hertz)."""
    library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    data = Path(espeakng_loader.get_data_path())
    rate = library.espeak_Initialize(_RETRIEVAL, 0, str(data.parent).encode(), 0)
    assert rate > 0, "espeak-ng did not start"
    assert library.espeak_SetVoiceByName(b"ko") == 0, "espeak-ng has no Korean voice"
    return library, rate


def korean(text: str, sample_rate: int) -> bytes:
    """Return s16le PCM of a spoken Korean sentence with half a second of silence around it."""
    library, rate = _espeak()
    pieces: list[bytes] = []
    callback_type = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
    )

    def collect(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: object) -> int:
        if samples and count:
            pieces.append(ctypes.string_at(samples, count * 2))
        return 0

    callback = callback_type(collect)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetParameter(1, 130, 0)
    sentence = text.encode()
    library.espeak_Synth(sentence, len(sentence) + 1, 0, 0, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    quiet = bytes(rate // 2 * 2)
    return resample(quiet + b"".join(pieces) + quiet, rate, sample_rate)
