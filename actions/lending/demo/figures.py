"""Demo figures: what the three demo borrowers hear about themselves, for the terminal and for README."""

import secrets
from dataclasses import dataclass

from actions.lending import models
from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.database import open_database
from actions.lending.demo.people import demo_people
from actions.lending.demo.seed import write_demo_data
from actions.lending.identity import IdentityService
from actions.lending.keys import KEY_BYTES, DataKeys
from actions.lending.money import written_yuan
from actions.lending.policy import PolicyBook
from actions.lending.repositories import LendingRepository
from actions.lending.views import LoanView

DEMO_BORROWERS = 3


@dataclass(frozen=True)
class DemoFigures:
    """What is printed about one demo borrower."""

    name: str
    phone: str
    id_ending: str
    figures: tuple[str, ...]
    """Chinese, e.g. 下一期 12月5日 还 5584.20元."""

    def line(self) -> str:
        """One line for the terminal."""
        return f"{self.name}  {self.phone}  身份证后四位 {self.id_ending}  {'；'.join(self.figures)}"


def demo_figures(policies: PolicyBook, clock: Clock = SYSTEM_CLOCK) -> tuple[DemoFigures, ...]:
    """Return the demo borrowers' figures of today.

    Demo data is the same wherever it is written, so they are read, through the identity gate like any caller's,
    from a copy in memory: reading them from the real database would touch its sessions and counted tries.
    """
    database, keys = open_database("sqlite://"), DataKeys(secrets.token_bytes(KEY_BYTES))
    with database.writing() as connection:
        models.metadata.create_all(connection)
    write_demo_data(database, keys, policies, clock)
    identity = IdentityService(database, keys, clock)
    records = LendingRepository(database, keys, policies, clock)
    result = []
    for person in demo_people()[:DEMO_BORROWERS]:
        conversation = f"demo-{person.number}"
        identity.open_session(conversation, "chat")
        identity.claim_phone(conversation, person.phone)
        identity.claim_id_last4(conversation, person.id_card[-4:])
        identity.verify(conversation)
        borrower = identity.verified_borrower(conversation)
        assert borrower is not None, "the demo borrowers' phones and ID ends are their own"
        figures = [
            f"{application.product}申请{written_yuan(application.amount_fen)}，{application.state.label}"
            for application in records.applications(borrower)
        ]
        for loan in records.loans(borrower):
            figures += _loan_figures(loan)
        result.append(DemoFigures(person.name, person.phone, person.id_card[-4:], tuple(figures)))
    database.close()
    return tuple(result)


def _loan_figures(loan: LoanView) -> list[str]:
    words = [
        f"剩余本金{written_yuan(loan.outstanding_principal_fen)}，"
        f"还有{loan.remaining_instalments}期（共{loan.total_instalments}期，{loan.method.label}）"
    ]
    if loan.next_instalment is not None:
        due = loan.next_instalment
        words.append(f"下一期{due.date.month}月{due.date.day}日还{written_yuan(due.amount_fen)}")
    if loan.overdue is not None:
        late = loan.overdue
        words.append(
            f"逾期{late.days}天，应还{written_yuan(late.amount_fen)}（含罚息{written_yuan(late.penalty_fen)}）"
        )
    if loan.last_autodebit is not None:
        debit = loan.last_autodebit
        outcome = {"succeeded": "成功", "failed": "失败", "pending": "处理中"}[debit.result.value]
        words.append(
            f"最近一次扣款{debit.on.month}月{debit.on.day}日{outcome}"
            + (debit.reason and f"：{debit.reason}")
        )
    return words
