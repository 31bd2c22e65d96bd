"""ScoreSheets: what 质检 judges a conversation by, 1 to 10 for each criterion; every version is kept."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from actions.lending.database import Database
from bot.console.review.tables import score_sheets

FIRST_SHEET = Path(__file__).with_name("first_sheet.yml")
CRITERIA = 12
NAME_CHARACTERS = 12
MEANING_CHARACTERS = 60


class SheetRefused(Exception):
    """A score sheet that cannot be used (code ``sheet_refused``); the message is for whoever wrote it."""

    code = "sheet_refused"


@dataclass(frozen=True)
class Criterion:
    """One question to a conversation."""

    code: str
    """Stable within a version: c1, c2…"""
    name: str
    meaning: str


@dataclass(frozen=True)
class ScoreSheet:
    """The criteria of one version."""

    version: int
    criteria: tuple[Criterion, ...]

    def text(self) -> str:
        """As it is edited: a criterion a line, its meaning behind a colon."""
        return "\n".join(f"{one.name}：{one.meaning}" for one in self.criteria)


class ScoreSheets:
    """The newest is used; version 1 is what lies beside this file. Blocks: called from worker threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> ScoreSheet:
        """The sheet that is scored with now."""
        with self._database.reading() as connection:
            row = connection.execute(select(score_sheets).order_by(score_sheets.c.version.desc())).first()
        return _sheet(row) if row else ScoreSheet(1, _criteria(_first_lines()))

    def all(self) -> dict[int, ScoreSheet]:
        """Every version that was ever scored with, or kept."""
        with self._database.reading() as connection:
            rows = connection.execute(select(score_sheets).order_by(score_sheets.c.version)).all()
        return {row.version: _sheet(row) for row in rows}

    def keep_first(self) -> None:
        """Version 1 gets its row when it is first needed."""
        with self._database.writing() as connection:
            self._database.serialise(connection, "score-sheets")
            if connection.execute(select(score_sheets.c.version)).first() is None:
                criteria = _criteria(_first_lines())
                connection.execute(score_sheets.insert().values(**_values(1, criteria, "")))

    def change(self, text: str, account: str) -> ScoreSheet:
        """A new version; scores of earlier ones keep theirs. Raises SheetRefused."""
        criteria = _criteria(read_lines(text))
        self.keep_first()
        with self._database.writing() as connection:
            self._database.serialise(connection, "score-sheets")
            newest = connection.execute(select(score_sheets).order_by(score_sheets.c.version.desc())).first()
            if newest is not None and _sheet(newest).criteria == criteria:
                return _sheet(newest)
            version = newest.version + 1 if newest is not None else 1
            connection.execute(score_sheets.insert().values(**_values(version, criteria, account)))
        return ScoreSheet(version, criteria)


def read_lines(text: str) -> list[tuple[str, str]]:
    """(name, meaning) of each line that is not empty. Raises SheetRefused."""
    lines = []
    for line in text.splitlines():
        if line.strip():
            name, _, meaning = line.replace(":", "：", 1).partition("：")
            lines.append((name.strip(), meaning.strip()))
    names = [name for name, _ in lines]
    if not 1 <= len(lines) <= CRITERIA or len(set(names)) != len(names):
        raise SheetRefused(f"评分项要有1到{CRITERIA}个，名称不能重复。")
    if any(
        not 1 <= len(name) <= NAME_CHARACTERS or len(meaning) > MEANING_CHARACTERS for name, meaning in lines
    ):
        raise SheetRefused(f"评分项的名称要有1到{NAME_CHARACTERS}个字，说明最多{MEANING_CHARACTERS}个字。")
    return lines


def _first_lines() -> list[tuple[str, str]]:
    content = yaml.safe_load(FIRST_SHEET.read_text(encoding="utf-8"))
    return [(str(one["name"]), str(one["meaning"])) for one in content["criteria"]]


def _criteria(lines: list[tuple[str, str]]) -> tuple[Criterion, ...]:
    return tuple(Criterion(f"c{at}", name, meaning) for at, (name, meaning) in enumerate(lines, start=1))


def _values(version: int, criteria: tuple[Criterion, ...], account: str) -> dict[str, Any]:
    return {
        "version": version,
        "criteria": [asdict(one) for one in criteria],
        "account": account,
        "at_ms": round(time.time() * 1000),
    }


def _sheet(row: Any) -> ScoreSheet:
    return ScoreSheet(row.version, tuple(Criterion(**one) for one in row.criteria))
