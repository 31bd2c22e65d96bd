"""Calls with the real ears and mouth and a dialogue that answers from a list: turn-taking without Rasa."""

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.voice.call_fakes import ListedDialogue
from voice.call import Call
from voice.dialogue import DialogueTurn, Message
from voice.engines import Engines
from voice.events import CallEvent
from voice.line.line_echo import LineEcho
from voice.settings import CallSettings
from voice.transports.simulated import SimulatedCaller, Step

OPENING = DialogueTurn(
    (
        Message("您好，我是首贷的智能语音客服，本次通话会录音。", interruptible=False),
        Message("请问您要办理什么业务？"),
    )
)
LONG_ANSWER = (
    "您可以在手机上申请，也可以到网点办理，资料齐全的话，一般三个工作日内审批，审批通过以后，当天就可以放款。"
)


@dataclass
class Held:
    """What is left of a call."""

    events: list[CallEvent]
    line: SimulatedCaller
    dialogue: ListedDialogue

    def of(self, kind: type[CallEvent]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def asked(self) -> list[str]:
        return [text for text, _ in self.dialogue.asked]


async def hold(
    engines: Engines,
    steps: list[Step],
    answers: list[DialogueTurn | str],
    echo: LineEcho | None = None,
    settings: CallSettings = CallSettings(),
    real_time: bool = False,
) -> Held:
    """Hold one call in audio time."""
    line = SimulatedCaller(steps, 8000, None, echo=echo, real_time=real_time)
    dialogue = ListedDialogue(list(answers), opening=OPENING)
    events: list[CallEvent] = []
    call = Call("call-1", line, dialogue, engines, settings, events.append, sender="call-1")
    line.thinking = lambda: call.thinking
    line.at_rest = lambda: call.at_rest
    await asyncio.wait_for(call.run(), timeout=300)
    return Held(events, line, dialogue)
