"""The clerk's channel: Rasa answers whole dialogue turns (text, figures, expectation) over HTTP."""

import hmac
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.best_reading import best_reading
from bot.channels.several_questions import several_questions
from bot.channels.strict_store import ConversationNotKept, refuse_failures
from understanding import fast_events, fast_validation

logger = logging.getLogger(__name__)

TOKEN_VARIABLE = "SHOUDAI_RASA_TOKEN"
SETTLED: dict[str, Any] = {
    "question": None,
    "task": None,
    "answers": None,
    "answered": None,
    "choices": None,
    "question_before": None,
    "suspended": None,
    "waiting": None,
    "wanted": None,
    "misses": 0,
}
"""Slots of a conversation without an open question or task, as ``actions.turn.Turn.settle`` leaves them."""

WARMING = ("我想借五万块分十二期", "下个月要还多少", "利率是多少")
DIVISION_SLASH = "\u2215"
_SLASHES = ("/", "／")
"""What a normalised text that begins with a slash began with (all of Unicode, see the tests)."""
LONGEST_TEXT = 500
"""Characters of one utterance; the rest is dropped, not refused, since speech has no send button."""


def plain_text(text: str) -> str:
    """The customer's words with anything that Rasa would read as a command turned into plain text.

    Rasa treats ``/intent{...}`` as a parsed message and ``EXTERNAL: `` as a trigger; a division slash and a full-width
    colon are read alike by people and mean nothing to Rasa. A full-width slash would: the pipeline's normaliser makes
    it half-width before Rasa looks for commands.
    """
    text = " ".join(text.split())[:LONGEST_TEXT]
    if text.startswith(_SLASHES):
        text = DIVISION_SLASH + text[1:]
    if text.upper().startswith("EXTERNAL:"):
        text = text[:8] + "：" + text[9:]
    return text


@dataclass
class ClerkOutput(OutputChannel):
    """Keeps what Rasa says in one turn, text and payload together."""

    said: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def name(cls) -> str:
        return "clerk"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.said.append({"text": message.get("text") or "", "custom": message.get("custom") or {}})


