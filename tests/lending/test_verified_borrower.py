"""The gate: no loan is read without a proof that IdentityService issued for that very borrower."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from actions.lending import verified_borrower as gate
from actions.lending.clock import FixedClock
from actions.lending.identity import IdentityService
from actions.lending.repositories import LendingRepository
from actions.lending.service_desk import ServiceDesk
from actions.lending.service_requests import ChangeKind
from actions.lending.verified_borrower import VerificationEnded, VerificationForged, VerifiedBorrower

Verify = Callable[..., VerifiedBorrower]

EXTRA_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "instalments": ("800001",),
    "overdue_on": ("800001", date(2026, 12, 20)),
    "early_repayment": ("800001",),
    "part_repayment": ("800001", 1_000_000),
}


def reading_methods() -> list[str]:
    """Every public method of the repository, whatever is added later."""
    return [name for name, _ in inspect.getmembers(LendingRepository, inspect.isfunction) if name[0] != "_"]


def read(records: LendingRepository, method: str, borrower: Any) -> object:
    """Call a reading method with whatever is offered as a proof."""
    return getattr(records, method)(borrower, *EXTRA_ARGUMENTS.get(method, ()))


@pytest.mark.parametrize("method", reading_methods())
def test_every_reading_method_opens_for_a_proof(
    records: LendingRepository, verify: Verify, method: str
) -> None:
    """Else the tests below would pass for the wrong reason."""
    # Nothing of this borrower's loan is late on any day.
    assert (read(records, method, verify()) is None) == (method == "overdue_on")


@pytest.mark.parametrize("method", reading_methods())
@pytest.mark.parametrize(
    "offered", [None, 1, "1", {"verified": True}, SimpleNamespace(_borrower_id=1), object()]
)
def test_nothing_else_opens_it(records: LendingRepository, method: str, offered: Any) -> None:
    """Neither nothing, nor an id, nor something that looks alike."""
    with pytest.raises(VerificationForged):
        read(records, method, offered)


def test_a_proof_cannot_be_constructed(verify: Verify) -> None:
    """With and without a guess at the issuer."""
    for issuer in (None, object(), True):
        with pytest.raises(VerificationForged):
            VerifiedBorrower(1, "call-1", "grant", issuer=issuer)


def test_a_proof_put_together_by_hand_does_not_open(records: LendingRepository, verify: Verify) -> None:
    """All fields of a real one copied, the borrower's id replaced, the seal kept."""
    real = verify()
    forged = object.__new__(VerifiedBorrower)
    with pytest.raises(VerificationForged):
        records.loans(forged)
    for name in VerifiedBorrower.__slots__:
        object.__setattr__(forged, name, getattr(real, name))
    object.__setattr__(forged, "_borrower_id", 3)
    with pytest.raises(VerificationForged):
        records.loans(forged)


def test_a_proof_changed_behind_its_back_does_not_open(records: LendingRepository, verify: Verify) -> None:
    """Even object.__setattr__ leaves a broken seal."""
    real = verify()
    object.__setattr__(real, "_borrower_id", 3)
    with pytest.raises(VerificationForged):
        records.loans(real)


def test_a_proof_cannot_be_changed_copied_replaced_or_pickled(verify: Verify) -> None:
    """Each way is refused by name (dataclasses.replace finds no dataclass)."""
    real = verify()
    with pytest.raises(VerificationForged):
        real._borrower_id = 3
    with pytest.raises(VerificationForged):
        del real._seal
    for way in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(VerificationForged):
            way(real)
    with pytest.raises(TypeError):
        dataclasses.replace(real, _borrower_id=3)  # type: ignore[type-var]


def test_a_proof_cannot_be_subclassed() -> None:
    """A subclass could pretend to be another borrower."""
    with pytest.raises(VerificationForged):
        type("Pretender", (VerifiedBorrower,), {})


def test_even_the_issuing_function_opens_nothing_without_the_sessions_own_grant(
    records: LendingRepository, verify: Verify
) -> None:
    """The data layer holds every proof against the conversation's row: id and grant must both be its own."""
    real = verify()
    grant = real._grant_id
    for forged in (
        gate.issue(3, "call-1", grant),
        gate.issue(1, "call-1", "another grant"),
        gate.issue(1, "no such conversation", grant),
    ):
        with pytest.raises(VerificationEnded):
            records.loans(forged)


def test_a_proof_is_worth_nothing_after_its_verification_ended(
    records: LendingRepository, identity: IdentityService, verify: Verify, clock: FixedClock
) -> None:
    """At the end of the conversation, when another number is claimed, and after half an hour."""
    first = verify(conversation="first")
    identity.end_verification("first")
    second = verify(conversation="second")
    identity.claim_phone("second", "13800000002")
    third = verify(conversation="third")
    clock.advance(minutes=30)
    for ended in (first, second, third):
        with pytest.raises(VerificationEnded):
            records.loans(ended)


def test_a_proof_of_an_earlier_verification_does_not_open_the_next_borrowers_data(
    records: LendingRepository, verify: Verify
) -> None:
    """Zhang Wei, then Wang Qiang in the same conversation: the old proof is refused, the new one reads Wang's."""
    zhang = verify()
    wang = verify("13800000003", "8901")
    with pytest.raises(VerificationEnded):
        records.profile(zhang)
    assert records.profile(wang).salutation == "王先生"


def test_a_change_request_needs_a_proof_too(desk: ServiceDesk) -> None:
    """Nobody closes a stranger's account."""
    with pytest.raises(VerificationForged):
        desk.record_change_request(None, ChangeKind.CLOSE_ACCOUNT)  # type: ignore[arg-type]
    assert desk.requests() == ()


def test_a_proof_names_nobody_when_printed(verify: Verify) -> None:
    """It may end up in a log line."""
    assert repr(verify()) == "VerifiedBorrower(conversation='call-1')"
