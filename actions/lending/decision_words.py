"""DecisionWords: reasons and changes as a shop owner understands them; every sentence is in data/policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from actions.lending.decision import limit_bound_fen
from actions.lending.decision_changes import ChangeStep
from actions.lending.decision_inputs import INPUT_KINDS, BusinessFacts, InputKind
from actions.lending.decision_policy import OwnReason
from actions.lending.money import written_yuan
from actions.lending.policy_content import content_digest
from actions.lending.products import Product


@dataclass(frozen=True)
class DecisionWords:
    """The lender's own words (data/policies/words.yml) and the names of the trades (house.yml)."""

    reasons: Mapping[str, str]
    """By OwnReason."""
    changes: Mapping[str, str]
    """By OwnReason."""
    industries: Mapping[str, str]
    """Chinese names by code."""

    @property
    def content(self) -> Any:
        """What is archived with a decision; DecisionWords(**content) reads it back."""
        return {
            "reasons": dict(self.reasons),
            "changes": dict(self.changes),
            "industries": dict(self.industries),
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the content."""
        return content_digest(self.content)

    def reason(self, code: str, facts: BusinessFacts, product: Product) -> str:
        """Say why not."""
        if code in self.reasons:
            return self.reasons[code].format(value=self._own_reason_value(OwnReason(code), facts, product))
        rule = next(rule for rule in product.decision.rules if rule.code == code)
        name = rule.condition.input
        return rule.reason.format(
            value=self._said(name, rule.condition.value), own=self._said(name, getattr(facts, name))
        )

    def change(self, step: ChangeStep, facts: BusinessFacts) -> str:
        """Say what would help. ``{gap}`` is how much is missing."""
        own = getattr(facts, step.input)
        return (step.words or self.changes[step.reason]).format(
            value=self._said(step.input, step.value),
            own=self._said(step.input, own),
            gap=self._said(step.input, abs(step.value - own)),
        )

    def _own_reason_value(self, reason: OwnReason, facts: BusinessFacts, product: Product) -> str:
        if reason is OwnReason.TERM_NOT_OFFERED:
            return "、".join(str(term) for term in product.terms_months)
        if reason in (OwnReason.AMOUNT_BELOW_MINIMUM, OwnReason.LIMIT_TOO_LOW):
            return written_yuan(product.amount_min_fen)
        if reason is OwnReason.AMOUNT_ABOVE_MAXIMUM:
            return written_yuan(product.amount_max_fen)
        return written_yuan(limit_bound_fen(facts, product))

    def _said(self, name: str, value: Any) -> str:
        if isinstance(value, tuple):
            return "、".join(self._said(name, one) for one in value)
        if INPUT_KINDS[name] is InputKind.MONEY:
            return written_yuan(value)
        if name == "industry":
            return self.industries.get(value, value)
        return f"{value}级" if name == "tax_grade" else str(value)
