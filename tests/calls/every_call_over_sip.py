"""Every scenario by telephone, in real time: a quarter of an hour, so `make test-calls` asks for it by name."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from commands.simulated_calls.scenario import Scenario
from tests.calls.sip_call import PAUSE_MS, play_over_sip
from tests.calls.stage import Stage, World, scenarios_asked_for
from tests.calls.test_calls_in_audio_time import SCENARIOS

pytestmark = [pytest.mark.audio, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stage(request: pytest.FixtureRequest, world: World, results: Path) -> AsyncIterator[Stage]:
    """All scenarios that were asked for, two calls at a time."""
    whole = request.path == Path(__file__)
    world = replace(world, results=results / "sip", recognise_all=whole)
    stage = Stage(world, play_over_sip, PAUSE_MS, at_once=2 if whole else 3)
    asked = scenarios_asked_for(request.session.items, request.path)
    stage.begin(asked)
    yield stage
    stage.close()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.name for scenario in SCENARIOS])
async def test_the_call_goes_as_written(scenario: Scenario, stage: Stage) -> None:
    assert await stage.problems(scenario) == []
