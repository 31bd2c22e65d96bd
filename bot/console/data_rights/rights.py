"""Rights: the parts that the data rights' pages and the hourly job stand on."""

from dataclasses import dataclass

from actions.lending.database import Database
from actions.lending.disclosure_cut import DisclosureCut
from actions.lending.keys import DataKeys
from actions.lending.service_desk import ServiceDesk
from actions.lending.service_requests import RequestKind, RequestState, ServiceRequest
from bot.console.data_rights.cases import Cases
from bot.console.data_rights.erased_list import ErasedList
from bot.console.data_rights.file_traces import FileTraces
from bot.console.data_rights.own_data import OwnData
from bot.console.data_rights.retention import Retention
from bot.console.data_rights.rights_log import RightsLog
from bot.recordings import RecordingStore
from bot.settings import BotSettings

WISH = "data_deletion"
"""Topic of the requests of callers who want their data gone (actions/data_deletion.py)."""
LISTED = 1_000


@dataclass(frozen=True)
class Rights:
    """One part for each thing."""

    own_data: OwnData
    retention: Retention
    cases: Cases
    log: RightsLog
    desk: ServiceDesk

    def wishes(self) -> list[ServiceRequest]:
        """Callers who want their data gone and wait for it, the longest waiting first."""
        found = [
            request
            for state in (RequestState.OPEN, RequestState.TAKEN)
            for request in self.desk.requests(RequestKind.CALLBACK, state, limit=LISTED)
            if request.topic == WISH
        ]
        return sorted(found, key=lambda request: request.created_at)


def open_rights(
    settings: BotSettings, database: Database, keys: DataKeys, recordings: RecordingStore
) -> Rights:
    """On this database and these recordings."""
    desk = ServiceDesk(database, keys)
    log, files = RightsLog(database), FileTraces(database, recordings, settings.var_dir)
    erased, cut = ErasedList(settings.var_dir), DisclosureCut(database, keys)
    retention = Retention(database, settings.retention, files, cut, log, erased)
    return Rights(OwnData(database, keys, recordings, files, log, erased), retention, Cases(), log, desk)
