"""The queue: who waits, in which order, who looks after it, and whose number is seen."""

import pytest
from sqlalchemy.exc import OperationalError

from actions.lending.identity import IdentityService
from actions.lending.models import service_requests
from actions.lending.service_desk import ServiceDesk
from actions.lending.service_requests import RequestState
from bot.console.audit_log import AuditFilter, AuditLog
from bot.console.data_rights.erasing import forget_asides
from bot.console.permissions import Role
from bot.handoff import HandoffQueue
from tests.bot.staff import signed_in
from tests.bot.web import KEYS, Web

PHONE = "13812345678"


def no_record(*_: object, **__: object) -> None:
    """The audit log cannot be written."""
    raise OperationalError("", {}, Exception())


def desk_of(web: Web) -> ServiceDesk:
    """The requests of this application."""
    return ServiceDesk(web.database, KEYS)


def calls_back(web: Web) -> str:
    """Somebody on the telephone wants to be called back; the reference."""
    IdentityService(web.database, KEYS).open_session("c1", "phone", PHONE)
    return desk_of(web).record_callback("c1", "after_hours", "要办：还款", wished="明天上午10点")


def test_danger_to_life_comes_first_then_complaints_then_whoever_waits_longest(web: Web) -> None:
    desk = desk_of(web)
    callback = desk.record_callback("c1", "waited_too_long")
    handoff = desk.record_handoff("c2", "customer_asked", "")
    complaint = desk.record_complaint("c3", "太慢了")
    distress = desk.record_handoff("c4", "urgent_distress", "")
    order = [request.reference for request in HandoffQueue(desk).waiting()]
    assert order == [distress, complaint, callback, handoff]
    page = signed_in(web, "li", Role.AGENT).get("/staff/handoffs").text
    assert sorted(order, key=page.index) == order
    assert "危急" in page


def test_who_claims_first_keeps_it_and_only_he_closes_it(web: Web) -> None:
    reference = desk_of(web).record_handoff("c1", "customer_asked", "要办：还款")
    li, wang = signed_in(web, "li", Role.AGENT), signed_in(web, "wang", Role.AGENT)
    assert li.post(f"/staff/handoffs/{reference}/done").status_code == 409
    assert li.post(f"/staff/handoffs/{reference}/take").status_code == 303
    for what in ("take", "return", "done", "phone"):
        assert wang.post(f"/staff/handoffs/{reference}/{what}").status_code == 409, what
    assert li.post(f"/staff/handoffs/{reference}/done").status_code == 303
    assert reference not in li.get("/staff/handoffs").text
    assert li.post(f"/staff/handoffs/{reference}/take").status_code == 409


