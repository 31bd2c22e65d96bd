"""A phone line held by everything that the bot process holds it with, but for the engines: for breaking parts of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from actions.lending.database import Database, open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from actions.lending.service_desk import ServiceDesk
from actions.lending.service_requests import RequestKind, ServiceRequest
from bot.call_holding import CallHolding, CallRules
from bot.dialogue import RasaDialogue
from bot.phone_desk import PhoneDesk
from bot.recordings import RecordingStore
from bot.speech_desk import SpeechDesk
from bot.staff_helpers import StaffHelpers
from bot.transcript_tables import calls, turns
from bot.transcript_writer import TranscriptWriter
from bot.transcripts import TranscriptRecorder
from tests.telephony.clerk import Clerk
from tests.telephony.conftest import SETTINGS
from tests.telephony.uac import Phone, until
from tests.voice.call_fakes import LoudnessVad, ScriptedRecognizer, ToneSpeaker, tone
from voice.closing_time import ClosingTime
from voice.engines import Engines
from voice.events import BotPrompt, BotReply, CallEnded, CallEvent, CallFailed, TookLeave
from voice.house import House
from voice.settings import CallSettings
from voice.sip.endpoint import SipEndpoint
from voice.waiting.places import Load, LoadLimits, Places
from voice.waiting.waiting_room import WaitingSettings

MOBILE = "P-Asserted-Identity: <sip:+8613800000001@trunk>"
SAID = tone(500) + bytes(16 * 900)
"""A sentence as the fake ear hears it, and the silence after it."""


A_CHARACTER_MS = 20
"""A fast talker, so that the tests are over soon."""


@dataclass
class PhoneLine:
    """A running endpoint with its desk, stores and engines."""

    endpoint: SipEndpoint
    desk: PhoneDesk
    database: Database
    recorder: TranscriptRecorder
    recordings: Path
    clerk: Clerk
    speaker: ToneSpeaker
    staff: ServiceDesk
    events: list[CallEvent] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)

    async def call(self) -> Phone:
        """Somebody calls, and has heard the greeting."""
        phone = await self.phone()
        assert (await phone.invite()).status == 200
        await until(lambda: self.of(BotReply))
        return phone

    async def phone(self) -> Phone:
        phone = await Phone(self.endpoint.address("UDP"), extra=(MOBILE,)).open()
        self.phones.append(phone)
        return phone

    def of(self, kind: type[CallEvent]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def prompts(self) -> list[str]:
        return [event.text for event in self.of(BotPrompt)]

    @property
    def partings(self) -> list[str]:
        return [event.parting for event in self.of(TookLeave)]

    @property
    def fatal(self) -> list[str]:
        """What calls were ended by."""
        return [event.code for event in self.of(CallFailed) if event.gave_up]

    async def ended(self, timeout_s: float = 20) -> CallEnded:
        """Wait for the end of the call, and for its rows."""
        await until(lambda: self.of(CallEnded) and not self.endpoint.calls, timeout_s)
        await asyncio.to_thread(self.recorder.flush)
        return self.of(CallEnded)[0]

    def row(self) -> Any:
        """The call in the database."""
        with self.database.reading() as connection:
            return connection.execute(select(calls)).one()

    def turn_rows(self) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(select(turns).order_by(turns.c.position)).all())

    def callbacks(self) -> tuple[ServiceRequest, ...]:
        """Whom staff is to call."""
        known = {event.call_id for event in self.events}
        found = self.staff.requests(kind=RequestKind.CALLBACK)
        return tuple(request for request in found if request.conversation_id in known)

    def recording(self) -> bytes:
        """The one recording, as it lies on the disk."""
        (path,) = self.recordings.iterdir()
        return path.read_bytes()


@asynccontextmanager
async def phone_line(
    folder: Path,
    database_url: str,
    recognizer: Any = None,
    speaker: Any = None,
    store: RecordingStore | None = None,
    rasa: tuple[str, str] | None = None,
    rules: CallRules = CallRules(CallSettings(recognition_patience_s=0.5), WaitingSettings()),
    talking: int = 2,
    **settings: Any,
) -> AsyncIterator[PhoneLine]:
    """``rasa``: address and token of a real one; else a stand-in. ``settings``: of the endpoint."""
    clerk, keys, database = Clerk(), load_keys(), open_database(database_url)
    address, token = rasa or (await clerk.open(), "token")
    identity, staff = IdentityService(database, keys), ServiceDesk(database, keys)
    recorder, dialogue = (
        TranscriptRecorder(TranscriptWriter(database)),
        RasaDialogue(address, token, identity),
    )
    helpers = StaffHelpers(identity, staff, pauses_s=(0.3,) * 30)
    house, places = House(helpers, ClosingTime()), Places(talking, Load(limits=LoadLimits(60, 60, 60)))
    ears = recognizer or ScriptedRecognizer(["几号还款"] * 9)
    mouth = speaker or ToneSpeaker(ms_a_character=A_CHARACTER_MS)
    engines = Engines(ears, mouth, LoudnessVad())  # type: ignore[arg-type]
    recordings = store or RecordingStore(folder / "recordings", None)
    holding = CallHolding(engines, recordings, recorder, house, places, rules)
    speech, events = SpeechDesk(lambda: holding, 1), list[CallEvent]()
    await speech.open()

    def notice(event: CallEvent) -> None:
        events.append(event)
        recorder.on_event(event)

    desk = PhoneDesk(speech, dialogue, notice, lambda _: None, places, house.closing, most=talking + 1)
    endpoint = SipEndpoint(replace(SETTINGS, **settings), desk.take, desk.refusal)
    desk.phones.append(endpoint)
    await desk.open()
    line = PhoneLine(endpoint, desk, database, recorder, folder / "recordings", clerk, mouth, staff, events)
    try:
        yield line
    finally:
        for phone in line.phones:
            phone.close()
        await endpoint.close()
        await asyncio.to_thread(helpers.close)
        await asyncio.to_thread(recorder.close)
        await dialogue.close()
        if rasa is None:
            await clerk.close()
        database.close()
