"""Identity: claims, wrong tries, locks, and who hears what."""

import pytest
from sqlalchemy import text

from actions.lending.claims import ClaimMalformed
from actions.lending.clock import FixedClock
from actions.lending.database import Database, open_database
from actions.lending.identity import ConversationNotOpen, IdentityService
from actions.lending.keys import DataKeys
from actions.lending.views import Verification, VerificationOutcome

ZHANG, LI, WANG, NOBODY = "13800000001", "13800000002", "13800000003", "13700000000"


def attempt(
    identity: IdentityService, phone: str, last4: str, conversation: str = "c", line: str | None = None
) -> Verification:
    """Claim both in a conversation and confirm them."""
    identity.open_session(conversation, "phone" if line else "chat", line)
    identity.claim_phone(conversation, phone)
    identity.claim_id_last4(conversation, last4)
    return identity.verify(conversation)


def lock(
    identity: IdentityService, phone: str = ZHANG, conversation: str = "c", line: str | None = None
) -> None:
    """Give three wrong answers."""
    for _ in range(3):
        attempt(identity, phone, "0000", conversation, line)


@pytest.mark.parametrize(
    ("phone", "last4"), [(ZHANG, "1234"), (LI, "567X"), (LI, "567x"), (LI, "５６７Ｘ"), (WANG, "8901")]
)
def test_the_demo_borrowers_verify_with_phone_and_id_end(
    identity: IdentityService, phone: str, last4: str
) -> None:
    """X in lower case and full-width digits are as good."""
    assert attempt(identity, phone, last4).outcome is VerificationOutcome.VERIFIED
    assert identity.state("c").verified
    assert identity.verified_borrower("c") is not None


def test_the_lines_own_number_needs_only_the_id_end(identity: IdentityService) -> None:
    """The network vouches for the number, so nobody asks for it."""
    identity.open_session("call", "phone", "+86 138-0000-0001")
    assert identity.state("call").has_line_phone
    assert identity.state("call").claimed_phone is None
    identity.claim_id_last4("call", "1234")
    assert identity.verify("call").outcome is VerificationOutcome.VERIFIED


def test_a_call_from_a_landline_is_taken_and_its_line_can_be_locked(identity: IdentityService) -> None:
    """It proves no mobile number, but three wrong tries from it lock it."""
    identity.open_session("c", "phone", "02885551234")
    assert not identity.state("c").has_line_phone
    lock(identity, ZHANG, "c", "02885551234")
    assert attempt(identity, LI, "567X", "next", "02885551234").outcome is VerificationOutcome.LOCKED


def test_callers_who_withhold_their_number_do_not_lock_each_other(identity: IdentityService) -> None:
    """“anonymous” is not one line."""
    lock(identity, ZHANG, "c", "anonymous")
    assert attempt(identity, LI, "567X", "next", "anonymous").outcome is VerificationOutcome.VERIFIED


def test_a_claimed_number_goes_before_the_lines(identity: IdentityService) -> None:
    """Li Na calls from Zhang Wei's telephone."""
    assert attempt(identity, LI, "567X", "call", line=ZHANG).outcome is VerificationOutcome.VERIFIED


def test_claims_are_pending_and_readable_for_the_read_back(identity: IdentityService) -> None:
    """Nothing is counted or verified before the caller confirms."""
    identity.open_session("c", "chat")
    identity.claim_phone("c", ZHANG)
    identity.claim_id_last4("c", "9999")
    state = identity.state("c")
    assert (state.claimed_phone, state.claimed_last4) == (ZHANG, "9999")
    assert (state.verified, state.attempts_left) == (False, 3)
    assert identity.verified_borrower("c") is None


def test_misheard_digits_that_the_caller_denies_never_count(identity: IdentityService) -> None:
    """Ten wrong read-backs cost nothing."""
    identity.open_session("c", "chat")
    identity.claim_phone("c", ZHANG)
    for _ in range(10):
        identity.claim_id_last4("c", "0000")
        identity.discard_claims("c", "id_last4")
    assert identity.state("c").claimed_phone == ZHANG
    assert identity.state("c").claimed_last4 is None
    assert identity.state("c").attempts_left == 3


def test_with_a_claim_missing_nothing_counts(identity: IdentityService) -> None:
    """Incomplete is not wrong."""
    identity.open_session("c", "chat")
    identity.claim_id_last4("c", "1234")
    assert identity.verify("c") == Verification(VerificationOutcome.INCOMPLETE, 3, None)
    identity.discard_claims("c")
    identity.claim_phone("c", ZHANG)
    assert identity.verify("c").outcome is VerificationOutcome.INCOMPLETE


