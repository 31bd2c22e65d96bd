"""Application progress: where the latest application stands."""

from actions.customer_task import CustomerTask
from actions.general_question import asks_in_general
from actions.lending.money import written_yuan
from actions.lending.views import ApplicationState, ApplicationView
from actions.own_data import own_borrower
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date


class ApplicationProgress(CustomerTask):
    """审批到哪了，多久出结果。"""

    intent = "query_application_progress"

    def answer(self, turn: Turn, services: Services) -> None:
        if asks_in_general(turn, services):
            days = [product.review_working_days for product in services.policies.products()]
            turn.say("utter_review_general", low=min(days), high=max(days))
            return
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        applications = services.records.applications(borrower)
        if not applications:
            turn.say("utter_no_application")
            return
        say_state(turn, services, applications[0])


def say_state(turn: Turn, services: Services, application: ApplicationView) -> None:
    """The state of one application, with the figure ``application_state``."""
    today = services.clock.today()
    product = services.policies.version(application.product_code, application.policy_version)
    if application.state is ApplicationState.REJECTED:
        turn.remember(context={"intent": turn.intent, "rejected": True})
    turn.say(
        f"utter_application_{application.state.value}",
        figures=(state_figure(application),),
        submitted=written_date(application.submitted_on, today),
        decided=written_date(application.decided_on or application.submitted_on, today),
        amount=written_yuan(application.amount_fen),
        product=application.product,
        days=product.review_working_days,
        reason=reason_of(application),
    )


def state_figure(application: ApplicationView) -> dict[str, object]:
    """The state as a disclosed fact."""
    return figure("application_state", application.state.value, "state", application=application.reference)


def reason_of(application: ApplicationView) -> str:
    """The first reasons of a rejection, two at most: more is not kept in mind on the phone."""
    return "；".join(application.rejection_reasons[:2]) or "综合评估没有达到要求"


def latest(applications: tuple[ApplicationView, ...], *states: ApplicationState) -> ApplicationView | None:
    """The latest application in one of the states."""
    return next((one for one in applications if one.state in states), None)
