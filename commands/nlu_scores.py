"""Scores of understanding: what the bot would do with each sentence, against what was meant."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions.labels import LABELS
from actions.misunderstanding import LEAST_CONFIDENCE

REFUSED = "out_of_scope"
_FALLBACK = "nlu_fallback"
_CONFUSIONS = 20


@dataclass(frozen=True)
class Decision:
    """What the bot does after its thresholds, as the first sentence of a conversation."""

    intent: str
    """The intent served; ``out_of_scope`` also when it only says that it has not understood."""

    offered: tuple[str, ...] = ()
    """The two intents that it asks back about; then ``intent`` is ``ask_back``."""

    @staticmethod
    def of(parsed: dict[str, Any]) -> "Decision":
        """From Rasa's parse of the sentence, by the same rule as actions/misunderstanding.py."""
        intent = (parsed.get("intent") or {}).get("name") or _FALLBACK
        if intent != _FALLBACK:
            return Decision(intent)
        ranking = parsed.get("intent_ranking") or []
        likely = [
            one["name"] for one in ranking if one["name"] in LABELS and one["confidence"] >= LEAST_CONFIDENCE
        ]
        return Decision("ask_back", tuple(likely[:2])) if len(likely) >= 2 else Decision(REFUSED)

    def credit(self, meant: str) -> float:
        """1 for the right intent, 0.5 for an ask-back that offers it, else 0."""
        return 0.5 if meant in self.offered else float(self.intent == meant)


def scores(meant: Sequence[str], decided: Sequence[Decision]) -> dict[str, Any]:
    """The object that ``make evaluate-nlu`` prints."""
    credits = [decision.credit(intent) for intent, decision in zip(meant, decided, strict=True)]
    refused = [decision.intent == REFUSED for decision in decided]
    outside = [intent == REFUSED for intent in meant]
    wrong = Counter(
        (intent, "/".join(decision.offered) or decision.intent)
        for intent, decision in zip(meant, decided, strict=True)
        if decision.intent != intent
    )
    return {
        "accuracy": _share(sum(credits), len(credits)),
        "macro_f1": round(_macro_f1(meant, decided), 4),
        "out_of_scope_recall": _share(
            sum(r and o for r, o in zip(refused, outside, strict=True)), sum(outside)
        ),
        "false_reject": _share(
            sum(r and not o for r, o in zip(refused, outside, strict=True)), len(outside) - sum(outside)
        ),
        "n": len(credits),
        "ask_back": sum(decision.intent == "ask_back" for decision in decided),
        "confusions": [
            {"intent": intent, "decided": decision, "n": n}
            for (intent, decision), n in wrong.most_common(_CONFUSIONS)
        ],
    }


def _macro_f1(meant: Sequence[str], decided: Sequence[Decision]) -> float:
    """Mean F1 over the intents that were meant; a half credit is half a hit, and its other half a miss."""
    intents = sorted(set(meant))
    return sum(_f1(intent, meant, decided) for intent in intents) / len(intents)


def _f1(intent: str, meant: Sequence[str], decided: Sequence[Decision]) -> float:
    pairs = list(zip(meant, decided, strict=True))
    hits = sum(decision.credit(intent) for other, decision in pairs if other == intent)
    claims = sum(0.5 * (intent in decision.offered) + (decision.intent == intent) for _, decision in pairs)
    truths = sum(other == intent for other in meant)
    return 2 * hits / (claims + truths) if hits else 0.0


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