def test_three_confirmed_wrong_tries_lock_for_fifteen_minutes(
    identity: IdentityService, clock: FixedClock
) -> None:
    """Two warnings, then the lock; the right answer is not looked at until it is over."""
    outcomes = [attempt(identity, ZHANG, "0000") for _ in range(3)]
    assert [(o.outcome.value, o.attempts_left) for o in outcomes] == [
        ("wrong", 2),
        ("wrong", 1),
        ("locked", 0),
    ]
    assert outcomes[2].locked_until is not None
    assert (outcomes[2].locked_until - clock.now()).total_seconds() == 15 * 60
    clock.advance(minutes=14, seconds=59)
    assert attempt(identity, ZHANG, "1234").outcome is VerificationOutcome.LOCKED
    assert identity.state("c").locked_until == outcomes[2].locked_until
    assert identity.state("c").attempts_left == 0
    clock.advance(seconds=1)
    assert identity.state("c").locked_until is None
    assert attempt(identity, ZHANG, "1234").outcome is VerificationOutcome.VERIFIED


def test_redialling_does_not_reset_the_tries(identity: IdentityService) -> None:
    """One wrong try in each of three calls locks as well."""
    tries = [attempt(identity, ZHANG, "0000", f"call-{n}", line=f"1390000000{n}") for n in range(3)]
    assert tries[2].outcome is VerificationOutcome.LOCKED


def test_the_lock_survives_a_restart_and_another_line(
    url: str, keys: DataKeys, clock: FixedClock, identity: IdentityService
) -> None:
    """A new process on the same database, and the number called from elsewhere: still locked."""
    lock(identity)
    restarted = IdentityService(open_database(url), keys, clock)
    assert (
        attempt(restarted, ZHANG, "1234", "elsewhere", line="13900000009").outcome
        is VerificationOutcome.LOCKED
    )


def test_the_line_is_locked_too(identity: IdentityService) -> None:
    """From the same line no other number can be tried, even with the right answer."""
    lock(identity, ZHANG, "call-1", line="13900000009")
    assert attempt(identity, LI, "567X", "call-2", line="13900000009").outcome is VerificationOutcome.LOCKED
    assert attempt(identity, LI, "567X", "call-3", line="13900000008").outcome is VerificationOutcome.VERIFIED


def test_guessing_over_three_numbers_from_one_line_locks_the_line(identity: IdentityService) -> None:
    """One wrong try each: the line has had its three."""
    outcomes = [attempt(identity, phone, "0000", "call", line="13900000009") for phone in (ZHANG, LI, WANG)]
    assert outcomes[2].outcome is VerificationOutcome.LOCKED
    assert attempt(identity, ZHANG, "1234", "other").outcome is VerificationOutcome.VERIFIED


def test_verifying_ones_own_number_does_not_clear_the_line(identity: IdentityService) -> None:
    """Two guesses at a stranger, one's own right answer, and the next guess still locks."""
    for phone in (ZHANG, LI):
        attempt(identity, phone, "0000", "call", line="13900000009")
    assert attempt(identity, WANG, "8901", "call", line="13900000009").outcome is VerificationOutcome.VERIFIED
    assert attempt(identity, LI, "0000", "call", line="13900000009").outcome is VerificationOutcome.LOCKED


def test_a_right_answer_forgets_the_wrong_ones_before_it(identity: IdentityService) -> None:
    """Who mistyped twice starts the next call with three tries."""
    attempt(identity, ZHANG, "0000")
    attempt(identity, ZHANG, "0000")
    attempt(identity, ZHANG, "1234")
    assert attempt(identity, ZHANG, "0000", "next").attempts_left == 2


def test_wrong_tries_are_forgotten_after_a_day(identity: IdentityService, clock: FixedClock) -> None:
    """Yesterday's two mistakes do not lock today."""
    attempt(identity, ZHANG, "0000")
    attempt(identity, ZHANG, "0000")
    clock.advance(hours=24)
    assert attempt(identity, ZHANG, "0000").attempts_left == 2


def test_an_unknown_number_behaves_exactly_as_a_wrong_id_end(identity: IdentityService) -> None:
    """No answer, count or lock tells who is a customer."""

    def course(phone: str, conversation: str) -> list[object]:
        seen: list[object] = []
        for _ in range(4):
            seen.append(attempt(identity, phone, "0000", conversation))
            seen.append((identity.state(conversation), identity.verified_borrower(conversation)))
        return [str(item).replace(phone, "NUMBER") for item in seen]

    assert course(ZHANG, "known") == course(NOBODY, "unknown")


