"""Conversations for the tests of the inbox: stored as the bot stores them, then indexed."""

from collections.abc import Sequence

from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_index import InboxIndex
from bot.console.inbox_search import InboxSearch
from bot.transcripts import TranscriptRecorder
from voice.dialogue import DialogueTurn, Figure, Message, NextStep
from voice.hearing.expectation import OPEN, Expectation

Said = tuple[str, str]
"""(customer, bot)"""


def talk(
    recorder: TranscriptRecorder,
    conversation_id: str,
    said: Sequence[Said],
    intent: str = "query_repayment",
    confidence: float = 0.9,
    figures: tuple[Figure, ...] = (),
    expects: Expectation = OPEN,
    next_step: NextStep = NextStep.CONTINUE,
    dialogue_ms: int = 30,
    verified: bool = False,
    channel: str = "chat",
    ended_by: str | None = "caller",
) -> None:
    """One conversation from its greeting to its end (None: it goes on)."""
    recorder.conversation_started(conversation_id, channel)
    for customer, bot in said:
        turn = DialogueTurn(
            messages=(Message(bot),),
            intent=intent,
            confidence=confidence,
            figures=figures,
            understood_text=customer,
            expects=expects,
            next=next_step,
            verified=verified,
        )
        recorder.chat_turn(conversation_id, customer, turn, dialogue_ms)
    if ended_by:
        recorder.conversation_ended(conversation_id, ended_by)
    recorder.flush()


def found(search: InboxSearch, index: InboxIndex, **asked: str) -> list[str]:
    """Ids of the conversations that fit, newest first, after everything was indexed."""
    index.catch_up()
    page = search.page(InboxFilter.from_query(asked))
    return [hit.row.conversation_id for hit in page.hits]
