"""A message is divided into its questions; each is understood by itself, and what is one question stays whole."""

from typing import Any

import pytest

from bot.channels.several_questions import UNCLEAR, several_questions

MEANINGS = {
    "利率": "ask_interest",
    "几期": "ask_term",
    "资料": "ask_documents",
    "征信": "ask_credit_report",
    "还剩": "query_loan_balance",
    "改还款日": "change_repayment_date",
    "投诉": "complain",
}


async def parse(text: str) -> dict[str, Any]:
    """Understands a text by the first word of MEANINGS in it, surely; nothing else."""
    name = next((meaning for word, meaning in MEANINGS.items() if word in text), UNCLEAR)
    return {
        "text": text,
        "intent": {"name": name, "confidence": 0.9 if name != UNCLEAR else 0.3},
        "entities": [],
    }


async def intents(text: str) -> list[str]:
    return [one["intent"] for one in await several_questions(text, await parse(text), parse)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "利率多少，能分几期，要什么资料，上征信吗",
            ["ask_interest", "ask_term", "ask_documents", "ask_credit_report"],
        ),
        ("利率多少 能分几期", ["ask_interest", "ask_term"]),
        ("还剩多少利率怎么算", ["query_loan_balance", "ask_interest"]),
        (
            "能不能改还款日，利率多少，上征信吗",
            ["ask_interest", "ask_credit_report", "change_repayment_date"],
        ),
        ("利率多少，那个小黄车怎么弄，上征信吗", ["ask_interest", "ask_credit_report", UNCLEAR]),
        ("〔手机号尾号0001〕还剩多少，利率多少", ["query_loan_balance", "ask_interest"]),
    ],
)
async def test_every_question_is_found_and_what_begins_something_stands_last(
    text: str, expected: list[str]
) -> None:
    assert await intents(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "利率多少",
        "我开餐馆的，利率多少",
        "利率多少，我要投诉你们知道吗",
        "利率多少，你们那个小黄车怎么弄",
        "利率多少〔手机号尾号0001〕",
    ],
)
async def test_one_question_stays_one(text: str) -> None:
    assert await intents(text) == []


async def test_two_parts_of_one_question_are_one() -> None:
    found = await several_questions("利率是多少，上征信吗，月利率怎么算", await parse("利率"), parse)
    assert [one["text"] for one in found] == ["利率是多少，月利率怎么算", "上征信吗"]
