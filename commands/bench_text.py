"""How fast text messages are answered, one at a time and many at once."""

import asyncio
import time
from uuid import uuid4

from bot.dialogue import RasaDialogue
from commands.call_parts import CallParts
from commands.percentiles import p50_p95

_ID_ENDING = "1234"
"""Of the demo borrower 张伟, whose line it is."""
_PHONE = "13800000001"

_QUESTIONS = (
    "这个月要还多少",
    "借五万一年利息多少",
    "还剩几期没还",
    "能提前还款吗",
    "逾期了会怎么样",
    "你们几点上班",
    "今天扣款成功了吗",
    "最多能借多少钱",
)
"""Half of them are answered from the borrower's own data."""

_MESSAGES = 96
"""A run, shared by those who ask at once."""


async def measure_text(parts: CallParts, at_once: int) -> dict[str, float]:
    """Verified borrowers ask; return messages/s and p50, p95 milliseconds under names with ``at_once``."""
    dialogue = RasaDialogue(parts.stack.rasa_url, parts.stack.token, parts.identity)
    try:
        senders = [await _verified(dialogue) for _ in range(at_once)]
        await _ask(dialogue, senders[0], len(_QUESTIONS))  # the first messages load what is loaded lazily
        started_at = time.perf_counter()
        runs = await asyncio.gather(*(_ask(dialogue, sender, _MESSAGES // at_once) for sender in senders))
        elapsed_s = time.perf_counter() - started_at
    finally:
        await dialogue.close()
    times = [elapsed for run in runs for elapsed in run]
    p50, p95 = p50_p95(times)
    return {
        f"text_{at_once}_at_once_messages_per_s": round(len(times) / elapsed_s, 1),
        f"text_{at_once}_at_once_p50_ms": p50,
        f"text_{at_once}_at_once_p95_ms": p95,
    }


async def _verified(dialogue: RasaDialogue) -> str:
    sender = f"bench-{uuid4().hex}"
    await dialogue.start(sender, {"channel": "phone", "line_phone": _PHONE})
    turn = await dialogue.send(sender, _QUESTIONS[0], {"input": "text"})
    turn = await dialogue.send(sender, _ID_ENDING, {"input": "keypad", "expects": turn.expects.to_json()})
    if not turn.verified:
        raise RuntimeError("the demo borrower could not be verified; nothing is measured")
    return sender


async def _ask(dialogue: RasaDialogue, sender: str, count: int) -> list[float]:
    times = []
    for number in range(count):
        asked_at = time.perf_counter()
        await dialogue.send(sender, _QUESTIONS[number % len(_QUESTIONS)], {"input": "text"})
        times.append((time.perf_counter() - asked_at) * 1000)
    return times
