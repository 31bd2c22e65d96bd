"""What `make test` promises to run, it runs."""

from install.checks import PACKAGES as CHECKED
from install.checks import STAGES
from tests.architecture.source_facts import PACKAGES, ROOT


def test_types_of_every_package_are_checked() -> None:
    assert set(CHECKED) == set(PACKAGES)


def test_continuous_integration_runs_make_test() -> None:
    assert "make --no-print-directory test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert {stage.name for stage in STAGES} >= {"ruff", "format", "types", "walls", "rasa data"}
