"""Login problem: what to try, and a person when it does not help."""

from actions.customer_task import CustomerTask
from actions.services import Services
from actions.turn import Turn


class LoginProblem(CustomerTask):
    """登录不了，收不到验证码。"""

    intent = "report_login_problem"

    def answer(self, turn: Turn, services: Services) -> None:
        turn.say(
            "utter_login_code" if "验证码" in turn.text or "短信" in turn.text else "utter_login_problem"
        )
        if turn.question is None:
            turn.ask("person", "utter_offer_person_after_advice")
