"""ReviewDesk: the parts of the review that pages ask."""

from dataclasses import dataclass

from actions.lending.database import Database
from bot.console.review.remarks import Remarks
from bot.console.review.review_lists import ReviewLists
from bot.console.review.score_sheet import ScoreSheets
from bot.console.review.scores import Scores


@dataclass(frozen=True)
class ReviewDesk:
    """One part for each kind of thing that staff say about conversations."""

    remarks: Remarks
    sheets: ScoreSheets
    scores: Scores
    lists: ReviewLists


def open_review(database: Database) -> ReviewDesk:
    """A desk on this database."""
    sheets = ScoreSheets(database)
    return ReviewDesk(Remarks(database), sheets, Scores(database, sheets), ReviewLists(database))
