"""Figure names: how told figures, and what they were computed from, read on the staff's pages."""

from typing import Any

FIGURE_NAMES = {
    "amount_max": "最高额度",
    "amount_min": "最低额度",
    "annualised_penalty_rate": "罚息年化",
    "annualised_rate": "年化利率（单利）",
    "annualised_rate_max": "最高年化利率",
    "annualised_rate_min": "最低年化利率",
    "application_state": "申请进度",
    "autodebit_amount": "自动扣款金额",
    "autodebit_date": "自动扣款日",
    "autodebit_result": "自动扣款结果",
    "credit_limit_available": "可用额度",
    "credit_limit_total": "总额度",
    "credit_limit_valid_until": "额度有效期至",
    "daily_interest": "每天利息",
    "disbursed_amount": "放款金额",
    "early_repayment_cost": "提前还款利息等费用",
    "early_repayment_fee": "提前还款违约金",
    "early_repayment_fee_rate_max": "违约金最高费率",
    "early_repayment_free_after": "免违约金期数",
    "early_repayment_total": "提前还款总额",
    "eligibility_outlook": "预审结果",
    "eligible_limit_max": "预估最高额度",
    "eligible_limit_min": "预估最低额度",
    "expected_disbursement_date": "预计放款日",
    "following_repayment_amount": "再下期应还",
    "following_repayment_date": "再下期还款日",
    "instalment_amount": "每期应还",
    "loan_count": "贷款笔数",
    "next_repayment_amount": "下期应还",
    "next_repayment_date": "下期还款日",
    "last_repayment_date": "最后一期还款日",
    "next_repayment_interest": "下期利息",
    "outstanding_principal": "剩余本金",
    "overdue_amount": "逾期应还",
    "overdue_days": "逾期天数",
    "overdue_penalty": "罚息",
    "overdue_amount_then": "到那天的逾期应还",
    "overdue_penalty_then": "到那天的罚息",
    "penalty_rate_per_day": "罚息日利率",
    "remaining_instalments": "剩余期数",
    "remaining_interest": "剩余利息",
    "reported_after_days": "上报征信天数",
    "request_reference": "登记编号",
    "saved_interest": "省下的利息",
    "term_max": "最长期限",
    "term_min": "最短期限",
    "total_cost": "总成本",
    "total_fees": "总费用",
    "total_interest": "总利息",
}

INPUT_NAMES = {
    "loan": "贷款",
    "loans": "贷款",
    "application": "申请",
    "product": "产品",
    "products": "产品",
    "eligible_products": "符合条件的产品",
    "policy": "政策",
    "decision": "决策",
    "instalment": "期次",
    "instalments": "期次",
    "days": "天数",
    "since": "起算日",
    "kind": "种类",
    "on": "计算日",
    "rate": "利率",
    "annual_rate": "年利率",
    "effective_rate": "实际年化",
    "rate_per_day": "日利率",
    "amount_fen": "金额（分）",
    "principal_fen": "本金（分）",
    "interest_fen": "利息（分）",
    "penalty_fen": "罚息（分）",
    "fee_fen": "违约金（分）",
    "term_months": "期限（月）",
    "method": "还款方式",
    "assumed_paid": "假定已还期数",
    "reason": "原因",
    "reasons": "原因",
}


def figure_name(name: str) -> str:
    """The figure's Chinese name; a figure without one keeps its own."""
    return FIGURE_NAMES.get(name, name)


def figure_inputs(inputs: dict[str, Any]) -> str:
    """What a figure was computed from, in one line."""
    return "，".join(f"{INPUT_NAMES.get(key, key)} {_listed(value)}" for key, value in inputs.items())


def _listed(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
