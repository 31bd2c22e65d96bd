"""LendingError: what every named error of the lending domain is derived from."""


class LendingError(Exception):
    """Carries a stable ``code`` and, as its message, a sentence that a clerk understands."""

    code = "lending_error"
