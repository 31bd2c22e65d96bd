"""Scenario: one simulated call as it was written down; docs/simulated-calls.md explains every word."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Noise:
    """What sounds behind the caller all through the call."""

    kind: str
    """``white`` | ``street`` | ``babble``."""
    snr_db: float
    """Level of the caller's speech over the noise."""


@dataclass(frozen=True)
class Network:
    """What the packets meet on their way, in both directions."""

    loss: float = 0.0
    """Share of packets that never arrive, 0..0.5."""
    jitter_ms: int = 0
    """Each packet is late by 0 to this many ms, evenly spread; over 20 ms they overtake each other."""


@dataclass(frozen=True)
class Action:
    """What the caller does in one turn; exactly one of the first five."""

    say: tuple[str, ...] = ()
    """Pieces of speech, ``pause_ms`` between them."""
    play: str = ""
    """A recording beside the scenarios."""
    press: str = ""
    silence_ms: int = 0
    """Says nothing for so long after the bot has finished, whatever the bot then says."""
    burst_ms: int = 0
    """A cough, a slammed door: noise as loud as speech."""
    pause_ms: int = 0
    voice: str = ""
    """Empty: the scenario's."""
    speed: float = 0.0
    """0: the scenario's."""
    over_ms: int | None = None
    """Begins after so much of the bot's reply has sounded, instead of waiting for its end."""


@dataclass(frozen=True)
class Expected:
    """What has to follow within the turn; None or nothing: not looked at."""

    intent: tuple[str, ...] = ()
    """One of these."""
    understood: tuple[str, ...] = ()
    """Each is in the words that the bot understood."""
    entities: dict[str, str] = field(default_factory=dict)
    bot: tuple[str, ...] = ()
    """Each is in the written reply."""
    bot_not: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()
    """Each is heard by the recogniser in the sound that reached the caller."""
    hears_figures: tuple[str, ...] = ()
    """Each figure's true value is heard there too."""
    figures: tuple[str, ...] = ()
    """Each was told with its true value; ``none``: none was told."""
    quote: tuple[int, int] | None = None
    """Fen and months: the figures of the cheapest quote were told."""
    decision: dict[str, object] = field(default_factory=dict)
    """Facts of a business (names of BusinessFacts, the industry by its usual name): what the lending policies decide
    on them is told, and the product's name is heard."""
    expects: str | None = None
    """What the bot waits for next: ``open``, ``yes_no``, ``digits 4`` …"""
    next: str | None = None
    verified: bool | None = None
    reply: bool | None = None
    """False: nothing is answered (a backchannel, a noise)."""
    interrupted: bool | None = None
    """Whether the reply of the turn before was cut by this one."""
    within_ms: int | None = None
    """End of the caller's speech to the bot's first sound; reported, never asserted."""


@dataclass(frozen=True)
class Turn:
    """One action and what has to follow."""

    action: Action
    expected: Expected


@dataclass(frozen=True)
class Ending:
    """What has to be true when the call is over."""

    outcome: str
    """Who ended it: ``caller`` | ``bot`` | ``transfer``."""
    verified: bool | None = None
    prompts: tuple[str, ...] | None = None
    """The call's own sentences in order, by the names in voice/settings.py."""
    events: dict[str, str] = field(default_factory=dict)
    """Event and how often: ``2``, ``1+`` (at least)."""
    requests: tuple[dict[str, object], ...] | None = None
    """Service requests that the call left in the database, and no others."""
    disclosed: tuple[str, ...] | None = None
    """Names in the log of disclosed figures; each is there. Empty: nothing was disclosed."""
    locked: bool | None = None
    """Whether the caller is locked out of the identity check."""
    rating: int | str | None = None
    """1 to 5 as it was kept with the conversation; ``none``: none was kept."""
    keys: int | None = None
    """Keys that arrived."""


@dataclass(frozen=True)
class Scenario:
    """A whole call."""

    name: str
    story: str
    line: str
    """Whose phone it comes from: a person of the demo data, a number, or ``withheld``."""
    about: str
    """Whose figures are true here; empty where nobody's."""
    voice: str
    speed: float
    noise: Noise | None
    network: Network | None
    echo_db: float | None
    """The bot's own voice comes back so much weaker, 120 ms later."""
    over_sip: bool
    """One of those that `make test` also holds by SIP."""
    asks_rating: bool
    """Whoever was helped and says goodbye is asked how good it was."""
    turns: tuple[Turn, ...]
    ending: Ending
