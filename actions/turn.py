"""Turn: one message of the customer, what the clerk remembers, and what the clerk says to it."""

import re
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.questions import QUESTIONS
from actions.standard_words import in_standard_words

PHONE_MASK = "〔手机号尾号"
NEW_PHONE_MASK = "〔新手机号尾号"
ID_LAST4_MASK = "〔证件后四位〕"
ID_MASK = "〔证件号〕"
OTHER_TAIL_MASK = "〔别的尾号〕"
BROKEN_DIGITS = ("〔数字〕", "〔号码〕", "〔银行卡")

_REMEMBERED = (
    "question",
    "task",
    "answers",
    "heard",
    "misses",
    "phone_checked",
    "id_last4_checked",
    "choices",
    "question_before",
    "answered",
    "suspended",
    "waiting",
    "wanted",
    "context",
    "rude",
    "on_behalf",
    "slow",
)
_PUNCTUATION = re.compile(r"[\s，。！？、,.!?~…]+")


@dataclass(frozen=True)
class Utterance:
    """A response to be filled and said by Rasa, or (``text``) words that were said before."""

    response: str | None
    values: dict[str, Any]
    payload: dict[str, Any]
    text: str | None = None


@dataclass
class Turn:
    """Read from the tracker, filled by a task, written back as messages and slots."""

    sender: str
    text: str
    intent: str
    input: str = "text"
    """``voice`` | ``text`` | ``keypad``."""
    entities: tuple[dict[str, Any], ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    memory: dict[str, Any] = field(default_factory=dict)
    """Slots of the dialogue. Whether somebody is verified is never among them."""
    remembered: dict[str, Any] = field(default_factory=dict)
    """The slots as they were when the message came."""
    said_before: tuple[dict[str, Any], ...] = ()
    """The bot's last words: text and payload."""
    topics: tuple[str, ...] = ()
    """Intents of this conversation so far, oldest first."""
    words: tuple[str, ...] = ()
    """What the customer said in this conversation, oldest first, identity digits masked."""
    told: tuple[dict[str, Any], ...] = ()
    """Figures that were said in this conversation, oldest first."""
    questions_asked: tuple[dict[str, Any], ...] = ()
    """The questions of a message that holds several: ``text``, ``intent``, ``entities`` of each."""
    utterances: list[Utterance] = field(default_factory=list)
    foreseen: list[str] = field(default_factory=list)
    """Sentences that the voice may make ahead (actions/foresight.py)."""
    restored: str = ""
    """The message as it was most likely said (要环多少: 要还多少), sign for sign as long; empty where unknown."""
    unasked: bool = False
    """The words came before the open question was heard."""
    unsure: bool = False
    """Digits were heard in two ways, one as likely as the other; the second is with IdentityService."""
    confidence: float = 1.0
    """The recogniser's, 0..1; of what was typed it is 1."""
    asked: bool = False
    """Whether this turn's reply ends in a question."""

    @staticmethod
    def read(tracker: Tracker) -> "Turn":
        """From what Rasa sends to the action server."""
        latest = tracker.latest_message or {}
        memory = {name: tracker.get_slot(name) for name in _REMEMBERED}
        return Turn(
            sender=tracker.sender_id,
            text=latest.get("text") or "",
            restored=latest.get("restored_text") or "",
            intent=(latest.get("intent") or {}).get("name") or "nlu_fallback",
            input=(latest.get("metadata") or {}).get("input", "text"),
            confidence=float((latest.get("metadata") or {}).get("confidence", 1.0)),
            unasked=bool((latest.get("metadata") or {}).get("unasked", False)),
            unsure=bool((latest.get("metadata") or {}).get("unsure", False)),
            entities=tuple(latest.get("entities") or ()),
            ranking=tuple((one["name"], one["confidence"]) for one in latest.get("intent_ranking") or ()),
            questions_asked=tuple(latest.get("several_questions") or ()),
            memory=memory,
            remembered=dict(memory),
            said_before=_last_words(tracker.events),
            topics=tuple(
                event["parse_data"]["intent"]["name"]
                for event in tracker.events
                if event.get("event") == "user"
                and (event.get("parse_data") or {}).get("intent", {}).get("name")
            ),
            words=tuple(event.get("text") or "" for event in tracker.events if event.get("event") == "user"),
            told=tuple(
                one
                for event in tracker.events
                if event.get("event") == "bot"
                for one in ((event.get("data") or {}).get("custom") or {}).get("figures") or ()
            ),
        )

    # -- what came ----------------------------------------------------------------------------------------------

    @property
    def bare_text(self) -> str:
        """The words without spaces and punctuation, those of dialects in standard ones."""
        return _PUNCTUATION.sub("", self.plain_text)

    @property
    def bare_as_said(self) -> str:
        """The same of the words as they came: names are not guessed at."""
        return _PUNCTUATION.sub("", in_standard_words(self.text))

    @property
    def plain_text(self) -> str:
        """The message as it was most likely said, in standard words; sign for sign as long as it came."""
        misheard = len(self.restored) == len(self.text)
        return in_standard_words(self.restored if misheard else self.text)

    def value(self, entity: str) -> Any:
        """The last value of an entity in this message, or None."""
        return next((one["value"] for one in reversed(self.entities) if one["entity"] == entity), None)

    def covers(self, entity: str) -> float:
        """Share of the message that an entity takes up, 0..1."""
        spans = [one for one in self.entities if one["entity"] == entity and "start" in one]
        return sum(one["end"] - one["start"] for one in spans) / max(1, len(self.text))

    @property
    def gave_phone(self) -> bool:
        return PHONE_MASK in self.text

    @property
    def gave_new_phone(self) -> bool:
        """A number that is to take the place of the one on record."""
        return NEW_PHONE_MASK in self.text

    @property
    def gave_id_last4(self) -> bool:
        return ID_LAST4_MASK in self.text or ID_MASK in self.text

    @property
    def gave_other_tail(self) -> bool:
        """The end of a bank card or a mobile number came where another number was asked for."""
        return OTHER_TAIL_MASK in self.text

    @property
    def gave_broken_digits(self) -> bool:
        """Digits came that are no phone number and no ID ending."""
        return any(mask in self.text for mask in BROKEN_DIGITS)

    # -- what is remembered -------------------------------------------------------------------------------------

    @property
    def question(self) -> str | None:
        """Name of the open question."""
        return self.memory.get("question")

    @property
    def task(self) -> str | None:
        """Intent of the task to go on with."""
        return self.memory.get("task")

    @property
    def answers(self) -> dict[str, Any]:
        """Values that were given for the running task."""
        return dict(self.memory.get("answers") or {})

    @property
    def context(self) -> dict[str, Any]:
        """What the last answer was about: ``intent``, and what a next question may leave out."""
        return dict(self.memory.get("context") or {})

    def remember(self, **values: Any) -> None:
        """Set slots."""
        self.memory.update(values)

    def settle(self) -> None:
        """The open question is answered or dropped, and with it the running task. A suspended one stays."""
        self.remember(
            question=None,
            task=None,
            answers=None,
            answered=None,
            misses=0,
            choices=None,
            question_before=None,
            wanted=None,
        )

    def drop(self) -> None:
        """The customer does not want it after all; what waited behind it is dropped too."""
        self.settle()
        self.remember(suspended=None, waiting=None)
        self.say("utter_dropped")

    def suspend(self) -> None:
        """Keep the running task and its question for when the digression is over."""
        names = ("question", "task", "answers", "answered")
        self.remember(suspended={name: self.memory.get(name) for name in names})

    def resume(self) -> None:
        """Go back to the suspended task and its question, which is not asked by this."""
        kept = self.memory.get("suspended") or {}
        self.remember(**kept, suspended=None)

    # -- what is said -------------------------------------------------------------------------------------------

    def say(
        self,
        response: str,
        *,
        figures: tuple[dict[str, Any], ...] = (),
        expects: dict[str, Any] | None = None,
        interruptible: bool = True,
        next: str | None = None,
        quick_replies: tuple[str, ...] = (),
        **values: Any,
    ) -> None:
        """Say a response of data/*/responses.yml with its placeholders filled."""
        payload: dict[str, Any] = {"interruptible": interruptible}
        if figures:
            payload["figures"] = list(figures)
        if expects:
            payload["expects"] = expects
        if next:
            payload["next"] = next
        if quick_replies:
            payload["quick_replies"] = list(quick_replies)
        self.utterances.append(Utterance(response, values, payload))

    def say_again(self, text: str, payload: dict[str, Any]) -> None:
        """Say words of an earlier turn once more."""
        self.utterances.append(Utterance(None, {}, payload, text))

    def ask(self, name: str, response: str | None = None, **values: Any) -> None:
        """Ask a question and leave it open. ``response`` words it otherwise."""
        question = QUESTIONS[name]
        quick_replies = values.pop("quick_replies", question.quick_replies)
        self.say(
            response or question.response,
            expects=question.expects,
            quick_replies=quick_replies,
            **{**question.values, **values},
        )
        self.remember(question=name)
        self.asked = True

    def ask_again(self, name: str) -> None:
        """Ask a question once more that was asked in an earlier turn."""
        self.ask(name, QUESTIONS[name].again)

    def take_back(self) -> None:
        """Nothing of this turn is said or remembered: the conversation stands where it stood before the message."""
        self.utterances.clear()
        self.memory = dict(self.remembered)
        self.asked = False

    # -- back to Rasa -------------------------------------------------------------------------------------------

    def write(self, dispatcher: CollectingDispatcher) -> list[dict[str, Any]]:
        """Hand the messages to Rasa and return the slots as events."""
        if self.utterances and self.foreseen:
            self.utterances[-1].payload["foreseen"] = self.foreseen
        for one in self.utterances:
            if self.memory.get("slow"):
                one.payload["slow"] = True
            if one.response is None:
                dispatcher.utter_message(text=one.text, json_message=one.payload)
            else:
                dispatcher.utter_message(response=one.response, json_message=one.payload, **one.values)
        # Only what changed: Rasa checks and stores every event.
        return [
            SlotSet(name, self.memory.get(name))
            for name in _REMEMBERED
            if self.memory.get(name) != self.remembered.get(name)
        ]


def figure(name: str, value: int | str, unit: str, **inputs: Any) -> dict[str, Any]:
    """A disclosed number in the form that travels with a message (voice.dialogue.Figure)."""
    return {"name": name, "value": value, "unit": unit, "inputs": inputs}


def _last_words(events: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Text and payload of the bot's messages before the latest words of the customer."""
    said: list[dict[str, Any]] = []
    customers = 0
    for event in reversed(events):
        if event.get("event") == "user":
            customers += 1
            if customers == 2 or said:
                break
        elif event.get("event") == "bot" and customers == 1:
            said.append(
                {"text": event.get("text") or "", "payload": (event.get("data") or {}).get("custom") or {}}
            )
    return tuple(reversed(said))
