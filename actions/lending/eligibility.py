"""Eligibility: do a product's published conditions fit? A first look with reasons, never a promise."""

import re
from dataclasses import dataclass
from enum import Enum

from actions.lending.decision_policy import Family
from actions.lending.money import written_yuan
from actions.lending.policy import PolicyBook
from actions.lending.products import Product

_PROVINCES = re.findall(
    "..",
    "北京天津上海重庆河北山西辽宁吉林黑龙江苏浙江安徽福建江西山东河南湖北"
    "湖南广东海南四川贵州云南陕西甘肃青海台湾内蒙广西西藏宁夏新疆香港澳门",
)
"""The first two characters tell the provinces apart, as people say them and as they are written."""

_LOOKED_AT = {Family.FIRST_TIME, Family.TURNOVER, Family.TAX}
"""What the first look knows the conditions of."""

NO_PROMISE = "这只是按公开条件的初步判断，能不能批、批多少，以机构审核为准"
"""Must be said with every outlook."""


class Outlook(str, Enum):
    """How far what is known fits."""

    FITS = "fits"
    """Every condition was checked and none speaks against applying."""
    DOES_NOT_FIT = "does_not_fit"
    UNDECIDED = "undecided"
    """Nothing speaks against it so far, but ``missing`` is still unknown."""


@dataclass(frozen=True)
class Applicant:
    """What is known of who asks; None means: not known yet."""

    business_months: int | None = None
    """Months since the business was registered."""
    industry: str | None = None
    """Code of an industry, see PolicyBook.industry_named."""
    region: str | None = None
    """Province, e.g. 四川省 or 四川."""
    has_overdue_debt: bool | None = None
    """Whether any loan is overdue now."""
    owner_age: int | None = None
    is_first_time_borrower: bool | None = None
    amount_fen: int | None = None
    term_months: int | None = None


@dataclass(frozen=True)
class Finding:
    """The answer of one rule."""

    rule: str
    """``business_age``, ``industry``, ``region``, ``overdue``, ``owner_age``, ``first_time``, ``amount``, ``term``."""
    passed: bool | None
    """None: cannot be told yet."""
    reason: str
    """Plain Chinese: why not, or what has to be known; empty when passed."""


@dataclass(frozen=True)
class Eligibility:
    """Outcome for one product."""

    product_code: str
    policy_version: str
    product: str
    outlook: Outlook
    reasons: tuple[str, ...]
    """Why it does not fit; empty otherwise."""
    missing: tuple[str, ...]
    """Names of rules that need an answer, the most telling first."""
    findings: tuple[Finding, ...]
    notice: str = NO_PROMISE


def check_eligibility(product: Product, applicant: Applicant, policies: PolicyBook) -> Eligibility:
    """Hold an applicant against a product's rules."""
    findings = (
        _business_age(product, applicant),
        _overdue(applicant),
        _industry(product, applicant, policies),
        _region(product, applicant),
        _amount(product, applicant),
        _term(product, applicant),
        _owner_age(product, applicant),
        _first_time(product, applicant),
    )
    reasons = tuple(finding.reason for finding in findings if finding.passed is False)
    missing = tuple(finding.rule for finding in findings if finding.passed is None)
    outlook = Outlook.DOES_NOT_FIT if reasons else Outlook.UNDECIDED if missing else Outlook.FITS
    return Eligibility(product.code, product.version, product.name, outlook, reasons, missing, findings)


def check_all(applicant: Applicant, policies: PolicyBook) -> tuple[Eligibility, ...]:
    """Hold an applicant against every product in force, the best fitting first."""
    order = {Outlook.FITS: 0, Outlook.UNDECIDED: 1, Outlook.DOES_NOT_FIT: 2}
    results = [
        check_eligibility(product, applicant, policies)
        for product in policies.products()
        if product.family in _LOOKED_AT
    ]
    return tuple(sorted(results, key=lambda result: (order[result.outlook], len(result.reasons))))


def _business_age(product: Product, applicant: Applicant) -> Finding:
    least = product.eligibility.min_business_months
    if applicant.business_months is None:
        return Finding("business_age", None, "营业执照办了多久")
    passed = applicant.business_months >= least
    return Finding("business_age", passed, "" if passed else f"营业执照要满{least}个月")


def _overdue(applicant: Applicant) -> Finding:
    if applicant.has_overdue_debt is None:
        return Finding("overdue", None, "现在有没有逾期没还的贷款")
    passed = not applicant.has_overdue_debt
    return Finding("overdue", passed, "" if passed else "还有逾期没还清的贷款，要先还清")


def _industry(product: Product, applicant: Applicant, policies: PolicyBook) -> Finding:
    excluded = product.eligibility.excluded_industries
    if applicant.industry is None:
        return Finding("industry", None if excluded else True, "做的是什么生意" if excluded else "")
    passed = applicant.industry not in excluded
    known = policies.industry(applicant.industry)
    name = known.name if known else applicant.industry
    return Finding("industry", passed, "" if passed else f"这款产品暂时不做{name}行业")


def _region(product: Product, applicant: Applicant) -> Finding:
    regions = product.eligibility.regions
    if not regions:
        return Finding("region", True, "")
    said = (applicant.region or "")[:2]
    if said not in _PROVINCES:  # a town alone does not tell: better ask than refuse
        return Finding("region", None, "店开在哪个省")
    passed = said in {region[:2] for region in regions}
    return Finding("region", passed, "" if passed else f"目前只在{'、'.join(regions)}办理")


def _amount(product: Product, applicant: Applicant) -> Finding:
    if applicant.amount_fen is None:
        return Finding("amount", None, "想借多少")
    if applicant.amount_fen < product.amount_min_fen:
        return Finding("amount", False, f"最少要借{written_yuan(product.amount_min_fen)}")
    if applicant.amount_fen > product.amount_max_fen:
        return Finding("amount", False, f"最多能借{written_yuan(product.amount_max_fen)}")
    return Finding("amount", True, "")


def _term(product: Product, applicant: Applicant) -> Finding:
    """The term can be chosen later, so an unknown one does not leave the outlook open."""
    passed = applicant.term_months is None or applicant.term_months in product.terms_months
    terms = "、".join(str(term) for term in product.terms_months)
    return Finding("term", passed, "" if passed else f"可以分{terms}期")


def _owner_age(product: Product, applicant: Applicant) -> Finding:
    """Checked when known; nobody is asked for his age on the phone."""
    low, high = product.eligibility.min_owner_age, product.eligibility.max_owner_age
    passed = applicant.owner_age is None or low <= applicant.owner_age <= high
    return Finding("owner_age", passed, "" if passed else f"年龄要在{low}到{high}周岁之间")


def _first_time(product: Product, applicant: Applicant) -> Finding:
    if not product.eligibility.first_time_borrowers_only:
        return Finding("first_time", True, "")
    if applicant.is_first_time_borrower is None:
        return Finding("first_time", None, "以前有没有在银行贷过款")
    passed = applicant.is_first_time_borrower
    return Finding("first_time", passed, "" if passed else "这款产品只给第一次贷款的老板")
