"""SessionDialogue: the dialogue as a browser call sees it, sharing its conversation with the text chat."""

from dataclasses import replace
from typing import Any

from bot.sessions import Session
from voice.dialogue import Dialogue, DialogueTurn, Message

VOICE_OPENING = (
    Message("您好，我是首贷的智能语音客服，本次通话会录音。", interruptible=False),
    Message("请问您想办什么？"),
)
"""The sentences of data/greeting/responses.yml, whose sound is in the cache, said where the conversation began in
writing, so that the dialogue has greeted already: a call never begins without saying that this is a machine and that
it records."""


class SessionDialogue:
    """Implements Dialogue for one call within a session: one utterance at a time, typed or spoken."""

    def __init__(self, dialogue: Dialogue, session: Session) -> None:
        self._dialogue = dialogue
        self._session = session

    async def start(self, sender: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Open the call; the identity verified in the text chat stays."""
        async with self._session.turn_lock:
            greeted_in_writing = self._session.started
            turn = await self._dialogue.start(sender, metadata)
        self._session.started = True
        if greeted_in_writing or not any(message.text for message in turn.messages):
            turn = replace(turn, messages=VOICE_OPENING)
        return self._remember(turn)

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Send one utterance."""
        async with self._session.turn_lock:
            return self._remember(await self._dialogue.send(sender, text, metadata))

    def _remember(self, turn: DialogueTurn) -> DialogueTurn:
        self._session.expects = turn.expects
        return turn
