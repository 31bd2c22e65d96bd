"""Transactions: a request, its repetitions and its answers (RFC 3261 section 17, RFC 6026)."""

from collections.abc import Callable
from dataclasses import dataclass

from voice.sip.agenda import Agenda, Appointment
from voice.sip.hop import Hop
from voice.sip.message import Request, Response, SipMessage

Send = Callable[[SipMessage, Hop], None]


@dataclass(frozen=True)
class Timing:
    """Seconds; tests shorten them."""

    t1_s: float = 0.5
    """Round trip: the first repetition comes after it, the next ones after twice, four times …"""
    t2_s: float = 4.0
    """The longest pause between repetitions."""
    t4_s: float = 5.0
    """How long a message may stay in the network."""

    @property
    def give_up_s(self) -> float:
        """Timers B, F, H, J, L and M: nobody waits longer for an answer."""
        return 64 * self.t1_s


class Repetition:
    """Sends something again and again over UDP, with pauses that double up to T2."""

    def __init__(
        self, agenda: Agenda, timing: Timing, send: Callable[[], None], *, doubles_on: bool = False
    ) -> None:
        self._agenda = agenda
        self._timing = timing
        self._send = send
        self._doubles_on = doubles_on
        self._pause_s = timing.t1_s
        self._next: Appointment | None = None

    def begin(self) -> None:
        """The first sending has happened."""
        self._next = self._agenda.after(self._pause_s, self._again)

    def stop(self) -> None:
        """It has arrived, or nobody waits any more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def slow_down(self) -> None:
        """A provisional answer came: go on at T2's pace (section 17.1.2.2)."""
        self._pause_s = self._timing.t2_s

    def _again(self) -> None:
        self._send()
        # Timer A of an INVITE doubles without a limit, all others up to T2.
        longest = self._timing.give_up_s if self._doubles_on else self._timing.t2_s
        self._pause_s = min(2 * self._pause_s, longest)
        self.begin()


class ServerTransaction:
    """A request that a peer asks us, until nobody can ask it again."""

    def __init__(
        self,
        request: Request,
        hop: Hop,
        send: Send,
        agenda: Agenda,
        timing: Timing,
        on_over: Callable[["ServerTransaction"], None],
    ) -> None:
        """``hop`` is where the answers go."""
        self.request = request
        self.hop = hop
        self._send = send
        self._agenda = agenda
        self._timing = timing
        self._on_over = on_over
        self._last: Response | None = None
        self._repetition = Repetition(agenda, timing, self.repeat)
        self._lifetime: Appointment | None = None

    @property
    def answered(self) -> bool:
        """A final response was given."""
        return self._last is not None and self._last.status >= 200

    def respond(self, response: Response) -> None:
        """Give an answer; after a final one nothing more is sent but repetitions."""
        if self.answered:
            return
        self._last = response
        self._send(response, self.hop)
        if response.status < 200:
            return
        if self.request.method == "INVITE" and response.status >= 300 and not self.hop.reliable:
            self._repetition.begin()
        keeps = self.request.method == "INVITE" or not self.hop.reliable
        self._lifetime = self._agenda.after(self._timing.give_up_s if keeps else 0.0, self._over)

    def repeat(self) -> None:
        """Send the last answer again: the request came again, or it was not acknowledged."""
        if self._last is not None:
            self._send(self._last, self.hop)

    def acknowledge(self) -> None:
        """The ACK of a refusal came; it may come again for a while (timer I)."""
        self._repetition.stop()
        if self._lifetime is not None:
            self._lifetime.cancel()
        self._lifetime = self._agenda.after(0.0 if self.hop.reliable else self._timing.t4_s, self._over)

    def _over(self) -> None:
        self._repetition.stop()
        self._on_over(self)


class ClientTransaction:
    """A request that we ask, until it was answered or nobody waits any more."""

    def __init__(
        self,
        request: Request,
        hop: Hop,
        send: Send,
        agenda: Agenda,
        timing: Timing,
        on_response: Callable[[Response], None],
        on_silence: Callable[[], None],
        on_over: Callable[["ClientTransaction"], None],
    ) -> None:
        self.request = request
        self.hop = hop
        self._send = send
        self._agenda = agenda
        self._timing = timing
        self._on_response = on_response
        self._on_silence = on_silence
        self._on_over = on_over
        self._invite = request.method == "INVITE"
        self._ack: Request | None = None
        self.provisional = False
        self.final = False
        self._repetition = Repetition(agenda, timing, self._transmit, doubles_on=self._invite)
        self._lifetime = agenda.after(timing.give_up_s, self._silent)

    def begin(self) -> None:
        """Send it for the first time."""
        self._transmit()
        if not self.hop.reliable:
            self._repetition.begin()

    def hear(self, response: Response) -> None:
        """Take an answer of the peer."""
        if self.final:
            self._hear_again(response)
            return
        if response.status < 200:
            self._hear_provisional(response)
            return
        self.final = True
        self._repetition.stop()
        self._lifetime.cancel()
        lingers_s = 0.0 if self.hop.reliable else self._timing.t4_s
        if self._invite:
            lingers_s = self._timing.give_up_s if response.status < 300 or not self.hop.reliable else 0.0
            if response.status >= 300:
                self._ack = _ack_of_refusal(self.request, response)
                self._send(self._ack, self.hop)
        self._lifetime = self._agenda.after(lingers_s, lambda: self._on_over(self))
        self._on_response(response)

    def abandon(self) -> None:
        """Nobody cares for the answer any more; a late one is still acknowledged, for as long as it may come."""
        self._repetition.stop()
        self._lifetime.cancel()
        self._lifetime = self._agenda.after(self._timing.give_up_s, self._silent)

    def unreachable(self) -> None:
        """The peer cannot be connected to: nobody waits for its silence to last (section 8.1.3.1)."""
        if not self.final and not self.provisional:
            self._lifetime.cancel()
            self._silent()

    def _hear_provisional(self, response: Response) -> None:
        self.provisional = True
        if self._invite:
            self._repetition.stop()
            # An INVITE that rings is over when its leg gives up, not by timer B.
            self._lifetime.cancel()
        else:
            self._repetition.slow_down()
        self._on_response(response)

    def _hear_again(self, response: Response) -> None:
        if self._ack is not None and response.status >= 300:
            self._send(self._ack, self.hop)
        elif self._invite and response.status // 100 == 2:
            self._on_response(response)

    def _transmit(self) -> None:
        self._send(self.request, self.hop)

    def _silent(self) -> None:
        self._repetition.stop()
        self._on_over(self)
        self._on_silence()


def _ack_of_refusal(request: Request, response: Response) -> Request:
    """The ACK that belongs to the INVITE's own transaction (section 17.1.1.3)."""
    ack = Request("ACK", request.uri)
    for name in ("Via", "From", "Call-ID", "Route", "Max-Forwards"):
        for value in request.headers.all(name):
            ack.headers.add(name, value)
            if name == "Via":
                break
    ack.headers.add("To", response.headers.first("To") or request.headers.first("To") or "")
    ack.headers.add("CSeq", f"{request.sequence} ACK")
    return ack
