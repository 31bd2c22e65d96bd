"""Console: what the staff's pages stand on; made in bot/__main__.py and, with fakes, in the tests."""

from dataclasses import dataclass

from fastapi.templating import Jinja2Templates

from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.conversation_numbers import ConversationNumbers
from actions.lending.database import Database
from actions.lending.keys import DataKeys
from bot.console.accounts import StaffAccounts
from bot.console.audit_log import AuditLog
from bot.console.dashboards.counted_days import CountedDays
from bot.console.dashboards.dashboards import Dashboards
from bot.console.data_rights.rights import Rights, open_rights
from bot.console.inbox_index import InboxIndex
from bot.console.inbox_search import InboxSearch
from bot.console.kept_waveforms import KeptWaveforms
from bot.console.live.live_parts import LiveParts
from bot.console.live_feed import LiveFeed
from bot.console.review.desk import ReviewDesk, open_review
from bot.console.saved_views import SavedViews
from bot.console.second_factor import SecondFactor
from bot.console.staff_directory import StaffDirectory
from bot.console.staff_sessions import StaffSessions
from bot.console.teaching.desk import TeachingDesk, open_teaching_desk
from bot.console.teaching.jobs import Jobs
from bot.handoff import HandoffQueue
from bot.recordings import RecordingStore
from bot.settings import BotSettings
from bot.transcript_reader import TranscriptReader


@dataclass(frozen=True)
class Console:
    """One part for each thing that the pages ask."""

    settings: BotSettings
    accounts: StaffAccounts
    second_factor: SecondFactor
    directory: StaffDirectory
    sessions: StaffSessions
    audit: AuditLog
    reader: TranscriptReader
    index: InboxIndex
    search: InboxSearch
    views: SavedViews
    live: LiveFeed
    dashboards: Dashboards
    review: ReviewDesk
    waveforms: KeptWaveforms
    numbers: ConversationNumbers
    rights: Rights
    recordings: RecordingStore
    handoffs: HandoffQueue
    now: LiveParts
    """What goes on at this moment."""
    teaching: TeachingDesk
    templates: Jinja2Templates


def open_console(
    settings: BotSettings,
    database: Database,
    keys: DataKeys,
    recordings: RecordingStore,
    handoffs: HandoffQueue,
    now: LiveParts,
    templates: Jinja2Templates,
    jobs: Jobs | None = None,
) -> Console:
    """A console on this database; ``jobs`` start processes for what takes long, by default real ones."""
    borrowers = ConversationBorrowers(database, keys)
    index = InboxIndex(database, borrowers)
    return Console(
        settings=settings,
        accounts=StaffAccounts(database),
        second_factor=SecondFactor(database, keys),
        directory=StaffDirectory(database),
        sessions=StaffSessions(database),
        audit=AuditLog(database),
        reader=TranscriptReader(database),
        index=index,
        search=InboxSearch(database, borrowers),
        views=SavedViews(database),
        live=LiveFeed(index.revision),
        rights=open_rights(settings, database, keys, recordings),
        dashboards=Dashboards(database, CountedDays(database)),
        review=open_review(database),
        waveforms=KeptWaveforms(database, recordings),
        numbers=ConversationNumbers(database, keys),
        recordings=recordings,
        handoffs=handoffs,
        now=now,
        teaching=open_teaching_desk(database, settings.var_dir, recordings, jobs),
        templates=templates,
    )
