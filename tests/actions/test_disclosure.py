"""No figure is told that is not on record."""

import json
from collections.abc import Callable

from sqlalchemy import text

from actions.lending.database import Database, open_database
from tests.actions.conftest import Counter
from tests.actions.test_every_intent import check


def rows(database: Database) -> list[tuple[str, str, object]]:
    query = text("SELECT conversation_id, name, value FROM disclosure_log ORDER BY sequence")
    with database.reading() as connection:
        return [(row[0], row[1], json.loads(row[2])) for row in connection.execute(query)]


def figures(turn: object) -> list[tuple[str, object]]:
    return [
        (one["name"], one["value"])
        for utterance in turn.utterances  # type: ignore[attr-defined]
        for one in utterance.payload.get("figures", ())
    ]


def test_every_figure_of_a_reply_is_on_record_when_the_reply_is_there(
    counter: Callable[..., Counter], database_url: str
) -> None:
    customer = counter()
    customer.hear("13800000003 身份证后四位8901", "inform")
    turn = customer.hear("几号还款", "query_repayment")
    assert len(figures(turn)) == 6
    kept = rows(open_database(database_url))
    assert kept == [("c1", name, value) for name, value in figures(turn)]


def test_a_reply_without_figures_leaves_no_row(counter: Callable[..., Counter], database_url: str) -> None:
    counter().hear("你好", "greet")
    assert rows(open_database(database_url)) == []


def test_when_the_log_cannot_be_written_no_figure_is_told(
    counter: Callable[..., Counter], database_url: str
) -> None:
    customer = counter()
    with open_database(database_url).writing() as connection:
        connection.execute(text("DELETE FROM lending_marks WHERE name = 'disclosure_log_id'"))
    turn = customer.hear("借十万分十二期", "ask_interest", amount=10_000_000, term=12)
    assert [one.response for one in turn.utterances] == ["utter_cannot_tell_now"]
    assert figures(turn) == []
    assert "年化" not in check(turn)


def test_an_open_question_stays_open_when_the_log_cannot_be_written(
    counter: Callable[..., Counter], database_url: str
) -> None:
    customer = counter()
    customer.hear("还欠多少", "query_loan_balance")
    before = customer.memory["question"]
    with open_database(database_url).writing() as connection:
        connection.execute(text("DELETE FROM lending_marks WHERE name = 'disclosure_log_id'"))
    turn = customer.hear("利息怎么算", "ask_interest")
    assert turn.utterances[0].response == "utter_cannot_tell_now"
    assert customer.memory["question"] == before == "phone"
    check(turn)
