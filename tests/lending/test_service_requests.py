"""Service requests: what customers leave for staff."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from actions.lending.clock import FixedClock
from actions.lending.database import Database
from actions.lending.identity import IdentityService
from actions.lending.service_desk import ServiceDesk
from actions.lending.service_requests import ChangeKind, Lead, RequestKind, RequestState, RequestUnknown
from actions.lending.verified_borrower import VerifiedBorrower

Verify = Callable[..., VerifiedBorrower]


def test_a_lead_keeps_what_was_asked_for(desk: ServiceDesk, identity: IdentityService) -> None:
    """Amount, term and trade, and the number to call, masked until staff asks for it."""
    identity.open_session("c", "phone", "13900000009")
    wish = Lead("qinghe_shop", 5_000_000, 12, "catering", "四川省", 18, "想下个月用")
    reference = desk.record_lead("c", wish)
    request = desk.find(reference)
    assert (request.kind, request.state, request.lead) == (RequestKind.LEAD, RequestState.OPEN, wish)
    assert request.masked_phone == "139****0009"
    assert not request.from_verified_borrower
    assert desk.contact_phone(reference) == "13900000009"


def test_a_reference_has_six_digits_and_is_never_given_twice(desk: ServiceDesk) -> None:
    """Short enough to be read out."""
    references = [desk.record_callback("c", "login") for _ in range(50)]
    assert len(set(references)) == 50
    assert all(len(r) == 6 and r.isdigit() and r[0] != "0" for r in references)


def test_a_handoff_keeps_reason_and_summary_but_no_personal_digits(desk: ServiceDesk) -> None:
    """Numbers that slipped into the summary are masked before they are stored."""
    reference = desk.record_handoff(
        "c", "asked_for_person", "客户13800000001要问逾期，身份证51010719850301123X"
    )
    request = desk.find(reference)
    assert (request.topic, request.masked_phone) == ("asked_for_person", "")
    assert request.summary == "客户138****0001要问逾期，身份证****************3X"


def test_a_change_request_belongs_to_the_verified_borrower(desk: ServiceDesk, verify: Verify) -> None:
    """Staff sees that the caller was verified, and his own number."""
    reference = desk.record_change_request(verify(), ChangeKind.REPAYMENT_DATE, "想改到每月20号")
    request = desk.find(reference)
    assert request.from_verified_borrower
    assert (request.topic, request.masked_phone) == ("change_repayment_date", "138****0001")


def test_who_says_who_he_is_after_he_complained_can_be_called_back(
    desk: ServiceDesk, identity: IdentityService, verify: Verify
) -> None:
    """The complaint came first; staff is told that there is a number now, and sees it masked."""
    identity.open_session("c", "chat")
    reference, earlier = desk.record_complaint("c", "你们催收骂人"), desk.revision()
    stranger = desk.record_complaint("another", "态度差")
    assert desk.find(reference).masked_phone == ""
    verify(conversation="c")
    desk.note_caller("c")
    request = desk.find(reference)
    assert (request.masked_phone, request.from_verified_borrower) == ("138****0001", True)
    assert desk.contact_phone(reference) == "13800000001"
    assert desk.find(stranger).masked_phone == ""
    assert desk.revision() != earlier


def test_a_number_given_for_a_call_back_is_that_of_the_complaint_before_it_too(
    desk: ServiceDesk, identity: IdentityService
) -> None:
    """So that an export or an erasure by this number finds both."""
    identity.open_session("c", "chat")
    complaint = desk.record_complaint("c", "你们催收骂人")
    identity.claim_phone("c", "13912345678")
    desk.record_callback("c", "callback_wished")
    assert desk.contact_phone(complaint) == "13912345678"
    assert not desk.find(complaint).from_verified_borrower


def test_what_is_closed_is_left_as_it_is(desk: ServiceDesk, identity: IdentityService) -> None:
    """An erased request is closed too: nobody's number comes back into it."""
    identity.open_session("c", "chat")
    reference = desk.record_complaint("c", "你们催收骂人")
    desk.take(reference, "li")
    desk.close(reference, "li")
    identity.claim_phone("c", "13912345678")
    desk.note_caller("c")
    assert desk.contact_phone(reference) is None


def test_the_number_that_he_called_from_stays_the_one_to_call(
    desk: ServiceDesk, identity: IdentityService
) -> None:
    """He complained from his wife's telephone; that he is verified is added."""
    identity.open_session("c", "phone", "13900000009")
    reference = desk.record_complaint("c", "你们催收骂人")
    identity.claim_phone("c", "13800000001")
    identity.claim_id_last4("c", "1234")
    identity.verify("c")
    desk.note_caller("c")
    request = desk.find(reference)
    assert (request.masked_phone, request.from_verified_borrower) == ("139****0009", True)


def test_a_claimed_number_is_kept_for_the_call_back(desk: ServiceDesk, identity: IdentityService) -> None:
    """Before the line's own number, and only as a contact: the caller is not verified."""
    identity.open_session("c", "phone", "13900000009")
    identity.claim_phone("c", "13800000001")
    reference = desk.record_complaint("c", "一直打电话骚扰我")
    assert desk.contact_phone(reference) == "13800000001"
    assert not desk.find(reference).from_verified_borrower


def test_staff_lists_takes_and_closes(desk: ServiceDesk, clock: FixedClock) -> None:
    """Newest first; who took a request first keeps it; a closed one stays closed."""
    first, second = desk.record_handoff("a", "r", ""), desk.record_handoff("b", "r", "")
    desk.record_complaint("c", "x")
    assert [r.reference for r in desk.requests(RequestKind.HANDOFF)] == [second, first]
    assert [r.reference for r in desk.requests(conversation_id="a")] == [first]
    assert desk.take(first, "小陈").staff == "小陈"
    assert desk.take(first, "小林").staff == "小陈"
    clock.advance(minutes=5)
    closed = desk.close(first, "小陈")
    assert (closed.state, closed.closed_at) == (RequestState.CLOSED, clock.now())
    assert desk.take(first, "小林").state is RequestState.CLOSED
    assert [r.reference for r in desk.requests(RequestKind.HANDOFF, RequestState.OPEN)] == [second]
    assert len(desk.requests(limit=2)) == 2


def test_an_unknown_reference_is_named(desk: ServiceDesk) -> None:
    """Whatever staff does with it."""
    for ask in (desk.find, desk.contact_phone):
        with pytest.raises(RequestUnknown):
            ask("000000")
    with pytest.raises(RequestUnknown):
        desk.close("000000", "小陈")


def test_contact_numbers_do_not_lie_in_clear(
    desk: ServiceDesk, identity: IdentityService, database: Database
) -> None:
    """Sealed under the request's own row."""
    identity.open_session("c", "phone", "13900000009")
    desk.record_handoff("c", "r", "13900000009")
    with database.reading() as connection:
        row = connection.execute(text("SELECT * FROM service_requests")).one()
    assert all(b"13900000009" not in (v if isinstance(v, bytes) else str(v).encode()) for v in row)
