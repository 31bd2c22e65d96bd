"""Businesses made up at random, many of them next to a threshold, for property tests of decisions."""

from dataclasses import fields

from hypothesis import strategies as st

from actions.lending.decision_inputs import CHOICES, INPUT_KINDS, BusinessFacts, InputKind
from actions.lending.policy import PolicyBook


def facts_of(policies: PolicyBook) -> st.SearchStrategy[BusinessFacts]:
    """Every input unknown, anywhere, or within one of a value that some policy compares it with."""
    near = _thresholds(policies)
    industries = tuple(one.code for one in policies.house.industries)

    def values(name: str) -> st.SearchStrategy[object]:
        kind = INPUT_KINDS[name]
        if kind is InputKind.FLAG:
            return st.booleans()
        if kind is InputKind.CHOICE:
            return st.sampled_from(industries if name == "industry" else CHOICES[name])
        anywhere = st.integers(0, 10**13 if kind is InputKind.MONEY else 200)
        if not near.get(name):
            return anywhere
        close = st.builds(lambda at, by: max(0, at + by), st.sampled_from(near[name]), st.integers(-1, 1))
        return st.one_of(close, st.sampled_from(near[name]), anywhere)

    return st.builds(
        BusinessFacts,
        **{field.name: st.one_of(st.none(), values(field.name)) for field in fields(BusinessFacts)},
    )


def _thresholds(policies: PolicyBook) -> dict[str, list[int]]:
    near: dict[str, set[int]] = {"wanted_amount_fen": set(), "wanted_term_months": set()}
    for product in policies.all_versions():
        near["wanted_amount_fen"] |= {product.amount_min_fen, product.amount_max_fen}
        near["wanted_term_months"] |= set(product.terms_months)
        decision = product.decision
        for condition in (
            *(rule.condition for rule in decision.rules),
            *(one.condition for one in decision.adjustments),
        ):
            if type(condition.value) is int:
                near.setdefault(condition.input, set()).add(condition.value)
        for cap in decision.caps:
            if cap.input is not None and cap.times:
                for bound_fen in (product.amount_min_fen, product.amount_max_fen):
                    near.setdefault(cap.input, set()).add(-(-bound_fen * 10_000 // cap.times))
    return {name: sorted(values) for name, values in near.items()}
