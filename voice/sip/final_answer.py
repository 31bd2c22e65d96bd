"""FinalAnswer: the 200 to an INVITE, sent until it is acknowledged (RFC 3261 section 13.3.1.4)."""

from collections.abc import Callable

from voice.sip.agenda import Agenda
from voice.sip.message import Response
from voice.sip.transactions import Repetition, ServerTransaction, Timing


class FinalAnswer:
    """Repeated by whatever transport: a proxy on the way may use another one than we do."""

    def __init__(
        self,
        transaction: ServerTransaction,
        response: Response,
        agenda: Agenda,
        timing: Timing,
        on_unacknowledged: Callable[[], None],
        *,
        awaits_description: bool,
    ) -> None:
        """``awaits_description``: the INVITE had no offer, so the ACK brings the answer to ours."""
        self.sequence = response.sequence
        self.awaits_description = awaits_description
        self.acknowledged = False
        self._on_unacknowledged = on_unacknowledged
        self._repetition = Repetition(agenda, timing, transaction.repeat)
        transaction.respond(response)
        self._repetition.begin()
        self._patience = agenda.after(timing.give_up_s, self._given_up)

    def acknowledge(self) -> None:
        """The ACK came."""
        self.acknowledged = True
        self.stop()

    def stop(self) -> None:
        """The call is over."""
        self._repetition.stop()
        self._patience.cancel()

    def _given_up(self) -> None:
        self.stop()
        self._on_unacknowledged()
