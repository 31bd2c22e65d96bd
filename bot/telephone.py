"""Telephone: the desk, its ways in, and the pages beside them, put together from the settings."""

from collections.abc import Callable

from fastapi import APIRouter

from bot.audiosocket_routes import audiosocket_router
from bot.phone_desk import PhoneDesk
from bot.phone_settings import PhoneSettings
from bot.speech_desk import SpeechDesk
from voice.audiosocket.caller_book import CallerBook
from voice.audiosocket.server import AudioSocketServer
from voice.closing_time import ClosingTime
from voice.dialogue import Dialogue
from voice.events import CallEvent
from voice.sip.endpoint import SipEndpoint
from voice.waiting.places import Places


class Telephone:
    """Everything of the telephone in this process."""

    def __init__(
        self,
        settings: PhoneSettings,
        speech: SpeechDesk,
        dialogue: Dialogue,
        on_event: Callable[[CallEvent], None],
        end_conversation: Callable[[str], None],
        places: Places,
        closing: ClosingTime,
    ) -> None:
        most = settings.calls + settings.waiting
        self.desk = PhoneDesk(speech, dialogue, on_event, end_conversation, places, closing, most)
        self.routers: tuple[APIRouter, ...] = ()
        if settings.sip is not None:
            self.desk.phones.append(SipEndpoint(settings.sip, self.desk.take, self.desk.refusal))
        if settings.audiosocket is not None:
            token = settings.audiosocket_token
            book = CallerBook(announced_only=bool(token))
            self.desk.phones.append(
                AudioSocketServer(settings.audiosocket, book, self.desk.take, self.desk.refusal)
            )
            if token:
                self.routers += (audiosocket_router(book, token),)
