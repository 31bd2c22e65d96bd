"""How long callers wait: one caller at a time, and eight at once with a turn every ten seconds."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import create_engine, select

from actions.lending.demo.people import demo_people
from actions.lending.models import loans
from commands.call_parts import CallParts, hold_call
from commands.call_times import STAGES, CallTimes, Heard, TurnTimes, heard_after
from commands.caller_voices import MAN, WOMAN, caller_says
from commands.percentiles import p50_p95
from voice.engines import Engines
from voice.hearing.expectation import ExpectationKind
from voice.transports.simulated import Press, Say, SimulatedCaller, Step

_RATE = 8000
_CALLERS = 8
_APART_MS = 10_000

OPEN_QUESTIONS = (
    "我这个月要还多少钱",
    "还剩几期没有还",
    "我的额度是多少",
    "今天扣款成功了吗",
    "逾期了会怎么样",
    "可以提前还款吗",
    "利率是多少",
    "需要准备什么资料",
    "最长可以借多久",
    "会不会上征信",
)
"""Open questions; each is asked by a man and by a woman."""

_QUOTES = (
    "我想借五万分十二期，一个月还多少",
    "对",
    "我想借十万分二十四期，一个月还多少",
    "是的",
    "借二十万分三十六期，一个月还多少",
    "对的",
)
"""Questions that the bot reads back, to be answered by yes or no, and the answers."""

_DICTATED = ("我这个月要还多少钱", "幺三八零零零零零零零一", "对", "幺二三四", "对")
"""A caller from an unknown line says his number and the end of his identity card."""

_ANSWERS = frozenset({ExpectationKind.OPEN, ExpectationKind.YES_NO})


@dataclass(frozen=True)
class _Caller:
    """A borrower with a loan, and how he sounds."""

    phone: str
    id_ending: str
    voice: str


@dataclass
class _Measured:
    """All turns of some calls."""

    turns: list[TurnTimes] = field(default_factory=list)
    heard: list[tuple[TurnTimes, Heard]] = field(default_factory=list)
    failovers: int = 0


async def measure_calls(parts: CallParts, engines: Engines) -> dict[str, Any]:
    """Real-time calls at telephone quality: one after the other, then eight at once."""
    callers, ways = _callers(parts), _Ways(engines)
    alone, dictated, crowd = _Measured(), _Measured(), _Measured()
    for voice in (MAN, WOMAN):
        caller = replace(callers[0], voice=voice)
        await _hold(alone, parts, engines, caller.phone, await _steps(caller, (*OPEN_QUESTIONS, *_QUOTES)))
    counted = ways.since("")
    await _hold(dictated, parts, engines, None, [Say(await _says(text, MAN)) for text in _DICTATED])
    ways.since("")
    await asyncio.gather(
        *(_hold_later(crowd, parts, engines, number, caller) for number, caller in enumerate(callers))
    )
    return (
        _figures("", alone)
        | _waits("dictated_digits", dictated, frozenset({ExpectationKind.DIGITS}))
        | _figures(f"calls_{len(callers)}_", crowd)
        | counted
        | ways.since(f"calls_{len(callers)}_")
    )


class _Ways:
    """How often a clause was joined, and how often it had been spoken whole ahead, since the last look."""

    def __init__(self, engines: Engines) -> None:
        self._speaker = engines.speaker
        self._joined, self._whole = self._speaker.joined, self._speaker.whole

    def since(self, name: str) -> dict[str, int]:
        """The counts under their keys."""
        joined, whole = self._speaker.joined - self._joined, self._speaker.whole - self._whole
        self._joined, self._whole = self._speaker.joined, self._speaker.whole
        return {f"{name}joined_clauses": joined, f"{name}whole_clauses": whole}


async def _hold_later(
    measured: _Measured, parts: CallParts, engines: Engines, number: int, caller: _Caller
) -> None:
    """Callers come evenly spread, and each has the questions in another order."""
    await asyncio.sleep(_APART_MS / 1000 / _CALLERS * number)
    asked = OPEN_QUESTIONS[number:] + OPEN_QUESTIONS[:number]
    await _hold(measured, parts, engines, caller.phone, await _steps(caller, asked, _APART_MS))


async def _steps(caller: _Caller, asked: Sequence[str], apart_ms: int = 0) -> list[Step]:
    """A first question, the end of the identity card by keypad, then all questions, each ``apart_ms`` behind."""
    said = [await _says(text, caller.voice) for text in asked]
    questions = (Say(pcm, not_before_ms=(2 + turn) * apart_ms) for turn, pcm in enumerate(said))
    return [Say(await _says(OPEN_QUESTIONS[0], caller.voice)), Press(caller.id_ending), *questions]


async def _hold(
    measured: _Measured, parts: CallParts, engines: Engines, phone: str | None, steps: list[Step]
) -> None:
    line = SimulatedCaller(steps, _RATE, phone, real_time=True)
    times = CallTimes()
    await hold_call(line, parts, engines, watch=times.on_event)
    said = [step.pcm for step in steps if isinstance(step, Say)]
    heard = heard_after(bytes(line.heard), _RATE, list(zip(line.spoke_at_ms, said, strict=False)))
    # The first question, before the caller is known, is not counted: its answer is the request for digits.
    turns = times.turns[1:]
    measured.turns += turns
    measured.heard += [(turn, one) for one in heard for turn in turns if turn.lies_before(one.ended_ms)]
    measured.failovers += times.failovers


def _figures(name: str, measured: _Measured) -> dict[str, Any]:
    figures: dict[str, Any] = _waits(f"{name}first_sound", measured, _ANSWERS)
    turns = [turn for turn in measured.turns if turn.expected in _ANSWERS]
    for stage in STAGES:
        values = [float(turn.stages_ms[stage]) for turn in turns if stage in turn.stages_ms]
        figures |= _percentiles(f"{name}turn_{stage}", values)
    words = [float(turn.figure_ms) for turn in turns if turn.figure_ms is not None]
    figures |= {f"{name}figures": len(words)} | _percentiles(f"{name}first_figure", words)
    figures[f"{name}largest_gap_ms"] = max((heard.largest_gap_ms for _, heard in measured.heard), default=0)
    figures[f"{name}other_voice_clauses"] = measured.failovers
    return figures


def _waits(name: str, measured: _Measured, kinds: frozenset[ExpectationKind]) -> dict[str, Any]:
    """What callers waited for the first sound, by their ears."""
    waits = [float(heard.first_sound_ms) for turn, heard in measured.heard if turn.expected in kinds]
    return {f"{name}_turns": len(waits)} | _percentiles(name, waits)


def _percentiles(name: str, values: list[float]) -> dict[str, int]:
    if not values:
        return {}
    p50, p95 = p50_p95(values)
    return {f"{name}_p50_ms": p50, f"{name}_p95_ms": p95}


async def _says(text: str, voice: str) -> bytes:
    return await asyncio.to_thread(caller_says, text, voice)


def _callers(parts: CallParts) -> list[_Caller]:
    """The first demo borrowers who are paying back a loan; men's and women's voices in turn."""
    engine = create_engine(parts.stack.database_url)
    with engine.connect() as connection:
        rows = connection.execute(select(loans.c.borrower_id).where(loans.c.settled_on.is_(None))).scalars()
        paying = set(rows)
    engine.dispose()
    people = [person for person in demo_people() if person.number in paying][:_CALLERS]
    return [
        _Caller(person.phone, person.id_card[-4:], (MAN, WOMAN)[place % 2])
        for place, person in enumerate(people)
    ]
