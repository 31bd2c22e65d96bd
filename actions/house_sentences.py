"""HouseSentences: what everybody who asks hears alike, worded as it is said, so that the voice can speak it ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from actions.autodebit import Autodebit
from actions.customer_task import CustomerTask
from actions.documents import Documents
from actions.house_rules import FundUsage, Hotline, ProductOverview, RepayMethod
from actions.labels import LABELS
from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.methods import RepaymentMethod
from actions.lending.policy import PolicyBook
from actions.services import Services
from actions.turn import Turn, Utterance
from actions.wordings import worded
from actions.written import written_digits

ASKED: tuple[tuple[type[CustomerTask], str], ...] = (
    (Documents, "要什么资料"),
    (ProductOverview, "你们有什么产品"),
    (Hotline, "客服电话"),
    (Hotline, "有没有网点"),
    (RepayMethod, "怎么还款"),
    (RepayMethod, "能用微信还吗"),
    (RepayMethod, "支持哪些银行"),
    (FundUsage, "钱能用来干什么"),
    (Autodebit, "几点扣款"),
)
"""Tasks, and words that lead to each of their answers that the policies alone decide."""


@dataclass(frozen=True)
class _PoliciesAlone:
    """All that these tasks ask of the services: no borrower, no database."""

    policies: PolicyBook
    clock: Clock = SYSTEM_CLOCK


def house_sentences(policies: PolicyBook) -> list[str]:
    """Every sentence of these answers, as Rasa will word it today, and what is said whatever else was said."""
    services = cast(Services, _PoliciesAlone(policies))
    sentences: list[str] = []
    for task, text in ASKED:
        turn = Turn(sender="", text=text, intent=task.intent, input="voice")
        task().answer(turn, services)
        sentences += [sentence for one in turn.utterances for sentence in worded(one)]
    for response, values in _said_in_any_case(policies):
        sentences += worded(Utterance(response, values, {}))
    return sentences + [f"{method.in_words}，" for method in RepaymentMethod]


def _said_in_any_case(policies: PolicyBook) -> Iterator[tuple[str, dict[str, Any]]]:
    """Responses whose words depend on the policies alone, and every meaning that may be asked back."""
    house = policies.house
    hotline = house.hotline.replace("-", "")
    yield "utter_distress", {"line": written_digits(house.crisis_line)}
    yield "utter_advance_fee", {"rule": house.advance_fee, "hotline": hotline}
    yield "utter_distress_listening", {"line": written_digits(house.crisis_line)}
    yield "utter_fraud_paid", {"line": written_digits(house.police_line), "hotline": hotline}
    yield "utter_fraud_secret", {"hotline": hotline}
    yield "utter_security", {"rule": house.security}
    hours = [product.disbursement_hours for product in policies.products()]
    yield "utter_disbursement_general", {"low": min(hours), "high": max(hours)}
    days = [product.review_working_days for product in policies.products()]
    yield "utter_review_general", {"low": min(days), "high": max(days)}
    yield "utter_talk_early", {"hotline": hotline}
    yield "utter_check_who_writes", {"hotline": hotline}
    yield "utter_lead_call", {"hours": house.service_hours}
    for product in policies.products():
        yield "utter_confirm_call", {"rule": product.confirm_call.rstrip("。")}
    for meaning in LABELS.values():
        yield "utter_ask_which", {"first": meaning, "second": meaning}
        yield "utter_ask_rest", {"rest": f"{meaning}，{meaning}"}
