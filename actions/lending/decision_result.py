"""Decision result: decision, change and all words as one JSON value; telling and replaying compute the same one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.lending.decision import Decision, Outcome, ProductDecision, decide
from actions.lending.decision_changes import Change, smallest_change
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.decision_words import DecisionWords
from actions.lending.products import Product


@dataclass(frozen=True)
class ExplainedDecision:
    """A decision with what would change it, and the same as canonical JSON."""

    decision: Decision
    change: Change | None
    reasons: dict[str, tuple[str, ...]]
    """In words, by product code; of ineligible products."""
    change_words: tuple[str, ...]
    """One clause for each step of the change."""
    text: str
    """Canonical JSON: everything above; compared bit by bit when a record is replayed."""


def explain(
    facts: BusinessFacts, products: Sequence[Product], words: DecisionWords, on: date
) -> ExplainedDecision:
    """Decide and put it into words. Pure: nothing but the arguments counts."""
    decision = decide(facts, products, on)
    by_code = {product.code: product for product in products}
    reasons = {
        one.product_code: tuple(words.reason(code, facts, by_code[one.product_code]) for code in one.reasons)
        for one in decision.products
        if one.outcome is Outcome.INELIGIBLE
    }
    change = smallest_change(facts, products) if decision.outcome is Outcome.INELIGIBLE else None
    said = tuple(words.change(step, facts) for step in change.steps) if change else ()
    content = {
        "on": on.isoformat(),
        "engine": decision.engine,
        "outcome": decision.outcome.value,
        "products": [_product(one, reasons.get(one.product_code, ())) for one in decision.products],
        "change": _change(change, said),
        "notice": decision.notice,
    }
    return ExplainedDecision(decision, change, reasons, said, canonical_json(content))


def canonical_json(content: Any) -> str:
    """Write JSON in one way only: names sorted, no blanks, Chinese as it is."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _product(one: ProductDecision, reasons: Sequence[str]) -> dict[str, Any]:
    cost = one.cost and {
        "amount_fen": one.cost.amount_fen,
        "term_months": one.cost.term_months,
        "total_fen": one.cost.total_fen,
        "annualised_rate": str(one.cost.annualised_rate),
    }
    return {
        "product": one.product_code,
        "version": one.policy_version,
        "outcome": one.outcome.value,
        "reasons": list(one.reasons),
        "words": list(reasons),
        "missing": list(one.missing),
        "unchecked": list(one.unchecked),
        "limit_fen": one.limit_fen,
        "annual_rate_ppm": one.annual_rate_ppm,
        "cost": cost,
    }


def _change(change: Change | None, said: Sequence[str]) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "product": change.product_code,
        "version": change.policy_version,
        "leads_to": change.leads_to.value,
        "steps": [
            {"input": step.input, "value": step.value, "reason": step.reason, "words": words}
            for step, words in zip(change.steps, said, strict=True)
        ],
    }
