"""Dashboards: what is counted, over which days, and that it follows what happens."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest

from actions.lending.clock import CHINA
from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.service_desk import ServiceDesk
from bot.console.dashboards.buckets import percentile
from bot.console.dashboards.counted_days import CountedDays
from bot.console.dashboards.dashboards import KEYS as CHARTS
from bot.console.dashboards.dashboards import Dashboards
from bot.console.dashboards.period import MOST_DAYS, Period
from bot.console.inbox_index import InboxIndex
from bot.console.permissions import Role
from bot.transcript_tables import conversations, turns
from tests.bot.inbox import talk
from tests.bot.staff import signed_in
from tests.bot.web import KEYS, Web
from voice.dialogue import NextStep
from voice.hearing.expectation import Expectation, ExpectationKind

TODAY = Period.from_query({})


def boards(web: Web) -> Dashboards:
    """After everything was indexed; a day that changed is counted at once."""
    web.recorder.flush()
    InboxIndex(web.database, ConversationBorrowers(web.database, KEYS)).catch_up()
    return Dashboards(web.database, CountedDays(web.database, patience_s=-1))


def rows(web: Web, key: str, period: Period = TODAY) -> dict[str, tuple[object, ...]]:
    """Label -> values of one chart."""
    chart = boards(web).chart(period, key)
    assert chart is not None
    return {row.label: row.values for row in chart.rows}


def today() -> str:
    """The day that the tests' conversations begin on."""
    return datetime.now(CHINA).date().isoformat()


def test_shares_are_of_the_conversations_that_are_over(web: Web) -> None:
    """Two contained, one handed off, one abandoned; one goes on and counts only in the volume."""
    talk(web.recorder, "a", [("利率多少", "百分之十。")])
    talk(web.recorder, "b", [("利率多少", "百分之十。")])
    talk(web.recorder, "c", [("转人工", "好的。")], next_step=NextStep.TRANSFER)
    talk(web.recorder, "d", [("我要贷款", "您想借多少？")], expects=Expectation(ExpectationKind.YES_NO))
    talk(web.recorder, "e", [("您好", "您好。")], ended_by=None)
    assert rows(web, "outcomes")[today()] == (50, 25, 25)
    assert rows(web, "volume")[today()] == (5, 0, 0)


def test_what_was_not_understood_is_a_share_of_what_customers_said(web: Web) -> None:
    talk(web.recorder, "a", [("阿巴", "没听懂。")], intent="nlu_fallback")
    talk(web.recorder, "b", [("还款", "好的。"), ("还款日", "好的。"), ("几号", "好的。")])
    assert rows(web, "fallbacks")[today()] == (25,)
    assert rows(web, "intents") == {"查应还款": (3,), "没听懂": (1,)}


def test_a_day_is_counted_again_only_when_something_changed(web: Web) -> None:
    """And shows the new conversation then."""
    talk(web.recorder, "a", [("还款", "好的。")])
    assert rows(web, "volume")[today()] == (1, 0, 0)
    days = boards(web).days
    assert days.refresh_quietly() == 0
    talk(web.recorder, "b", [("还款", "好的。")], channel="browser")
    assert rows(web, "volume")[today()] == (1, 1, 0)


def test_a_day_that_changes_all_the_time_is_not_counted_all_the_time(web: Web) -> None:
    talk(web.recorder, "a", [("还款", "好的。")])
    boards(web).days.between(0, 10**6)
    talk(web.recorder, "b", [("还款", "好的。")])
    boards(web)
    now = datetime.now().timestamp()
    waits = CountedDays(web.database, patience_s=15, now_s=lambda: now)
    later = CountedDays(web.database, patience_s=15, now_s=lambda: now + 20)
    assert waits.refresh_quietly() == 0
    assert later.refresh_quietly() == 1


def test_the_channel_narrows_every_number(web: Web) -> None:
    talk(web.recorder, "a", [("还款", "好的。")])
    talk(web.recorder, "b", [("阿巴", "没听懂。")], channel="phone", intent="nlu_fallback")
    phone = Period.from_query({"channel": "phone"})
    assert rows(web, "fallbacks", phone)[today()] == (100,)
    assert rows(web, "volume", phone)[today()] == (1,)
    assert "channel=phone" in boards(web).overview(phone).headlines[0].link


def test_times_certainty_and_ratings_are_counted_by_turn_and_by_conversation(web: Web) -> None:
    talk(web.recorder, "a", [("还款", "好的。")], dialogue_ms=37)
    talk(web.recorder, "b", [("还款", "好的。")], dialogue_ms=1_234)
    with web.database.writing() as connection:
        connection.execute(turns.update().values(recognition_confidence=0.63))
        connection.execute(conversations.update().where(conversations.c.id == "a").values(rating=4))
    assert rows(web, "latencies")["对话"] == (35, 1_250, 1_250, 1_250)
    assert rows(web, "latencies")["识别"] == (None, None, None, None)
    assert rows(web, "hearing")["60–70%"] == (2,)
    assert rows(web, "ratings")["4 分"] == (1,)
    chart = boards(web).chart(TODAY, "ratings")
    assert chart is not None and chart.note.startswith("平均 4.00 分，50.0%")


