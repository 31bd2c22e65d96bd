"""The workshop when two click at once: one training, one sorting, and no customer's words left where nobody looks."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import select

from bot.console.teaching.batches import Accepted, Batches
from bot.console.teaching.desk import open_teaching_desk
from bot.console.teaching.suggestions import Correction, Suggestions, use_of
from bot.console.teaching.workshop import LESSON, SORTING, UNANSWERED, TeachingRefused, Workshop
from bot.transcript_tables import turns
from tests.bot.fake_jobs import FakeJobs
from tests.bot.inbox import talk
from tests.bot.web import Web

SORTED = [{"turn": "t1", "text": "理发店能开发票吗"}]


class SlowBatches(Batches):
    """Whoever accepts waits a moment for another one who was let in as well."""

    both = Barrier(2, timeout=1.0)

    def accept(self, chosen: Sequence[str], parent: str, account: str) -> Accepted:
        with suppress(BrokenBarrierError):
            self.both.wait()
        return super().accept(chosen, parent, account)


class SlowJobs(FakeJobs):
    """Whoever begins a process waits a moment for another one who was let in as well."""

    def __init__(self) -> None:
        super().__init__()
        self.both = Barrier(2, timeout=1.0)

    def start(self, module: str, folder: Path) -> None:
        """Remember it."""
        with suppress(BrokenBarrierError):
            self.both.wait()
        super().start(module, folder)


@pytest.fixture
def suggestions(web: Web) -> Suggestions:
    return Suggestions(web.database)


@pytest.fixture
def proposed(web: Web, suggestions: Suggestions) -> list[str]:
    """Two corrections that wait."""
    names = [f"talk{n}" for n in range(200) if use_of(f"talk{n}") == "teach"][:2]
    for number, name in enumerate(names):
        talk(
            web.recorder,
            name,
            [(f"那个免息的劵我放第{number}个哪儿了", "请问您想借多少？")],
            intent="apply_loan",
        )
    with web.database.reading() as connection:
        rows = connection.execute(select(turns).where(turns.c.customer_text != "")).all()
    return [suggestions.correct(row.id, Correction(row.customer_text, "ask_coupon"), "li").id for row in rows]


def both_at_once(act: Callable[[int], object]) -> list[object]:
    """What became of two clicks in the same moment, the refusal of one among it."""

    def tried(number: int) -> object:
        try:
            return act(number)
        except TeachingRefused as refused:
            return refused

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(tried, range(2)))


def test_two_who_accept_in_the_same_moment_begin_one_training(
    web: Web, suggestions: Suggestions, proposed: list[str], tmp_path: Path
) -> None:
    """The other's sentences stay in the queue."""
    jobs = FakeJobs()
    workshop = Workshop(tmp_path, suggestions, SlowBatches(web.database, suggestions), jobs)
    became = both_at_once(lambda number: workshop.accept([proposed[number]], "boss"))
    assert sorted(isinstance(one, TeachingRefused) for one in became) == [False, True]
    assert [module for module, _ in jobs.started] == [LESSON]
    assert len(suggestions.waiting()) == 1


def test_two_who_sort_in_the_same_moment_begin_one_sorting(
    web: Web, suggestions: Suggestions, tmp_path: Path
) -> None:
    jobs = SlowJobs()
    workshop = Workshop(tmp_path, suggestions, Batches(web.database, suggestions), jobs)
    became = both_at_once(lambda _: workshop.sort_unanswered(SORTED))
    assert sorted(isinstance(one, TeachingRefused) for one in became) == [False, True]
    assert [module for module, _ in jobs.started] == [SORTING]


def test_a_second_click_before_the_process_runs_is_refused(
    web: Web, suggestions: Suggestions, tmp_path: Path
) -> None:
    workshop = Workshop(tmp_path, suggestions, Batches(web.database, suggestions), FakeJobs())
    workshop.sort_unanswered(SORTED)
    with pytest.raises(TeachingRefused, match="正在归类"):
        workshop.sort_unanswered(SORTED)


def test_a_batch_whose_process_has_not_begun_yet_is_not_given_up(
    web: Web, suggestions: Suggestions, proposed: list[str], tmp_path: Path
) -> None:
    workshop = Workshop(tmp_path, suggestions, Batches(web.database, suggestions), FakeJobs())
    batch = workshop.accept(proposed[:1], "boss")
    assert batch
    with pytest.raises(TeachingRefused, match="还在训练"):
        workshop.discard(batch)


def test_words_that_a_killed_process_left_are_forgotten_at_the_next_start(
    web: Web, suggestions: Suggestions, proposed: list[str], tmp_path: Path
) -> None:
    workshop = Workshop(tmp_path, suggestions, Batches(web.database, suggestions), FakeJobs())
    batch = workshop.accept(proposed[:1], "boss")
    workshop.sort_unanswered(SORTED)
    assert batch and workshop.folder(batch).content()["recent"]
    open_teaching_desk(web.database, tmp_path, web.recordings, FakeJobs())
    assert not workshop.folder(UNANSWERED).content().get("items")
    assert not workshop.folder(batch).content().get("recent") and workshop.folder(batch).content()["examples"]


def test_words_are_left_to_a_process_that_is_at_work(
    web: Web, suggestions: Suggestions, tmp_path: Path
) -> None:
    workshop = Workshop(tmp_path, suggestions, Batches(web.database, suggestions), FakeJobs())
    workshop.sort_unanswered(SORTED)
    with workshop.folder(UNANSWERED).held():
        open_teaching_desk(web.database, tmp_path, web.recordings, FakeJobs())
        assert workshop.folder(UNANSWERED).content()["items"] == SORTED


def test_a_file_that_a_broken_disk_left_stops_no_start(
    web: Web, suggestions: Suggestions, tmp_path: Path
) -> None:
    workshop = Workshop(tmp_path, suggestions, Batches(web.database, suggestions), FakeJobs())
    workshop.sort_unanswered(SORTED)
    folder = workshop.folder(UNANSWERED)
    folder.lesson.write_text(folder.lesson.read_text(encoding="utf-8")[:20], encoding="utf-8")
    open_teaching_desk(web.database, tmp_path, web.recordings, FakeJobs())
    assert folder.content() == {}
