"""Taking a chat over by the console's forms: both sides see each other, others are kept out."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from actions.lending.service_desk import ServiceDesk
from bot.console.audit_log import Action, AuditFilter, AuditLog
from bot.console.live.sentences import HANDED_BACK, TAKEN_OVER, sentence
from bot.console.live.staff_desk import StaffDesk
from bot.console.permissions import Role
from bot.sessions import Session
from tests.bot.staff import StaffBrowser, signed_in
from tests.bot.test_chat_socket import say
from tests.bot.test_queue_pages import no_record
from tests.bot.web import KEYS, Web, hello, until

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def in_progress(browser: StaffBrowser) -> str:
    """The address of the only conversation on the page of those in progress."""
    [path] = re.findall(r'href="(/staff/live/conversations/\w+)"', browser.get("/staff/live").text)
    return str(path)


def noted(web: Web) -> list[tuple[str, str]]:
    """Who did what, the oldest first."""
    rows = AuditLog(web.database).page(AuditFilter())
    return [(row.account, row.action) for row in reversed(rows)]


def test_a_chat_in_progress_is_listed_and_opened(web: Web) -> None:
    li = signed_in(web, "li", Role.AGENT)
    with web.chat() as socket:
        hello(socket)
        say(socket, "这个月要还多少", "a1")
        until(socket, type="entry", seq=3)
        page = li.get(in_progress(li)).text
    for words in ("这个月要还多少", "您下一期应还3250元", "网页文字", "身份已核实"):
        assert words in page
    assert ("li", Action.LIVE_WATCHED.value) in noted(web)


def test_customer_and_staff_write_to_each_other_and_the_bot_comes_back(web: Web) -> None:
    li = signed_in(web, "li", Role.AGENT)
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry", seq=1)
        path = in_progress(li)
        assert li.post(f"{path}/take-over").status_code == 303
        until(socket, type="staff", on=True)
        assert until(socket, type="entry")["text"] == sentence(TAKEN_OVER)
        say(socket, "这个月要还多少", "a1")
        until(socket, type="entry", id="a1")
        li.post(f"{path}/typing")
        assert until(socket, type="typing", on=True)["for_ms"] > 0
        li.post(f"{path}/say", text="我帮您查一下。")
        assert until(socket, type="entry", **{"from": "staff"})["text"] == "我帮您查一下。"
        li.post(f"{path}/hand-back")
        assert until(socket, type="entry", **{"from": "notice"})["text"] == sentence(HANDED_BACK)
        say(socket, "这个月要还多少", "a2")
        assert until(socket, type="entry", **{"from": "bot"})["text"].startswith("您下一期")
    assert web.dialogue.sent and [text for _, text, _ in web.dialogue.sent] == ["这个月要还多少"]
    assert [one for one in noted(web) if "chat" in one[1]] == [
        ("li", "chat_taken_over"),
        ("li", "chat_handed_back"),
    ]


def test_what_cannot_be_put_on_record_is_not_done(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither taken over nor given back: nobody answers a customer without leaving a trace."""
    li = signed_in(web, "li", Role.AGENT)
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry", seq=1)
        path = in_progress(li)
        [session] = [web.sessions.of_conversation(path.rpartition("/")[2])]
        assert session is not None
        for what, holder in (("take-over", None), ("hand-back", "li")):
            with monkeypatch.context() as broken:
                broken.setattr(AuditLog, "note", no_record)
                with pytest.raises(OperationalError):
                    li.post(f"{path}/{what}")
            assert (session.hold.staff if session.hold else None) == holder
            li.post(f"{path}/take-over")


