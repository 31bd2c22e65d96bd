"""Strict store: a conversation that cannot be read or kept is refused, and not begun anew in silence.

Rasa wraps its tracker store in one that answers a failed read with an empty conversation and puts what it cannot save
into memory that nobody reads: a customer who was just asked something would be greeted again, or lose his place.
"""

from typing import NoReturn

from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore


class ConversationNotKept(Exception):
    """The conversation's events could not be read or written."""


def refuse_failures(store: TrackerStore | None) -> None:
    """Let failures of the store inside Rasa's wrapper be raised as ConversationNotKept."""
    if isinstance(store, FailSafeTrackerStore):
        store._on_tracker_store_error = _refuse


def _refuse(error: Exception) -> NoReturn:
    raise ConversationNotKept(type(error).__name__) from error
