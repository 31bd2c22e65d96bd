"""The loaded engines and the stores of a running stack, for calls in audio time."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from commands.call_parts import CallParts, FinishedCall, hold_call, parts_on
from serve.stack import TextStack
from voice.engines import Engines, EngineSettings, load_engines
from voice.transports.simulated import SimulatedCaller, Step


@pytest.fixture(scope="session")
def engines() -> Engines:
    """The real ears and mouth, loaded once."""
    return load_engines(EngineSettings.from_environment())


@pytest.fixture(scope="session")
def parts(stack: TextStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallParts]:
    """Stores on the session's stack."""
    with parts_on(stack, tmp_path_factory.mktemp("calls")) as running:
        yield running


HoldCall = Callable[[list[Step], str | None], Coroutine[Any, Any, tuple[FinishedCall, SimulatedCaller]]]


@pytest.fixture
def simulate(parts: CallParts, engines: Engines) -> HoldCall:
    """Hold one call with a simulated caller on a telephone line of this number."""

    async def hold(steps: list[Step], phone: str | None) -> tuple[FinishedCall, SimulatedCaller]:
        line = SimulatedCaller(steps, 8000, phone)
        return await hold_call(line, parts, engines), line

    return hold
