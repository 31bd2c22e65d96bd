"""What the clerk says: short, plain, one question, no promises in capital letters; and every intent has an answer."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.customer_task import CustomerTask
from actions.labels import LABELS
from actions.questions import QUESTIONS
from actions.session_start import QUICK_REPLIES
from tests.tone import GLOSSARY, word_breaches

ROOT = Path(__file__).parents[2]


def sentences() -> dict[str, str]:
    said: dict[str, str] = {}
    for path in ROOT.glob("data/*/responses.yml"):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            assert len(variants) == 1, f"{name}: one wording, so that its sound is found in the cache"
            said[name] = variants[0]["text"]
    return said


def policy_texts() -> dict[str, str]:
    """Whatever of data/policies is said to customers: every Chinese text but the words that trades are known by."""

    def texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, held in value.items():
                if key not in {"aliases", "effective_from", "effective_to"}:
                    yield from texts(held, f"{place}.{key}")
        elif isinstance(value, list):
            for number, held in enumerate(value):
                yield from texts(held, f"{place}[{number}]")
        elif isinstance(value, str) and re.search("[一-龥]", value):
            yield place, value

    files = sorted((ROOT / "data" / "policies").glob("*.yml"))
    return dict(pair for path in files for pair in texts(yaml.safe_load(path.read_text("utf-8")), path.stem))


SAID = sentences() | policy_texts()
PRICES = re.compile("利息|利率|罚息|违约金|手续费")


def is_price(text: str) -> bool:
    """Whether a figure of what a loan costs is said."""
    return bool(PRICES.search(text) and re.search(r"\{\w+\}|[0-9]", text))


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


@pytest.mark.parametrize("name", sorted(SAID))
def test_nothing_that_is_said_promises_threatens_or_needs_a_dictionary(name: str) -> None:
    assert word_breaches(SAID[name]) == []


@pytest.mark.parametrize(
    "text",
    [
        "保证能批。",
        "一定能通过。",
        "放心借，包过。",
        "再不还就起诉您。",
        "我们会上门。",
        "后果自负。",
        "好的！",
        "您的APP",
        "这款是等额本息。",
        "授信以后支用。",
    ],
)
def test_the_tone_test_notices_what_it_is_there_for(text: str) -> None:
    assert word_breaches(text)


@pytest.mark.parametrize(
    "text", ["不一定能批。", "身份证后四位是「567X」，对吗？", "年化利率是{rate}。", "税务等级A级"]
)
def test_the_tone_test_leaves_plain_sentences_alone(text: str) -> None:
    assert word_breaches(text) == []


def test_quick_replies_and_labels_are_plain_too() -> None:
    offered = [reply for question in QUESTIONS.values() for reply in question.quick_replies]
    for text in [*offered, *QUICK_REPLIES, *LABELS.values()]:
        assert word_breaches(text) == []
        assert len(text) <= 10, "a quick reply is a button"


def test_words_that_may_need_an_explanation_have_one_in_the_documents() -> None:
    explained = (ROOT / "docs" / "dialogue.md").read_text(encoding="utf-8")
    for word, meaning in GLOSSARY.items():
        assert f"| {word} | {meaning} |" in explained, word
        assert any(word in text for text in SAID.values()), f"{word} is said nowhere"


@pytest.mark.parametrize("name", sorted(policy_texts()))
def test_a_text_of_the_policies_is_plain_chinese_of_at_most_two_short_sentences(name: str) -> None:
    text = re.sub(r"\{(?:value|own|gap)\}|[ABM]级", "数", policy_texts()[name])
    assert not re.search("[!！A-Za-z；;]", text), "grades of the tax authority alone are known by letters"
    parts = text.split("。")
    assert len(parts) <= 2
    assert max(map(len, parts)) <= 48


def test_prices_carry_the_annualised_rate() -> None:
    for name, text in SAID.items():
        if is_price(text):
            assert "年化" in text, name


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
        # What is abstract is a family of tasks (Form, ServiceChange) and no task; rasa_sdk leaves it out too.
        names |= set() if inspect.isabstract(kind) else {kind().name()}
    assert names == set(domain()["actions"])


def test_no_slot_knows_of_verification() -> None:
    assert not [name for name in domain()["slots"] if "verif" in name or "phone_number" in name]


def test_every_question_is_a_question_of_the_responses() -> None:
    said = sentences()
    for question in QUESTIONS.values():
        assert question.response in said
