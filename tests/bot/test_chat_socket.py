"""The chat socket: nothing lost, nothing doubled, nobody else let in."""

from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from bot.settings import BotSettings, Limits
from bot.transcript_tables import conversations
from tests.bot.web import Web, hello, running_web, until
from tests.fakes import GREETING


def say(socket: WebSocketTestSession, text: str, client_id: str) -> None:
    """Send a typed message."""
    socket.send_json({"type": "message", "id": client_id, "text": text})


def test_a_new_customer_is_greeted_and_answered(web: Web) -> None:
    """The first words are the dialogue's greeting, with its quick replies; then comes the answer."""
    with web.chat() as socket:
        session = hello(socket)
        assert session["resumed"] is False
        assert len(session["token"]) >= 40
        greeting = until(socket, type="entry")
        assert (greeting["text"], greeting["from"]) == (GREETING, "bot")
        assert greeting["quick_replies"] == ["还款日是哪天", "我能借多少"]
        say(socket, "这个月要还多少", "a1")
        mine = until(socket, type="entry")
        assert (mine["from"], mine["id"], mine["seq"]) == ("customer", "a1", 2)
        assert until(socket, type="entry")["text"] == "您下一期应还3250元，还款日是12月15日。"


def test_typing_is_shown_while_the_answer_is_made(web: Web) -> None:
    """The typing signal is switched on before the answer and off after it."""
    with web.chat() as socket:
        hello(socket)
        assert until(socket, type="typing")["on"] is True
        until(socket, type="entry")
        assert until(socket, type="typing")["on"] is False


def test_what_was_said_while_the_socket_was_away_is_replayed(web: Web) -> None:
    """A returning page gets exactly the entries after the last one it has seen."""
    with web.chat() as socket:
        token = hello(socket)["token"]
        until(socket, type="entry", seq=1)
        say(socket, "我能借多少", "a1")
        until(socket, type="entry", seq=3)
    with web.chat() as socket:
        assert hello(socket, token, last_seen=1) == {"type": "session", "resumed": True}
        assert [socket.receive_json()["seq"] for _ in range(2)] == [2, 3]


def test_an_answer_made_after_the_socket_broke_is_not_lost(web: Web) -> None:
    """The conversation goes on without a socket; the answer waits for the customer's return."""
    with web.chat() as socket:
        token = hello(socket)["token"]
        until(socket, type="entry", seq=1)
        say(socket, "我能借多少", "a1")
    with web.chat() as socket:
        hello(socket, token, last_seen=1)
        assert until(socket, type="entry", seq=3)["text"] == "您说的是：我能借多少"


def test_a_message_sent_twice_is_answered_once(web: Web) -> None:
    """The page resends what was not acknowledged; the same id reaches the dialogue one time."""
    with web.chat() as socket:
        token = hello(socket)["token"]
        say(socket, "我能借多少", "same")
        until(socket, type="entry", seq=3)
    with web.chat() as socket:
        hello(socket, token)
        say(socket, "我能借多少", "same")
        say(socket, "好的", "next")
        until(socket, type="entry", text="您说的是：好的")
    assert [text for _, text, _ in web.dialogue.sent] == ["我能借多少", "好的"]


def test_messages_are_answered_in_their_order(web: Web) -> None:
    """Five messages at once keep their order, though each answer takes its time."""
    with web.chat() as socket:
        hello(socket)
        for number in range(5):
            say(socket, f"第{number}句", f"id{number}")
        until(socket, type="entry", text="您说的是：第4句")
    assert [text for _, text, _ in web.dialogue.sent] == [f"第{number}句" for number in range(5)]


