"""What the clerk says: short, plain, one question, no promises in capital letters; and every intent has an answer."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.customer_task import CustomerTask
from actions.questions import QUESTIONS

ROOT = Path(__file__).parents[2]


def sentences() -> dict[str, str]:
    said: dict[str, str] = {}
    for path in ROOT.glob("data/*/responses.yml"):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            assert len(variants) == 1, f"{name}: one wording, so that its sound is found in the cache"
            said[name] = variants[0]["text"]
    return said


def domain() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("name", sorted(sentences()))
def test_a_reply_is_at_most_two_short_sentences_with_one_question(name: str) -> None:
    text = sentences()[name]
    without_figures = re.sub(r"\{\w+\}", "数", text)
    parts = [part for part in re.split("[。？]", without_figures) if part]
    assert len(parts) <= 2
    assert max(map(len, parts)) <= 48, "nobody keeps a longer sentence in mind on the phone"
    assert text.count("？") <= 1
    assert text[-1] in "。？"


@pytest.mark.parametrize("name", sorted(sentences()))
def test_a_reply_has_no_exclamation_mark_no_english_and_no_digits_of_its_own(name: str) -> None:
    text = re.sub(r"\{\w+\}", "", sentences()[name])
    assert not re.search(r"[!！A-Za-z0-9]", text)


@pytest.mark.parametrize("name", sorted(sentences()))
def test_a_reply_promises_nothing(name: str) -> None:
    assert not re.search("(?<!不)(?:一定能|保证)|肯定|包过|百分之百|放心借|必过", sentences()[name])


def test_a_reply_with_a_live_figure_begins_with_a_fixed_clause() -> None:
    answers_of_others = {
        "utter_next_repayment_after_overdue",
        "utter_credit_limit_valid",
        "utter_ask_lead_consent",
    }
    for name, text in sentences().items():
        first = re.split("[，。？；：]", text)[0]
        if re.search(r"\{(?:amount|principal|total|available|interest|instalment|remaining)\}", text):
            assert name in answers_of_others or "{" not in first, name


def test_prices_carry_the_annualised_rate() -> None:
    for name, text in sentences().items():
        if "{interest}" in text or "{instalment}" in text:
            assert "年化利率" in text, name


def test_every_intent_has_its_rule_and_its_action() -> None:
    rules: dict[str, str] = {}
    for path in ROOT.glob("data/*/rules.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            (first, second) = rule["steps"]
            assert first["intent"] not in rules, "one rule an intent"
            rules[first["intent"]] = second["action"]
    assert rules == {intent: f"action_{intent}" for intent in domain()["intents"]}


def test_every_action_of_the_domain_is_a_task_and_the_other_way_round() -> None:
    for path in (ROOT / "actions").glob("*.py"):
        __import__(f"actions.{path.stem}")
    pending, names = list(CustomerTask.__subclasses__()), {"action_session_start"}
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        names.add(kind().name())
    assert names == set(domain()["actions"])


def test_no_slot_knows_of_verification() -> None:
    assert not [name for name in domain()["slots"] if "verif" in name or "phone_number" in name]


def test_every_question_is_a_question_of_the_responses() -> None:
    said = sentences()
    for question in QUESTIONS.values():
        assert question.response in said
