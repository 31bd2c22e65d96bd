"""SipCall: a scenario by telephone: our SIP endpoint on one side, a telephone of the tests' own on the other."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.call_holding import CallHolding, CallRules
from bot.dialogue import RasaDialogue
from bot.phone_desk import PhoneDesk
from bot.speech_desk import SpeechDesk
from bot.staff_helpers import StaffHelpers
from commands.simulated_calls.call_record import CallRecord
from commands.simulated_calls.impaired_wire import ImpairedWire
from commands.simulated_calls.scenario import Network, Scenario
from commands.simulated_calls.scripted_caller import ScriptedCaller
from tests.calls.ear import Ear
from tests.calls.stage import World, settings_for
from tests.patient_engines import PATIENT_CALL
from tests.telephony.conftest import SETTINGS
from tests.telephony.uac import Heard, Phone, until
from voice.closing_time import ClosingTime
from voice.events import CallEnded, CallEvent, LineMeasured
from voice.house import House
from voice.settings import CallSettings
from voice.sip.endpoint import SipEndpoint
from voice.sip.transactions import Timing
from voice.transports.sip import SipTransport
from voice.waiting.places import Load, LoadLimits, Places
from voice.waiting.waiting_room import WaitingSettings

PAUSE_MS = 1500
"""A caller in real time takes this long to be sure that the bot has finished: it may still be looking for words."""

_FRAME_S = 0.02
_BORNE = LoadLimits(recognition_s=1e6, synthesis_s=1e6, slip_s=1e6)
"""On a busy machine no caller of these tests waits in a queue."""


async def play_over_sip(scenario: Scenario, person: ScriptedCaller, world: World) -> CallRecord:
    """One call in real time, with an endpoint of its own, through the desk that takes all phone calls."""
    async with bot_on_the_phone(world, settings_for(scenario)) as bot:
        call = _TelephoneCall(person, scenario.network, seed=sum(scenario.name.encode()))
        await call.hold(bot.endpoint.address("UDP"), world.line_of(scenario))
        await until(lambda: bot.of(CallEnded), 30)
    return CallRecord(
        scenario=scenario,
        call_id=bot.events[0].call_id,
        events=tuple(bot.events),
        marks=tuple(person.marks),
        said=bytes(person.said),
        heard=bytes(person.heard),
        transferred=call.transferred,
        real_time=True,
        at_ms=lambda event: (event.wall_time - call.began_at) * 1000,
        line=next((event.report for event in bot.events if isinstance(event, LineMeasured)), None),
    )


@dataclass
class BotOnThePhone:
    """The bot's side of one call, as `python -m bot` wires it."""

    endpoint: SipEndpoint
    events: list[CallEvent] = field(default_factory=list)
    lines: list[SipTransport] = field(default_factory=list)

    def of(self, kind: type[CallEvent]) -> list[CallEvent]:
        """Events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def bot_on_the_phone(
    world: World, calls: CallSettings = PATIENT_CALL, **settings: object
) -> AsyncIterator[BotOnThePhone]:
    """An endpoint of its own with the desk behind it; ``settings`` are SipSettings by name."""
    recorder = world.parts.recorder
    dialogue = RasaDialogue(world.parts.stack.rasa_url, world.parts.stack.token, world.parts.identity)

    def keep(event: CallEvent) -> None:
        bot.events.append(event)
        recorder.on_event(event)

    helpers = StaffHelpers(world.parts.identity, world.staff)
    shared, places = House(helpers, ClosingTime()), Places(1, Load(limits=_BORNE))
    rules = CallRules(calls, WaitingSettings())
    holding = CallHolding(world.engines, world.parts.recordings, recorder, shared, places, rules)
    speech = SpeechDesk(lambda: holding, 1)
    await speech.open()
    end = world.parts.identity.end_verification
    desk = PhoneDesk(speech, dialogue, keep, end, places, shared.closing, most=1)
    usual = {"timing": Timing(), "agent": "sip:agent@127.0.0.1:5099"}

    async def take(line: SipTransport) -> None:
        bot.lines.append(line)
        await desk.take(line)

    endpoint = SipEndpoint(replace(SETTINGS, **(usual | settings)), take, desk.refusal)  # type: ignore[arg-type]
    bot = BotOnThePhone(endpoint)
    desk.phones.append(endpoint)
    await desk.open()
    try:
        yield bot
    finally:
        await desk.drain(0)
        await asyncio.to_thread(helpers.close)
        await dialogue.close()


class _TelephoneCall:
    """The caller's telephone: his frames become packets, the bot's packets his frames, 50 times a second."""

    def __init__(self, person: ScriptedCaller, network: Network | None, seed: int) -> None:
        self._person = person
        self._ear = Ear()
        quiet = network or Network()
        self._to_bot, self._to_caller = ImpairedWire(quiet, seed), ImpairedWire(quiet, seed + 1)
        self.began_at = 0.0
        self.transferred = False
        self._over = False

    async def hold(self, server: tuple[str, int], number: str | None) -> None:
        """Call, talk, and hang up when the caller is done or the bot hangs up."""
        known = (f"P-Asserted-Identity: <sip:+86{number}@trunk>",) if number else ()
        phone = await Phone(server, user=number or "anonymous", extra=known).open()
        try:
            answer = await phone.invite()
            assert answer.status == 200, answer.first
            await self._talk(phone)
            if not self._over:
                assert (await phone.hang_up()).status == 200
        finally:
            phone.close()

    async def _talk(self, phone: Phone) -> None:
        self.began_at = time.time()
        began, frames = time.monotonic(), 0
        while not self._over and not self._person.done:
            await asyncio.sleep(max(0.0, began + frames * _FRAME_S - time.monotonic()))
            now_ms = (time.monotonic() - began) * 1000
            while not phone.rtp.empty():
                self._to_caller.send(phone.rtp.get_nowait()[0], now_ms)
            for packet in self._to_caller.arrived(now_ms):
                self._ear.push(packet)
            sent = self._person.frame(self._ear.pull())
            if sent.key:
                phone.press(sent.key)
            self._to_bot.send(phone.sound_packet(sent.pcm), now_ms)
            for packet in self._to_bot.arrived(now_ms):
                phone.send_rtp(packet)
            self._signalling(phone)
            frames += 1

    def _signalling(self, phone: Phone) -> None:
        while not phone.sip.empty():
            heard = Heard.read(phone.sip.get_nowait()[0])
            if heard.method == "BYE":
                phone.reply(heard)
                self._over = True
            elif heard.method == "REFER":
                phone.reply(heard, "202 Accepted")
                notify = (
                    "Event: refer",
                    "Subscription-State: active;expires=60",
                    "Content-Type: message/sipfrag",
                )
                for status in ("100 Trying", "200 OK"):
                    phone.send(phone.request("NOTIFY", f"SIP/2.0 {status}\r\n", extra=notify))
                self.transferred = True
