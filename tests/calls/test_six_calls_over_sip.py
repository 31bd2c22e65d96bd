"""Some of the scenarios by telephone: the real SIP endpoint, real RTP, real time; `make test-calls` holds them all."""

import pytest

from commands.simulated_calls.scenario import Scenario
from tests.calls.every_call_over_sip import stage as stage
from tests.calls.stage import Stage
from tests.calls.test_calls_in_audio_time import SCENARIOS

pytestmark = [pytest.mark.audio, pytest.mark.asyncio(loop_scope="session")]

SIX = [scenario for scenario in SCENARIOS if scenario.over_sip]


@pytest.mark.parametrize("scenario", SIX, ids=[scenario.name for scenario in SIX])
async def test_the_call_goes_as_written(scenario: Scenario, stage: Stage) -> None:
    assert await stage.problems(scenario) == []