def test_a_stranger_with_the_conversations_id_gets_a_conversation_of_his_own(web: Web) -> None:
    """The id is no key: only the token is, and guessing near it does not help."""
    with web.chat() as socket:
        token = hello(socket)["token"]
        say(socket, "我的手机号是13800000001", "a1")
        until(socket, type="entry", seq=3)
        sender = web.dialogue.sent[0][0]
        for guess in (sender, token[:-1], token + "A", token.swapcase(), ""):
            with web.chat() as stranger:
                session = hello(stranger, guess)
                assert session["resumed"] is False
                assert session["token"] != token
                say(stranger, "你好", "b1")
                text = until(stranger, type="entry", text="您说的是：你好")["text"]
                assert "13800000001" not in text
        assert {one for one, _, _ in web.dialogue.sent[1:]}.isdisjoint({sender})


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:9999", "null", "http://127.0.0.1.evil:8000"]
)
def test_a_page_of_another_origin_is_refused(web: Web, origin: str) -> None:
    """WebSockets know no same-origin policy: the Origin header is checked before the handshake is accepted."""
    with pytest.raises(WebSocketDisconnect), web.chat({"origin": origin}):
        pass


def test_a_client_that_names_no_origin_is_refused(web: Web) -> None:
    """Browsers always name it."""
    with pytest.raises(WebSocketDisconnect), web.chat({}):
        pass


def test_a_configured_origin_may_embed_the_widget(tmp_path: Path) -> None:
    """SHOUDAI_ORIGINS names the lender's own pages."""
    settings = BotSettings(origins=frozenset({"https://www.example.com"}))
    with (
        running_web(tmp_path, settings=settings) as web,
        web.chat({"origin": "https://www.example.com"}) as socket,
    ):
        assert hello(socket)["type"] == "session"


def test_a_command_of_rasa_reaches_the_dialogue_as_the_customers_text(web: Web) -> None:
    """The socket gives text no meaning of its own; the channel makes it plain (see the end-to-end test)."""
    with web.chat() as socket:
        hello(socket)
        say(socket, "/restart", "a1")
        until(socket, type="entry", text="您说的是：/restart")
    assert web.dialogue.sent[0][1] == "/restart"


def test_a_message_that_is_too_long_is_refused_by_name(web: Web) -> None:
    """The error carries the message's id, so that the page can mark it."""
    with web.chat() as socket:
        hello(socket)
        say(socket, "长" * 501, "a1")
        error = until(socket, type="error")
        assert (error["code"], error["id"]) == ("message_too_long", "a1")
    assert web.dialogue.sent == []


def test_a_customer_who_floods_is_asked_to_wait_and_nothing_is_lost(tmp_path: Path) -> None:
    """Beyond the burst comes an error with the time to wait; resent later, the message is taken."""
    limits = Limits(messages_burst=2, messages_per_s=20.0)
    with running_web(tmp_path, limits) as web, web.chat() as socket:
        hello(socket)
        for number in range(3):
            say(socket, f"第{number}句", f"id{number}")
        error = until(socket, type="error")
        assert (error["code"], error["id"]) == ("rate_limited", "id2")
        assert 0 < error["retry_after_ms"] <= 50
        taken = False
        while not taken:
            say(socket, "第2句", "id2")
            message = socket.receive_json()
            while message["type"] not in ("entry", "error") or message.get("from") == "bot":
                message = socket.receive_json()
            taken = message.get("id") == "id2" and message["type"] == "entry"
        until(socket, type="entry", text="您说的是：第2句")
    assert [text for _, text, _ in web.dialogue.sent] == ["第0句", "第1句", "第2句"]


def test_one_address_cannot_open_conversations_without_end(tmp_path: Path) -> None:
    """New conversations of one address are limited; the sentence says to wait."""
    limits = Limits(address_sessions_burst=2, address_sessions_per_s=0.001)
    with running_web(tmp_path, limits) as web:
        answers = []
        for _ in range(3):
            with web.chat() as socket:
                answers.append(hello(socket))
        assert [answer["type"] for answer in answers] == ["session", "session", "error"]
        assert answers[2]["code"] == "rate_limited"


@pytest.mark.parametrize(
    "first", ['{"type":"message","id":"a","text":"b"}', "no json", "[]", '{"type":"hello","token":5}']
)
def test_a_socket_that_does_not_say_hello_is_closed(web: Web, first: str) -> None:
    """Whatever else comes first gets one error and the end of the connection."""
    with web.chat() as socket:
        socket.send_text(first)
        assert socket.receive_json()["code"] == "hello_expected"
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()


