"""Which sentences are spoken in advance, and that an interrupted run goes on."""

import re
from pathlib import Path
from typing import Any

import pytest

from actions.house_sentences import house_sentences
from actions.lending.policy import PolicyBook
from install import speech_cache
from install.bot_sentences import (
    DATA,
    fixed_clauses,
    joined_templates,
    policy_names,
    policy_sentences,
    policy_words,
    response_texts,
    worded_clauses,
)
from install.carriers import begins_with, carrier_clauses
from install.examples import PLACEHOLDER, is_figure
from install.speech_cache import LINES_HZ, missing_clauses, speak_into
from voice.settings import CALL_PROMPTS
from voice.speech.clauses import split_clauses
from voice.speech.phonemes import phonemes, tokens
from voice.speech.pronunciation import pronounce
from voice.speech.speech_cache import ClipKey, SpeechCache
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer import SynthesizerFailed

RESPONSES = """
responses:
  utter_next:
    - text: 查到了，下一期是{date}，要还{amount}。请按时还款。
    - text: 查到了，请按时还款。
  utter_rule:
    - text: "{rule}。"
  utter_custom:
    - custom: {kind: picture}
"""
POLICY = """
name: 首贷
extension: 目前没有自动延期；可以登记
terms: [3, 6]
fees: [{rule: 不收手续费}]
"""


