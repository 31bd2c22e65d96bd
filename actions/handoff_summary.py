"""Handoff summary: what a clerk has to know before the first word, in five lines that are read in five seconds."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.correction import written_detail
from actions.distress import was_distressed
from actions.labels import FIGURE_LABELS, LABELS, WAITS_FOR
from actions.lending.money import FEN_PER_YUAN, written_percent, written_yuan
from actions.lending.privacy import mask_phone
from actions.services import Services
from actions.turn import Turn
from actions.words_of_feeling import is_pressing, is_rude

_MOST_FIGURES = 4
_MOST_TOPICS = 4
_LAST_WORDS = 24
"""Characters of the customer's last words that are quoted."""

_NOT_UNDERSTOOD = frozenset({"nlu_fallback", "out_of_scope"})
_MANY_MISSES = 2
_OF_NOBODY = frozenset(
    {
        "annualised_rate_min",
        "annualised_rate_max",
        "amount_min",
        "amount_max",
        "instalment_amount",
        "total_interest",
        "request_reference",
    }
)
"""Figures that may be told on to whoever is not verified: they come from the products, not from a person."""

_DETAILS = (
    "wish",
    "amount_fen",
    "part_fen",
    "term_months",
    "industry",
    "region",
    "business_months",
    "has_overdue_debt",
    "is_first_time_borrower",
)


@dataclass(frozen=True)
class Mood:
    """How the customer seems to feel, and what says so."""

    name: str
    """``平静``, ``着急``, ``生气`` or ``紧急``."""
    because: str


def summary_of(turn: Turn, services: Services) -> str:
    """Five lines of Chinese at most: who, what is wanted, what was told, the mood, what is open. No identity digits."""
    mood = mood_of(turn)
    lines = [
        f"身份：{_who(turn, services)}",
        f"要办：{_wanted(turn)}",
        f"已告知：{_told(turn, services)}",
        f"情绪：{mood.name}" + (f"（{mood.because}）" if mood.because else ""),
    ]
    if still_open := _open(turn, services):
        lines.append(f"未办完：{still_open}")
    return "\n".join(lines)


def mood_of(turn: Turn) -> Mood:
    """By plain rules, so that staff can trust it: abuse, complaints, pressing words, what was not understood."""
    if was_distressed(turn):
        return Mood("紧急", "说到不想活，请马上接，先安抚，不谈还款")
    rude = sum(is_rude(words) for words in turn.words)
    complaints = turn.topics.count("complain")
    if rude or complaints > 1:
        return Mood("生气", "骂了人" if rude else f"投诉{complaints}次")
    misses = sum(topic in _NOT_UNDERSTOOD for topic in turn.topics)
    pressing = any(is_pressing(words) for words in turn.words)
    reasons = [
        *(["有投诉"] if complaints else []),
        *(["话里着急"] if pressing else []),
        *([f"{misses}次没听懂他"] if misses >= _MANY_MISSES else []),
    ]
    return Mood("着急", "，".join(reasons)) if reasons else Mood("平静", "")


def _who(turn: Turn, services: Services) -> str:
    borrower = services.identity.verified_borrower(turn.sender)
    if borrower is not None:
        profile = services.records.profile(borrower)
        return f"已核实，{profile.salutation}，{profile.masked_phone}"
    state = services.identity.state(turn.sender)
    named = f"，自报{mask_phone(state.claimed_phone)}" if state.claimed_phone else ""
    return ("核实错三次已锁定" if state.locked_until else "未核实") + named


def _wanted(turn: Turn) -> str:
    waiting = [one["intent"] for one in turn.memory.get("waiting") or ()]
    asked = [LABELS[name] for name in (*waiting, *turn.topics) if name in LABELS and name != "request_human"]
    # What was asked last is what he waits for: the newest first.
    topics = list(dict.fromkeys(reversed(asked)))[:_MOST_TOPICS]
    said = [words for words, topic in zip(turn.words, turn.topics, strict=False) if topic in LABELS]
    # Numbers and 好的 say nothing of what he wants.
    last = next((words for words in reversed(said or turn.words) if words and "〔" not in words), "")
    quoted = f"（原话：{last[:_LAST_WORDS]}）" if last else ""
    return ("、".join(topics) if topics else "没有说") + quoted


def _told(turn: Turn, services: Services) -> str:
    verified = services.identity.verified_borrower(turn.sender) is not None
    latest = {one["name"]: one for one in turn.told if verified or one["name"] in _OF_NOBODY}
    told = [one for name, one in latest.items() if name in FIGURE_LABELS][-_MOST_FIGURES:]
    return "，".join(f"{FIGURE_LABELS[one['name']]}{_written(one)}" for one in told) or "还没有数字"


def _open(turn: Turn, services: Services) -> str:
    """The form that was being filled, its values, and what the customer was asked last."""
    suspended = turn.memory.get("suspended") or {}
    task = turn.task if turn.task in LABELS else suspended.get("task")
    if task not in LABELS or (turn.question is None and not suspended):
        return ""
    known = turn.answers or suspended.get("answers") or {}
    values = [_detail(name, known[name], services) for name in _DETAILS if name in known]
    question = turn.memory.get("question_before") if turn.question == "person" else turn.question
    waits = [f"等他{WAITS_FOR[question]}"] if question in WAITS_FOR else []
    return "，".join([LABELS[str(task)], *values, *waits])


def _detail(name: str, value: Any, services: Services) -> str:
    if name in {"amount_fen", "part_fen"}:
        return _short_yuan(int(value))
    return str(value) if name == "wish" else written_detail(name, value, services.policies)


def _written(figure: dict[str, Any]) -> str:
    value, unit = figure["value"], figure["unit"]
    if unit == "fen":
        return _short_yuan(int(value))
    if unit == "rate_per_year":
        return written_percent(Decimal(str(value)))
    return str(value) + {"instalments": "期", "days": "天"}.get(unit, "")


def _short_yuan(amount_fen: int) -> str:
    """Whole 万 in few characters, so that no amount is long enough to be masked as if it were a phone number."""
    whole, rest = divmod(amount_fen, 10_000 * FEN_PER_YUAN)
    return f"{whole}万元" if whole and not rest else written_yuan(amount_fen)