def test_bad_messages_are_answered_and_then_cut_off(web: Web) -> None:
    """A page may err; one that errs twenty times is closed."""
    with web.chat() as socket:
        hello(socket)
        for _ in range(20):
            socket.send_text("{")
        with pytest.raises((AssertionError, WebSocketDisconnect)):
            until(socket, type="never")


def test_the_customer_reads_an_apology_when_the_dialogue_is_away(web: Web) -> None:
    """The notice has a stable code and offers a person; the next message is tried anew."""
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry")
        web.dialogue.broken = True
        say(socket, "我能借多少", "a1")
        assert until(socket, type="entry", **{"from": "notice"})["code"] == "dialogue_unavailable"
        web.dialogue.broken = False
        say(socket, "我能借多少", "a2")
        until(socket, type="entry", text="您说的是：我能借多少")


def test_after_goodbye_the_conversation_is_over_and_its_token_worthless(web: Web) -> None:
    """Whoever finds the token later does not get into the verified conversation."""
    with web.chat() as socket:
        token = hello(socket)["token"]
        say(socket, "再见", "a1")
        assert until(socket, type="ended")["ended_by"] == "bot"
    assert [ended_by for _, ended_by in web.ended] == ["bot"]
    with web.chat() as socket:
        assert hello(socket, token)["resumed"] is False
        assert until(socket, type="entry")["code"] == "session_unknown"


def rating_of(web: Web) -> int | None:
    """What is kept with the only conversation."""
    web.recorder.flush()
    with web.database.reading() as connection:
        return connection.execute(select(conversations.c.rating)).scalar_one()


def test_whoever_was_helped_may_say_once_how_it_was(web: Web) -> None:
    """After the goodbye, on the same socket; the second answer is not taken."""
    with web.chat() as socket:
        hello(socket)
        say(socket, "谢谢再见", "a1")
        assert until(socket, type="ended")["rate"] is True
        for score in (4, 1):
            socket.send_json({"type": "rate", "score": score})
        socket.send_json({"type": "ping"})
        until(socket, type="pong")
    assert rating_of(web) == 4


@pytest.mark.parametrize("last_words", ["再见", "我能借多少"])
def test_nobody_else_rates(web: Web, last_words: str) -> None:
    """Neither in the middle of a conversation nor after one in which nothing was asked for."""
    with web.chat() as socket:
        hello(socket)
        say(socket, last_words, "a1")
        until(socket, type="entry", **{"from": "bot"})
        socket.send_json({"type": "rate", "score": 5})
        socket.send_json({"type": "ping"})
        until(socket, type="pong")
    assert rating_of(web) is None


@pytest.mark.parametrize("score", [0, 6, -1, 4.0, "5", True, None, [5]])
def test_a_rating_is_a_whole_number_from_one_to_five(web: Web, score: object) -> None:
    with web.chat() as socket:
        hello(socket)
        say(socket, "谢谢再见", "a1")
        until(socket, type="ended")
        socket.send_json({"type": "rate", "score": score})
        assert until(socket, type="error")["code"] == "message_invalid"
    assert rating_of(web) is None


def test_a_request_for_a_person_is_shown_as_a_transfer(web: Web) -> None:
    """The button sends the words 转人工, which the dialogue records; the page hears of the transfer."""
    with web.chat() as socket:
        hello(socket)
        say(socket, "转人工", "a1")
        until(socket, type="transferred")


def test_two_tabs_of_one_conversation_see_the_same(web: Web) -> None:
    """A duplicated tab has the same token; both are served."""
    with web.chat() as first:
        token = hello(first)["token"]
        until(first, type="entry")
        with web.chat() as second:
            hello(second, token)
            say(first, "我能借多少", "a1")
            assert until(second, type="entry", seq=3)["text"] == until(first, type="entry", seq=3)["text"]
