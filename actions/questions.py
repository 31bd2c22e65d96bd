"""Question: what the clerk may have asked last, and what kind of answer that makes us expect."""

from dataclasses import dataclass, field
from typing import Any

PHONE = {"phone": "〔手机号〕"}
NEW_PHONE = {"phone": "〔新手机号〕"}
ID_LAST4 = {"id_last4": "〔证件后四位〕"}
OTHER_ID_LAST4 = {"other": "〔另一个证件后四位〕"}
"""Stand-ins for digits that Rasa never sees; bot/dialogue.py puts the claimed ones in."""


def _digits(count: int) -> dict[str, Any]:
    return {"kind": "digits", "count": count}


OPEN = {"kind": "open"}
YES_NO = {"kind": "yes_no"}
AMOUNT = {"kind": "amount"}
DATE = {"kind": "date"}
TERM = {"kind": "term"}
INDUSTRY = {"kind": "industry"}


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
    in_form: bool = False
    """Whether it asks for a detail of a task that is come back to behind any digression."""
    again: str | None = None
    """The response that asks it again without the details of the first time."""
    values: dict[str, str] = field(default_factory=dict)
    """Placeholders that are the same every time."""


def _of_form(
    name: str, response: str, expects: dict[str, Any], quick_replies: tuple[str, ...] = (), **more: Any
) -> Question:
    return Question(name, response, expects, quick_replies, in_form=True, **more)


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
            "id_last4_which",
            "utter_which_id_last4",
            _digits(4),
            taken_by="inform",
            values=ID_LAST4 | OTHER_ID_LAST4,
        ),
        Question(
            "person",
            "utter_offer_person",
            YES_NO,
            ("转人工", "不用了"),
            taken_by="request_human",
            asked_again=False,
        ),
        _of_form("amount", "utter_ask_amount", AMOUNT, ("5万", "10万", "20万")),
        _of_form("term", "utter_ask_term_wanted", TERM, ("6期", "12期", "24期")),
        _of_form("business_age", "utter_ask_business_age", OPEN, ("不到一年", "两年", "五年")),
        _of_form("overdue_debt", "utter_ask_overdue_debt", YES_NO, ("没有", "有")),
        _of_form("industry", "utter_ask_industry", INDUSTRY),
        _of_form("region", "utter_ask_region", OPEN),
        _of_form("first_time", "utter_ask_first_time", YES_NO, ("没有", "有")),
        _of_form("tax_grade", "utter_ask_tax_grade", OPEN, ("A级", "B级", "M级")),
        _of_form("tax_paid", "utter_ask_tax_paid", AMOUNT, ("1万", "5万", "10万")),
        _of_form("invoices", "utter_ask_invoices", AMOUNT, ("50万", "100万", "300万")),
        _of_form("invoice_months", "utter_ask_invoice_months", OPEN, ("每个月都开", "6个月")),
        _of_form("turnover", "utter_ask_turnover", AMOUNT, ("50万", "100万", "300万")),
        _of_form("orders", "utter_ask_orders", AMOUNT, ("没有", "20万", "50万")),
        _of_form("receivables", "utter_ask_receivables", AMOUNT, ("没有", "10万", "50万")),
        _of_form("collateral_value", "utter_ask_collateral_value", AMOUNT, ("没有", "100万", "200万")),
        _of_form("collateral_debt", "utter_ask_collateral_debt", AMOUNT, ("没有", "30万", "50万")),
        _of_form(
            "heard_check", "utter_check_amount_and_term", YES_NO, _YES_OR_NO, again="utter_check_heard_again"
        ),
        _of_form("wrong_detail", "utter_ask_wrong_detail", OPEN),
        _of_form("contact_phone", "utter_ask_contact_phone", _digits(11)),
        _of_form("contact_phone_check", "utter_check_phone", YES_NO, _YES_OR_NO, values=PHONE),
        _of_form("lead_consent", "utter_ask_lead_consent", YES_NO, _PLEASE_OR_NOT, again="utter_ask_consent"),
        _of_form("consent", "utter_ask_consent", YES_NO, _PLEASE_OR_NOT),
        _of_form(
            "change_consent", "utter_ask_change_consent", YES_NO, _PLEASE_OR_NOT, again="utter_ask_consent"
        ),
        _of_form("new_phone", "utter_ask_new_phone", _digits(11)),
        _of_form("new_phone_check", "utter_check_new_phone", YES_NO, _YES_OR_NO, values=NEW_PHONE),
        _of_form("new_bank", "utter_ask_new_bank", OPEN),
        _of_form("new_day", "utter_ask_new_day", DATE, ("5号", "10号", "15号", "20号")),
        _of_form("new_term", "utter_ask_new_term", TERM, ("6期", "12期", "24期")),
        _of_form("new_limit", "utter_ask_new_limit", AMOUNT),
        _of_form("early_how", "utter_ask_early_how", OPEN, ("全部结清", "先还一部分")),
        _of_form("early_amount", "utter_ask_early_amount", AMOUNT, ("1万", "2万", "5万")),
        Question("callback_time", "utter_ask_callback_time", OPEN, taken_by="request_human"),
        Question("callback_phone", "utter_ask_callback_phone", _digits(11), taken_by="request_human"),
        Question(
            "callback_phone_check",
            "utter_check_phone",
            YES_NO,
            _YES_OR_NO,
            taken_by="request_human",
            values=PHONE,
        ),
        Question(
            "rest",
            "utter_ask_rest",
            YES_NO,
            ("接着说", "不用了"),
            taken_by="affirm",
            again="utter_ask_rest_again",
        ),
        Question("wish", "utter_ask_wish", OPEN, asked_again=False, taken_by="greet"),
        Question("complaint", "utter_ask_complaint", OPEN, taken_by="complain", asked_again=False),
        Question(
            "complaint_check",
            "utter_ask_complaint_check",
            YES_NO,
            ("登记", "不用了"),
            taken_by="complain",
            asked_again=False,
        ),
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

IDENTITY = frozenset({"phone", "phone_check", "id_last4", "id_last4_check", "id_last4_which"})
