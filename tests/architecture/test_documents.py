"""Documents say what the source says: settings, error codes, links; and nothing that ties it to one machine."""

import re
from pathlib import Path

import pytest

from tests.architecture.source_facts import ROOT, codes_in_source, settings_in_source, tracked_files

NAMED = re.compile(r"^\| `([A-Za-z0-9_]+)` \|", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")

ELSEWHERE = ("https://", "http://", "mailto:")
INDEX_HOSTS = (
    "pypi" + ".org",
    "python" + "hosted" + ".org",
    "registry." + "npmjs" + ".org",
    "npmmirror" + ".com",
)
PERSONAL_PATHS = re.compile(r"/(?:(?:home|Users)/[a-z]+/|root/|work/(?:main|shared))")


def documented(name: str) -> set[str]:
    """First column of the tables of one document."""
    return set(NAMED.findall((ROOT / "docs" / name).read_text(encoding="utf-8")))


def test_the_source_has_settings_and_codes_to_find() -> None:
    assert {"SHOUDAI_DATA_KEY", "DATABASE_URL"} <= settings_in_source()
    assert {"wav_missing", "port_taken", "rate_limited", "python310_missing"} <= codes_in_source()
    assert {"option_invalid", "dir_missing", "transcripts_format", "line_invalid"} <= codes_in_source()


def test_every_setting_is_documented() -> None:
    assert settings_in_source() - documented("settings.md") == set()


def test_every_documented_setting_exists() -> None:
    assert documented("settings.md") - settings_in_source() == set()


def test_every_setting_of_the_example_file_is_documented() -> None:
    example = (ROOT / "deploy" / "shoudai.env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) <= documented("settings.md")


def test_every_error_code_is_documented() -> None:
    assert codes_in_source() - documented("errors.md") == set()


def test_every_documented_error_code_exists() -> None:
    assert documented("errors.md") - codes_in_source() == set()


DOCUMENTS = sorted(path for path in tracked_files() if path.suffix == ".md")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_document_lead_somewhere(document: Path) -> None:
    links = [
        link for link in LINK.findall(document.read_text(encoding="utf-8")) if not link.startswith(ELSEWHERE)
    ]
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_no_file_names_a_package_index_or_a_place_on_a_developers_machine() -> None:
    found = []
    for path in tracked_files():
        text = path.read_text(encoding="utf-8", errors="ignore")
        if path == Path(__file__):
            continue
        if any(host in text for host in INDEX_HOSTS) or PERSONAL_PATHS.search(text):
            found.append(str(path.relative_to(ROOT)))
    assert found == []
