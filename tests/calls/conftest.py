"""The engines and the stores of a running stack, for simulated calls."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actions.lending.database import open_database
from actions.lending.keys import load_keys
from commands.call_parts import CallParts, parts_on
from install.paths import ROOT, var_dir
from serve.stack import TextStack
from tests.calls.remembered_voice import RememberedVoice
from tests.conversations.truth import Truth
from voice import speaker
from voice.engines import Engines, EngineSettings, load_engines
from voice.speaker import Speaker, bot_voice
from voice.speech_cache import SpeechCache

_PATIENT_S = 600.0
"""No clause is late on a busy machine: a test's result must not depend on speed, and no other voice steps in."""


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """The real ears and mouth, loaded once; what the mouth said in earlier runs is at hand."""
    settings = EngineSettings.from_environment()
    loaded = load_engines(settings)
    voice = RememberedVoice(loaded.speaker.primary, ROOT / "var" / "test-voices" / "bot")
    cache = SpeechCache(settings.cache_dir, bot_voice())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speaker, "PATIENCE_S", _PATIENT_S)
        yield replace(loaded, speaker=Speaker(voice, None, cache, _PATIENT_S))


@pytest.fixture(scope="session")
def parts(stack: TextStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallParts]:
    """Stores on the session's stack."""
    with parts_on(stack, tmp_path_factory.mktemp("calls")) as running:
        yield running


@pytest.fixture(scope="session")
def truth(stack: TextStack) -> Truth:
    """What the database says."""
    return Truth(open_database(stack.database_url), load_keys())


@pytest.fixture(scope="session")
def results() -> Path:
    """Where the calls are kept for the report page."""
    return var_dir() / "simulated-calls"
