"""Plans: what has happened to each demo person, in days and instalments relative to today."""

import random
from dataclasses import dataclass, replace

from actions.lending.decision import Outcome, decide_product
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.demo.people import LI_NA, SEED, WANG_QIANG, ZHANG_WEI, Person
from actions.lending.methods import RepaymentMethod
from actions.lending.policy import PolicyBook
from actions.lending.products import Product
from actions.lending.views import ApplicationState

DEMO_PRODUCTS = ("beichen_first", "beichen_tax", "jiangdu_quick", "qinghe_shop", "qinghe_turnover")
"""On sale for as long as the oldest demo loan is old."""
THOUSAND_YUAN_FEN = 100_000
"""Amounts are multiples of 1000 yuan."""

DEBIT_FAILURES = ("卡里余额不足", "银行卡已经挂失", "银行卡超过了单日扣款限额", "银行系统维护，没有扣成")
REJECTIONS = (
    ("score", "综合评分不足，主要是近半年的收款流水不太稳定"),
    ("debt", "现有负债偏高，每月要还的钱占收入的比例太大"),
    ("overdue_record", "征信报告里近两年有多次逾期"),
    ("address_mismatch", "填写的经营地址和营业执照上的不一致"),
    ("unreachable", "多次电话联系不上本人，没有完成核实"),
    ("many_queries", "近三个月申请贷款的次数太多"),
    ("documents", "上传的营业执照照片看不清，没有按时补交"),
)
CANCELLATIONS = ("客户自己撤销了申请", "资料超过30天没有补齐，申请自动关闭")


@dataclass(frozen=True)
class LoanPlan:
    """A loan's course. Exactly one of the three day counts says where it stands."""

    paid_instalments: int
    next_due_in_days: int | None = None
    """Current: days from today to the next due date (0 = today)."""
    overdue_days: int | None = None
    """Overdue: days since the oldest unpaid due date."""
    settled_days_ago: int | None = None
    """Settled: days since the last instalment's due date, or since the early settlement."""
    debit_failure: str = ""
    partly_paid: bool = False
    """Overdue: the interest of the oldest instalment came in, the principal did not."""


@dataclass(frozen=True)
class ApplicationPlan:
    """One application of a person."""

    product_code: str
    amount_fen: int
    term_months: int
    method: RepaymentMethod
    state: ApplicationState
    submitted_days_ago: int = 0
    """Of applications without a loan; a loan's application was submitted three days before disbursement."""
    rejections: tuple[tuple[str, str], ...] = ()
    cancellation: str = ""
    loan: LoanPlan | None = None
    rate_choice: str = "typical"


@dataclass(frozen=True)
class PersonPlan:
    """All that has happened to one person."""

    person: Person
    applications: tuple[ApplicationPlan, ...]
    """Oldest first."""
    bank: str
    card_tail: str
    has_limit: bool


def plans(people: tuple[Person, ...], policies: PolicyBook) -> tuple[PersonPlan, ...]:
    """Return everybody's plan: every state of applications and loans occurs, all three schedules too."""
    return tuple(_named_plan(person) or _other_plan(person, policies) for person in people)


def _named_plan(person: Person) -> PersonPlan | None:
    equal, disbursed = RepaymentMethod.EQUAL_INSTALMENT, ApplicationState.DISBURSED
    if person.number == ZHANG_WEI:
        loan = LoanPlan(paid_instalments=7, next_due_in_days=12)
        application = ApplicationPlan("qinghe_shop", 12_000_000, 24, equal, disbursed, loan=loan)
        return PersonPlan(person, (application,), "建设银行", "6021", has_limit=True)
    if person.number == LI_NA:
        application = ApplicationPlan(
            "beichen_first", 8_000_000, 12, equal, ApplicationState.IN_REVIEW, submitted_days_ago=2
        )
        return PersonPlan(person, (application,), "农业银行", "3388", has_limit=False)
    if person.number == WANG_QIANG:
        loan = LoanPlan(paid_instalments=4, overdue_days=9, debit_failure=DEBIT_FAILURES[0])
        application = ApplicationPlan("qinghe_shop", 6_000_000, 12, equal, disbursed, loan=loan)
        return PersonPlan(person, (application,), "邮储银行", "7715", has_limit=True)
    return None