def test_another_number_in_a_verified_conversation_ends_the_verification(identity: IdentityService) -> None:
    """Li Na takes Zhang Wei's phone: from then on nobody hears his data, and his ID end does not open hers."""
    attempt(identity, ZHANG, "1234")
    identity.claim_phone("c", LI)
    assert identity.verified_borrower("c") is None
    assert not identity.state("c").verified
    assert identity.verify("c").outcome is VerificationOutcome.INCOMPLETE
    identity.claim_id_last4("c", "1234")
    assert identity.verify("c").outcome is VerificationOutcome.WRONG


def test_repeating_ones_own_number_keeps_the_verification(identity: IdentityService) -> None:
    """Saying it again is no change of person."""
    attempt(identity, ZHANG, "1234")
    identity.claim_phone("c", ZHANG)
    assert identity.state("c").verified
    assert identity.verify("c").outcome is VerificationOutcome.VERIFIED


def test_claims_are_gone_once_verified(identity: IdentityService) -> None:
    """What is no longer needed is no longer kept."""
    attempt(identity, ZHANG, "1234")
    state = identity.state("c")
    assert (state.claimed_phone, state.claimed_last4) == (None, None)


def test_a_verification_ends_with_the_conversation(identity: IdentityService) -> None:
    """The next conversation starts unknown; the old one too, if it goes on."""
    attempt(identity, ZHANG, "1234")
    identity.end_verification("c")
    assert identity.verified_borrower("c") is None
    identity.open_session("next", "chat")
    assert not identity.state("next").verified


def test_a_verification_lasts_half_an_hour_at_most(identity: IdentityService, clock: FixedClock) -> None:
    """A chat window left open on a shared computer tells nothing later."""
    attempt(identity, ZHANG, "1234")
    clock.advance(minutes=30)
    assert identity.verified_borrower("c") is None
    assert not identity.state("c").verified


def test_reconnecting_keeps_the_conversation_but_another_line_does_not(identity: IdentityService) -> None:
    """The same line again is a reconnection; another line is somebody else."""
    attempt(identity, ZHANG, "1234", "c", line=ZHANG)
    identity.open_session("c", "phone", ZHANG)
    assert identity.state("c").verified
    identity.open_session("c", "phone", WANG)
    assert not identity.state("c").verified


def test_conversations_do_not_share_anything(identity: IdentityService) -> None:
    """One verified caller makes nobody else verified."""
    attempt(identity, ZHANG, "1234", "one")
    identity.open_session("two", "chat")
    assert not identity.state("two").verified
    assert identity.state("two").claimed_phone is None


@pytest.mark.parametrize("phone", ["1380000000", "138000000011", "23800000001", "", "abc", "１３８"])
def test_what_is_no_mobile_number_is_refused(identity: IdentityService, phone: str) -> None:
    """By name, without repeating it."""
    identity.open_session("c", "chat")
    with pytest.raises(ClaimMalformed):
        identity.claim_phone("c", phone)


@pytest.mark.parametrize("last4", ["123", "12345", "X123", "", "12a4", "一二三四"])
def test_what_cannot_end_an_id_card_is_refused(identity: IdentityService, last4: str) -> None:
    """X only in the last place."""
    identity.open_session("c", "chat")
    with pytest.raises(ClaimMalformed):
        identity.claim_id_last4("c", last4)


def test_a_conversation_that_was_not_opened_cannot_claim(identity: IdentityService) -> None:
    """But asking about it is harmless."""
    with pytest.raises(ConversationNotOpen):
        identity.claim_phone("never", ZHANG)
    with pytest.raises(ConversationNotOpen):
        identity.verify("never")
    assert not identity.state("never").verified
    assert identity.verified_borrower("never") is None


