"""HandoffQueue: people whom staff must call back or join, as the staff's page lists them."""

from actions.lending.service_requests import RequestState, ServiceDesk, ServiceRequest

SHOWN = 200
"""Requests on the page; the rest comes up when these are done."""


class HandoffQueue:
    """Everything that customers asked staff to do and that is not done yet. Blocks: called from worker threads."""

    def __init__(self, desk: ServiceDesk) -> None:
        self._desk = desk

    def open_requests(self) -> list[ServiceRequest]:
        """Open and taken requests, the longest waiting first."""
        waiting = [
            request
            for state in (RequestState.OPEN, RequestState.TAKEN)
            for request in self._desk.requests(state=state, limit=SHOWN)
        ]
        return sorted(waiting, key=lambda request: request.created_at)

    def of_conversation(self, conversation_id: str) -> list[ServiceRequest]:
        """What this conversation led to."""
        return list(self._desk.requests(conversation_id=conversation_id))
