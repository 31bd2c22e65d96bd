"""How far a lesson is: from Rasa's own log, readable while it runs, and honest when its process is gone."""

import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teaching.folder import LessonFolder, LessonRunning, Progress
from teaching.training import TrainingProgress
from teaching.unanswered import grouped

LOG = """2026-11-23 15:07:23 INFO     rasa.engine.training.hooks  - Starting to train component 'TextRestorer'.
Loading model cost 1.447 seconds.
2026-11-23 15:07:33 INFO     rasa.engine.training.hooks  - Finished training component 'TextRestorer'.
2026-11-23 15:07:44 INFO     rasa.engine.training.hooks  - Starting to train component 'NgramFeaturizer'.
2026-11-23 15:07:44 INFO     rasa.engine.training.hooks  - Finished training component 'NgramFeaturizer'.
2026-11-23 15:07:45 INFO     rasa.engine.training.hooks  - Finished training component 'NgramFeaturizer'.
2026-11-23 15:07:48 INFO     rasa.engine.training.hooks  - Finished training component 'NgramFeaturizer'.
2026-11-23 15:07:51 INFO     rasa.engine.training.hooks  - Starting to train component 'KernelIntentClassifier'.
2026-11-23 15:08:30 INFO     rasa.engine.training.hooks  - Finished training component 'KernelIntentClassifier'.
2026-11-23 15:08:30 INFO     rasa.engine.training.hooks  - Restored component 'MemoizationPolicy' from cache.
2026-11-23 15:08:30 INFO     rasa.engine.training.hooks  - Restored component 'RulePolicy' from cache.
"""


def test_the_bar_follows_rasas_log_and_ends_full() -> None:
    told: list[tuple[str, float]] = []
    progress = TrainingProgress(lambda stage, done: told.append((stage, done)))
    for line in LOG.splitlines():
        progress.read(line)
    assert told[0] == ("TextRestorer", 0.0)
    assert ("KernelIntentClassifier", pytest.approx(0.4)) in told
    assert told[-1] == ("RulePolicy", pytest.approx(1.0))
    shares = [done for _, done in told]
    assert shares == sorted(shares)


def test_a_lesson_whose_process_is_gone_is_broken_off(tmp_path: Path) -> None:
    folder = LessonFolder(tmp_path, "b1")
    assert folder.progress() is None
    folder.begin({})
    long_ago = round((time.time() - 3_600) * 1000)
    folder.say(Progress("training", "TextRestorer", 0.2, long_ago, long_ago))
    gone = folder.progress()
    assert gone is not None and gone.state == "broken_off"
    with folder.held():
        there = folder.progress()
        assert there is not None and there.state == "training"


def test_a_lesson_that_is_over_keeps_no_words_that_were_only_compared_with(tmp_path: Path) -> None:
    folder = LessonFolder(tmp_path, "b1")
    folder.begin(
        {"examples": [{"intent": "a", "text": "教的"}], "recent": ["别人的话"], "labels": [{"text": "量的"}]}
    )
    folder.forget_sentences()
    kept = folder.lesson.read_text(encoding="utf-8")
    assert "教的" in kept and "别人的话" not in kept and "量的" not in kept


def test_two_processes_never_work_in_one_folder(tmp_path: Path) -> None:
    folder = LessonFolder(tmp_path, "b1")
    folder.begin({})
    with folder.held(), pytest.raises(LessonRunning), LessonFolder(tmp_path, "b1").held():
        pass


def test_a_new_training_forgets_the_old_comparison(tmp_path: Path) -> None:
    folder = LessonFolder(tmp_path, "b1")
    folder.begin({})
    folder.keep_report({"n": 1})
    folder.begin({})
    assert folder.report() is None


@pytest.mark.parametrize("name", ["..", "a/b", "", "A", "x" * 41])
def test_no_path_is_a_batchs_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(name)}$"):
        LessonFolder(tmp_path, name)


def test_questions_near_each_other_are_one_group_with_the_middle_one_as_its_example() -> None:
    vectors = np.array([[1, 0, 0], [0.9, 0.3, 0], [0.8, 0.5, 0], [0, 0, 1]], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    groups = grouped(["a", "b", "c", "d"], vectors, np.zeros(3, np.float32))
    assert groups == [{"example": "b", "turns": ["a", "b", "c"]}, {"example": "d", "turns": ["d"]}]


def test_one_question_and_none_are_groups_too() -> None:
    assert grouped([], np.zeros((0, 3), np.float32), np.zeros(3, np.float32)) == []
    assert grouped(["a"], np.ones((1, 3), np.float32), np.zeros(3, np.float32)) == [
        {"example": "a", "turns": ["a"]}
    ]


def test_progress_is_whole_whenever_it_is_read(tmp_path: Path) -> None:
    folder = LessonFolder(tmp_path, "b1")
    folder.begin({})
    progress = folder.progress()
    assert progress is not None
    folder.say(replace(progress, state="failed", reason="training_failed"))
    failed = folder.progress()
    assert failed is not None and (failed.state, failed.reason) == ("failed", "training_failed")
