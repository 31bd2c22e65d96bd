"""RasaDialogue: a conversation with Rasa over HTTP, with identity digits kept on this side of the wire."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from actions.lending.identity import IdentityService
from actions.lending.views import IdentityState
from bot.identity_digits import take_identity_digits
from bot.redaction import (
    ID_LAST4_SLOT,
    NEW_PHONE_SLOT,
    OTHER_ID_LAST4_SLOT,
    OTHER_PHONE_SLOT,
    PHONE_SLOT,
    redact,
)
from teaching.serving import DialogueAddress
from voice.dialogue import DialogueTurn, DialogueUnavailable, Figure, Message, NextStep
from voice.hearing.expectation import Expectation, ExpectationKind

TIMEOUT_S = 8.0
"""Seconds for one turn, from the moment it has a place to the reply."""

PLACES = 32
"""Turns in Rasa at once; Rasa has one process, more would only queue there, unseen."""

WAITING = 256
"""Turns that may wait for a place. One more is refused at once with DialogueUnavailable."""

IDENTITY_THREADS = 8
"""Questions to the identity service at once: as many as its database has connections at hand."""

_HOW_IT_WAS_HEARD = ("confidence", "unasked", "unsure")

_CHANNELS = {"phone", "browser", "chat"}


@dataclass
class _Line:
    """Holds one conversation's turns in order."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class RasaDialogue:
    """Implements voice.dialogue.Dialogue. One object serves all conversations of this process."""

    def __init__(
        self,
        rasa: str | DialogueAddress,
        token: str,
        identity: IdentityService,
        *,
        timeout_s: float = TIMEOUT_S,
        places: int = PLACES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._identity = identity
        self._address = DialogueAddress(rasa) if isinstance(rasa, str) else rasa
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout_s,
            limits=httpx.Limits(max_connections=places, max_keepalive_connections=places),
            trust_env=False,
            transport=transport,
        )
        # Threads of its own: a database that does not answer must not keep those that fetch an apology's sound.
        self._threads = ThreadPoolExecutor(IDENTITY_THREADS, thread_name_prefix="identity")
        self._places = asyncio.Semaphore(places)
        self._lines: dict[str, _Line] = {}
        self._waiting = 0

    async def close(self) -> None:
        """Close the connections to Rasa."""
        await self._client.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def start(self, sender: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Open the conversation and return the greeting.

        ``metadata``: ``channel`` (phone, browser, chat) and ``line_phone``, which the line vouches for.
        Raises DialogueUnavailable.
        """
        channel = metadata.get("channel")
        channel = channel if channel in _CHANNELS else "chat"
        async with self._turn(sender):
            await self._ask_identity(self._identity.open_session, sender, channel, metadata.get("line_phone"))
            answer = await self._post("/start", {"sender": sender, "metadata": {"channel": channel}})
            return _turn(answer, await self._state(sender), "")

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Send one utterance and return the reply. Raises DialogueUnavailable."""
        expects = Expectation.from_json(metadata.get("expects"))
        async with self._turn(sender):
            others = tuple(metadata.get("others") or ())
            redacted = await self._ask_identity(
                take_identity_digits, self._identity, sender, text, expects, others
            )
            body = {
                "sender": sender,
                "text": redacted.text,
                "others": _without_digits(others, expects) if redacted.text == text else [],
                # The line's number stays here: Rasa stores metadata.
                "metadata": {"input": metadata.get("input", "text"), "expects": expects.to_json()}
                | {name: metadata[name] for name in _HOW_IT_WAS_HEARD if name in metadata},
            }
            answer = await self._post("/message", body)
            understood = str(answer.get("text") or redacted.text)
            return _turn(answer, await self._state(sender), understood)

    async def settle(self, sender: str) -> None:
        """Drop the bot's open question and running task: somebody else spoke meanwhile. Raises DialogueUnavailable."""
        async with self._turn(sender):
            await self._post("/settle", {"sender": sender})

    async def _state(self, sender: str) -> IdentityState:
        state: IdentityState = await self._ask_identity(self._identity.state, sender)
        return state

    async def _ask_identity(self, call: Any, *arguments: Any) -> Any:
        """Run a call of the (blocking) identity service in a thread; a broken database is no answer to a caller."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)
        except Exception as error:
            raise DialogueUnavailable(f"identity service: {type(error).__name__}") from error

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            # Asked for each turn: another process may have taken over (serve/dialogue_swap.py).
            url = f"{self._address.current()}/webhooks/clerk{path}"
            answer = await self._client.post(url, json=body)
            answer.raise_for_status()
            turn = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise DialogueUnavailable(f"Rasa: {type(error).__name__}") from error
        if not isinstance(turn, dict):
            raise DialogueUnavailable("Rasa: the answer is not a turn")
        return turn

    @asynccontextmanager
    async def _turn(self, sender: str) -> AsyncIterator[None]:
        """One turn of a conversation at a time, in the order of arrival, and a bounded number overall."""
        if self._waiting >= WAITING:
            raise DialogueUnavailable("too many turns are waiting")
        line = self._lines.setdefault(sender, _Line())
        line.users += 1
        self._waiting += 1
        waiting = True
        try:
            async with line.lock, self._places:
                self._waiting -= 1
                waiting = False
                yield
        finally:
            self._waiting -= waiting
            line.users -= 1
            if not line.users:
                self._lines.pop(sender, None)


def _without_digits(others: Sequence[str], expects: Expectation) -> list[str]:
    """The other readings of open words: what holds digits of an identity is for nobody but the identity service."""
    if expects.kind is ExpectationKind.DIGITS:
        return []
    return [other for other in others if redact(other, expects, id_last4_open=True).text == other]


def _turn(answer: dict[str, Any], state: IdentityState, understood: str) -> DialogueTurn:
    """Read the channel's JSON; what only the identity service knows is put in here."""
    return DialogueTurn(
        messages=tuple(
            Message(
                text=_read_back(message["text"], state),
                interruptible=bool(message.get("interruptible", True)),
                quick_replies=tuple(message.get("quick_replies") or ()),
                slow=bool(message.get("slow", False)),
            )
            for message in answer.get("messages", [])
        ),
        intent=answer.get("intent"),
        confidence=float(answer.get("confidence") or 0.0),
        intent_ranking=tuple((name, float(score)) for name, score in answer.get("intent_ranking", [])),
        entities=tuple(answer.get("entities", [])),
        actions=tuple(answer.get("actions", [])),
        expects=Expectation.from_json(answer.get("expects")),
        figures=tuple(
            Figure(one["name"], one["value"], one["unit"], one.get("inputs") or {})
            for one in answer.get("figures", [])
        ),
        foreseen=tuple(answer.get("foreseen", [])),
        next=NextStep(answer.get("next") or "continue"),
        verified=state.verified,
        understood_text=understood,
    )


def _read_back(text: str, state: IdentityState) -> str:
    """Put the claimed digits into a read-back; without a claim the stand-in names what is meant."""
    for slot, claimed in (
        (PHONE_SLOT, state.claimed_phone or "刚才的号码"),
        (OTHER_PHONE_SLOT, state.other_phone or "刚才的号码"),
        (NEW_PHONE_SLOT, state.new_phone or "刚才的号码"),
        (ID_LAST4_SLOT, state.claimed_last4 or "刚才的数字"),
        (OTHER_ID_LAST4_SLOT, state.other_last4 or "别的数字"),
    ):
        text = text.replace(slot, claimed)
    return text
