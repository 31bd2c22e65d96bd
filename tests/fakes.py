"""Fakes that several packages' tests share: a dialogue with scripted answers and a call without engines."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from voice.dialogue import Dialogue, DialogueTurn, DialogueUnavailable, Figure, Message, NextStep
from voice.events import (
    BotReply,
    CallEnded,
    CallEvent,
    CallStarted,
    FinalTranscript,
    PartialTranscript,
    PlaybackFinished,
    PlaybackInterrupted,
    PlaybackStarted,
    SpeechStarted,
)
from voice.line.transport import Dtmf, Transport
from voice.sound.audio import AudioFrame

GREETING = "您好，我是首贷的智能客服，本次对话会被记录。"


@dataclass
class FakeDialogue:
    """Implements Dialogue; remembers what it was sent. ``hold`` lets a test keep answers back."""

    sent: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    started: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, DialogueTurn] = field(default_factory=dict)
    settled: list[str] = field(default_factory=list)
    broken: bool = False
    greets_again: bool = False
    """Rasa's channel says its greeting again while the customer has not spoken yet."""
    hold: asyncio.Event | None = None

    async def start(self, sender: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Greet once a conversation, as Rasa's channel does."""
        if self.broken:
            raise DialogueUnavailable("down")
        again = any(one == sender for one, _ in self.started)
        self.started.append((sender, metadata))
        replies = ("还款日是哪天", "我能借多少")
        return DialogueTurn(
            messages=() if again and not self.greets_again else (Message(GREETING, quick_replies=replies),)
        )

    async def settle(self, sender: str) -> None:
        """Drop the open question, as Rasa's channel does."""
        if self.broken:
            raise DialogueUnavailable("down")
        self.settled.append(sender)

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Answer from ``answers``, or echo."""
        self.sent.append((sender, text, metadata))
        if self.hold is not None:
            await self.hold.wait()
        if self.broken:
            raise DialogueUnavailable("down")
        return self.answers.get(text) or _default_answer(text)


def _default_answer(text: str) -> DialogueTurn:
    if text == "转人工":
        return DialogueTurn(
            messages=(Message("好的，已经为您登记，登记号「836201」。"),),
            intent="request_human",
            next=NextStep.TRANSFER,
        )
    if text == "谢谢再见":
        return DialogueTurn(messages=(Message("感谢您的来电，再见。"),), intent="goodbye", next=NextStep.RATE)
    if text == "再见":
        return DialogueTurn(
            messages=(Message("感谢您的来电，再见。"),), intent="goodbye", next=NextStep.HANG_UP
        )
    if "还" in text:
        return DialogueTurn(
            messages=(Message("您下一期应还3250元，还款日是12月15日。"),),
            intent="query_repayment",
            confidence=0.93,
            intent_ranking=(("query_repayment", 0.93), ("ask_overdue", 0.03)),
            actions=("action_query_repayment",),
            figures=(Figure("next_repayment_amount", 325000, "fen", {"loan": "L1"}),),
            verified=True,
            understood_text=text,
        )
    return DialogueTurn(
        messages=(Message(f"您说的是：{text}"),), intent="inform", confidence=0.5, understood_text=text
    )


@dataclass
class FakeCall:
    """Implements bot.speech_desk.HoldCall: says one reply for every 25 frames heard, echoing the sound."""

    frames: list[AudioFrame] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    words: str = "这个月要还多少"
    reply_every_frames: int = 25
    echo: bool = True

    async def __call__(
        self,
        call_id: str,
        transport: Transport,
        dialogue: Dialogue,
        sender: str,
        on_event: Callable[[CallEvent], None],
    ) -> None:
        """Hold the call until the caller hangs up or the dialogue does."""

        def tell(kind: type[CallEvent], **fields: Any) -> None:
            on_event(kind(call_id=call_id, audio_ms=20 * len(self.frames), wall_time=time.time(), **fields))

        tell(CallStarted, transport=transport.name, sample_rate=transport.sample_rate)
        turn = await dialogue.start(sender, {"channel": "browser"})
        tell(BotReply, turn=turn, dialogue_ms=5)
        ended_by = "caller"
        async for item in transport.frames():
            if isinstance(item, Dtmf):
                self.keys.append(item.key)
                await transport.clear()
                continue
            self.frames.append(item)
            if self.echo:
                await transport.play(item)
            if len(self.frames) % self.reply_every_frames == 0:
                turn = await self._converse(dialogue, sender, tell)
                if turn.next is not NextStep.CONTINUE:
                    ended_by = "bot" if turn.next is NextStep.HANG_UP else "transfer"
                    await transport.hang_up()
                    break
        tell(CallEnded, ended_by=ended_by)

    async def _converse(self, dialogue: Dialogue, sender: str, tell: Callable[..., None]) -> DialogueTurn:
        tell(SpeechStarted)
        tell(PartialTranscript, text=self.words[:3])
        tell(
            FinalTranscript,
            text=self.words,
            heard=self.words,
            confidence=0.9,
            speech_start_ms=100,
            speech_end_ms=900,
            endpointing_ms=600,
            recognition_ms=210,
            engine="fake",
        )
        turn = await dialogue.send(sender, self.words, {"input": "voice"})
        tell(BotReply, turn=turn, dialogue_ms=35)
        text = "".join(message.text for message in turn.messages)
        tell(PlaybackStarted, text=text, first_audio_ms=5)
        tell(PlaybackInterrupted, said="", not_heard=text)
        tell(PlaybackFinished, text="")
        return turn
