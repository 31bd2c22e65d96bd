"""Disbursement: when the money comes, and to which card."""

from typing import Any

from actions.customer_task import CustomerTask
from actions.lending.money import written_yuan
from actions.lending.views import ApplicationState
from actions.own_data import own_borrower
from actions.progress import say_state, state_figure
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date, written_digits


class Disbursement(CustomerTask):
    """钱什么时候到账，到哪张卡。"""

    intent = "query_disbursement"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        applications = services.records.applications(borrower)
        if not applications:
            turn.say("utter_no_application")
            return
        application, today = applications[0], services.clock.today()
        card: dict[str, Any] = {"bank": application.bank, "card_tail": written_digits(application.card_tail)}
        if application.state is ApplicationState.APPROVED and application.expected_disbursement_on:
            expected = application.expected_disbursement_on
            turn.say(
                "utter_disbursement_expected",
                figures=(
                    state_figure(application),
                    figure(
                        "expected_disbursement_date",
                        expected.isoformat(),
                        "date",
                        application=application.reference,
                    ),
                ),
                date=written_date(expected, today),
                **card,
            )
        elif application.state is ApplicationState.DISBURSED:
            paid_on = next(
                (event.on for event in application.history if event.state is ApplicationState.DISBURSED), None
            )
            turn.say(
                "utter_disbursed",
                figures=(
                    state_figure(application),
                    figure(
                        "disbursed_amount", application.amount_fen, "fen", application=application.reference
                    ),
                ),
                date=written_date(paid_on or application.submitted_on, today),
                amount=written_yuan(application.amount_fen),
                **card,
            )
        else:
            say_state(turn, services, application)
            if application.state in {
                ApplicationState.SUBMITTED,
                ApplicationState.IN_REVIEW,
                ApplicationState.APPROVED,
            }:
                product = services.policies.version(application.product_code, application.policy_version)
                turn.say("utter_disbursement_after_approval", hours=product.disbursement_hours)
