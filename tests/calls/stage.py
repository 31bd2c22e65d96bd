"""Stage: plays scenarios, some at a time, with the real ears, mouth and dialogue, and keeps what came of them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from actions.lending.service_desk import ServiceDesk
from commands.call_parts import CallParts, hold_call
from commands.simulated_calls.audio_time_line import AudioTimeLine
from commands.simulated_calls.call_record import CallRecord
from commands.simulated_calls.caller_sound import CallerSound
from commands.simulated_calls.filling import filled
from commands.simulated_calls.heard_words import Words, recognised
from commands.simulated_calls.kept_call import kept_call
from commands.simulated_calls.scenario import Scenario
from commands.simulated_calls.scripted_caller import ScriptedCaller
from tests.calls.checks import problems
from tests.conversations.truth import Truth
from tests.patient_engines import PATIENT_CALL
from voice.engines import Engines
from voice.events import CallEvent
from voice.settings import CallSettings
from voice.sound.wav import write_wav

RECORDINGS = Path(__file__).parent / "recordings"


@dataclass(frozen=True)
class World:
    """What every call needs."""

    parts: CallParts
    engines: Engines
    truth: Truth
    staff: ServiceDesk
    results: Path
    """Where the calls are kept for the report page."""
    recognise_all: bool = False
    """Whether the page is to show every word that was heard, and not only those that a scenario looks at."""

    def number_of(self, person: str, what: str) -> str:
        """``phone``, ``id``, ``wrong`` or ``reason`` of a person of the demo data."""
        return self.truth.reason(person) if what == "reason" else self.truth.number_of(person)[what]

    def line_of(self, scenario: Scenario) -> str | None:
        """The number that the line shows."""
        if scenario.line == "withheld":
            return None
        return scenario.line if scenario.line.isdigit() else self.number_of(scenario.line, "phone")


Play = Callable[[Scenario, ScriptedCaller, World], Awaitable[CallRecord]]


class Stage:
    """Begins every scenario that will be asked for; a test then awaits its own."""

    def __init__(self, world: World, play: Play, pause_ms: int, at_once: int) -> None:
        self._world = world
        self._play = play
        self._pause_ms = pause_ms
        self._slots = asyncio.Semaphore(at_once)
        self._tasks: dict[str, asyncio.Task[list[str]]] = {}

    def begin(self, scenarios: list[Scenario]) -> None:
        """Play these, as slots become free."""
        for scenario in scenarios:
            self._tasks[scenario.name] = asyncio.create_task(self._perform(scenario))

    async def problems(self, scenario: Scenario) -> list[str]:
        """What was wrong with the call."""
        if scenario.name not in self._tasks:
            self.begin([scenario])
        return await self._tasks[scenario.name]

    def close(self) -> None:
        """Nobody waits for the rest."""
        for task in self._tasks.values():
            task.cancel()

    async def _perform(self, scenario: Scenario) -> list[str]:
        async with self._slots:
            world = self._world
            scenario = filled(scenario, world.number_of)
            sound = await asyncio.to_thread(CallerSound, scenario, RECORDINGS)
            person = ScriptedCaller(scenario, sound, self._pause_ms)
            record = await self._play(scenario, person, world)
            heard = await self._listened(record)
            await asyncio.to_thread(world.parts.recorder.flush)
            locked = world.parts.identity.state(record.call_id).locked_until is not None
            found = problems(record, heard, world.truth, locked)
            self._keep(record, heard, found)
            return found

    async def _listened(self, record: CallRecord) -> dict[int, list[Words]]:
        heard = {}
        for number, turn in enumerate(record.scenario.turns):
            looked_at = (turn.expected.hears, turn.expected.hears_figures, turn.expected.decision)
            if (any(looked_at) or self._world.recognise_all) and number < len(record.marks):
                start_ms, sound = record.sound_of_turn(number)
                heard[number] = await recognised(sound, start_ms, self._world.engines.recognizer)
        return heard

    def _keep(self, record: CallRecord, heard: dict[int, list[Words]], found: list[str]) -> None:
        """Leave sound and story for the report page."""
        folder = self._world.results
        folder.mkdir(parents=True, exist_ok=True)
        sides = [np.frombuffer(side, dtype="<i2") for side in (record.said, record.heard)]
        length = max(len(side) for side in sides)
        stereo = np.stack([np.pad(side, (0, length - len(side))) for side in sides], axis=1)
        write_wav(folder / f"{record.scenario.name}.wav", stereo.tobytes(), 8000, channels=2)
        story = json.dumps(kept_call(record, heard, found), ensure_ascii=False, indent=1)
        (folder / f"{record.scenario.name}.json").write_text(story, encoding="utf-8")


def settings_for(scenario: Scenario) -> CallSettings:
    """What of a call's settings a scenario chooses."""
    return replace(PATIENT_CALL, asks_rating=scenario.asks_rating)


async def play_in_audio_time(scenario: Scenario, person: ScriptedCaller, world: World) -> CallRecord:
    """One call in this process: the line stands still while the bot thinks, and fast forwards while it speaks."""
    events: list[CallEvent] = []
    line = AudioTimeLine(person, world.line_of(scenario), scenario.network, seed=sum(scenario.name.encode()))
    settings = settings_for(scenario)
    call = await hold_call(line, world.parts, world.engines, settings, events.append)
    return CallRecord(
        scenario=scenario,
        call_id=call.call_id,
        events=tuple(events),
        marks=tuple(person.marks),
        said=bytes(person.said),
        heard=bytes(person.heard),
        transferred=line.transferred_to is not None,
        real_time=False,
        at_ms=lambda event: event.audio_ms,
    )


def scenarios_asked_for(items: Iterable[pytest.Item], file: Path) -> list[Scenario]:
    """Those of the tests in ``file`` that this run of pytest will get to."""
    chosen = [item for item in items if item.path == file and isinstance(item, pytest.Function)]
    return [item.callspec.params["scenario"] for item in chosen if hasattr(item, "callspec")]