class ClerkChannel(InputChannel):
    """``POST /webhooks/clerk/start``, ``/message``, ``/settle`` and ``/warm`` with a token; ``GET …/health`` without.

    Rasa's own ``GET /`` answers 200 even when its model could not be loaded.
    """

    def __init__(self, token: str | None) -> None:
        self._token = token
        self._busy = 0
        """Turns at work: a process is put away when it has none left (serve/dialogue_swap.py)."""
        fast_validation.install()
        fast_events.install()

    @classmethod
    def name(cls) -> str:
        return "clerk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "ClerkChannel":
        token = (credentials or {}).get("token") or os.environ.get(TOKEN_VARIABLE)
        if not token:
            logger.warning("No %s: the clerk channel refuses every request until it is set.", TOKEN_VARIABLE)
        return cls(str(token) if token else None)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        clerk = Blueprint("clerk_webhook")

        async def start(request: Request) -> HTTPResponse:
            return await self._answer(request, self._start)

        async def message(request: Request) -> HTTPResponse:
            return await self._answer(request, self._message)

        async def settle(request: Request) -> HTTPResponse:
            return await self._answer(request, self._settle)

        async def health(request: Request) -> HTTPResponse:
            if not _is_ready(request.app.ctx.agent):
                return _refusal(503, "clerk_model_missing")
            return response.json({"status": "ok", "busy": self._busy})

        async def warm(request: Request) -> HTTPResponse:
            return self._refused(request) or await _warm(request.app.ctx.agent)

        clerk.add_route(warm, "/warm", methods=["POST"])
        clerk.add_route(health, "/health", methods=["GET"])
        clerk.add_route(start, "/start", methods=["POST"])
        clerk.add_route(message, "/message", methods=["POST"])
        clerk.add_route(settle, "/settle", methods=["POST"])
        return clerk

    async def _answer(
        self, request: Request, handle: Callable[[Agent, dict[str, Any]], Awaitable[dict[str, Any]]]
    ) -> HTTPResponse:
        """Check the token and the body, then let ``handle`` make the turn."""
        if refused := self._refused(request):
            return refused
        body = request.json
        if not isinstance(body, dict) or not body.get("sender") or not isinstance(body.get("text", ""), str):
            return _refusal(400, "clerk_body_wrong")
        agent: Agent = request.app.ctx.agent
        if not _is_ready(agent):
            return _refusal(503, "clerk_model_missing")
        refuse_failures(agent.tracker_store)  # at each turn: a loaded model brings a store of its own
        self._busy += 1
        try:
            turn = await handle(agent, body)
        except ConversationNotKept as error:
            logger.error("A conversation could not be read or kept: %s", error)
            return _refusal(503, "clerk_conversation_not_kept")
        finally:
            self._busy -= 1
        if not turn["messages"] and turn["intent"]:
            # Rasa swallows an action's failure and goes on without a word; a caller must not be left in silence.
            return _refusal(502, "clerk_action_failed")
        return response.json(turn)

    def _refused(self, request: Request) -> HTTPResponse | None:
        if not self._token:
            return _refusal(503, "clerk_token_missing")
        if not hmac.compare_digest((request.token or "").encode(), self._token.encode()):
            return _refusal(401, "clerk_token_wrong")
        return None

    async def _start(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        """Run the session start (the greeting). Once the customer has spoken, it is not said again."""
        sender, output = str(body["sender"]), ClerkOutput()
        processor = agent.processor
        async with agent.lock_store.lock(sender):
            tracker = await processor.fetch_tracker_with_initial_session(
                sender, output, body.get("metadata") or {}
            )
            await processor.save_tracker(tracker)
            if not output.said and not any(isinstance(event, UserUttered) for event in tracker.events):
                # The first answer may have been lost on its way: the same words again, nothing is stored twice.
                greeting = processor._get_action("action_session_start")
                events = await greeting.run(output, processor.nlg, tracker, processor.domain)
                output.said += [_said(event) for event in events if isinstance(event, BotUttered)]
        if output.said:
            return _turn(output.said, None, ("action_session_start",))
        return _turn(_expected(tracker), None, ())

    async def _settle(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        """Drop the open question: a person spoke with the customer, and a later yes is no answer to it."""
        sender, processor = str(body["sender"]), agent.processor
        async with agent.lock_store.lock(sender):
            tracker = await processor.get_tracker(sender)
            # Nothing is open where nobody spoke; events before the greeting would keep it from being said.
            spoke = any(isinstance(event, UserUttered) for event in tracker.events)
            for name, value in SETTLED.items() if spoke else ():
                if tracker.get_slot(name) != value:
                    tracker.update(SlotSet(name, value))
            await processor.save_tracker(tracker)
        return _turn([], None, ())

    async def _message(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        """What ``Agent.handle_message`` does, keeping the tracker at hand for the turn's facts."""
        output = ClerkOutput()
        message = UserMessage(
            text=plain_text(body.get("text", "")),
            output_channel=output,
            sender_id=str(body["sender"]),
            input_channel=self.name(),
            metadata=body.get("metadata") or {},
        )
        processor = agent.processor
        async with agent.lock_store.lock(message.sender_id):
            said = message.text
            message.text, message.parse_data = await self._understood(processor, message, _others(body))
            tracker = await processor.log_message(message, should_save_tracker=False)
            before = len(tracker.events)
            tracker = await processor.run_action_extract_slots(output, tracker)
            await processor._run_prediction_loop(output, tracker)
            await processor.save_tracker(tracker)
        new = list(tracker.events)[before:]
        ran = tuple(
            event.action_name
            for event in new
            if isinstance(event, ActionExecuted)
            and event.action_name
            and event.action_name != "action_listen"
        )
        instead = {"text": message.text} if message.text != said else {}
        return _turn(output.said, tracker.latest_message, ran) | instead

    async def _understood(
        self, processor: MessageProcessor, message: UserMessage, others: list[str]
    ) -> tuple[str, dict[str, Any]]:
        """The words that Rasa understands best and how, with ``several_questions`` where the message holds some."""

        async def parse(text: str) -> dict[str, Any]:
            # A half of the message may begin with what no whole one does.
            understood: dict[str, Any] = await processor.parse_message(UserMessage(text=plain_text(text)))
            return understood

        text, question_open = message.text or "", False
        if others:
            tracker = await processor.get_tracker(message.sender_id)
            question_open = bool(tracker.get_slot("question"))
        text, understood = await best_reading(text, others, question_open, parse)
        questions = await several_questions(text, understood, parse)
        return text, understood | ({"several_questions": questions} if questions else {})


def _others(body: dict[str, Any]) -> list[str]:
    """What may have been said as well; anything that is no text is left out."""
    others = body.get("others")
    return [plain_text(one) for one in others if isinstance(one, str)] if isinstance(others, list) else []


async def _warm(agent: Agent | None) -> HTTPResponse:
    """Understand a few sentences for nobody: what is loaded at the first one is then loaded."""
    if not _is_ready(agent):
        return _refusal(503, "clerk_model_missing")
    assert agent is not None
    for text in WARMING:
        await agent.parse_message(text)
    return response.json({"status": "ok"})


def _is_ready(agent: Agent | None) -> bool:
    """Whether a model is loaded; Rasa keeps an empty agent, or none, when that failed."""
    return agent is not None and bool(agent.is_ready())


def _refusal(status: int, code: str) -> HTTPResponse:
    return response.json({"error": {"code": code}}, status=status)


def _said(event: BotUttered) -> dict[str, Any]:
    return {"text": event.text or "", "custom": (event.data or {}).get("custom") or {}}


def _expected(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """What the bot expects since its last words, without the words."""
    said = [_said(event) for event in tracker.events if isinstance(event, BotUttered)]
    return [{"text": "", "custom": {"expects": said[-1]["custom"].get("expects")}}] if said else []


def _turn(said: list[dict[str, Any]], latest: UserUttered | None, actions: tuple[str, ...]) -> dict[str, Any]:
    """DialogueTurn as JSON; ``verified`` is added by whoever may ask the identity service."""
    payloads = [one["custom"] for one in said]
    parsed = latest.parse_data if latest is not None else {}
    intent = parsed.get("intent") or {}
    return {
        "messages": [
            {
                "text": one["text"],
                "interruptible": one["custom"].get("interruptible", True),
                "quick_replies": one["custom"].get("quick_replies") or [],
                "slow": one["custom"].get("slow", False),
            }
            for one in said
            if one["text"]
        ],
        "intent": intent.get("name"),
        "confidence": float(intent.get("confidence") or 0.0),
        "intent_ranking": [
            [ranked["name"], float(ranked["confidence"])]
            for ranked in (parsed.get("intent_ranking") or [])[:5]
        ],
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end") if key in entity}
            for entity in parsed.get("entities") or []
        ],
        "actions": list(actions),
        "expects": next((p["expects"] for p in reversed(payloads) if p.get("expects")), None),
        "foreseen": [sentence for payload in payloads for sentence in payload.get("foreseen") or []],
        "figures": [figure for payload in payloads for figure in payload.get("figures") or []],
        "next": next((p["next"] for p in reversed(payloads) if p.get("next")), "continue"),
    }
