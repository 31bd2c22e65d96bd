"""Replay: a stored decision computed again from its record alone, and compared bit by bit."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.lending.decision import ENGINE_VERSION
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.decision_result import explain
from actions.lending.decision_words import DecisionWords
from actions.lending.errors import LendingError
from actions.lending.policy_content import content_digest
from actions.lending.policy_files import products_from


class DecisionUnknown(LendingError):
    """There is no stored decision with that reference."""

    code = "decision_unknown"


class ArchiveBroken(LendingError):
    """A record's policy is not in the archive, or is not what its digest says."""

    code = "decision_archive_broken"


@dataclass(frozen=True)
class StoredDecision:
    """What was stored when a customer was told a decision."""

    reference: str
    conversation_id: str
    on: date
    engine: str
    inputs: Mapping[str, Any]
    """What was known, by the names of BusinessFacts."""
    policies: tuple[str, ...]
    """Digests of the product versions that were decided on, in their order."""
    words: str
    """Digest of the lender's words."""
    result: str
    """Canonical JSON."""
    result_digest: str
    """SHA-256 over ``result``."""


@dataclass(frozen=True)
class Replay:
    """What came out."""

    reference: str
    same: bool
    """Whether the result is the stored one, bit by bit, and the stored one is as it was written."""
    fault: str
    """Chinese; empty when it is the same."""
    result: str
    """The result as it comes out today."""


def replay(stored: StoredDecision, archive: Mapping[str, Any]) -> Replay:
    """Compute a decision again from its own inputs and archived policies; today's files play no part.

    ``archive`` gives content by digest. Raises ArchiveBroken.
    """
    products = [products_from(_content(archive, digest))[0] for digest in stored.policies]
    words = DecisionWords(**_content(archive, stored.words))
    result = explain(BusinessFacts(**stored.inputs), products, words, stored.on).text
    return Replay(stored.reference, *_verdict(stored, result), result)


def text_digest(text: str) -> str:
    """Return SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _verdict(stored: StoredDecision, result: str) -> tuple[bool, str]:
    if text_digest(stored.result) != stored.result_digest:
        return False, "存下的结果和它的摘要对不上，记录被改动过"
    if result == stored.result:
        return True, ""
    if stored.engine != ENGINE_VERSION:
        return False, f"记录是引擎 {stored.engine} 版做的，现在是 {ENGINE_VERSION} 版，结果不同"
    return False, "重新计算的结果和存下的不同"


def _content(archive: Mapping[str, Any], digest: str) -> Any:
    try:
        content = archive[digest]
    except KeyError:
        raise ArchiveBroken(f"档案里没有规则 {digest[:12]}") from None
    if content_digest(content) != digest:
        raise ArchiveBroken(f"档案里的规则 {digest[:12]} 被改动过")
    return content