_LOTS = (
    *(("submitted", 12), ("in_review", 15), ("approved", 12), ("rejected", 28), ("cancelled", 10)),
    *(("current", 70), ("overdue", 20), ("settled", 30)),
)
"""How many of the 197 others are in which situation."""


def _lot(number: int) -> str:
    """Deal the situations out: 83 is coprime with 197, so every place is taken once."""
    place = (number * 83) % sum(count for _, count in _LOTS)
    for lot, count in _LOTS:
        if place < count:
            return lot
        place -= count
    raise AssertionError("unreachable: place is below the sum of all counts")


def _other_plan(person: Person, policies: PolicyBook) -> PersonPlan:
    chance = random.Random(f"{SEED}:plan:{person.number}")
    lot = _lot(person.number)
    product = chance.choice(_fitting(person, policies))
    last = _application(lot, product, chance)
    applications: tuple[ApplicationPlan, ...] = (last,)
    if chance.random() < 0.15:
        earlier = _application("rejected", product, chance)
        days = (last.submitted_days_ago if last.loan is None else 1_200) + chance.randint(60, 120)
        applications = (replace(earlier, submitted_days_ago=days), last)
    return PersonPlan(
        person=person,
        applications=applications,
        bank=chance.choice(policies.house.supported_banks),
        card_tail=f"{chance.randrange(10_000):04d}",
        has_limit=lot in ("approved", "current", "overdue", "settled"),
    )


def _fitting(person: Person, policies: PolicyBook) -> list[Product]:
    """The products that have been on sale for long enough and that nothing about the person speaks against."""
    facts = BusinessFacts(
        industry=person.industry, region=person.region, is_first_time_borrower=person.is_first_time_borrower
    )
    return [
        product
        for product in policies.products()
        if product.code in DEMO_PRODUCTS and decide_product(facts, product).outcome is not Outcome.INELIGIBLE
    ]


def _application(lot: str, product: Product, chance: random.Random) -> ApplicationPlan:
    # The oldest version of a product has the narrowest range here, so amounts hold for every version.
    ceiling_fen = product.amount_max_fen * 3 // 5
    thousands = chance.randint(product.amount_min_fen // THOUSAND_YUAN_FEN, ceiling_fen // THOUSAND_YUAN_FEN)
    plan = ApplicationPlan(
        product_code=product.code,
        amount_fen=thousands * THOUSAND_YUAN_FEN,
        term_months=chance.choice(product.terms_months),
        method=chance.choice(product.methods),
        state=ApplicationState.DISBURSED,
        rate_choice=chance.choice(("typical", "typical", "min", "max")),
    )
    if lot in ("current", "overdue", "settled"):
        return replace(plan, loan=_loan(lot, product, plan.term_months, chance))
    state = ApplicationState(lot)
    days = {"submitted": (0, 1), "in_review": (1, 3), "approved": (2, 5)}.get(lot, (10, 200))
    rejections: tuple[tuple[str, str], ...] = ()
    if state is ApplicationState.REJECTED:
        rejections = tuple(chance.sample(REJECTIONS, chance.choice((1, 1, 2))))
    return replace(
        plan,
        state=state,
        submitted_days_ago=chance.randint(*days),
        rejections=rejections,
        cancellation=chance.choice(CANCELLATIONS) if state is ApplicationState.CANCELLED else "",
    )


def _loan(lot: str, product: Product, term_months: int, chance: random.Random) -> LoanPlan:
    if lot == "current":
        paid = chance.randrange(term_months)
        return LoanPlan(paid, next_due_in_days=chance.randrange(27))
    if lot == "overdue":
        return LoanPlan(
            chance.randrange(term_months),
            overdue_days=chance.choice((1, 2, 4, 7, 15, 24, 33, 48, 66, 75)),
            debit_failure=chance.choice(DEBIT_FAILURES),
            partly_paid=chance.random() < 0.25,
        )
    free_after = product.early_repayment.free_after_instalments
    if free_after < term_months - 1 and chance.random() < 0.3:
        paid = chance.randint(max(1, free_after), term_months - 1)
        return LoanPlan(paid, settled_days_ago=chance.randint(5, 200))
    return LoanPlan(term_months, settled_days_ago=chance.randint(5, 200))
