"""Rejection reason: why an application was turned down."""

from actions.customer_task import CustomerTask
from actions.lending.views import ApplicationState
from actions.own_data import own_borrower
from actions.progress import latest, reason_of, say_state, state_figure
from actions.services import Services
from actions.turn import Turn
from actions.written import written_date


class RejectionReason(CustomerTask):
    """为什么没通过。"""

    intent = "ask_rejection_reason"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        applications = tuple(services.records.applications(borrower))
        rejected = latest(applications, ApplicationState.REJECTED)
        if rejected is None and applications:
            turn.say("utter_not_rejected")
            say_state(turn, services, applications[0])
        elif rejected is None:
            turn.say("utter_no_application")
        else:
            turn.remember(context={"intent": self.intent, "rejected": True})
            turn.say(
                "utter_rejection_reason",
                figures=(state_figure(rejected),),
                date=written_date(rejected.decided_on or rejected.submitted_on, services.clock.today()),
                reason=reason_of(rejected),
            )
