"""Intent names: how the intents of the domain that Rasa is trained on read on the staff's pages."""

from pathlib import Path

import yaml

INTENT_NAMES = {
    "greet": "问好",
    "goodbye": "道别",
    "thank": "道谢",
    "bot_challenge": "问是否机器人",
    "ask_repeat": "没听清",
    "ask_wait": "请稍等",
    "affirm": "肯定",
    "deny": "否定",
    "out_of_scope": "业务以外",
    "request_human": "要转人工",
    "complain": "投诉",
    "inform": "提供信息",
    "query_application_progress": "查申请进度",
    "query_confirm_call": "问确认电话",
    "query_disbursement": "查放款",
    "ask_rejection_reason": "问未通过原因",
    "cancel_application": "取消申请",
    "check_eligibility": "问申请条件",
    "apply_loan": "申请贷款",
    "ask_documents": "问所需资料",
    "query_repayment": "查应还款",
    "query_loan_balance": "查欠款余额",
    "query_autodebit": "查自动扣款",
    "ask_early_repayment": "问提前还款",
    "ask_repay_method": "问还款方式",
    "ask_overdue": "问逾期",
    "ask_extension": "问延期还款",
    "change_repayment_date": "改还款日",
    "change_term": "改分期",
    "request_settlement_certificate": "开结清证明",
    "query_credit_limit": "查额度",
    "change_phone": "换手机号",
    "change_bank_card": "换银行卡",
    "close_account": "注销账户",
    "reopen_account": "重新开通",
    "report_login_problem": "登录问题",
    "increase_limit": "提高额度",
    "decrease_limit": "降低额度",
    "ask_reborrow": "问再次借款",
    "ask_interest": "问利率利息",
    "ask_amount_range": "问借款金额",
    "ask_term": "问借款期限",
    "ask_credit_report": "问征信",
    "ask_product": "问产品",
    "ask_hotline": "问客服电话",
    "ask_fund_usage": "问资金用途",
    "ask_coupon": "问优惠券",
    "ask_contract": "问合同",
    "nlu_fallback": "没听懂",
}
"""One of its own for each, so that a name in the filter means one intent."""


def _intents() -> tuple[str, ...]:
    domain = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8"))
    return tuple(sorted(next(iter(one)) if isinstance(one, dict) else str(one) for one in domain["intents"]))


INTENTS = _intents()


def intent_name(intent: str | None) -> str:
    """In Chinese; of a retrained model without a name yet, as in the training data."""
    return INTENT_NAMES.get(intent or "", intent or "无意图")


def intent_asked(typed: str) -> str:
    """What somebody filters by, in Chinese or as in the training data, as it is stored."""
    return next((intent for intent, name in INTENT_NAMES.items() if name == typed), typed)
