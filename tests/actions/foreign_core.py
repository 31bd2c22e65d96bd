"""A lender's own core: the demo data in tables that look nothing like ours, and the documented views over them."""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from actions.lending import models
from actions.lending.database import Database
from actions.lending.policy import PolicyBook

DOCUMENT = Path(__file__).parents[2] / "docs" / "integrate-your-core.md"
REPLACED = (
    *("credit_limits", "autodebits", "payments", "instalments", "loans", "rejection_reasons"),
    *("application_events", "applications", "businesses", "products", "institutions"),
)
"""Tables that become views; those that refer to others first."""

_STATES = {
    "submitted": "已提交",
    "in_review": "审核中",
    "approved": "已通过",
    "rejected": "已拒绝",
    "cancelled": "已撤销",
    "disbursed": "已放款",
}
_METHODS = {
    "equal_instalment": "等额本息",
    "equal_principal": "等额本金",
    "interest_first": "先息后本",
}
_RESULTS = {"succeeded": "成功", "failed": "失败", "pending": "处理中"}
_CHANNELS = {"autodebit": "代扣", "manual": "主动"}


def move_to_a_foreign_core(database: Database, policies: PolicyBook) -> None:
    """Take every row of the replaced tables over into the foreign schema, drop them, make the documented views."""
    names = {industry.code: industry.name for industry in policies.house.industries}
    with database.writing() as connection:
        rows = {
            name: [dict(row._mapping) for row in connection.execute(models.metadata.tables[name].select())]
            for name in REPLACED
        }
        for table, translated in _foreign(rows, names).items():
            _write(connection, table, translated)
        for name in REPLACED:
            connection.execute(text(f"DROP TABLE {name}"))
        for statement in documented_views():
            connection.execute(text(statement))


