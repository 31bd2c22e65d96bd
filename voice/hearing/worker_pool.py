"""WorkerPool: the threads of an engine, with a measure of how long work waits for them."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from voice.waiting.waits import Waits


class WorkerPool(ThreadPoolExecutor):
    """An executor that knows how busy it is."""

    def __init__(self, workers: int, name: str) -> None:
        super().__init__(workers, thread_name_prefix=name)
        self.waits = Waits()
        """From ``submit`` until a thread takes the work, or until it is given up."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """As ThreadPoolExecutor does."""
        place = self.waits.begin()

        def work() -> Any:
            self.waits.end(place)
            return fn(*args, **kwargs)

        future = super().submit(work)
        future.add_done_callback(lambda _: self.waits.end(place))
        return future
