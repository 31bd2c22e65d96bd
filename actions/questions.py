"""Question: what the clerk may have asked last, and what kind of answer that makes us expect."""

from dataclasses import dataclass, field
from typing import Any

PHONE = {"phone": "〔手机号〕"}
ID_LAST4 = {"id_last4": "〔证件后四位〕"}
"""Stand-ins for digits that Rasa never sees; bot/dialogue.py puts the claimed ones in."""


def _digits(count: int) -> dict[str, Any]:
    return {"kind": "digits", "count": count}


OPEN = {"kind": "open"}
YES_NO = {"kind": "yes_no"}
AMOUNT = {"kind": "amount"}


@dataclass(frozen=True)
class Question:
    """One question to the customer."""

    name: str
    response: str
    expects: dict[str, Any]
    """Expectation.to_json()'s form; sets endpointing and recognition of the answer."""
    quick_replies: tuple[str, ...] = ()
    taken_by: str | None = None
    """Intent of the task that takes the answer; None: the running task."""
    asked_again: bool = True
    """Whether it stays open behind the answer to something else."""
    again: str | None = None
    """The response that asks it again without the details of the first time."""
    values: dict[str, str] = field(default_factory=dict)
    """Placeholders that are the same every time."""


_YES_OR_NO = ("对", "不对")
_PLEASE_OR_NOT = ("可以", "不用了")

QUESTIONS = {
    question.name: question
    for question in (
        Question("phone", "utter_ask_phone", _digits(11), taken_by="inform"),
        Question("phone_check", "utter_check_phone", YES_NO, _YES_OR_NO, taken_by="inform", values=PHONE),
        Question("id_last4", "utter_ask_id_last4", _digits(4), taken_by="inform"),
        Question(
            "id_last4_check", "utter_check_id_last4", YES_NO, _YES_OR_NO, taken_by="inform", values=ID_LAST4
        ),
        Question(
            "person",
            "utter_offer_person",
            YES_NO,
            ("转人工", "不用了"),
            taken_by="request_human",
            asked_again=False,
        ),
        Question("amount", "utter_ask_amount", AMOUNT, ("5万", "10万", "20万")),
        Question("term", "utter_ask_term_wanted", OPEN, ("6期", "12期", "24期")),
        Question("business_age", "utter_ask_business_age", OPEN, ("不到一年", "两年", "五年")),
        Question("overdue_debt", "utter_ask_overdue_debt", YES_NO, ("没有", "有")),
        Question("industry", "utter_ask_industry", OPEN),
        Question("region", "utter_ask_region", OPEN),
        Question("first_time", "utter_ask_first_time", YES_NO, ("没有", "有")),
        Question("tax_grade", "utter_ask_tax_grade", OPEN, ("A级", "B级", "M级")),
        Question("tax_paid", "utter_ask_tax_paid", AMOUNT, ("1万", "5万", "10万")),
        Question("invoices", "utter_ask_invoices", AMOUNT, ("50万", "100万", "300万")),
        Question("invoice_months", "utter_ask_invoice_months", OPEN, ("每个月都开", "6个月")),
        Question("turnover", "utter_ask_turnover", AMOUNT, ("50万", "100万", "300万")),
        Question("orders", "utter_ask_orders", AMOUNT, ("没有", "20万", "50万")),
        Question("receivables", "utter_ask_receivables", AMOUNT, ("没有", "10万", "50万")),
        Question("collateral_value", "utter_ask_collateral_value", AMOUNT, ("没有", "100万", "200万")),
        Question("collateral_debt", "utter_ask_collateral_debt", AMOUNT, ("没有", "30万", "50万")),
        Question("contact_phone", "utter_ask_contact_phone", _digits(11)),
        Question("contact_phone_check", "utter_check_phone", YES_NO, _YES_OR_NO, values=PHONE),
        Question(
            "lead_consent",
            "utter_ask_lead_consent",
            YES_NO,
            _PLEASE_OR_NOT,
            asked_again=False,
            again="utter_ask_consent",
        ),
        Question("consent", "utter_ask_consent", YES_NO, _PLEASE_OR_NOT, asked_again=False),
        Question("complaint", "utter_ask_complaint", OPEN, taken_by="complain", asked_again=False),
        Question(
            "which",
            "utter_ask_which",
            OPEN,
            taken_by="nlu_fallback",
            asked_again=False,
            again="utter_which_of_two",
        ),
    )
}

IDENTITY = frozenset({"phone", "phone_check", "id_last4", "id_last4_check"})
