"""Every scenario of this folder, in one process and in audio time: as fast as the bot can think."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from commands.simulated_calls.audio_time_line import PAUSE_MS
from commands.simulated_calls.scenario import Scenario
from commands.simulated_calls.scenario_file import read_scenarios
from tests.calls.stage import Stage, World, play_in_audio_time, scenarios_asked_for

pytestmark = [pytest.mark.audio, pytest.mark.asyncio(loop_scope="session")]
"""One event loop for all: the engines, loaded once, belong to it."""

SCENARIOS = read_scenarios(Path(__file__).parent)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(request: pytest.FixtureRequest, world: World, results: Path) -> AsyncIterator[Stage]:
    """All scenarios that were asked for, begun at once."""
    world = replace(world, results=results / "audio-time")
    stage = Stage(world, play_in_audio_time, PAUSE_MS, at_once=2)
    asked = scenarios_asked_for(request.session.items, Path(__file__))
    stage.begin(asked)
    yield stage
    stage.close()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.name for scenario in SCENARIOS])
async def test_the_call_goes_as_written(scenario: Scenario, stage: Stage) -> None:
    assert await stage.problems(scenario) == []