def documented_views() -> list[str]:
    """The statements of the document's SQL block."""
    block = re.search(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    return [statement for statement in block[1].split(";") if statement.strip()]


def _foreign(
    rows: dict[str, list[dict[str, Any]]], industries: dict[str, str]
) -> dict[str, list[dict[str, Any]]]:
    number_of = {row["id"]: row["reference"] for row in rows["applications"]}
    loan_number = {row["id"]: row["reference"] for row in rows["loans"]}
    return {
        "jg": [{"jg_id": r["id"], "jg_dm": r["code"], "jg_mc": r["name"]} for r in rows["institutions"]],
        "cp": [
            {"cp_id": r["id"], "jg_id": r["institution_id"], "cp_dm": r["code"], "cp_mc": r["name"]}
            for r in rows["products"]
        ],
        "kh_dp": [_shop(row, industries) for row in rows["businesses"]],
        "sq": [_application(row) for row in rows["applications"]],
        "sq_jl": [
            {
                "jl_id": r["id"],
                "sq_bh": number_of[r["application_id"]],
                "zt": _STATES[r["state"]],
                "rq": _day(r["happened_on"]),
                "bz": r["note"],
            }
            for r in rows["application_events"]
        ],
        "sq_jj": [
            {
                "jj_id": r["id"],
                "sq_bh": number_of[r["application_id"]],
                "xh": r["position"],
                "dm": r["code"],
                "yy": r["reason"],
            }
            for r in rows["rejection_reasons"]
        ],
        "jj": [_loan(row, number_of) for row in rows["loans"]],
        "jj_jh": [_instalment(row, loan_number) for row in rows["instalments"]],
        "jj_ls": [_payment(row, loan_number) for row in rows["payments"]],
        "jj_dk": [_autodebit(row, loan_number) for row in rows["autodebits"]],
        "ed": [_limit(row) for row in rows["credit_limits"]],
    }


def _shop(row: dict[str, Any], industries: dict[str, str]) -> dict[str, Any]:
    return {
        "dp_id": row["id"],
        "kh_id": row["borrower_id"],
        "dp_mc": row["name"],
        "hy": industries[row["industry"]],
        "sheng": row["region"],
        "shi": row["city"],
        "zc_rq": _day(row["founded_on"]),
    }


def _application(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "sq_bh": row["reference"],
        "kh_id": row["borrower_id"],
        "dp_id": row["business_id"],
        "cp_id": row["product_id"],
        "gz_bb": row["policy_version"],
        "je_yuan": _yuan(row["amount_fen"]),
        "qs": row["term_months"],
        "hkfs": _METHODS[row["method"]],
        "zt": _STATES[row["state"]],
        "tj_rq": _day(row["submitted_on"]),
        "jd_rq": _day(row["decided_on"]),
        "yj_rq": _day(row["expected_disbursement_on"]),
        "yh": row["bank"],
        "kwh": row["card_tail"],
        "sd": "是" if row["is_first_time_borrower"] else "否",
    }


def _loan(row: dict[str, Any], number_of: dict[int, str]) -> dict[str, Any]:
    return {
        "jj_bh": row["reference"],
        "sq_bh": number_of[row["application_id"]],
        "kh_id": row["borrower_id"],
        "cp_id": row["product_id"],
        "gz_bb": row["policy_version"],
        "bj_yuan": _yuan(row["principal_fen"]),
        "qs": row["term_months"],
        "hkfs": _METHODS[row["method"]],
        "nll": f"{row['annual_rate'] * 100:.2f}",
        "nhll": f"{row['annualised_rate'] * 100:.2f}",
        "fk_rq": _day(row["disbursed_on"]),
        "jq_rq": _day(row["settled_on"]),
        "hkr": row["repayment_day"],
        "yh": row["bank"],
        "kwh": row["card_tail"],
        "sd": "是" if row["is_first_time_borrower"] else "否",
    }


def _instalment(row: dict[str, Any], loan_number: dict[int, str]) -> dict[str, Any]:
    return {
        "jh_id": row["id"],
        "jj_bh": loan_number[row["loan_id"]],
        "qc": row["number"],
        "yh_rq": _day(row["due_on"]),
        "bj_yuan": _yuan(row["principal_fen"]),
        "lx_yuan": _yuan(row["interest_fen"]),
        "yhbj_yuan": _yuan(row["paid_principal_fen"]),
        "yhlx_yuan": _yuan(row["paid_interest_fen"]),
    }


def _payment(row: dict[str, Any], loan_number: dict[int, str]) -> dict[str, Any]:
    return {
        "ls_id": row["id"],
        "jj_bh": loan_number[row["loan_id"]],
        "qc": row["instalment_number"],
        "hk_rq": _day(row["paid_on"]),
        "bj_yuan": _yuan(row["principal_fen"]),
        "lx_yuan": _yuan(row["interest_fen"]),
        "fx_yuan": _yuan(row["penalty_fen"]),
        "qd": _CHANNELS[row["channel"]],
    }


def _autodebit(row: dict[str, Any], loan_number: dict[int, str]) -> dict[str, Any]:
    return {
        "dk_id": row["id"],
        "jj_bh": loan_number[row["loan_id"]],
        "qc": row["instalment_number"],
        "dk_rq": _day(row["attempted_on"]),
        "je_yuan": _yuan(row["amount_fen"]),
        "jg": _RESULTS[row["result"]],
        "yy": row["reason"],
    }


def _limit(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "ed_id": row["id"],
        "kh_id": row["borrower_id"],
        "cp_id": row["product_id"],
        "zed_yuan": _yuan(row["total_fen"]),
        "ky_yuan": _yuan(row["available_fen"]),
        "yx_rq": _day(row["valid_until"]),
        "dj_yy": row["frozen_reason"],
    }


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _day(day: Any) -> str | None:
    return None if day is None else day.strftime("%Y%m%d")


def _write(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    connection.execute(text(f"CREATE TABLE {table} ({', '.join(columns)})"))
    values = ", ".join(f":{column}" for column in columns)
    connection.execute(text(f"INSERT INTO {table} VALUES ({values})"), rows)  # noqa: S608
