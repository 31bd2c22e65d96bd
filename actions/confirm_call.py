"""Confirmation call: when the reviewers ring."""

from actions.customer_task import CustomerTask
from actions.lending.views import ApplicationState
from actions.own_data import own_borrower
from actions.progress import latest, say_state
from actions.services import Services
from actions.turn import Turn


class ConfirmCall(CustomerTask):
    """多久打确认电话，没接到怎么办。"""

    intent = "query_confirm_call"

    def answer(self, turn: Turn, services: Services) -> None:
        if turn.context.get("lead") and services.identity.verified_borrower(turn.sender) is None:
            # He asks about the call that was announced with what he has just left.
            turn.say("utter_lead_call", hours=services.policies.house.service_hours)
            return
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        applications = tuple(services.records.applications(borrower))
        waiting = latest(applications, ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)
        if waiting is not None:
            product = services.policies.version(waiting.product_code, waiting.policy_version)
            turn.say("utter_confirm_call", rule=product.confirm_call.rstrip("。"))
        elif applications:
            say_state(turn, services, applications[0])
            turn.say("utter_confirm_call_over")
        else:
            turn.say("utter_no_application")
