"""ClosingTime: tells all calls at once that the service is about to stop."""


class ServiceStopping(Exception):
    """The service stops while this call still goes on (code ``service_stopping``)."""

    code = "service_stopping"


class ClosingTime:
    """Shared by all calls of a process."""

    def __init__(self) -> None:
        self.has_come = False
        """Calls must come to their end now."""

    def begin(self) -> None:
        """Nobody can be waited for any longer."""
        self.has_come = True
