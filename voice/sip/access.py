"""Access: who may send us anything at all, and how often; everything else is refused and counted."""

from collections import Counter
from dataclasses import dataclass

from voice.line.admission import PeerList
from voice.sip.agenda import Agenda


class Pace:
    """A token bucket on the agenda's clock."""

    def __init__(self, agenda: Agenda, burst: int, per_s: float) -> None:
        self._agenda = agenda
        self._burst = float(burst)
        self._per_s = per_s
        self._tokens = float(burst)
        self._filled_at = agenda.now

    def take(self) -> bool:
        """One token, if there is one."""
        now = self._agenda.now
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._per_s)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclass(frozen=True)
class AccessLimits:
    """Per endpoint, over all peers."""

    invites_burst: int = 20
    invites_per_s: float = 10.0
    strangers_per_s: float = 5.0
    """Answers (403) a second to those who are not listed; the rest of them hears nothing: we are no reflector."""


class Access:
    """Counts what was refused, by reason; the counts are metrics."""

    def __init__(self, peers: PeerList, agenda: Agenda, limits: AccessLimits = AccessLimits()) -> None:
        self.peers = peers
        self.counts: Counter[str] = Counter()
        self._invites = Pace(agenda, limits.invites_burst, limits.invites_per_s)
        self._strangers = Pace(agenda, 5, limits.strangers_per_s)

    def knows(self, host: str) -> bool:
        """Whether the peer is listed; counts those that are not."""
        if self.peers.allows(host):
            return True
        self.counts["stranger"] += 1
        return False

    def answers_stranger(self) -> bool:
        """Whether one more stranger is told so."""
        return self._strangers.take()

    def too_many_invites(self) -> bool:
        """Takes one INVITE into account; True when it is one too many."""
        if self._invites.take():
            return False
        self.counts["too_many_invites"] += 1
        return True

    def count(self, reason: str) -> None:
        """Something was refused."""
        self.counts[reason] += 1
