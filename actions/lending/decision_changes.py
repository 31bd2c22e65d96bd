"""Change: the smallest change of what an owner can change that would change the answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.lending.decision import Outcome, decide_product, is_ineligible, limit_bound_fen
from actions.lending.decision_inputs import INPUT_KINDS, BusinessFacts, InputKind
from actions.lending.decision_policy import TIMES_ONE, Cap, Comparison, OwnReason, Rule
from actions.lending.money import FEN_PER_YUAN
from actions.lending.products import Product

_EASIEST_FIRST = (
    "wanted_term_months",
    "wanted_amount_fen",
    "owner_has_overdue_debt",
    "owner_lenders",
    "business_months",
)
"""What can be done today, then what needs money, then what needs time; whatever is not listed comes last."""


@dataclass(frozen=True)
class ChangeStep:
    """One input and the value nearest to today's that will do."""

    input: str
    value: int | bool
    """A flag, a count, or fen in whole yuan."""
    reason: str
    """The reason code that goes away."""
    words: str | None
    """The policy's own sentence (``Rule.change``, ``Cap.change``); None: a wish for another amount or term."""


@dataclass(frozen=True)
class Change:
    """All its steps together turn a refusal into a yes or at least into a question."""

    product_code: str
    policy_version: str
    steps: tuple[ChangeStep, ...]
    leads_to: Outcome


def changed(facts: BusinessFacts, steps: Sequence[ChangeStep]) -> BusinessFacts:
    """Return the facts after the steps."""
    values: dict[str, Any] = {step.input: step.value for step in steps}
    return replace(facts, **values)


def one_unit_less(facts: BusinessFacts, step: ChangeStep) -> ChangeStep:
    """Return the step with its value one month, lender, instalment or yuan nearer to today's."""
    own: Any = getattr(facts, step.input)
    kind = INPUT_KINDS[step.input]
    if kind is InputKind.FLAG:
        return replace(step, value=own)
    unit = FEN_PER_YUAN if kind is InputKind.MONEY else 1
    nearer = max(own, step.value - unit) if step.value > own else min(own, step.value + unit)
    return replace(step, value=nearer)


def smallest_change(facts: BusinessFacts, products: Sequence[Product]) -> Change | None:
    """Return what would change the answer "no product"; None when there is another answer or nothing would.

    Few steps come before many, easy ones before hard ones, and every candidate is proved by deciding again: with
    it some product is no longer refused, with one unit less of any of its steps all still are.
    """
    if not _refused(facts, products):
        return None
    candidates = [(product, steps) for product in products if (steps := _steps(facts, product))]
    candidates.sort(key=lambda pair: _effort(facts, pair[1]))
    for product, steps in candidates:
        if _is_least(facts, steps, products):
            outcome = decide_product(changed(facts, steps), product).outcome
            return Change(product.code, product.version, steps, outcome)
    return None


def _is_least(facts: BusinessFacts, steps: tuple[ChangeStep, ...], products: Sequence[Product]) -> bool:
    if _refused(changed(facts, steps), products):
        return False
    for number, step in enumerate(steps):
        less = (*steps[:number], one_unit_less(facts, step), *steps[number + 1 :])
        if not _refused(changed(facts, less), products):
            return False
    return True


def _refused(facts: BusinessFacts, products: Sequence[Product]) -> bool:
    """Whether something is known to speak against every product."""
    return all(is_ineligible(facts, product) for product in products)


def _effort(facts: BusinessFacts, steps: tuple[ChangeStep, ...]) -> tuple[int, list[tuple[int, int]]]:
    def of(step: ChangeStep) -> tuple[int, int]:
        place = _EASIEST_FIRST.index(step.input) if step.input in _EASIEST_FIRST else len(_EASIEST_FIRST)
        return place, abs(int(step.value) - int(getattr(facts, step.input)))

    return len(steps), sorted((of(step) for step in steps), reverse=True)


def _steps(facts: BusinessFacts, product: Product) -> tuple[ChangeStep, ...]:
    """Return the least steps after which nothing known speaks against the product; () when there are none."""
    steps: dict[str, ChangeStep] = {}
    for step in (*_of_rules(facts, product), *_of_caps(facts, product)):
        if step is None:
            return ()
        before = steps.get(step.input)
        if before is None or _further(facts, step, before):
            steps[step.input] = step
    settled = changed(facts, tuple(steps.values()))
    for step in _of_wish(settled, product):
        steps[step.input] = step
    wanted = changed(facts, tuple(steps.values()))
    return tuple(steps.values()) if not is_ineligible(wanted, product) else ()


def _further(facts: BusinessFacts, step: ChangeStep, before: ChangeStep) -> bool:
    own = getattr(facts, step.input)
    return abs(int(step.value) - int(own)) > abs(int(before.value) - int(own))


def _of_rules(facts: BusinessFacts, product: Product) -> Iterator[ChangeStep | None]:
    """One step for each broken rule; None for a rule that the owner can do nothing about."""
    for rule in product.decision.rules:
        if rule.condition.holds(facts) is False:
            yield None if rule.change is None else _of_rule(rule)


def _of_rule(rule: Rule) -> ChangeStep:
    value = rule.condition.value
    assert rule.condition.comparison in (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.IS)
    assert not isinstance(value, tuple), "the loader refuses a change of a choice"
    return ChangeStep(rule.condition.input, value, rule.code, rule.change)


def _of_caps(facts: BusinessFacts, product: Product) -> Iterator[ChangeStep | None]:
    """One step for each cap below the least that the product lends."""
    step_fen = product.decision.step_fen
    least_fen = -(-product.amount_min_fen // step_fen) * step_fen
    for cap in product.decision.caps:
        bound_fen = cap.bound_fen(facts)
        if bound_fen is not None and bound_fen < least_fen:
            yield _of_cap(cap, least_fen, facts)


def _of_cap(cap: Cap, least_fen: int, facts: BusinessFacts) -> ChangeStep | None:
    if cap.change is None or cap.input is None or cap.times == 0:
        return None
    taken_off: int = getattr(facts, cap.minus) if cap.minus else 0
    needed_fen = -(-(least_fen + taken_off) * TIMES_ONE // cap.times)
    whole_yuan_fen = -(-needed_fen // FEN_PER_YUAN) * FEN_PER_YUAN
    return ChangeStep(cap.input, whole_yuan_fen, OwnReason.LIMIT_TOO_LOW.value, cap.change)


def _of_wish(facts: BusinessFacts, product: Product) -> Iterator[ChangeStep]:
    """Another term or amount, where the wanted one is not lent."""
    term, amount_fen = facts.wanted_term_months, facts.wanted_amount_fen
    if term is not None and term not in product.terms_months:
        nearest = min(product.terms_months, key=lambda offered: (abs(offered - term), offered))
        yield ChangeStep("wanted_term_months", nearest, OwnReason.TERM_NOT_OFFERED.value, None)
    if amount_fen is None:
        return
    bound_fen = limit_bound_fen(facts, product)
    if amount_fen < product.amount_min_fen:
        reason = OwnReason.AMOUNT_BELOW_MINIMUM
        yield ChangeStep("wanted_amount_fen", product.amount_min_fen, reason.value, None)
    elif amount_fen > bound_fen:
        above = amount_fen > product.amount_max_fen
        reason = OwnReason.AMOUNT_ABOVE_MAXIMUM if above else OwnReason.AMOUNT_ABOVE_LIMIT
        yield ChangeStep("wanted_amount_fen", bound_fen, reason.value, None)
