"""Out of hours: nobody is transferred into the void, a call back at the customer's time is noted instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time

import pytest

from actions.callback_wish import wishes_callback
from actions.lending.clock import CHINA, FixedClock
from actions.lending.service_requests import RequestKind
from actions.services import Services
from actions.staff_hours import StaffHours, StaffHoursInvalid
from actions.turn import Turn
from actions.wished_time import wished_time
from tests.actions.conftest import Counter

NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=CHINA)
"""A Monday, half an hour and more after everybody went home."""
HOURS = StaffHours(time(9), time(21))

Night = Callable[..., Counter]


@pytest.fixture
def night(services: Services) -> Night:
    """A customer who comes when nobody is there."""

    def begin(line: str | None = None, now: datetime = NIGHT, input: str = "text") -> Counter:
        services.identity.open_session("c1", "phone" if line else "chat", line)
        return Counter(replace(services, clock=FixedClock(now), staff_hours=HOURS), "c1", input)

    return begin


def said(turn: Turn) -> list[str | None]:
    """Names of the sentences."""
    return [one.response for one in turn.utterances]


def transferred(turn: Turn) -> bool:
    """Whether the line is handed over."""
    return any(one.payload.get("next") == "transfer" for one in turn.utterances)


def test_at_night_a_call_back_is_offered_and_nobody_is_transferred(night: Night) -> None:
    turn = night().hear("转人工", "request_human")
    assert said(turn) == ["utter_after_hours", "utter_ask_callback_time"]
    assert turn.utterances[-1].payload["quick_replies"] == ["明天上午", "明天下午", "明天晚上"]
    assert not transferred(turn)


def test_by_day_and_without_the_setting_the_customer_is_transferred(night: Night, counter: Night) -> None:
    assert transferred(night(now=NIGHT.replace(hour=10)).hear("转人工", "request_human"))
    assert transferred(counter(sender="c2").hear("转人工", "request_human"))


def test_whoever_speaks_of_ending_his_life_is_handed_over_at_any_hour(night: Night) -> None:
    turn = night().hear("我不想活了，转人工", "request_human")
    assert transferred(turn)
    [request] = night().services.desk.requests()
    assert (request.kind, request.topic) == (RequestKind.HANDOFF, "urgent_distress")


def test_a_caller_on_a_known_line_says_only_the_time(night: Night) -> None:
    customer = night(line="13812345678", input="voice")
    customer.hear("转人工", "request_human")
    turn = customer.hear("明天上午十点吧", "inform")
    assert said(turn) == ["utter_callback_recorded"]
    assert turn.utterances[0].values["time"] == "11月24日10点"
    [request] = customer.services.desk.requests()
    assert (request.kind, request.topic, request.wished) == (
        RequestKind.CALLBACK,
        "after_hours",
        "11月24日10点",
    )
    assert request.wished_at == datetime(2026, 11, 24, 10, tzinfo=CHINA)
    assert request.masked_phone == "138****5678"
    assert customer.memory["question"] is None


def test_a_stranger_in_the_chat_is_asked_for_a_number_too(night: Night) -> None:
    customer = night()
    customer.hear("转人工", "request_human")
    assert said(customer.hear("明天下午", "inform")) == ["utter_ask_callback_phone"]
    assert said(customer.hear("13812345678", "inform")) == ["utter_callback_recorded"]
    [request] = customer.services.desk.requests()
    assert (request.wished, request.masked_phone) == ("11月24日下午", "138****5678")


def test_a_number_that_was_heard_is_read_back_first(night: Night) -> None:
    customer = night(input="voice")
    customer.hear("转人工", "request_human")
    customer.hear("明天下午", "inform")
    assert said(customer.hear("13812345678", "inform")) == ["utter_check_phone"]
    assert said(customer.hear("不对", "deny")) == ["utter_ask_callback_phone"]
    customer.hear("13912345678", "inform")
    assert said(customer.hear("对", "affirm")) == ["utter_callback_recorded"]
    assert customer.services.desk.requests()[0].masked_phone == "139****5678"


@pytest.mark.parametrize("wish", ["晚上十二点", "今天晚上十一点", "今天上午"])
def test_a_time_at_which_nobody_is_there_is_asked_again(night: Night, wish: str) -> None:
    customer = night()
    customer.hear("转人工", "request_human")
    turn = customer.hear(wish, "inform")
    assert said(turn)[-1] == "utter_ask_callback_time_in_hours"
    assert customer.services.desk.requests() == ()


def test_any_time_is_the_next_morning(night: Night) -> None:
    customer = night(line="13812345678")
    customer.hear("转人工", "request_human")
    customer.hear("随便，越快越好", "inform")
    [request] = customer.services.desk.requests()
    assert request.wished_at == datetime(2026, 11, 24, 9, tzinfo=CHINA)


def test_whoever_wants_no_call_back_is_not_pressed(night: Night) -> None:
    customer = night()
    customer.hear("转人工", "request_human")
    assert said(customer.hear("不用了", "deny")) == ["utter_what_else"]
    assert customer.memory["question"] is None and customer.services.desk.requests() == ()


def test_staff_read_what_the_customer_was_about(night: Night) -> None:
    """Also the form that was open when he asked for a person."""
    customer = night(line="13812345678")
    customer.hear("我想申请贷款，五万分十二期", "apply_loan", amount=5_000_000, term=12)
    customer.hear("转人工", "request_human")
    customer.hear("明天上午", "inform")
    [request] = customer.services.desk.requests()
    assert "未办完：" in request.summary and "5万元" in request.summary


@pytest.mark.parametrize(
    ("text", "words", "at"),
    [
        ("明天上午", "11月24日上午", (24, 9, 0)),
        ("后天下午三点半", "11月25日15点半", (25, 15, 30)),
        ("明天3点", "11月24日15点", (24, 15, 0)),
        ("明晚八点", "11月24日20点", (24, 20, 0)),
        ("周三上午10:15", "11月25日10点15分", (25, 10, 15)),
        ("下周一", "11月30日", (30, 9, 0)),
        ("26号中午", "11月26日中午", (26, 12, 0)),
        ("二十八号十一点", "11月28日11点", (28, 11, 0)),
        ("上午吧", "11月24日上午", (24, 9, 0)),
    ],
)
def test_times_are_read_as_people_say_them(text: str, words: str, at: tuple[int, int, int]) -> None:
    wished = wished_time(text, NIGHT, time(9))
    assert wished is not None
    assert (wished.words, wished.at) == (words, datetime(2026, 11, *at, tzinfo=CHINA))


@pytest.mark.parametrize("text", ["好的", "我要还款", "多少钱", ""])
def test_what_names_no_time_is_none(text: str) -> None:
    assert wished_time(text, NIGHT, time(9)) is None


def test_the_setting_may_name_weekdays() -> None:
    hours = StaffHours.from_environment({"SHOUDAI_STAFF_HOURS": "1-5 09:00-18:00"})
    assert hours is not None
    saturday, friday = (datetime(2026, 11, day, 12, tzinfo=CHINA) for day in (28, 27))
    assert hours.covers(friday) and not hours.covers(saturday)
    assert hours.next_opening(saturday) == datetime(2026, 11, 30, 9, tzinfo=CHINA)
    assert StaffHours.from_environment({}) is None


@pytest.mark.parametrize("text", ["9-21", "21:00-09:00", "25:00-26:00", "5-1 09:00-18:00", "always"])
def test_a_setting_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(StaffHoursInvalid):
        StaffHours.from_environment({"SHOUDAI_STAFF_HOURS": text})


def test_a_wish_for_a_call_back_by_day_names_its_time_and_no_identity(night: Night) -> None:
    customer = night(line="13812345678", now=NIGHT.replace(hour=10))
    turn = customer.hear("明天上午十点给我回电话", "query_confirm_call")
    assert said(turn) == ["utter_callback_recorded"]
    assert turn.utterances[0].values["time"] == "11月24日10点"
    [request] = customer.services.desk.requests()
    assert (request.topic, request.masked_phone) == ("callback_wished", "138****5678")


def test_a_wished_time_at_which_nobody_is_there_is_asked_again(night: Night) -> None:
    turn = night(now=NIGHT.replace(hour=10)).hear("麻烦今晚十点半给我回个电话", "query_confirm_call")
    assert said(turn) == ["utter_ask_callback_time_in_hours"]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("什么时候给我打电话", "query_confirm_call"),
        ("你们怎么还没给我回电话", "query_confirm_call"),
        ("别给我打电话了", "complain"),
        ("你们天天给我打电话", "complain"),
        ("明天会给我打电话吗", "query_confirm_call"),
    ],
)
def test_questions_and_complaints_about_calls_are_no_wish(counter: Night, words: str, intent: str) -> None:
    turn = counter().hear(words, intent)
    assert turn.question != "callback_time" and "utter_ask_callback_phone" not in said(turn)


@pytest.mark.parametrize(
    "words",
    [
        "明天上午十点给我回电话",
        "麻烦今晚十点半给我回个电话",
        "让你们的人晚一点打给我吧",
        "可以给我打个电话吗",
        "过会儿再打给我",
        "请你们回电",
        "我现在忙，下午三点给我打电话",
        "我在开车呢你们等会儿打过来吧",
        "找个人给我回电话",
        "给我打电话",
        "你们给我回个电话吧",
        "能不能让经理下周一早上给我打电话",
        "喂你好，尽快回电给我，谢谢",
    ],
)
def test_a_wish_to_be_called_is_one_however_it_is_put(words: str) -> None:
    assert wishes_callback(words)


@pytest.mark.parametrize(
    "words",
    [
        "有人给我打电话",
        "谁给我打电话",
        "谁打给我的",
        "是你们给我打电话吗",
        "你们给我打电话了",
        "你们刚给我打电话",
        "你们给我打电话",
        "银行给我打电话让我还款",
        "早上有个电话打给我",
        "请问你们给我打电话有什么事",
        "让我打给我老婆",
        "我等你们给我打电话确认",
        "审核的人给我打电话问什么",
        "给我打电话要我的验证码可以给吗",
        "不要给我打电话",
        "别再打过来",
        "什么时候给我回电",
        "会给我打电话吗",
        "怎么还没给我回电话",
        "昨天有人给我打电话说可以贷款",
        "催收给我打电话",
    ],
)
def test_what_is_told_or_asked_of_calls_is_no_wish_for_one(words: str) -> None:
    assert not wishes_callback(words)


def test_later_is_neither_the_evening_nor_one_o_clock() -> None:
    assert wished_time("晚一点打给我", NIGHT, time(9)) is None
