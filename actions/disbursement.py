"""Disbursement: when the money comes, and to which card."""

import re
from datetime import date

from actions.customer_task import CustomerTask
from actions.general_question import asks_in_general
from actions.lending.money import written_yuan
from actions.lending.views import ApplicationState, ApplicationView
from actions.own_data import own_borrower
from actions.progress import say_state, state_figure
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date, written_digits

_ANOTHERS_CARD = re.compile(
    r"(?:老婆|老公|爱人|媳妇|朋友|儿子|女儿|父母|爸爸?|妈妈?|哥哥?|弟弟?|姐姐?|妹妹?|家人|合伙人|员工|别人|他人|人家)(?:的)?(?:银行)?(?:卡|账户|账号)"
)
_WAITING = {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.APPROVED}


class Disbursement(CustomerTask):
    """钱什么时候到账，到哪张卡。"""

    intent = "query_disbursement"

    def answer(self, turn: Turn, services: Services) -> None:
        if _ANOTHERS_CARD.search(turn.bare_text):
            turn.say("utter_disbursement_own_card")
            return
        if asks_in_general(turn, services):
            hours = [product.disbursement_hours for product in services.policies.products()]
            turn.say("utter_disbursement_general", low=min(hours), high=max(hours))
            return
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        applications = services.records.applications(borrower)
        if not applications:
            turn.say("utter_no_application")
            return
        application = applications[0]
        if application.state is ApplicationState.APPROVED and application.expected_disbursement_on:
            self._say_expected(turn, services, application, application.expected_disbursement_on)
        elif application.state is ApplicationState.DISBURSED:
            self._say_paid(turn, services, application)
        else:
            say_state(turn, services, application)
            if application.state in _WAITING:
                product = services.policies.version(application.product_code, application.policy_version)
                turn.say("utter_disbursement_after_approval", hours=product.disbursement_hours)

    def _say_expected(
        self, turn: Turn, services: Services, application: ApplicationView, expected: date
    ) -> None:
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
            date=written_date(expected, services.clock.today()),
            bank=application.bank,
            card_tail=written_digits(application.card_tail),
        )

    def _say_paid(self, turn: Turn, services: Services, application: ApplicationView) -> None:
        paid_on = [event.on for event in application.history if event.state is ApplicationState.DISBURSED]
        turn.say(
            "utter_disbursed",
            figures=(
                state_figure(application),
                figure("disbursed_amount", application.amount_fen, "fen", application=application.reference),
            ),
            date=written_date(paid_on[0] if paid_on else application.submitted_on, services.clock.today()),
            amount=written_yuan(application.amount_fen),
            bank=application.bank,
            card_tail=written_digits(application.card_tail),
        )
