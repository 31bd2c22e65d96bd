"""The staff desk: who holds a chat, what the bot does meanwhile, and what happens when staff go away."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from actions.lending.service_desk import ServiceDesk
from bot.chat_desk import ChatDesk
from bot.console.live.live_board import LiveBoard
from bot.console.live.sentences import AWAY, HANDED_BACK, TAKEN_OVER, sentence
from bot.console.live.staff_desk import AWAY_S, StaffDesk, TakeOverRefused
from bot.sessions import Session, SessionStore
from bot.transcript_reader import TranscriptReader
from bot.transcript_writer import TranscriptWriter
from bot.transcripts import TranscriptRecorder
from bot.watched_recorder import WatchedRecorder
from tests.bot.web import KEYS, fresh_database
from tests.fakes import FakeDialogue
from voice.hearing.expectation import OPEN, Expectation, ExpectationKind

SILENT_S = 180.0


@dataclass
class Office:
    """Chats, the bot that answers them, and the desk that answers in its place; the clock stands still."""

    folder: Path
    now: float = 1_000.0
    dialogue: FakeDialogue = field(default_factory=FakeDialogue)

    def __post_init__(self) -> None:
        self.database = fresh_database(self.folder)
        self.recorder = TranscriptRecorder(TranscriptWriter(self.database))
        self.board = LiveBoard()
        watched = WatchedRecorder(self.recorder, self.board)
        self.sessions = SessionStore(
            10,
            3_600,
            lambda session, by: watched.conversation_ended(session.conversation_id, by),
            watch=self.board,
        )
        self.chats = ChatDesk(self.dialogue, watched, self.sessions)
        self.requests = ServiceDesk(self.database, KEYS)
        self.desk = StaffDesk(
            self.sessions,
            self.board,
            self.recorder,
            self.dialogue,
            self.requests,
            SILENT_S,
            self.chats.take_back,
            clock=lambda: self.now,
        )

    async def chat(self) -> Session:
        """A customer who was greeted."""
        _, session = self.sessions.create()
        self.chats.greet(session)
        await self.quiet(session)
        return session

    async def says(self, session: Session, text: str) -> None:
        """The customer types, and whatever answers has answered."""
        self.chats.take(session, f"m{len(session.since(0)[0])}", text)
        await self.quiet(session)

    async def quiet(self, session: Session) -> None:
        """Nothing is being answered."""
        if session.worker is not None:
            await session.worker

    def shown(self, session: Session) -> list[tuple[str, str]]:
        """What the customer sees."""
        return [(entry.sender, entry.text) for entry in session.since(0)[0]]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def test_while_staff_hold_a_chat_the_bot_is_silent(office: Office) -> None:
    session = await office.chat()
    await office.desk.take_over(session.conversation_id, "li")
    await office.says(session, "这个月要还多少")
    office.desk.say(session.conversation_id, "li", "我帮您查一下。")
    assert office.dialogue.sent == []
    assert office.shown(session)[1:] == [
        ("notice", sentence(TAKEN_OVER)),
        ("customer", "这个月要还多少"),
        ("staff", "我帮您查一下。"),
    ]


async def test_after_the_chat_was_given_back_the_bot_answers_again(office: Office) -> None:
    session = await office.chat()
    await office.desk.take_over(session.conversation_id, "li")
    await office.desk.hand_back(session.conversation_id, "li")
    await office.says(session, "这个月要还多少")
    assert office.shown(session)[-3:] == [
        ("notice", sentence(HANDED_BACK)),
        ("customer", "这个月要还多少"),
        ("bot", "您下一期应还3250元，还款日是12月15日。"),
    ]


async def test_what_nobody_answered_is_answered_by_the_bot_when_it_gets_the_chat_back(office: Office) -> None:
    """Its words stand in the transcript where they were typed, and once more with their answer."""
    session = await office.chat()
    await office.desk.take_over(session.conversation_id, "li")
    await office.says(session, "您好")
    office.desk.say(session.conversation_id, "li", "您好，请说。")
    await office.says(session, "这个月要还多少")
    await office.desk.hand_back(session.conversation_id, "li")
    await office.quiet(session)
    assert [text for _, text, _ in office.dialogue.sent] == ["这个月要还多少"]
    assert office.shown(session)[-3:] == [
        ("customer", "这个月要还多少"),
        ("notice", sentence(HANDED_BACK)),
        ("bot", "您下一期应还3250元，还款日是12月15日。"),
    ]
    office.recorder.flush()
    view = TranscriptReader(office.database).conversation(session.conversation_id)
    assert view is not None
    assert [(turn.via, turn.customer_text, bool(turn.intent)) for turn in view.turns[-3:]] == [
        ("text", "这个月要还多少", False),
        ("staff", "", False),
        ("returned", "这个月要还多少", True),
    ]


async def test_a_chat_that_is_taken_over_again_before_its_words_were_answered_keeps_them(
    office: Office,
) -> None:
    session = await office.chat()
    await office.desk.take_over(session.conversation_id, "li")
    await office.says(session, "这个月要还多少")
    await office.desk.hand_back(session.conversation_id, "li")
    await office.desk.take_over(session.conversation_id, "wang")
    await office.quiet(session)
    assert office.dialogue.sent == []
    office.recorder.flush()
    view = TranscriptReader(office.database).conversation(session.conversation_id)
    assert view is not None and [turn.customer_text for turn in view.turns].count("这个月要还多少") == 1
    await office.desk.hand_back(session.conversation_id, "wang")
    await office.quiet(session)
    assert [text for _, text, _ in office.dialogue.sent] == ["这个月要还多少"]


async def test_a_yes_said_to_staff_answers_no_question_of_the_bot(office: Office) -> None:
    """Rasa drops its open question, and the channel no longer expects its answer."""
    session = await office.chat()
    session.expects = Expectation(ExpectationKind.YES_NO)
    await office.desk.take_over(session.conversation_id, "li")
    await office.desk.hand_back(session.conversation_id, "li")
    assert office.dialogue.settled == [session.conversation_id]
    assert session.expects == OPEN


async def test_an_open_question_that_could_not_be_dropped_is_tried_again_at_the_end(office: Office) -> None:
    session = await office.chat()
    office.dialogue.broken = True
    await office.desk.take_over(session.conversation_id, "li")
    office.dialogue.broken = False
    await office.desk.hand_back(session.conversation_id, "li")
    assert office.dialogue.settled == [session.conversation_id]


async def test_two_staff_cannot_hold_one_chat_even_when_they_click_at_once(office: Office) -> None:
    session = await office.chat()
    clicks = [office.desk.take_over(session.conversation_id, name) for name in ("li", "wang")]
    first, second = await asyncio.gather(*clicks, return_exceptions=True)
    assert first is None
    assert isinstance(second, TakeOverRefused) and second.code == "chat_held"
    for act in (office.desk.say, lambda *_: office.desk.typing(session.conversation_id, "wang")):
        with pytest.raises(TakeOverRefused, match="chat_not_held"):
            act(session.conversation_id, "wang", "您好")
    with pytest.raises(TakeOverRefused, match="chat_not_held"):
        await office.desk.hand_back(session.conversation_id, "wang")


async def test_an_answer_under_way_is_shown_before_staff_take_over(office: Office) -> None:
    """A figure that was told must be seen; what was typed after it is for staff."""
    session = await office.chat()
    office.dialogue.hold = asyncio.Event()
    office.chats.take(session, "m1", "这个月要还多少")
    await asyncio.sleep(0)
    taking = asyncio.create_task(office.desk.take_over(session.conversation_id, "li"))
    await asyncio.sleep(0)
    office.chats.take(session, "m2", "我能借多少")
    office.dialogue.hold.set()
    await taking
    await office.quiet(session)
    assert [text for _, text, _ in office.dialogue.sent] == ["这个月要还多少"]
    assert [sender for sender, _ in office.shown(session)[-2:]] == ["bot", "notice"]


async def test_a_chat_goes_back_to_the_bot_when_the_page_of_staff_is_gone(office: Office) -> None:
    session = await office.chat()
    await office.desk.take_over(session.conversation_id, "li")
    office.now += AWAY_S - 1
    await office.desk.release_forgotten()
    office.desk.seen(session.conversation_id, "li")
    office.now += AWAY_S - 1
    await office.desk.release_forgotten()
    assert session.hold is not None
    office.now += 2
    await office.desk.release_forgotten()
    assert session.hold is None
    assert office.shown(session)[-1] == ("notice", sentence(AWAY))
    assert office.requests.requests() == ()


async def test_a_customer_who_gets_no_answer_goes_back_to_the_bot_and_onto_the_queue(office: Office) -> None:
    session = await office.chat()
    await office.desk.take_over(session.conversation_id, "li")
    session.hold.waiting_since = office.now  # type: ignore[union-attr]
    office.now += SILENT_S + 1
    office.desk.seen(session.conversation_id, "li")
    await office.desk.release_forgotten()
    assert session.hold is None
    [request] = office.requests.requests()
    assert (request.topic, request.conversation_id) == ("staff_away", session.conversation_id)


async def test_a_database_that_is_away_ends_no_watch_and_loses_nobody_who_was_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else no chat would be given back any more, and the customer would be on no queue."""
    session = await office.chat()
    await office.desk.take_over(session.conversation_id, "li")
    await office.says(session, "在吗")
    office.now += AWAY_S + 1

    def away(*_: str) -> str:
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as broken:
        broken.setattr(office.requests, "record_handoff", away)
        await office.desk.release_forgotten()
    assert session.hold is None and office.requests.requests() == ()
    await office.desk.release_forgotten()
    await office.desk.release_forgotten()
    assert [one.conversation_id for one in office.requests.requests()] == [session.conversation_id]


