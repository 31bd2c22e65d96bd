"""LiveParts: what the pages of conversations in progress stand on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from actions.lending.service_desk import ServiceDesk
from bot.console.live.live_board import LiveBoard
from bot.console.live.live_streams import LiveStreams
from bot.console.live.overhearing import OverheardCalls
from bot.console.live.staff_desk import Settles, StaffDesk, StaffRecorder
from bot.console.live_feed import LiveFeed
from bot.sessions import Session, SessionStore
from bot.settings import Limits


@dataclass(frozen=True)
class LiveParts:
    """One object for each thing that the pages ask."""

    board: LiveBoard
    calls: OverheardCalls
    desk: StaffDesk
    streams: LiveStreams
    queue: LiveFeed
    """Tells pages that the queue of requests has changed."""

    def end_streams(self) -> None:
        """The process stops. To be called on the event loop."""
        self.streams.close()
        self.queue.close()


def open_live(
    board: LiveBoard,
    calls: OverheardCalls,
    sessions: SessionStore,
    recorder: StaffRecorder,
    dialogue: Settles,
    requests: ServiceDesk,
    limits: Limits,
    take_back: Callable[[Session, Iterable[str]], None],
) -> LiveParts:
    """The parts around one board; ``take_back``: as StaffDesk wants it."""
    desk = StaffDesk(sessions, board, recorder, dialogue, requests, limits.staff_silent_s, take_back)
    return LiveParts(board, calls, desk, LiveStreams(board), LiveFeed(requests.revision, name="queue"))
