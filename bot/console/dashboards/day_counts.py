"""Day counts: what the conversations that began on one day come to, by channel, in a few grouped queries."""

from collections import defaultdict
from typing import Any

from sqlalchemy import and_, case, func, literal_column, select
from sqlalchemy.engine import Connection

from actions.lending.models import service_requests
from actions.lending.service_requests import RequestKind
from bot.console.dashboards.buckets import bucket_of
from bot.console.dashboards.changes import SHANGHAI_MS, start_of
from bot.console.inbox_index import number_at
from bot.console.inbox_tables import conversation_index
from bot.transcript_tables import conversations, turns

NOT_UNDERSTOOD = "nlu_fallback"
STAGES = ("endpointing_ms", "recognition_ms", "dialogue_ms", "first_audio_ms")
TOTAL = "total"

Counts = dict[str, dict[str, dict[str, int]]]
"""channel -> what is counted -> its value -> how often."""


def counts_of(connection: Connection, day: int) -> Counts:
    """Everything that the dashboards show of one day. A turn belongs to the day on which its conversation began."""
    found: Counts = defaultdict(lambda: defaultdict(dict))
    index, talk = conversation_index.c, conversations.c
    own = and_(index.number >= number_at(start_of(day)), index.number < number_at(start_of(day + 1)))
    both = conversation_index.join(conversations, talk.id == index.conversation_id)
    said = both.join(turns, turns.c.conversation_id == index.conversation_id)
    # Said by the customer and answered by the bot: what staff answered was understood by nobody else.
    words = and_(turns.c.customer_text != "", turns.c.intent.isnot(None))

    def count(name: str, source: Any, value: Any, *conditions: Any) -> None:
        columns = (talk.channel, value.label("counted"), func.count().label("times"))
        query = select(*columns).select_from(source).where(own, *conditions)
        for row in connection.execute(query.group_by(talk.channel, literal_column("counted"))):
            found[row.channel][name][str(row.counted)] = row.times

    count("outcome", both, index.outcome)
    count("rating", both, talk.rating, talk.rating.isnot(None))
    reasons = both.join(service_requests, service_requests.c.conversation_id == index.conversation_id)
    count("reason", reasons, service_requests.c.topic, service_requests.c.kind == RequestKind.HANDOFF.value)
    count("intent", said, turns.c.intent, words)
    count("turn", said, case((turns.c.intent == NOT_UNDERSTOOD, "missed"), else_="understood"), words)
    # An hour's answers are those that were given in it, whenever their conversation began.
    count("hour", said, (turns.c.at_ms + SHANGHAI_MS) / 3_600_000 % 24, words, turns.c.failure.is_(None))
    certainty = turns.c.recognition_confidence
    count("hearing", said, case(*_tenths(certainty), else_=9), certainty.isnot(None))
    for stage in STAGES:
        count(stage, said, bucket_of(turns.c[stage]), words, turns.c[stage].isnot(None))
    measured = [turns.c[stage].isnot(None) for stage in STAGES]
    whole: Any = sum(
        (func.coalesce(turns.c[stage], 0) for stage in STAGES[1:]), func.coalesce(turns.c[STAGES[0]], 0)
    )
    anything = measured[0] | measured[1] | measured[2] | measured[3]
    count(TOTAL, said, bucket_of(whole), words, anything)
    return {channel: dict(names) for channel, names in found.items()}


def _tenths(column: Any) -> list[Any]:
    """SQL cases: 0 to 8 for below 0.1 to below 0.9."""
    return [(column < (tenth + 1) / 10, tenth) for tenth in range(9)]
