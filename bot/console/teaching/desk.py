"""TeachingDesk: everything about teaching that the pages ask, on one database and one folder."""

from dataclasses import dataclass
from pathlib import Path

from actions.lending.database import Database
from bot.console.teaching.batches import Batches
from bot.console.teaching.jobs import GuardedJobs, Jobs
from bot.console.teaching.recognition_export import RecognitionExport
from bot.console.teaching.suggestions import Suggestions
from bot.console.teaching.unanswered import UnansweredTurns
from bot.console.teaching.workshop import Workshop
from bot.recordings import RecordingStore


@dataclass(frozen=True)
class TeachingDesk:
    """One part for each thing."""

    suggestions: Suggestions
    batches: Batches
    workshop: Workshop
    unanswered: UnansweredTurns
    recognition: RecognitionExport


def open_teaching_desk(
    database: Database, var_dir: Path, recordings: RecordingStore, jobs: Jobs | None = None
) -> TeachingDesk:
    """``jobs``: what starts processes, by default real ones."""
    suggestions = Suggestions(database)
    batches = Batches(database, suggestions)
    workshop = Workshop(var_dir, suggestions, batches, jobs or GuardedJobs())
    workshop.forget_leftovers()
    return TeachingDesk(
        suggestions,
        batches,
        workshop,
        UnansweredTurns(database),
        RecognitionExport(database, recordings, var_dir / "exports"),
    )
