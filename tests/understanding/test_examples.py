"""The training examples: every intent has many, no example has two meanings, none shows a real number."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from teaching.likeness import different
from understanding.ask_back import DIALOGUE_ACTS
from understanding.text_normaliser import normalise

INTENTS = re.findall(
    r"\w+",
    """
greet goodbye thank affirm deny ask_repeat ask_wait bot_challenge request_human complain inform out_of_scope
query_application_progress query_confirm_call query_disbursement query_loan_balance query_repayment query_autodebit
query_credit_limit ask_rejection_reason change_phone change_bank_card change_repayment_date cancel_application
close_account request_settlement_certificate report_login_problem check_eligibility apply_loan ask_interest
ask_amount_range ask_term increase_limit ask_early_repayment ask_repay_method ask_overdue ask_extension ask_reborrow
ask_credit_report ask_documents ask_product ask_hotline ask_contract ask_coupon ask_fund_usage change_term
decrease_limit reopen_account
""",
)


NOT_SAID = {"nlu_fallback"}
"""Set by the AskBackClassifier, never learnt."""


def examples() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for path in sorted(Path("data").glob("*/nlu.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found += [
                (block["intent"], line[2:])
                for line in block["examples"].splitlines()
                if line.startswith("- ")
            ]
    return found


@pytest.fixture(scope="module")
def all_examples() -> list[tuple[str, str]]:
    return examples()


def test_every_intent_of_the_domain_has_examples_and_no_other_is_taught(
    all_examples: list[tuple[str, str]],
) -> None:
    domain = yaml.safe_load(Path("domain.yml").read_text(encoding="utf-8"))["intents"]
    assert {intent for intent, _ in all_examples} == set(INTENTS)
    assert set(INTENTS) <= set(domain)
    assert set(domain) - set(INTENTS) <= NOT_SAID


def test_every_intent_has_many_really_different_examples(all_examples: list[tuple[str, str]]) -> None:
    """Near-duplicates by template are counted once."""
    for intent in INTENTS:
        least = 150 if intent == "out_of_scope" else 15 if intent in DIALOGUE_ACTS else 40
        count = len(different(text for one, text in all_examples if one == intent))
        assert count >= least, (intent, count)


@pytest.mark.parametrize(
    ("theme", "words"),
    [
        ("funds and deposits", "基金|理财|余额宝|定期|存款|零钱通"),
        ("red packets", "红包"),
        ("e-commerce", "淘宝|京东|拼多多|闲鱼|唯品会|美团|抖音"),
        ("cards of other banks", "信用卡|储蓄卡|[招建工农中交]行.*卡|[招建工农中交]行卡"),
        ("other lenders", "花呗|借呗|白条|度小满|360|网商贷|房贷|车贷"),
        ("shares and gold", "股|黄金|期货"),
    ],
)
def test_out_of_scope_knows_the_neighbours_of_lending(
    theme: str, words: str, all_examples: list[tuple[str, str]]
) -> None:
    near = [text for intent, text in all_examples if intent == "out_of_scope" and re.search(words, text)]
    assert len(different(near)) >= 5, theme


def test_a_template_that_is_filled_again_counts_once() -> None:
    assert different(["借五万分12期可以吗", "你好，借八万分24期可以吗", "借3万分6期可以"]) == [
        "借五万分12期可以吗"
    ]
    assert len(different(["几号还款", "这个月还多少", "提前还收费吗"])) == 3


def test_no_example_is_given_twice_or_for_two_intents(all_examples: list[tuple[str, str]]) -> None:
    seen = Counter(normalise(text) for _, text in all_examples)
    assert [text for text, count in seen.items() if count > 1] == []


def test_no_example_holds_a_full_phone_or_id_number(all_examples: list[tuple[str, str]]) -> None:
    assert [text for _, text in all_examples if re.search(r"1[3-9]\d{9}|\d{17}[\dX]", text)] == []


def test_no_intent_is_made_by_filling_one_template(all_examples: list[tuple[str, str]]) -> None:
    """No opening of four characters may carry a quarter of an intent's examples."""
    for intent in INTENTS:
        texts = [text for one, text in all_examples if one == intent]
        opening, count = Counter(text[:4] for text in texts if len(text) > 4).most_common(1)[0]
        assert count <= max(4, len(texts) // 4), (intent, opening)


def test_the_loan_terms_are_in_the_format_of_jieba() -> None:
    lines = Path("data/jieba/loan_terms.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len({line.split()[0] for line in lines})
    for line in lines:
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,} \d+ [a-z]+", line), line
