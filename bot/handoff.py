"""HandoffQueue: people whom staff must call back or join, the most pressing first."""

from enum import IntEnum

from actions.lending.service_desk import ServiceDesk
from actions.lending.service_requests import DISTRESS, RequestKind, ServiceRequest

SHOWN = 200
"""Requests on the page; the rest comes up when these are done."""


class Urgency(IntEnum):
    """What comes first, whatever the waiting time."""

    DISTRESS = 0
    COMPLAINT = 1
    ORDINARY = 2


def urgency(request: ServiceRequest) -> Urgency:
    """How pressing a request is."""
    if request.topic == DISTRESS:
        return Urgency.DISTRESS
    return Urgency.COMPLAINT if request.kind is RequestKind.COMPLAINT else Urgency.ORDINARY


class HandoffQueue:
    """Everything that customers asked staff to do and that is not done yet. Blocks: called from worker threads."""

    def __init__(self, desk: ServiceDesk) -> None:
        self._desk = desk

    def waiting(self) -> list[ServiceRequest]:
        """Open and taken requests: danger to life, complaints, all others; within each the longest waiting first."""
        return list(self._desk.waiting(SHOWN))

    def revision(self) -> int:
        """A number that changes when something in the queue does."""
        return self._desk.revision()

    def of_conversation(self, conversation_id: str) -> list[ServiceRequest]:
        """What this conversation led to."""
        return list(self._desk.requests(conversation_id=conversation_id))

    def find(self, reference: str) -> ServiceRequest:
        """One request. Raises RequestUnknown."""
        return self._desk.find(reference)

    def take(self, reference: str, staff: str) -> ServiceRequest:
        """Claim an open one; who claimed it first keeps it. Raises RequestUnknown."""
        return self._desk.take(reference, staff)

    def give_back(self, reference: str, staff: str) -> ServiceRequest:
        """Free what this member of staff claimed; as it is then. Raises RequestUnknown."""
        return self._desk.give_back(reference, staff)

    def close(self, reference: str, staff: str) -> ServiceRequest:
        """What this member of staff claimed is done; as it is then. Raises RequestUnknown."""
        return self._desk.close(reference, staff)

    def contact_phone(self, reference: str) -> str | None:
        """The number to call, in clear. Raises RequestUnknown."""
        return self._desk.contact_phone(reference)

    def new_phone(self, reference: str) -> str | None:
        """The number that a borrower wants to be known by, in clear. Raises RequestUnknown."""
        return self._desk.new_phone(reference)
