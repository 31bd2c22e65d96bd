"""Own interest: what a borrower's running loan costs him, with its annualised rate."""

import re

from actions.follow_up import LOAN
from actions.lending.money import written_percent, written_yuan
from actions.own_data import running_loans
from actions.services import Services
from actions.turn import Turn, figure

_OWN = re.compile(r"我(?:这|那)?(?:一?笔|个)?(?:的|在还的)?(?:贷款|借款)?的?(?:年化|利[息率])")


def asks_of_own_loan(turn: Turn, services: Services) -> bool:
    """Whether a verified borrower means the interest of his own loan: 那利息呢 behind its balance."""
    about_it = turn.context.get("intent") in LOAN and not (turn.value("amount") or turn.value("term"))
    if turn.question is not None or not (about_it or _OWN.search(turn.text)):
        return False
    borrower = services.identity.verified_borrower(turn.sender)
    return borrower is not None and bool(running_loans(services, borrower))


def say_own_interest(turn: Turn, services: Services) -> None:
    """The interest of the next instalment, of all that are left, and the annualised rate of the most pressing loan."""
    borrower = services.identity.verified_borrower(turn.sender)
    assert borrower is not None
    loan = running_loans(services, borrower)[0]
    rate = figure("annualised_rate", str(loan.annualised_rate), "rate_per_year", loan=loan.reference)
    coming = loan.next_instalment
    if coming is None:
        turn.say(
            "utter_own_rate", figures=(rate,), interruptible=False, rate=written_percent(loan.annualised_rate)
        )
        return
    # 那下个月呢 behind this follows the instalment whose interest was told.
    if turn.context:
        turn.remember(context=turn.context | {"instalment": coming.number})
    ahead_fen = sum(one.interest_fen for one in services.records.instalments(borrower, loan.reference))
    turn.say(
        "utter_own_interest",
        figures=(
            figure("remaining_interest", ahead_fen, "fen", loan=loan.reference, policy=loan.policy_version),
            figure(
                "next_repayment_interest",
                coming.interest_fen,
                "fen",
                loan=loan.reference,
                instalment=coming.number,
            ),
            rate,
        ),
        interruptible=False,
        interest=written_yuan(coming.interest_fen),
        cost=written_yuan(ahead_fen),
        rate=written_percent(loan.annualised_rate),
    )
