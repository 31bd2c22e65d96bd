"""Cases: a person whom a member of staff looked up, for half an hour and for nobody else."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.console.data_rights.own_data import Holding

LIFE_S = 30 * 60
_MOST = 200


@dataclass(frozen=True)
class Case:
    """In memory alone: whom it is about is kept nowhere."""

    id: str
    account: str
    holding: Holding
    reference: str
    """Of the request that it was opened from, or empty."""
    opened_s: float


class Cases:
    """Share one among threads."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._cases: OrderedDict[str, Case] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, account: str, holding: Holding, reference: str) -> Case:
        """Begin one; its id is a secret of its own."""
        case = Case(secrets.token_urlsafe(16), account, holding, reference, self._now_s())
        with self._lock:
            self._cases[case.id] = case
            while len(self._cases) > _MOST:
                self._cases.popitem(last=False)
        return case

    def find(self, case_id: str, account: str) -> Case | None:
        """The case, for whoever opened it."""
        with self._lock:
            case = self._cases.get(case_id)
            if case is not None and self._now_s() - case.opened_s > LIFE_S:
                del self._cases[case_id]
                case = None
        return case if case is not None and case.account == account else None

    def close(self, case_id: str) -> None:
        """It is done."""
        with self._lock:
            self._cases.pop(case_id, None)
