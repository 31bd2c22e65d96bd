"""Readiness: whether this process can serve customers now."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.phone_desk import PhoneDesk
from bot.speech_desk import SpeechDesk, SpeechState
from teaching.serving import DialogueAddress

CheckDialogue = Callable[[], Awaitable[bool]]


def rasa_check(rasa: str | DialogueAddress) -> CheckDialogue:
    """A check whether Rasa's server answers and has its model."""
    address = DialogueAddress(rasa) if isinstance(rasa, str) else rasa

    async def check() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
                return (await client.get(f"{address.current()}/webhooks/clerk/health")).status_code == 200
        except httpx.HTTPError:
            return False

    return check


class Readiness:
    """Text needs the dialogue; speech may be missing, and is then named, since text still serves."""

    def __init__(
        self, check_dialogue: CheckDialogue, speech: SpeechDesk, phone: PhoneDesk | None = None
    ) -> None:
        self._check_dialogue = check_dialogue
        self._speech = speech
        self._phone = phone

    async def report(self) -> tuple[int, dict[str, Any]]:
        """HTTP status and body of /readyz: 503 while Rasa is away or the engines load."""
        dialogue = await self._check_dialogue()
        ready = dialogue and self._speech.state is not SpeechState.LOADING
        degraded = ready and self._speech.state is SpeechState.UNAVAILABLE
        status = "degraded" if degraded else "ready" if ready else "starting"
        body = {"status": status, "dialogue": dialogue, "speech": self._speech.state.value}
        if self._phone is not None:
            body["phone"] = self._phone.state()
        return 200 if ready else 503, body
