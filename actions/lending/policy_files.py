"""Policy files: from parsed and schema-checked YAML to products and house rules."""

from datetime import date
from decimal import Decimal
from typing import Any

from actions.lending.methods import RepaymentMethod
from actions.lending.money import FEN_PER_YUAN
from actions.lending.products import (
    EarlyRepaymentRule,
    EligibilityRule,
    Fee,
    House,
    Industry,
    OverdueRule,
    Product,
)


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
    rate = version["annual_rate"]
    return Product(
        code=product["code"],
        version=version["version"],
        name=product["name"],
        institution_code=institution["code"],
        institution=institution["name"],
        summary=product["summary"],
        effective_from=date.fromisoformat(version["effective_from"]),
        effective_to=date.fromisoformat(version["effective_to"]) if "effective_to" in version else None,
        amount_min_fen=_fen(version["amount_yuan"]["min"]),
        amount_max_fen=_fen(version["amount_yuan"]["max"]),
        terms_months=tuple(sorted(int(term) for term in version["terms_months"])),
        annual_rate=Decimal(rate["typical"]),
        annual_rate_min=Decimal(rate["min"]),
        annual_rate_max=Decimal(rate["max"]),
        methods=tuple(RepaymentMethod(method) for method in version["methods"]),
        fees=tuple(Fee(fee["name"], Decimal(fee["rate"])) for fee in version["fees"]),
        early_repayment=_early_repayment(version["early_repayment"]),
        overdue=_overdue(version["overdue"]),
        eligibility=_eligibility(version["eligibility"]),
        documents=tuple(version["documents"]),
        review_working_days=int(version["review_working_days"]),
        confirm_call=version["confirm_call"],
        disbursement_hours=int(version["disbursement_hours"]),
    )


def _early_repayment(rule: Any) -> EarlyRepaymentRule:
    return EarlyRepaymentRule(
        allowed=rule["allowed"] == "true",
        fee_rate=Decimal(rule["fee_rate"]),
        free_after_instalments=int(rule["free_after_instalments"]),
        notice_days=int(rule["notice_days"]),
        partial_allowed=rule["partial_allowed"] == "true",
        partial_min_fen=_fen(rule["partial_min_yuan"]),
    )


def _overdue(rule: Any) -> OverdueRule:
    return OverdueRule(
        grace_days=int(rule["grace_days"]),
        penalty_rate_per_day=Decimal(rule["penalty_rate_per_day"]),
        reported_after_days=int(rule["reported_after_days"]),
    )


def _eligibility(rule: Any) -> EligibilityRule:
    return EligibilityRule(
        min_business_months=int(rule["min_business_months"]),
        min_owner_age=int(rule["min_owner_age"]),
        max_owner_age=int(rule["max_owner_age"]),
        regions=tuple(rule["regions"]),
        excluded_industries=tuple(rule["excluded_industries"]),
        first_time_borrowers_only=rule["first_time_borrowers_only"] == "true",
    )


def _fen(yuan: str) -> int:
    return int(yuan) * FEN_PER_YUAN
