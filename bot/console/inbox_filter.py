"""InboxFilter: what the inbox is asked for, read from an address and written into one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.console.days import day_end_ms, day_start_ms
from bot.console.intent_names import intent_asked
from bot.console.mood import Mood
from bot.console.outcomes import Outcome
from bot.console.permissions import Permission
from bot.console.review.facets import name_token
from bot.console.review.flag import Flag
from bot.console.review.remarks import tidy_tag
from bot.stored_text import stored_heard, stored_words

CHANNELS = ("chat", "browser", "phone")
CONFIDENCES = (50, 70, 90)
"""Percent: the surest guess of some turn was below."""
LATENCIES = (1, 2, 4)
"""Seconds: some answer took longer."""
RATINGS = (1, 2, 3, 4, 5)
RATED = "any"
"""Whatever the customer gave."""
SCORES = {"none": "未评分", "low": "6分以下", "middle": "6到8分", "high": "8分以上"}
"""Means of all scores of a conversation: 8 is high, 6 is not low."""
SCOPES = ("all", "customer", "bot")
_LONGEST = 100


@dataclass(frozen=True)
class InboxFilter:
    """Every field as it stands in the address, checked; an empty one leaves that out."""

    q: str = ""
    scope: str = "all"
    """Whose words are searched."""
    since: str = ""
    until: str = ""
    """Days of Shanghai, ISO, the last one included."""
    channel: str = ""
    outcome: str = ""
    intent: str = ""
    borrower: str = ""
    """A whole mobile number or its last four digits."""
    verified: str = ""
    disclosed: str = ""
    confidence: str = ""
    latency: str = ""
    hearing: str = ""
    """Percent: some sentence was recognised with less certainty."""
    rating: str = ""
    """What the customer gave, 1 to 5, or ``any``."""
    mood: str = ""
    tag: str = ""
    flag: str = ""
    score: str = ""
    assignee: str = ""
    """The account that is, or was, to review it."""
    review: str = ""
    """``open`` | ``done``: on a list of the review."""

    @staticmethod
    def from_query(query: Mapping[str, str]) -> "InboxFilter":
        """Read an address; what cannot be is left out."""

        def one_of(name: str, allowed: tuple[object, ...]) -> str:
            value = query.get(name, "")
            return value if value in {str(option) for option in allowed} else ""

        def day(name: str) -> str:
            value = query.get(name, "")
            return value if day_end_ms(value) is not None else ""

        intent = intent_asked(query.get("intent", "").strip()[:64])
        borrower = "".join(character for character in query.get("borrower", "") if character in "0123456789")
        return InboxFilter(
            q=query.get("q", "").strip()[:_LONGEST],
            scope=one_of("scope", SCOPES) or "all",
            since=day("since"),
            until=day("until"),
            channel=one_of("channel", CHANNELS),
            outcome=one_of("outcome", tuple(outcome.value for outcome in Outcome)),
            intent=intent if intent.isascii() and intent.replace("_", "").isalnum() else "",
            borrower=borrower if len(borrower) in (4, 11) else "",
            verified=one_of("verified", ("yes", "no")),
            disclosed=one_of("disclosed", ("yes", "no")),
            confidence=one_of("confidence", CONFIDENCES),
            latency=one_of("latency", LATENCIES),
            hearing=one_of("hearing", CONFIDENCES),
            rating=one_of("rating", (RATED, *RATINGS)),
            mood=one_of("mood", tuple(mood.value for mood in Mood)),
            tag=tidy_tag(query.get("tag", "")),
            flag=one_of("flag", tuple(flag.value for flag in Flag)),
            score=one_of("score", tuple(SCORES)),
            assignee=query.get("assignee", "").strip()[:64],
            review=one_of("review", ("open", "done")),
        )

    @property
    def since_ms(self) -> int | None:
        """Midnight before the first day."""
        return day_start_ms(self.since)

    @property
    def until_ms(self) -> int | None:
        """Midnight after the last day."""
        return day_end_ms(self.until)

    def facets(self) -> list[list[str]]:
        """Tokens of the index: of each list one must be there."""
        named = (
            "channel",
            "outcome",
            "intent",
            "verified",
            "disclosed",
            "hearing",
            "mood",
            "flag",
            "score",
            "review",
        )
        hashed = [name_token(name, value) for name in ("tag", "assignee") if (value := getattr(self, name))]
        rated = RATINGS if self.rating == RATED else (self.rating,) if self.rating else ()
        facets = [[f"{name}_{value}"] for name in named if (value := getattr(self, name))]
        return (
            facets + [[token] for token in hashed] + ([[f"rating_{one}" for one in rated]] if rated else [])
        )

    def within(self, may: frozenset[Permission]) -> "InboxFilter":
        """Without what its asker may not see, and therefore not ask for either."""
        return self if Permission.SCORE in may else replace(self, score="")

    @property
    def in_detail(self) -> bool:
        """Whether something is asked for that the form keeps folded."""
        folded = ("verified", "disclosed", "confidence", "latency", "hearing", "rating", "score", "assignee")
        return any(getattr(self, name) for name in folded)

    def asked(self) -> dict[str, str]:
        """What is not left out."""
        empty = InboxFilter()
        return {name: value for name, value in vars(self).items() if value != getattr(empty, name)}

    def query(self) -> str:
        """The address's part behind the question mark, without what is left out."""
        return urlencode(self.asked())

    def masked(self) -> "InboxFilter":
        """As the audit log may keep it: no digits that could be part of a number, four of a borrower's."""
        return replace(self, q=stored_heard(self.q), borrower=self.borrower[-4:])

    @property
    def names_somebody(self) -> bool:
        """Whether it holds a whole number of somebody's, which may be asked for and not be kept."""
        return len(self.borrower) > 4 or (bool(self.q) and stored_words("", self.q) != self.q)
