"""Rasa is trained when what goes into the model changed, and only then."""

import subprocess
import sys
from pathlib import Path

import pytest

from install import training
from tests.serve.test_supervisor import ROOT, alive, eventually, pids


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("data/greeting", "data/policies", "understanding"):
        (tmp_path / name).mkdir(parents=True)
    for name in (
        "config.yml",
        "domain.yml",
        "data/greeting/nlu.yml",
        "data/policies/rates.yml",
        "understanding/a.py",
    ):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(training, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/greeting/nlu.yml", "understanding/a.py"])
def test_a_change_in_a_source_of_the_model_calls_for_training(project: Path, name: str) -> None:
    before = training.content_hash()
    (project / name).write_text("changed")
    assert training.content_hash() != before


def test_a_new_file_calls_for_training(project: Path) -> None:
    before = training.content_hash()
    (project / "data/greeting/rules.yml").write_text("")
    assert training.content_hash() != before


def test_a_changed_policy_does_not_since_it_is_read_at_run_time(project: Path) -> None:
    before = training.content_hash()
    (project / "data/policies/rates.yml").write_text("changed")
    assert training.content_hash() == before


def test_a_model_that_is_there_is_not_trained_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUDAI_VAR_DIR", str(project / "var"))
    model = project / "var" / "rasa-models" / f"{training.content_hash()}.tar.gz"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"trained before")
    assert training.ensure_model() == model
    assert model.read_bytes() == b"trained before"


def test_a_failed_training_leaves_no_model_and_says_where_the_reason_is(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOUDAI_VAR_DIR", str(project / "var"))
    monkeypatch.setattr(training.sys, "executable", "/bin/false")
    with pytest.raises(training.SetupError) as caught:
        training.ensure_model()
    assert caught.value.code == "training_failed"
    assert "training.log" in caught.value.message
    assert not list((project / "var" / "rasa-models").glob("*.tar.gz"))


def test_what_rasa_learnt_with_other_code_is_not_restored(project: Path) -> None:
    models = project / "models"
    before = training.cache_dir(models)
    before.mkdir(parents=True)
    assert training.cache_dir(models) == before
    assert before.exists()
    (project / "understanding/a.py").write_text("changed")
    assert training.cache_dir(models) != before
    assert not before.exists()


@pytest.mark.parametrize("way", ["kill", "terminate"])
def test_a_training_ends_with_the_process_that_wanted_it(tmp_path: Path, way: str) -> None:
    endless = (
        f"import os, time; open({str(tmp_path / 'pids')!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    )
    code = f"""
import sys
from pathlib import Path
from install.training import _run
_run([sys.executable, "-c", {endless!r}], Path({str(tmp_path / "log")!r}), Path({str(tmp_path)!r}))
"""
    owner = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    assert eventually(lambda: len(pids(tmp_path / "pids")) == 1)
    getattr(owner, way)()
    owner.wait()
    assert eventually(lambda: not alive(pids(tmp_path / "pids")[0]))
