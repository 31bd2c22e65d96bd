"""Policy files: from parsed and schema-checked YAML to products and house rules."""

from datetime import date
from decimal import Decimal
from typing import Any

from actions.lending.decision_policy import Family
from actions.lending.decision_policy_files import decision_policy_from
from actions.lending.methods import RepaymentMethod
from actions.lending.money import FEN_PER_YUAN
from actions.lending.policy_content import content_digest, version_content
from actions.lending.products import (
    EarlyRepaymentRule,
    Fee,
    House,
    Industry,
    OverdueRule,
    Product,
)
from actions.lending.version_share import PARTS


def products_from(content: Any) -> list[Product]:
    """Return every version of every product of one institution's file."""
    institution = content["institution"]
    return [
        _product(institution, product, version)
        for product in content["products"]
        for version in product["versions"]
    ]


def house_from(content: Any) -> House:
    """Return the lender's own facts."""
    lists = {name: tuple(value) for name, value in content.items() if isinstance(value, list)}
    industries = tuple(
        Industry(entry["code"], entry["name"], tuple(entry["aliases"])) for entry in content["industries"]
    )
    return House(**(content | lists | {"industries": industries}))


def _product(institution: Any, product: Any, version: Any) -> Product:
    """Build one version. Raises ValueError where its parts do not fit together."""
    least_fen, most_fen = _fen(version["amount_yuan"]["min"]), _fen(version["amount_yuan"]["max"])
    decision = decision_policy_from(version["decision"])
    if most_fen // decision.step_fen * decision.step_fen < max(1, least_fen):
        raise ValueError(f"产品 {product['code']} 的额度取整以后到不了最低的金额")
    rate = version["annual_rate"]
    content = version_content(institution, product, version)
    return Product(
        code=product["code"],
        version=version["version"],
        name=product["name"],
        institution_code=institution["code"],
        institution=institution["name"],
        family=Family(product["family"]),
        summary=product["summary"],
        effective_from=date.fromisoformat(version["effective_from"]),
        effective_to=date.fromisoformat(version["effective_to"]) if "effective_to" in version else None,
        runs_beside=version.get("runs_beside"),
        share=int(Decimal(version.get("share", "0")) * PARTS),
        amount_min_fen=least_fen,
        amount_max_fen=most_fen,
        terms_months=tuple(sorted(int(term) for term in version["terms_months"])),
        annual_rate=Decimal(rate["typical"]),
        annual_rate_min=Decimal(rate["min"]),
        annual_rate_max=Decimal(rate["max"]),
        methods=tuple(RepaymentMethod(method) for method in version["methods"]),
        fees=tuple(_fee(fee) for fee in version["fees"]),
        early_repayment=_early_repayment(version["early_repayment"]),
        overdue=_overdue(version["overdue"]),
        documents=tuple(version["documents"]),
        review_working_days=int(version["review_working_days"]),
        confirm_call=version["confirm_call"],
        disbursement_hours=int(version["disbursement_hours"]),
        decision=decision,
        content=content,
        digest=content_digest(content),
    )


def _fee(fee: Any) -> Fee:
    return Fee(fee["name"], Decimal(fee["rate"]), fee.get("charged") == "with_each_instalment")


def _early_repayment(rule: Any) -> EarlyRepaymentRule:
    return EarlyRepaymentRule(
        allowed=rule["allowed"] == "true",
        fee_rate=Decimal(rule["fee_rate"]),
        free_after_instalments=int(rule["free_after_instalments"]),
        notice_days=int(rule["notice_days"]),
        partial_allowed=rule["partial_allowed"] == "true",
        partial_min_fen=_fen(rule["partial_min_yuan"]),
        fee_interest_months=int(rule.get("fee_interest_months", "0")),
        fee_fixed_fen=_fen(rule.get("fee_fixed_yuan", "0")),
    )


def _overdue(rule: Any) -> OverdueRule:
    return OverdueRule(
        grace_days=int(rule["grace_days"]),
        penalty_rate_per_day=Decimal(rule["penalty_rate_per_day"]),
        reported_after_days=int(rule["reported_after_days"]),
    )


def _fen(yuan: str) -> int:
    return int(yuan) * FEN_PER_YUAN