def test_who_is_overtaken_between_his_look_and_his_click_changes_nothing(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A supervisor frees what li has, wang claims it, and li's click on 完成 arrives last."""
    desk = desk_of(web)
    reference = desk.record_handoff("c1", "customer_asked", "")
    li = signed_in(web, "li", Role.AGENT)
    li.post(f"/staff/handoffs/{reference}/take")
    as_li_saw_it = desk.find(reference)
    desk.give_back(reference, "li")
    desk.take(reference, "wang")
    monkeypatch.setattr(HandoffQueue, "find", lambda *_: as_li_saw_it)
    for what in ("done", "return"):
        answer = li.post(f"/staff/handoffs/{reference}/{what}")
        assert answer.status_code == 409 and "wang 已经认领" in answer.text
    monkeypatch.undo()
    now = desk.find(reference)
    assert (now.state, now.staff) == (RequestState.TAKEN, "wang")
    newest = [row.action for row in AuditLog(web.database).page(AuditFilter())[:4]]
    assert newest == ["fell_through", "request_returned", "fell_through", "request_done"]


@pytest.mark.parametrize("what", ["take", "return", "done", "phone"])
@pytest.mark.parametrize("row_goes", [True, False])
def test_what_is_erased_between_a_look_and_a_click_is_said_in_chinese(
    web: Web, monkeypatch: pytest.MonkeyPatch, what: str, row_goes: bool
) -> None:
    """At its person's wish; the row stays as a number, or went with a restored backup."""
    desk, reference = desk_of(web), calls_back(web)
    li = signed_in(web, "li", Role.AGENT)
    if what != "take":
        li.post(f"/staff/handoffs/{reference}/take")
    as_li_saw_it = desk.find(reference)
    with web.database.writing() as connection:
        forget_asides(connection, ["c1"])
        if row_goes:
            connection.execute(service_requests.delete())
    monkeypatch.setattr(HandoffQueue, "find", lambda *_: as_li_saw_it)
    answer = li.post(f"/staff/handoffs/{reference}/{what}")
    if (what, row_goes) == ("done", False):
        assert answer.status_code == 303, "closed for li, as he wished"
        return
    assert answer.status_code in (404, 409, 410) and "删除" in answer.text
    assert what == "phone" or 'href="/staff/handoffs"' in answer.text


@pytest.mark.parametrize("what", ["take", "return", "done"])
def test_what_cannot_be_put_on_record_is_not_done(
    web: Web, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    desk = desk_of(web)
    reference = desk.record_handoff("c1", "customer_asked", "")
    li = signed_in(web, "li", Role.AGENT)
    if what != "take":
        li.post(f"/staff/handoffs/{reference}/take")
    before = desk.find(reference)
    monkeypatch.setattr(AuditLog, "note", no_record)
    with pytest.raises(OperationalError):
        li.post(f"/staff/handoffs/{reference}/{what}")
    assert desk.find(reference) == before


def test_what_was_claimed_is_given_back_by_him_or_by_a_supervisor(web: Web) -> None:
    reference = desk_of(web).record_handoff("c1", "customer_asked", "")
    li, boss = signed_in(web, "li", Role.AGENT), signed_in(web, "boss", Role.SUPERVISOR)
    for freed_by in (li, boss):
        li.post(f"/staff/handoffs/{reference}/take")
        assert freed_by.post(f"/staff/handoffs/{reference}/return").status_code == 303
        assert desk_of(web).find(reference).staff is None


def test_the_number_is_masked_until_whoever_claimed_it_asks_and_that_is_logged(web: Web) -> None:
    reference = calls_back(web)
    li = signed_in(web, "li", Role.AGENT)
    assert PHONE not in li.get("/staff/handoffs").text
    assert li.post(f"/staff/handoffs/{reference}/phone").status_code == 409
    li.post(f"/staff/handoffs/{reference}/take")
    page = li.get("/staff/handoffs").text
    assert PHONE not in page and "138****5678" in page and "显示号码" in page
    assert li.post(f"/staff/handoffs/{reference}/phone").json()["phone"] == PHONE
    newest = AuditLog(web.database).page(AuditFilter())[0]
    assert (newest.account, newest.action, newest.subject) == ("li", "contact_seen", reference)


def test_the_wished_time_shows_in_the_queue(web: Web) -> None:
    calls_back(web)
    assert "希望回电：明天上午10点" in signed_in(web, "li", Role.AGENT).get("/staff/handoffs").text


def test_the_queue_tells_open_pages_of_every_change(web: Web) -> None:
    desk = desk_of(web)
    known = {desk.revision()}
    reference = desk.record_handoff("c1", "customer_asked", "")
    for change in (
        lambda: desk.take(reference, "li"),
        lambda: desk.close(reference, "li"),
        lambda: desk.record_complaint("c2", "太慢了"),
    ):
        assert desk.revision() == desk.revision()
        known.add(desk.revision())
        change()
    assert len(known | {desk.revision()}) == 5


def test_who_may_not_see_the_queue_claims_nothing(web: Web) -> None:
    reference = desk_of(web).record_handoff("c1", "customer_asked", "")
    zhao = signed_in(web, "zhao", Role.QUALITY)
    for what in ("take", "return", "done", "phone"):
        assert zhao.post(f"/staff/handoffs/{reference}/{what}").status_code == 403
    assert desk_of(web).find(reference).staff is None


def test_a_reference_that_is_none_is_not_found(web: Web) -> None:
    li = signed_in(web, "li", Role.AGENT)
    for what in ("take", "return", "done", "phone"):
        assert li.post(f"/staff/handoffs/000000/{what}").status_code == 404, what
