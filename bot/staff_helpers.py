"""StaffHelpers: puts a caller whom the machine could not help on the staff's list of calls back."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import SQLAlchemyError

from actions.lending.errors import LendingError
from actions.lending.identity import IdentityService
from actions.lending.service_desk import ServiceDesk

_logger = logging.getLogger(__name__)

ANSWER_WITHIN_S = 3.0
"""How long the caller may be kept waiting for the database."""

_PAUSES_S = (0.5, 1, 2, 5, 10, 30, 60, 120, 300)
"""Between tries while the database does not answer: eight minutes in all."""

_SUMMARIES = {
    "waited_too_long": "客户排队时按键要求回电，没有和智能客服通话。",
    "service_stopping": "系统停机维护时通话还没有结束，请联系客户，接着办他要办的事。",
}
_BROKE_OFF = "通话因系统故障中断，请联系客户，接着办他要办的事。"


class StaffHelpers:
    """Implements voice.helpers.Helpers."""

    def __init__(
        self, identity: IdentityService, desk: ServiceDesk, pauses_s: tuple[float, ...] = _PAUSES_S
    ) -> None:
        self._identity = identity
        self._desk = desk
        self._pauses_s = pauses_s
        self._stopping = threading.Event()
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="callbacks")

    async def look_after(self, conversation_id: str, caller: str | None, reason: str) -> bool:
        """Note it, now or as soon as the database answers; True when staff has it and knows a number to call."""
        loop = asyncio.get_running_loop()
        noting = loop.run_in_executor(self._threads, self._note, conversation_id, caller, reason)
        try:
            return await asyncio.wait_for(asyncio.shield(noting), ANSWER_WITHIN_S)
        except asyncio.TimeoutError:
            return False

    def close(self) -> None:
        """Try once more what is still to be noted, and stop; blocks."""
        self._stopping.set()
        self._threads.shutdown()

    def _note(self, conversation_id: str, caller: str | None, reason: str) -> bool:
        for pause_s in (*self._pauses_s, None):
            try:
                return self._note_once(conversation_id, caller, reason)
            except (SQLAlchemyError, LendingError) as error:
                _logger.warning("a call back waits: code=callback_waits %s", type(error).__name__)
            if pause_s is None or self._stopping.is_set():
                break
            self._stopping.wait(pause_s)
        _logger.error("a call back could not be noted: code=callback_lost conversation=%s", conversation_id)
        return False

    def _note_once(self, conversation_id: str, caller: str | None, reason: str) -> bool:
        # A caller who waited has no conversation yet, and his number is kept with it.
        self._identity.open_session(conversation_id, "phone", caller)
        summary = _SUMMARIES.get(reason, _BROKE_OFF)
        reference = self._desk.record_callback(conversation_id, reason, summary)
        return self._desk.contact_phone(reference) is not None
