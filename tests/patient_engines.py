"""PatientEngines: the real ears and mouth for tests in audio time, whose results must not depend on speed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from install.paths import ROOT
from tests.remembered_voice import RememberedVoice
from voice.engines import Engines, EngineSettings, load_engines
from voice.settings import CallSettings
from voice.speech import speaker
from voice.speech.speaker import Speaker, bot_voice
from voice.speech.speech_cache import SpeechCache

_PATIENT_S = 600.0
"""No clause is late on a busy machine, and no other voice steps in."""

PATIENT_CALL = CallSettings(recognition_patience_s=_PATIENT_S)
"""Nor are words."""


@contextmanager
def patient_engines() -> Iterator[Engines]:
    """Load them; what the mouth said in earlier runs is at hand."""
    settings = EngineSettings.from_environment()
    loaded = load_engines(settings)
    voice = RememberedVoice(loaded.speaker.primary, ROOT / "var" / "test-voices" / "bot")
    cache = SpeechCache(settings.cache_dir, bot_voice())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speaker, "PATIENCE_S", _PATIENT_S)
        yield replace(loaded, speaker=Speaker(voice, None, cache, _PATIENT_S))