class FakeVoice:
    """Speaks 100 ms of a constant."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def speak(self, text: str) -> bytes:
        if "坏" in text:
            raise SynthesizerFailed("broken")
        self.said.append(text)
        return b"\1\0" * 2400


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    for folder, name, content in (
        ("repayment", "responses.yml", RESPONSES),
        ("policies", "house.yml", POLICY),
        ("greeting", "responses.yml", "responses:\n  utter_hello:\n    - text: 您好。\n"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_clauses_without_a_figure_are_fixed_and_the_greeting_comes_first(data_dir: Path) -> None:
    assert fixed_clauses(data_dir, prompts=()) == [
        "您好。",
        "查到了，",
        "请按时还款。",
        "目前没有自动延期；",
        "可以登记。",
    ]


def test_rules_that_are_said_word_for_word_end_as_their_template_ends(data_dir: Path) -> None:
    assert list(policy_sentences(data_dir)) == ["目前没有自动延期；可以登记。"]


def test_every_prompt_of_the_call_itself_is_spoken_in_advance() -> None:
    clauses = fixed_clauses()
    for prompt in CALL_PROMPTS:
        assert set(split_clauses(prompt)) <= set(clauses)


def test_every_fixed_clause_is_spoken_to_its_last_character() -> None:
    for clause in fixed_clauses():
        symbols = phonemes(spoken(clause))
        assert len(tokens(symbols)) == len(symbols), clause
        for part in re.findall(r"[\u4e00-\u9fff]+", spoken(clause)):
            assert sum(len(word) for word in pronounce(part)) == len(part), clause


def test_a_spoken_clause_is_ready_for_every_line_and_is_not_missing_again(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, "voice")
    assert missing_clauses(cache, ["您好，", "再见。"]) == ["您好，", "再见。"]
    speak_into(cache, FakeVoice(), "您好，")  # type: ignore[arg-type]
    assert all(cache.load(ClipKey("您好，", line_hz)) for line_hz in LINES_HZ)
    assert missing_clauses(cache, ["您好，", "再见。"]) == ["再见。"]


def test_a_damaged_clip_is_missing_again(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, "voice", most_memory_bytes=0)
    speak_into(cache, FakeVoice(), "您好，")  # type: ignore[arg-type]
    path = cache.path(ClipKey("您好，", 8000))
    assert path is not None
    path.write_bytes(path.read_bytes()[:-100])
    assert missing_clauses(cache, ["您好，"]) == ["您好，"]


def test_a_clause_that_cannot_be_spoken_does_not_stop_the_others(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, "voice")
    voice: Any = FakeVoice()
    clauses = ["一，", "坏，", "二，"]
    failed = speech_cache.fill(lambda clause: speak_into(cache, voice, clause), clauses, "clauses")
    assert failed == ["坏，"]
    assert missing_clauses(cache, ["一，", "坏，", "二，"]) == ["坏，"]


def test_words_before_a_quoted_number_are_fixed_too(data_dir: Path) -> None:
    (data_dir / "greeting" / "responses.yml").write_text(
        "responses:\n  utter_kept:\n    - text: 登记号是{reference}。\n", encoding="utf-8"
    )
    assert "登记号是" in fixed_clauses(data_dir, prompts=())


SAID_AS_THEY_COME = frozenset(
    {
        "rule",
        "banks",
        "first",
        "second",
        "rest",
        "wish",
        "what",
        "house",
        "institutions",
        "method",
        "branches",
        "times",
        "time",
    }
    | {"common", "others", "allowed", "forbidden", "channels", "refused", "line", "hotline", "hours", "count"}
)
"""Placeholders of words, lists and fixed numbers: house_sentences and policy_sentences fill most of them."""


def test_of_every_placeholder_somebody_knows_what_it_stands_for() -> None:
    """A new figure in a response must be joinable: its placeholder needs an example in install/examples.py."""
    known = set(policy_names()) | set(policy_words()) | SAID_AS_THEY_COME
    unknown = {
        (name, clause)
        for text in response_texts(DATA)
        for clause in split_clauses(text)
        for name in PLACEHOLDER.findall(clause)
        if name not in known and not is_figure(name, clause)
    }
    assert unknown == set()


SYNTHESISED_IN_THE_CALL = frozenset(
    {
        "您想{wish}，",
        "目前只在{value}办理。",
        "这款产品只做{value}行业。",
        "这款产品暂时不做{own}行业。",
        "{product}需要准备{common}。",
        "还款卡现在支持{banks}。",
        "我们{hours}有同事在。",
        "您希望{time}回电。",
    }
)
"""Words and no figures; each comes behind a fixed clause or is rare. A clause with a live figure has no place here."""


def test_every_clause_that_is_not_fixed_is_joined_or_is_one_of_a_few_without_a_figure() -> None:
    """Otherwise a caller waits for seconds within a reply, as once for 今天全部结清要还…."""
    joined = set(joined_templates())
    alike = [*house_sentences(PolicyBook.load()), *policy_sentences(DATA)]
    left = {
        clause
        for text in response_texts(DATA)
        for clause in worded_clauses(text, policy_words())
        if "{" in clause and clause not in joined and not _is_said_alike(clause, alike)
    }
    assert left == SYNTHESISED_IN_THE_CALL


def _is_said_alike(template: str, sentences: list[str]) -> bool:
    """Whether its words are the same for everybody."""
    pattern = re.compile(".+?".join(map(re.escape, PLACEHOLDER.split(template)[::2])))
    return any(pattern.search(sentence) for sentence in sentences)


def test_every_template_and_every_name_is_spoken() -> None:
    templates, names = joined_templates(), policy_names()
    clauses = carrier_clauses(templates, names)
    for template in templates:
        last_words = template.rpartition("}")[2]
        assert any(clause.endswith(last_words) for clause in clauses), template
    for name in (name for kind in names.values() for name in kind):
        assert any(name in clause for clause in clauses), name


def test_no_sum_behind_fixed_words_needs_a_join_before_a_digit_that_begins_with_voice() -> None:
    clauses = carrier_clauses(joined_templates(), policy_names())
    for words in ("一共要付", "利息一共", "其中罚息", "金额是"):
        begun = {begins_with(clause, words) for clause in clauses if words in clause}
        assert set("一二五六") <= begun, words


def test_carriers_are_the_same_at_every_set_up() -> None:
    names = policy_names()
    assert carrier_clauses(joined_templates(), names) == carrier_clauses(joined_templates(), names)


def test_a_new_template_leaves_the_others_carriers_as_they_are() -> None:
    templates = joined_templates()
    names = policy_names()
    before = carrier_clauses(templates, names)
    after = carrier_clauses(["新的一句要还{amount}。", *templates], names)
    assert len(set(before) - set(after)) <= len(before) // 10


def test_what_everybody_hears_alike_is_fixed() -> None:
    sentences = house_sentences(PolicyBook.load())
    clauses = set(fixed_clauses(more=sentences))
    assert sentences
    assert not any("{" in sentence for sentence in sentences)
    for sentence in sentences:
        assert set(split_clauses(sentence)) <= clauses