def test_who_was_overtaken_while_it_was_put_on_record_leaves_that_on_record_too(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, wang = signed_in(web, "li", Role.AGENT), signed_in(web, "wang", Role.AGENT)
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry", seq=1)
        path = in_progress(li)
        wang.post(f"{path}/take-over")
        monkeypatch.setattr(StaffDesk, "check_free", overtaken(StaffDesk.check_free))
        assert li.post(f"{path}/take-over").status_code == 409
    assert [one for one in noted(web) if one[0] == "li" and one[1] != "live_watched"][-2:] == [
        ("li", "chat_taken_over"),
        ("li", "fell_through"),
    ]


def overtaken(check: Callable[..., Session]) -> Callable[..., Session]:
    """The first look still finds the chat free."""
    looks: list[object] = []

    def look(desk: StaffDesk, conversation_id: str, staff: str) -> Session:
        looks.append(staff)
        return check(desk, conversation_id, "wang" if len(looks) == 1 else staff)

    return look


def test_a_page_that_comes_back_is_told_that_a_person_answers(web: Web) -> None:
    li = signed_in(web, "li", Role.AGENT)
    with web.chat() as socket:
        token = hello(socket)["token"]
        until(socket, type="entry", seq=1)
        li.post(f"{in_progress(li)}/take-over")
        until(socket, type="entry", seq=2)
    with web.chat() as socket:
        hello(socket, token, last_seen=2)
        until(socket, type="staff", on=True)


def test_who_did_not_take_the_chat_over_neither_writes_in_it_nor_gives_it_back(web: Web) -> None:
    """Whatever he may do elsewhere: the chat's id in the address is no right to it."""
    li, wang = signed_in(web, "li", Role.AGENT), signed_in(web, "wang", Role.ADMIN)
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry", seq=1)
        path = in_progress(li)
        assert wang.post(f"{path}/say", text="您好").status_code == 409
        li.post(f"{path}/take-over")
        for what in ("take-over", "say", "typing", "hand-back"):
            assert wang.post(f"{path}/{what}", text="您好").status_code == 409, what
        assert "li 已经接管" in wang.post(f"{path}/take-over").text
        li.post(f"{path}/say", text="我在。")
        until(socket, type="entry", seq=2)
        assert until(socket, type="entry")["text"] == "我在。"


def test_who_may_only_watch_has_no_form_to_take_over_or_to_listen(web: Web) -> None:
    zhao = signed_in(web, "zhao", Role.QUALITY)
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry", seq=1)
        path = in_progress(zhao)
        page = zhao.get(path).text
        assert "take-over" not in page and "hand-back" not in page and "旁听" not in page
        for what in ("take-over", "say", "typing", "hand-back"):
            assert zhao.post(f"{path}/{what}", text="x").status_code == 403, what
        assert zhao.get(f"{path}/sound").status_code == 403
    assert ("zhao", "refused") in noted(web)


def test_another_sites_form_takes_nothing_over(web: Web) -> None:
    li = signed_in(web, "li", Role.AGENT)
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry", seq=1)
        path = in_progress(li)
        for token in ("", "invented"):
            assert li.post(f"{path}/take-over", token=token).status_code == 403
        assert "接管对话" in li.get(path).text and "li 接管" not in li.get(path).text


@pytest.mark.parametrize("sender", ["customer", "staff"])
def test_markup_in_a_conversation_in_progress_stays_text(web: Web, sender: str) -> None:
    li = signed_in(web, "li", Role.AGENT)
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry", seq=1)
        path = in_progress(li)
        li.post(f"{path}/take-over")
        if sender == "customer":
            say(socket, SCRIPT, "a1")
        else:
            li.post(f"{path}/say", text=SCRIPT)
        until(socket, type="entry", seq=3)
        for page in (li.get(path).text, li.get("/staff/live").text):
            assert SCRIPT not in page and "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_voice_call_waits_until_the_person_has_finished(web: Web) -> None:
    li = signed_in(web, "li", Role.AGENT)
    with web.chat() as socket:
        token = hello(socket)["token"]
        until(socket, type="entry", seq=1)
        li.post(f"{in_progress(li)}/take-over")
        with web.voice() as voice:
            voice.send_json({"type": "hello", "token": token})
            assert until(voice, type="error")["code"] == "staff_answers"


def test_a_conversation_that_is_over_leads_to_its_record(web: Web) -> None:
    li = signed_in(web, "li", Role.AGENT)
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry", seq=1)
        path = in_progress(li)
        socket.send_json({"type": "hang_up"})
        until(socket, type="ended")
    gone = li.get(path)
    assert (gone.status_code, gone.headers["location"]) == (303, path.replace("/live", ""))
    assert li.get(f"{path}/events").status_code == 204
    assert li.get(f"{path}/sound").status_code == 404


def test_the_queue_leads_to_a_chat_that_still_goes_on(web: Web) -> None:
    li = signed_in(web, "li", Role.AGENT)
    with web.chat() as socket:
        hello(socket)
        until(socket, type="entry", seq=1)
        path = in_progress(li)
        ServiceDesk(web.database, KEYS).record_handoff(
            path.rpartition("/")[2], "customer_asked", "要办：还款"
        )
        assert path in li.get("/staff/handoffs").text
