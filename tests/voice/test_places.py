"""Places: who may begin to talk, measured by what those wait who talk already."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from voice.hearing.worker_pool import WorkerPool
from voice.waiting.places import Load, Places
from voice.waiting.waits import Waits


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_waits_are_forgotten_after_their_window() -> None:
    clock = Clock()
    waits = Waits(window_s=10, clock=clock)
    waits.note(2.0)
    assert waits.longer_than(1.0) == 1 and waits.longer_than(2.0) == 0
    clock.now_s += 10.5
    assert waits.longer_than(1.0) == 0


def test_what_still_waits_counts_before_its_end() -> None:
    clock = Clock()
    waits = Waits(clock=clock)
    place = waits.begin()
    clock.now_s += 1.5
    assert waits.longer_than(1.0) == 1
    waits.end(place)
    waits.end(place)
    assert waits.longer_than(1.0) == 1, "once, however often its end is told"


def test_a_pool_tells_how_long_its_work_waits() -> None:
    pool, hold = WorkerPool(1, "test"), Event()
    clock = Clock()
    pool.waits = Waits(clock=clock)
    busy = pool.submit(hold.wait)
    given_up = pool.submit(str)
    clock.now_s += 3
    assert pool.waits.longer_than(2.0) == 1
    given_up.cancel()
    clock.now_s += 20
    assert pool.waits.longer_than(2.0) == 0, "what was given up waits no more"
    hold.set()
    busy.result(5)
    pool.shutdown()


def test_a_place_is_free_again_when_a_call_leaves() -> None:
    places = Places(2, Load())
    assert places.take() and places.take() and not places.take()
    assert places.obstacle() == "full"
    places.leave()
    assert places.take()


@pytest.mark.parametrize("queue", ["recognition", "synthesis"])
def test_an_engine_that_keeps_callers_waiting_takes_no_new_ones(queue: str) -> None:
    load = Load()
    places = Places(10, load)
    assert places.take()
    getattr(load, queue).note(1.6)
    assert places.obstacle() == queue and not places.take()


def test_one_slip_may_be_anything_and_two_are_load() -> None:
    load = Load()
    places = Places(10, load)
    assert places.take()
    load.slip.note(0.07)
    assert places.obstacle() is None
    load.slip.note(0.07)
    assert places.obstacle() == "slip"


def test_the_first_call_is_taken_however_slow_the_machine_is() -> None:
    load = Load()
    load.synthesis.note(9.0)
    assert Places(10, load).take()


def test_a_pool_is_an_executor_like_any_other() -> None:
    """WorkerPool is a ThreadPoolExecutor in every other respect."""
    with WorkerPool(1, "test") as pool:
        assert isinstance(pool, ThreadPoolExecutor)
        assert pool.submit(pow, 2, 5).result(5) == 32
        assert list(pool.map(abs, (-1, -2))) == [1, 2]
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 1, 0).result(5)