def test_no_number_or_id_end_lies_in_clear_in_the_database(
    identity: IdentityService, database: Database
) -> None:
    """Not in any column of the identity tables, nor of the borrowers."""
    identity.open_session("c", "phone", ZHANG)
    identity.claim_phone("c", LI)
    identity.claim_id_last4("c", "567X")
    attempt(identity, WANG, "0000", "d", line=WANG)
    with database.reading() as connection:
        for table in ("identity_sessions", "identity_tries", "identity_locks", "borrowers"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
            dump = b"".join(
                bytes(v) if isinstance(v, bytes) else str(v).encode() for row in rows for v in row
            )
            assert table == "identity_locks" or len(rows) > 0
            for secret in (ZHANG, LI, WANG, "567X"):
                assert secret.encode() not in dump


def test_old_sessions_and_spent_locks_can_be_forgotten(
    identity: IdentityService, database: Database, clock: FixedClock
) -> None:
    """Housekeeping leaves a running conversation alone."""
    lock(identity, conversation="old")
    clock.advance(hours=25)
    identity.open_session("new", "chat")
    assert identity.forget_sessions(clock.now()) == 1
    with database.reading() as connection:
        counts = [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608
            for table in ("identity_sessions", "identity_tries", "identity_locks")
        ]
    assert counts == [1, 0, 0]


def test_a_number_in_pieces_is_claimed_when_it_is_whole_and_lies_sealed_until_then(
    identity: IdentityService, database: Database
) -> None:
    """What was dictated is never in the database in clear."""
    identity.open_session("c", "phone")
    assert identity.dictate("c", 11, "1380000") is None
    assert identity.state("c").digits_heard == {11: 7, 4: 0}
    with database.reading() as connection:
        row = connection.execute(text("SELECT * FROM identity_sessions")).mappings().one()
    assert row["phone_piece_sealed"] is not None
    assert not [value for value in row.values() if b"1380000" in bytes(str(value), "utf-8")]
    assert b"1380000" not in bytes(row["phone_piece_sealed"])
    assert identity.dictate("c", 11, "0001") == ZHANG
    assert identity.dictate("c", 4, "12") is None
    assert identity.dictate("c", 4, "34") == "1234"
    assert identity.state("c").digits_heard == {11: 0, 4: 0}
    assert identity.verify("c").outcome is VerificationOutcome.VERIFIED


@pytest.mark.parametrize(
    ("length", "pieces"),
    [(11, ["138000", "000012"]), (11, ["0001"]), (11, ["1", "2345"]), (4, ["12", "345"]), (4, ["1", "X"])],
)
def test_pieces_that_make_no_such_number_are_forgotten(
    identity: IdentityService, length: int, pieces: list[str]
) -> None:
    """The number is said anew, and nothing counts as a try."""
    identity.open_session("c", "phone")
    assert [identity.dictate("c", length, piece) for piece in pieces] == [None] * len(pieces)
    state = identity.state("c")
    assert state.digits_heard[length] == 0
    assert (state.claimed_phone, state.claimed_last4, state.attempts_left) == (None, None, 3)


def test_a_whole_number_and_a_discard_forget_the_pieces(identity: IdentityService) -> None:
    """A later piece is not put behind an old one."""
    identity.open_session("c", "phone")
    identity.dictate("c", 11, "139")
    identity.claim_phone("c", ZHANG)
    assert identity.state("c").digits_heard[11] == 0
    identity.dictate("c", 4, "12")
    identity.discard_claims("c", "id_last4")
    assert identity.state("c").digits_heard[4] == 0


def test_a_second_reading_lies_sealed_beside_the_claim_until_the_caller_has_said_which(
    identity: IdentityService, database: Database
) -> None:
    """Either may be read back; only what he means is tried."""
    identity.open_session("c", "phone", ZHANG)
    identity.claim_id_last4("c", "1284", other="1234")
    with database.reading() as connection:
        row = connection.execute(text("SELECT * FROM identity_sessions")).mappings().one()
    assert row["other_last4_sealed"] is not None
    assert b"1234" not in bytes(row["other_last4_sealed"])
    assert identity.state("c").other_last4 == "1234"
    identity.take_other("c", "id_last4")
    state = identity.state("c")
    assert (state.claimed_last4, state.other_last4) == ("1234", None)
    assert identity.verify("c").outcome is VerificationOutcome.VERIFIED


def test_a_new_claim_and_a_discard_forget_the_second_reading(identity: IdentityService) -> None:
    """What was misheard once is not offered later."""
    identity.open_session("c", "phone")
    identity.claim_phone("c", ZHANG, other="13800000009")
    identity.claim_phone("c", ZHANG)
    assert identity.state("c").other_phone is None
    identity.claim_id_last4("c", "1284", other="1234")
    identity.discard_claims("c", "id_last4")
    assert identity.state("c").other_last4 is None
    identity.take_other("c", "id_last4")
    assert identity.state("c").claimed_last4 is None