def test_reasons_of_handoffs_come_from_the_requests(web: Web) -> None:
    talk(web.recorder, "a", [("转人工", "好的。")], next_step=NextStep.TRANSFER)
    desk = ServiceDesk(web.database, KEYS)
    desk.record_handoff("a", "customer_asked", "")
    desk.record_handoff("a", "staff_away", "")
    assert rows(web, "reasons") == {"客户要求": (1,), "接管后离开": (1,)}


def test_every_link_leads_to_the_conversations_that_were_counted(web: Web) -> None:
    """The inbox under a number's address holds the conversations of that number."""
    talk(web.recorder, "bad", [("转人工", "好的。")], next_step=NextStep.TRANSFER)
    talk(web.recorder, "good", [("还款", "好的。")])
    with web.database.writing() as connection:
        connection.execute(
            turns.update().where(turns.c.conversation_id == "bad").values(recognition_confidence=0.4)
        )
        connection.execute(conversations.update().where(conversations.c.id == "bad").values(rating=1))
    overview = boards(web).overview(TODAY)
    links = {row.label: row.link for chart in overview.charts for row in chart.rows}
    li = signed_in(web, "li", Role.AGENT)
    for label in ("1 分", "40–50%"):
        page = li.get(links[label]).text
        assert "/staff/conversations/bad" in page and "/staff/conversations/good" not in page
    handed = next(one for one in overview.headlines if one.name == "转人工率")
    assert "/staff/conversations/good" not in li.get(handed.link).text


@pytest.mark.parametrize(
    ("times", "share", "expected"),
    [({}, 0.5, None), ({10: 1}, 0.5, 15), ({10: 9, 5_000: 1}, 0.9, 15), ({10: 9, 5_000: 1}, 0.95, 5_050)],
)
def test_a_percentile_is_the_middle_of_the_bucket_it_falls_into(
    times: dict[int, int], share: float, expected: int | None
) -> None:
    assert percentile(times, share) == expected


@pytest.mark.parametrize(
    "query",
    [
        {"since": "nonsense", "until": "2026-13-40"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"since": "2026-01-01' OR 1=1", "channel": "phone;DROP"},
        {"since": "２０２６-01-01"},
    ],
)
def test_whatever_stands_in_the_address_a_year_at_most_is_asked_for(web: Web, query: dict[str, str]) -> None:
    """And the page opens."""
    period = Period.from_query(query)
    assert len(period.days()) <= MOST_DAYS and period.channel == ""
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    address = "&".join(f"{name}={value}" for name, value in query.items())
    assert boss.get(f"/staff/dashboards?{address}").status_code == 200


def test_days_the_wrong_way_round_are_turned(web: Web) -> None:
    period = Period.from_query({"since": "2026-03-05", "until": "2026-03-01"})
    assert (period.since, period.until) == (date(2026, 3, 1), date(2026, 3, 5))


def test_every_chart_is_a_table_on_the_page_and_a_file(web: Web) -> None:
    """With the same numbers; what a retrained model calls its intent is no formula in a spreadsheet."""
    talk(web.recorder, "a", [("x", "好的。")], intent='=HYPERLINK("x")')
    boards(web)
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    page = unescape(boss.get("/staff/dashboards").text)
    for key in CHARTS:
        answer = boss.get(f"/staff/dashboards/{key}.csv?{TODAY.query()}")
        assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
        lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        assert all(not cell.startswith("=") for line in lines for cell in line)
    assert boss.get("/staff/dashboards/nothing.csv").status_code == 404
    assert re.search(rf'<th scope="row"><a href="[^"]*">{today()}</a></th><td>1</td>', page)
    assert '=HYPERLINK("x")' in page and '<script type="application' not in page


def test_exports_leave_a_trace(web: Web) -> None:
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    boss.get("/staff/dashboards/volume.csv?since=2026-01-01&until=2026-01-31")
    log = boss.get("/staff/audit?action=exported").text
    assert "volume.csv" in log and "2026-01-31" in log


def test_the_rating_above_the_charts_leads_to_everybody_who_gave_one(web: Web) -> None:
    for name, rating in (("pleased", 5), ("cross", 1), ("silent", None)):
        talk(web.recorder, name, [("还款", "好的。")])
        with web.database.writing() as connection:
            connection.execute(conversations.update().where(conversations.c.id == name).values(rating=rating))
    headline = next(one for one in boards(web).overview(TODAY).headlines if one.name == "满意度")
    page = signed_in(web, "li", Role.AGENT).get(headline.link).text
    for name, there in (("pleased", True), ("cross", True), ("silent", False)):
        assert (f"/staff/conversations/{name}" in page) is there, name


def test_days_to_come_do_not_lower_the_answers_an_hour(web: Web) -> None:
    """Yesterday and today have begun; the week after has not."""
    talk(web.recorder, "a", [("还款", "好的。"), ("还款日", "好的。")])
    now = date.fromisoformat(today())
    period = Period(now - timedelta(days=1), now + timedelta(days=7))
    assert max(values[0] for values in rows(web, "hours", period).values()) == 1  # type: ignore[type-var]
    assert rows(web, "hours", Period(now + timedelta(days=2), now + timedelta(days=7)))["00 时"] == (0, 0)
