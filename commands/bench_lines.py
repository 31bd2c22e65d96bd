"""How punctual the telephone is: silent calls held at once over real SIP and RTP, and the greeting after the ACK."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from bot.call_holding import CallHolding, CallRules
from bot.dialogue import RasaDialogue
from bot.phone_desk import PhoneDesk
from bot.speech_desk import SpeechDesk
from commands.call_parts import CallParts
from commands.percentiles import p50_p95
from install.paths import ROOT
from voice.engines import Engines
from voice.events import CallEvent, LineMeasured
from voice.house import House
from voice.line.admission import PeerList
from voice.line.listening_place import Listen
from voice.settings import CallSettings
from voice.sip.access import AccessLimits
from voice.sip.endpoint import SipEndpoint
from voice.sip.settings import SipSettings
from voice.waiting.places import Load, LoadLimits, Places
from voice.waiting.waiting_room import WaitingSettings

SILENT_CALLS = 100
_HOLD_S = 20.0
_GREETED = 20


async def measure_lines(parts: CallParts, engines: Engines) -> dict[str, Any]:
    """Everything that the bot process holds calls with; the callers are another process."""
    slips: list[float] = []

    def notice(event: CallEvent) -> None:
        parts.recorder.on_event(event)
        if isinstance(event, LineMeasured):
            slips.append(event.report.slipped_ms)

    dialogue = RasaDialogue(parts.stack.rasa_url, parts.stack.token, parts.identity)
    # Nobody is sent to the queue: what many calls do to the lines is what is measured here.
    house, places = House(), Places(SILENT_CALLS, Load(limits=LoadLimits(60, 60, 60)))
    # Nobody says anything here: without this the bot would take its leave of all of them in the middle.
    rules = CallRules(CallSettings(silence_reprompt_ms=600_000), WaitingSettings())
    holding = CallHolding(engines, parts.recordings, parts.recorder, house, places, rules)
    speech = SpeechDesk(lambda: holding, 0)
    await speech.open()
    end = parts.identity.end_verification
    desk = PhoneDesk(speech, dialogue, notice, end, places, house.closing, most=SILENT_CALLS)
    endpoint = SipEndpoint(_settings(), desk.take, desk.refusal)
    desk.phones.append(endpoint)
    await desk.open()
    try:
        greeted = await _callers(endpoint, _GREETED, _GREETED * 1.0, 1.0)
        slips.clear()
        crowd = await _callers(endpoint, SILENT_CALLS, _HOLD_S, 10.0)
        for _ in range(100):
            if not endpoint.calls:
                break
            await asyncio.sleep(0.1)
    finally:
        await desk.drain(0)
        await dialogue.close()
    p50, p95 = p50_p95(greeted["first_sound_ms"])
    return {
        "greeting_after_ack_p50_ms": p50,
        "greeting_after_ack_p95_ms": p95,
        "silent_calls": crowd["held"],
        "silent_calls_largest_slip_ms": round(max(slips, default=0.0)),
        "silent_calls_largest_gap_ms": round(crowd["largest_gap_ms"]),
    }


def _settings() -> SipSettings:
    return SipSettings(
        listen=(Listen("UDP", "127.0.0.1", 0),),
        peers=PeerList(["127.0.0.1"]),
        trusts_from=True,
        limits=AccessLimits(invites_burst=50, invites_per_s=50),
    )


async def _callers(endpoint: SipEndpoint, calls: int, hold_s: float, pace: float) -> dict[str, Any]:
    host, port = endpoint.address("UDP")
    values = map(str, (host, port, calls, hold_s, pace))
    command = [sys.executable, "-m", "commands.silent_callers", *values]
    process = await asyncio.create_subprocess_exec(*command, cwd=Path(ROOT), stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    heard: dict[str, Any] = json.loads(said)
    return heard
