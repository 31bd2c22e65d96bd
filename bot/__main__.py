"""The bot process: ``python -m bot``. The only place where its parts are wired together."""

import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from actions.lending.database import Database, open_database
from actions.lending.errors import LendingError
from actions.lending.identity import IdentityService
from actions.lending.keys import DataKeys, load_keys
from actions.lending.policy import PolicyBook
from actions.lending.service_desk import ServiceDesk
from bot.app import Parts, create_app, page_templates
from bot.call_holding import CallHolding, CallRules
from bot.call_metrics import CallMetrics, metrics_router
from bot.chat_desk import ChatDesk
from bot.chat_socket import ChatSocket
from bot.console.console import open_console
from bot.console.live.live_board import LiveBoard
from bot.console.live.live_parts import open_live
from bot.console.live.overhearing import OverheardCalls
from bot.dialogue import RasaDialogue
from bot.guards import Gates
from bot.handoff import HandoffQueue
from bot.phone_settings import PhoneSettings
from bot.readiness import Readiness, rasa_check
from bot.recordings import RecordingStore
from bot.server import StoppingServer
from bot.sessions import Session, SessionStore
from bot.settings import BotSettings, SettingsInvalid
from bot.shop_window import ShopWindow
from bot.speech_desk import HoldCall, SpeechDesk
from bot.staff_helpers import StaffHelpers
from bot.telephone import Telephone
from bot.transcript_writer import TranscriptWriter
from bot.transcripts import TranscriptRecorder, end_abandoned, keep_recovered
from bot.voice_socket import VoiceSocket
from bot.watched_recorder import WatchedRecorder
from teaching.serving import DialogueAddress
from voice.closing_time import ClosingTime
from voice.engines import EngineSettings, load_engines
from voice.house import House
from voice.operator_settings import CallSettingInvalid
from voice.settings import CallSettings
from voice.waiting.places import Load, Places
from voice.waiting.waiting_room import WaitingSettings

STARTUP_FAILURE = 3
"""The exit status that uvicorn ends with when its start failed."""

_logger = logging.getLogger("bot")


def build(
    settings: BotSettings,
    database: Database,
    keys: DataKeys,
    telephone: PhoneSettings | None = None,
    call_settings: CallSettings = CallSettings(),
) -> FastAPI:
    """Wire the process together; without ``telephone`` calls come from browsers only."""
    phone_settings = telephone or PhoneSettings.from_environment({})
    identity = IdentityService(database, keys)
    recorder, metrics = TranscriptRecorder(TranscriptWriter(database)), CallMetrics()
    board, overheard = LiveBoard(), OverheardCalls()
    watched = WatchedRecorder(recorder, board, metrics.on_event)
    recordings = _recordings(settings, keys)
    rasa = DialogueAddress.from_environment(settings.rasa_url)
    dialogue = RasaDialogue(rasa, settings.rasa_token, identity)
    sessions = SessionStore(
        settings.limits.sessions,
        settings.limits.session_idle_s,
        _session_ender(watched, identity),
        watch=board,
    )
    gates = Gates.from_limits(settings.limits)
    chats = ChatDesk(dialogue, watched, sessions, settings.asks_rating)
    requests = ServiceDesk(database, keys)
    helpers = StaffHelpers(identity, requests)
    house = House(helpers, ClosingTime())
    places = Places(phone_settings.calls, Load(limits=phone_settings.load))
    rules = _call_rules(phone_settings, replace(call_settings, asks_rating=settings.asks_rating))

    def load() -> HoldCall:
        engines = load_engines(EngineSettings.from_environment())
        return CallHolding(engines, recordings, recorder, house, places, rules, overheard)

    speech = SpeechDesk(load, settings.limits.calls)
    phone: Telephone | None = None
    if phone_settings.on:
        end = _verification_ender(identity)
        phone = Telephone(phone_settings, speech, dialogue, watched.on_event, end, places, house.closing)
        desk = phone.desk
        metrics.watch_phone(lambda: desk.calls, lambda: places.waiting, desk.counts)

    def stop() -> None:
        helpers.close()
        recorder.close()
        database.close()

    token = phone_settings.metrics_token
    return create_app(
        Parts(
            chat=ChatSocket(settings, gates, sessions, chats),
            voice=VoiceSocket(settings, gates, sessions, dialogue, speech, watched),
            sessions=sessions,
            speech=speech,
            readiness=Readiness(rasa_check(rasa), speech, phone.desk if phone else None),
            console=open_console(
                settings,
                database,
                keys,
                recordings,
                HandoffQueue(requests),
                open_live(
                    board,
                    overheard,
                    sessions,
                    recorder,
                    dialogue,
                    requests,
                    settings.limits,
                    chats.take_back,
                ),
                page_templates(),
            ),
            shop_window=ShopWindow(PolicyBook.load(), demo=keys.demo),
            on_stop=stop,
            phone=phone.desk if phone else None,
            drain_s=phone_settings.drain_s,
            routers=(phone.routers if phone else ()) + ((metrics_router(metrics, token),) if token else ()),
        )
    )


def _recordings(settings: BotSettings, keys: DataKeys) -> RecordingStore:
    return RecordingStore(settings.var_dir / "recordings", None if keys.demo else keys.recording_key())


def _call_rules(settings: PhoneSettings, call: CallSettings) -> CallRules:
    call = replace(call, max_call_ms=settings.call_s * 1000, needs_recording=settings.needs_recording)
    return CallRules(call, WaitingSettings(offer_ms=settings.wait_s * 1000))


def _session_ender(recorder: WatchedRecorder, identity: IdentityService) -> Callable[[Session, str], None]:
    """What happens when a conversation is over: it is written down, and nobody is verified in it any more."""

    end_verification = _verification_ender(identity)

    def on_end(session: Session, ended_by: str) -> None:
        recorder.conversation_ended(session.conversation_id, ended_by)
        asyncio.get_running_loop().run_in_executor(None, end_verification, session.conversation_id)

    return on_end


def _verification_ender(identity: IdentityService) -> Callable[[str], None]:
    def end_verification(conversation_id: str) -> None:
        try:
            identity.end_verification(conversation_id)
        except LendingError as error:
            _logger.warning("verification could not be ended: code=%s", error.code)

    return end_verification


def main() -> int:
    """Serve until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # httpx writes every request at INFO; customers' words are not in it, but their number is.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = BotSettings.from_environment()
        telephone = PhoneSettings.from_environment()
        call_settings = CallSettings.from_environment()
        keys = load_keys()
        database = open_database(settings.database_url)
    except (SettingsInvalid, CallSettingInvalid, LendingError) as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 2
    if keys.demo:
        _logger.warning("演示模式：通话录音以明文保存。(demo mode: recordings are stored in clear)")
    try:
        lost = end_abandoned(database)
        for name in _recordings(settings, keys).recover():
            keep_recovered(database, name)
            _logger.warning("a recording that an earlier process left was finished: %s", name)
    except SQLAlchemyError as error:
        print(
            f"database_unusable: {type(error).__name__}; run `python -m install.database` once",
            file=sys.stderr,
        )
        return 2
    if lost:
        _logger.warning("conversations left open by an earlier process: %d", lost)
    app = build(settings, database, keys, telephone, call_settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ws="wsproto",
        ws_max_size=64 * 1024,
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )
    server = StoppingServer(config, app.state.end_streams)
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else STARTUP_FAILURE


if __name__ == "__main__":
    sys.exit(main())
