"""Stored decisions: replayed bit by bit from the record alone, and found out when tampered with."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from actions.lending.clock import FixedClock
from actions.lending.database import Database
from actions.lending.decision import Outcome
from actions.lending.decision_archive import DecisionArchive
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.decision_records import DecisionRecords
from actions.lending.decision_replay import (
    ArchiveBroken,
    DecisionUnknown,
    StoredDecision,
    replay,
    text_digest,
)
from actions.lending.decision_result import explain
from actions.lending.identity import IdentityService
from actions.lending.models import decision_records, policy_archive
from actions.lending.policy import PolicyBook
from commands import replay_decision
from tests.lending.decision_facts import facts_of

GOLDEN = Path(__file__).parent / "golden_decisions.json"
BOOK = PolicyBook.load(Path("data/policies"), on=date(2026, 11, 23))
SHOP = BusinessFacts(
    business_months=40,
    industry="catering",
    region="四川省",
    owner_has_overdue_debt=False,
    is_first_time_borrower=True,
    tax_grade="A",
    tax_paid_12m_fen=3_333_333,
)


@pytest.fixture
def told(database: Database, policies: PolicyBook, clock: FixedClock) -> DecisionRecords:
    return DecisionRecords(database, policies, clock)


@pytest.fixture
def archive(database: Database) -> DecisionArchive:
    return DecisionArchive(database)


def test_a_told_decision_is_replayed_bit_by_bit_a_year_later(
    told: DecisionRecords, archive: DecisionArchive, clock: FixedClock
) -> None:
    reference = told.tell("c1", SHOP, key=7).reference
    clock.advance(minutes=60 * 24 * 365)
    outcome = archive.replay(reference)
    assert (outcome.same, outcome.fault) == (True, "")
    assert outcome.result == archive.find(reference).result


def test_the_replay_reads_no_policy_file_of_today(
    told: DecisionRecords, archive: DecisionArchive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reference = told.tell("c1", SHOP).reference
    monkeypatch.chdir(tmp_path)
    assert archive.replay(reference).same


def test_the_record_names_the_version_that_the_business_got(
    told: DecisionRecords, archive: DecisionArchive, policies: PolicyBook
) -> None:
    """Two keys, two versions of the invoice loan; the record holds the one that was used."""
    digests = {policies.version("lanhai_invoice", version).digest for version in ("2026.1", "2026.2")}
    used = set()
    for key in range(40):
        stored = archive.find(told.tell(f"c{key}", SHOP, key=key).reference)
        (one,) = digests & set(stored.policies)
        used.add(one)
        assert archive.replay(stored.reference).same
    assert used == digests


def test_the_archive_keeps_each_policy_once(
    told: DecisionRecords, database: Database, policies: PolicyBook, clock: FixedClock
) -> None:
    told.tell("c1", SHOP)
    told.tell("c2", replace(SHOP, business_months=3))
    DecisionRecords(database, policies, clock).tell("c3", SHOP)
    with database.reading() as connection:
        digests = set(connection.execute(select(policy_archive.c.digest)).scalars())
    assert digests == {product.digest for product in policies.products()} | {policies.words.digest}


def test_a_record_holds_no_phone_number_even_as_a_conversations_id(
    told: DecisionRecords, archive: DecisionArchive
) -> None:
    stored = archive.find(told.tell("13800000001", SHOP).reference)
    assert "13800000001" not in stored.conversation_id


@pytest.mark.parametrize("table", ["decision_records", "policy_archive"])
@pytest.mark.parametrize("change", ["UPDATE {} SET rowid = rowid", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_what_was_stored(
    told: DecisionRecords, database: Database, table: str, change: str
) -> None:
    told.tell("c1", SHOP)
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
        connection.execute(text(change.format(table)))


def test_a_record_that_was_tampered_with_is_found_out(
    told: DecisionRecords, archive: DecisionArchive
) -> None:
    stored = archive.find(told.tell("c1", SHOP).reference)
    contents = archive.archive_of(stored)
    raised = stored.result.replace('"limit_fen":26000000', '"limit_fen":96000000')
    assert raised != stored.result
    assert "摘要" in replay(replace(stored, result=raised), contents).fault
    resealed = replace(stored, result=raised, result_digest=text_digest(raised))
    assert not replay(resealed, contents).same
    other_facts = replace(stored, inputs={**stored.inputs, "business_months": 2})
    assert not replay(other_facts, contents).same


def test_an_archived_policy_that_was_tampered_with_is_found_out(
    told: DecisionRecords, archive: DecisionArchive
) -> None:
    stored = archive.find(told.tell("c1", SHOP).reference)
    contents = dict(archive.archive_of(stored))
    digest = stored.policies[0]
    contents[digest] = {**contents[digest], "institution": {"code": "other", "name": "别家"}}
    with pytest.raises(ArchiveBroken, match="改动"):
        replay(stored, contents)
    del contents[digest]
    with pytest.raises(ArchiveBroken, match="没有"):
        replay(stored, contents)


def test_an_unknown_reference_is_named(archive: DecisionArchive) -> None:
    with pytest.raises(DecisionUnknown, match="nothing"):
        archive.replay("nothing")


@settings(deadline=None, max_examples=100)
@given(facts_of(BOOK))
def test_whatever_is_known_its_decision_comes_out_the_same_from_archived_content(
    facts: BusinessFacts,
) -> None:
    products = BOOK.products_for(5)
    result = explain(facts, products, BOOK.words, date(2026, 11, 23)).text
    stored = StoredDecision(
        "r", "c", date(2026, 11, 23), "1", facts.known(), tuple(p.digest for p in products), BOOK.words.digest,
        result, text_digest(result),
    )  # fmt: skip
    contents = {product.digest: product.content for product in products}
    contents[BOOK.words.digest] = BOOK.words.content
    written_and_read = json.loads(json.dumps(contents, ensure_ascii=False))
    assert replay(stored, written_and_read).same


def golden_cases() -> list[dict[str, object]]:
    cases: list[dict[str, object]] = json.loads(GOLDEN.read_text(encoding="utf-8"))["decisions"]
    return cases


@pytest.mark.parametrize("number", range(len(golden_cases())))
def test_the_golden_records_replay_for_ever(number: int) -> None:
    """Written once, never edited: whoever changes the engine so that one differs raises ENGINE_VERSION and keeps the
    old engine for its records.
    """
    case = json.loads(GOLDEN.read_text(encoding="utf-8"))["decisions"][number]
    archive = json.loads(GOLDEN.read_text(encoding="utf-8"))["archive"]
    stored = StoredDecision(
        **{**case, "on": date.fromisoformat(case["on"]), "policies": tuple(case["policies"])}
    )
    outcome = replay(stored, archive)
    assert outcome.same, outcome.fault


def test_the_golden_records_cover_every_outcome_and_a_change() -> None:
    results = [json.loads(str(case["result"])) for case in golden_cases()]
    assert {result["outcome"] for result in results} == {outcome.value for outcome in Outcome}
    assert any(result["change"] for result in results)


def test_a_customer_has_the_same_identity_on_every_call_and_every_verified_channel(
    identity: IdentityService,
) -> None:
    """So that he meets the same version of a product whenever he asks."""
    identity.open_session("call-1", "phone", "13800000001")
    identity.open_session("call-2", "phone", "13800000001")
    identity.open_session("chat-1", "chat")
    identity.claim_phone("chat-1", "13800000001")
    before = identity.applicant_identity("chat-1")
    identity.claim_id_last4("chat-1", "1234")
    identity.verify("chat-1")
    called = identity.applicant_identity("call-1")
    assert called == identity.applicant_identity("call-2") == identity.applicant_identity("chat-1")
    assert before != called, "a number that was merely claimed is nobody's"
    assert identity.applicant_identity("never opened") is None


def test_the_record_is_stored_under_its_own_conversation(told: DecisionRecords, database: Database) -> None:
    reference = told.tell("web-abc", SHOP).reference
    with database.reading() as connection:
        row = connection.execute(
            select(decision_records).where(decision_records.c.reference == reference)
        ).one()
    assert (row.conversation_id, row.decided_on, row.engine_version) == ("web-abc", date(2026, 11, 23), "1")


@pytest.mark.parametrize("known", [True, False])
def test_the_command_replays_from_the_database_alone(
    told: DecisionRecords,
    url: str,
    known: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reference = told.tell("c1", SHOP).reference if known else "unknown"
    monkeypatch.setenv("DATABASE_URL", url)
    assert replay_decision.main([reference]) == (0 if known else 1)
    line = json.loads(capsys.readouterr().out)
    assert line["same"] if known else line["error"]["code"] == "decision_unknown"