async def test_neither_a_call_nor_a_chat_that_is_over_can_be_taken_over(office: Office) -> None:
    session = await office.chat()
    session.in_call = True
    with pytest.raises(TakeOverRefused, match="chat_in_call"):
        await office.desk.take_over(session.conversation_id, "li")
    session.in_call = False
    office.sessions.end(session, "caller")
    with pytest.raises(TakeOverRefused, match="chat_over"):
        await office.desk.take_over(session.conversation_id, "li")


@pytest.mark.parametrize(("text", "code"), [("", "staff_message_empty"), ("好" * 501, "staff_message_long")])
async def test_staff_cannot_send_what_a_customer_could_not(office: Office, text: str, code: str) -> None:
    session = await office.chat()
    await office.desk.take_over(session.conversation_id, "li")
    with pytest.raises(TakeOverRefused, match=code):
        office.desk.say(session.conversation_id, "li", text)


async def test_the_transcript_says_what_staff_wrote_and_who_with_numbers_masked(office: Office) -> None:
    session = await office.chat()
    await office.desk.take_over(session.conversation_id, "li")
    await office.says(session, "我的手机是13812345678")
    office.desk.say(session.conversation_id, "li", "请打13987654321找我。")
    await office.desk.hand_back(session.conversation_id, "li")

    office.recorder.flush()
    view = TranscriptReader(office.database).conversation(session.conversation_id)
    assert view is not None
    assert [(turn.via, turn.staff, turn.actions) for turn in view.turns[1:]] == [
        ("staff", "li", ["take_over"]),
        ("text", None, []),
        ("staff", "li", ["staff_message"]),
        ("staff", "li", ["hand_back"]),
    ]
    stored = "".join(turn.customer_text + "".join(turn.bot_text) for turn in view.turns)
    assert "13812345678" not in stored and "13987654321" not in stored
    assert view.conversation.outcome == "transfer"
    assert office.shown(session)[-2] == ("staff", "请打13987654321找我。")
