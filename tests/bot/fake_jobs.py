"""FakeJobs: remembers which processes would have been started; none is."""

from pathlib import Path


class FakeJobs:
    """Implements bot.console.teaching.jobs.Jobs."""

    def __init__(self) -> None:
        self.started: list[tuple[str, Path]] = []

    def start(self, module: str, folder: Path) -> None:
        """Remember it."""
        self.started.append((module, folder))
