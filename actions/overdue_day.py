"""Overdue day: what makes a late loan good on a day to come (我二十号再还要多少), its penalty counted until then."""

from datetime import date

from actions.lending.money import written_percent, written_yuan
from actions.lending.overdue import annualised_penalty_rate
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import LoanView
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date


def say_overdue_on_day_asked(
    turn: Turn, services: Services, borrower: VerifiedBorrower, loan: LoanView
) -> bool:
    """Say the sum of the day that the message names; False where the loan is not late or no later day is named.

    Instalments that fall due before that day are late by then and belong to it: nothing says that they will come in.
    """
    day, today = _day_asked(turn), services.clock.today()
    if loan.overdue is None or day is None or day <= today:
        return False
    then = services.records.overdue_on(borrower, loan.reference, day)
    if then is None:
        return False
    inputs = {"loan": loan.reference, "policy": loan.policy_version, "on": day.isoformat()}
    rate = then.penalty_rate_per_day
    figures = [
        figure(
            "overdue_amount_then",
            then.amount_fen,
            "fen",
            instalments=then.instalments,
            principal_fen=then.principal_fen,
            interest_fen=then.interest_fen,
            penalty_fen=then.penalty_fen,
            **inputs,
        )
    ]
    if then.penalty_fen:
        annualised = annualised_penalty_rate(rate)
        figures += [
            figure(
                "overdue_penalty_then",
                then.penalty_fen,
                "fen",
                days=then.days,
                rate_per_day=str(rate),
                **inputs,
            ),
            figure(
                "annualised_penalty_rate", str(annualised), "rate_per_year", rate_per_day=str(rate), **inputs
            ),
        ]
    turn.remember(context={"intent": "ask_overdue", "late": True})
    turn.say(
        "utter_overdue_then_penalty" if then.penalty_fen else "utter_overdue_then",
        figures=tuple(figures),
        interruptible=not then.penalty_fen,
        date=written_date(day, today),
        amount=written_yuan(then.amount_fen),
        penalty=written_yuan(then.penalty_fen),
        annualised=written_percent(annualised_penalty_rate(rate)),
    )
    if more := then.instalments - loan.overdue.instalments:
        turn.say("utter_overdue_then_more", count=more)
    return True


def _day_asked(turn: Turn) -> date | None:
    said = turn.value("date")
    return date.fromisoformat(str(said)) if said else None
