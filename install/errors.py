"""SetupError: a set-up step that cannot go on, with what to do about it."""


class SetupError(Exception):
    """A stable code and one sentence that names the remedy; printed without a traceback."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
