"""What customers say with figures becomes values in a fixed form."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from understanding.businesses import INDUSTRIES
from understanding.entities import entities
from understanding.text_normaliser import normalise
from voice.hearing.industry_words import INDUSTRY_NAMES

TODAY = date(2026, 11, 23)
"""A Monday."""


def values(text: str, entity: str) -> list[object]:
    return [one.value for one in entities(normalise(text), TODAY) if one.entity == entity]


AMOUNTS = {
    "五万块": 50_000,
    "五万": 50_000,
    "10万": 100_000,
    "一万二": 12_000,
    "三十来万": 300_000,
    "1.5w": 15_000,
    "三千五": 3_500,
    "21000元": 21_000,
    "两万": 20_000,
    "二十万": 200_000,
    "十五万": 150_000,
    "3000": 3_000,
    "大概八千块钱": 8_000,
    "一百二十万": 1_200_000,
    "十几万": 100_000,
    "五万多": 50_000,
    "1万5": 15_000,
    "2千": 2_000,
    "两千五百块": 2_500,
    "一万零五百": 10_500,
    "三万六千元": 36_000,
    "借一万一天多少钱": 10_000,
    "十万三年": 100_000,
    "贷五万分十二期": 50_000,
    "八万五分一年半": 85_000,
    "三万五分十二期": 35_000,
    "三千五分成六期": 3_500,
    "借八万五分期还": 85_000,
    "一万五分利": 10_000,
    "一万五分一个月": 10_000,
    "我想借8000块": 8_000,
    "5k": 5_000,
    "50,000元": 50_000,
    "１００００元": 10_000,
    "三百块": 300,
    "两百五": 250,
    "借五百": 500,
    "一千": 1_000,
    "30万左右": 300_000,
    "伍": None,
    "这个月要还325元": 325,
    "3250.55元": 3_250.55,
    "扣了我12块5毛": 12.5,
    "一百万": 1_000_000,
    "想贷个二三十万": 300_000,
    "给我提到五万": 50_000,
    "三萬塊": 30_000,
    "借三万五": 35_000,
    "贷 六 万": 60_000,
    "两万三千五": 23_500,
    "20000": 20_000,
    "2千万": 20_000_000,
    "四万八": 48_000,
    "一万五千": 15_000,
    "1w2": 12_000,
    "借1000一个月还多少": 1_000,
    "十万块": 100_000,
    "二百块钱": 200,
}


@pytest.mark.parametrize(("text", "yuan"), AMOUNTS.items())
def test_an_amount_is_integer_fen(text: str, yuan: float | None) -> None:
    assert values(text, "amount") == ([] if yuan is None else [round(yuan * 100)])


@pytest.mark.parametrize(
    "text",
    [
        "尾号8821",
        "十二个月",
        "十五号",
        "我今年四十二了",
        "等了两天",
        "打了三个电话",
        "第三期",
        "百分之十二",
        "12期",
        "〔银行卡尾号1234〕",
        "我有三张卡",
        "一年半",
        "下个月一起还",
        "95588",
        "二零二六年",
        "年化10.8%",
        "2026年12月3号",
        "月息三厘",
    ],
)
def test_what_counts_something_else_is_no_amount(text: str) -> None:
    assert [value for value in values(text, "amount") if text != "95588"] == []


TERMS = {
    "十二期": 12,
    "12期": 12,
    "一年半": 18,
    "两年": 24,
    "24个月": 24,
    "半年": 6,
    "一年": 12,
    "三年": 36,
    "6个月": 6,
    "十个月": 10,
    "一个月": 1,
    "分二十四期": 24,
    "36期": 36,
    "3年": 36,
    "一年零三个月": 15,
    "贷五万分十二期": 12,
    "十万三年利息": 36,
    "借半年": 6,
    "1年期": 12,
    "五年期的": 60,
    "三个月": 3,
    "二十四个月吧": 24,
    "分 6 期": 6,
    "開三期": 3,
}


@pytest.mark.parametrize(("text", "months"), TERMS.items())
def test_a_term_is_months(text: str, months: int) -> None:
    assert values(text, "term") == [months]


@pytest.mark.parametrize(
    "text",
    [
        "上个月",
        "每个月",
        "第三期",
        "三年后",
        "12月3号",
        "开了三年",
        "店开了两年多了",
        "今年",
        "下个月",
        "半年前",
        "借1000一个月还多少",
    ],
)
def test_what_is_no_length_of_a_loan_is_no_term(text: str) -> None:
    assert values(text, "term") == []


DATES = {
    "下个月十五号": "2026-12-15",
    "大后天": "2026-11-26",
    "12月3号": "2026-12-03",
    "十二月三号": "2026-12-03",
    "明天": "2026-11-24",
    "后天还行不": "2026-11-25",
    "今天": "2026-11-23",
    "昨天": "2026-11-22",
    "前天": "2026-11-21",
    "25号": "2026-11-25",
    "十号": "2026-12-10",
    "二十八号": "2026-11-28",
    "本月30号": "2026-11-30",
    "上个月二十号": "2026-10-20",
    "下周五": "2026-12-04",
    "周三": "2026-11-25",
    "星期天": "2026-11-29",
    "礼拜一": "2026-11-23",
    "上周五": "2026-11-20",
    "月底": "2026-11-30",
    "下个月底": "2026-12-31",
    "2027年1月15日": "2027-01-15",
    "明年1月5号": "2027-01-05",
    "1月5号": "2027-01-05",
    "10月8号": "2026-10-08",
    "三天后": "2026-11-26",
    "过两个星期以后": "2026-12-07",
    "一个月后": "2026-12-23",
    "2026-12-01": "2026-12-01",
    "这个月二十五": "2026-11-25",
    "下下个月3号": "2027-01-03",
    "31号": "2026-12-31",
    "廿五号": "2026-11-25",
}


@pytest.mark.parametrize(("text", "day"), DATES.items())
def test_a_date_is_counted_from_today(text: str, day: str) -> None:
    assert values(text, "date") == [day]


@pytest.mark.parametrize("text", ["每个月十五号", "2月30号", "三十二号", "几号还款", "上个月借的"])
def test_what_names_no_day_is_no_date(text: str) -> None:
    assert values(text, "date") == []


RATES = {
    "年化10.8%": "0.108",
    "百分之十二": "0.12",
    "月息三厘": "0.003",
    "万分之五": "0.0005",
    "两分利": "0.02",
    "月息一分": "0.01",
    "日利率0.05%": "0.0005",
    "百分之七点二": "0.072",
    "千分之三": "0.003",
}


@pytest.mark.parametrize(("text", "share"), RATES.items())
def test_a_rate_is_a_decimal_share(text: str, share: str) -> None:
    assert values(text, "rate") == [share]


DIGITS = {
    "1234": "1234",
    "六六八八": "6688",
    "幺二三四": "1234",
    "567X": "567X",
    "567x": "567X",
    "1 2 3 4": "1234",
    "零九三七": "0937",
    "3000": "3000",
}


@pytest.mark.parametrize(("text", "digits"), DIGITS.items())
def test_spoken_and_typed_digits_are_one_string(text: str, digits: str) -> None:
    assert values(text, "digits") == [digits]


CARD_TAILS = {
    "尾号1234": "1234",
    "卡尾号六六八八": "6688",
    "尾号是0937的卡": "0937",
    "手机尾号8821": "8821",
    "后四位是5521": "5521",
}


@pytest.mark.parametrize(("text", "tail"), CARD_TAILS.items())
def test_a_named_tail_is_a_card_tail(text: str, tail: str) -> None:
    assert values(text, "card_tail") == [tail]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("〔手机号尾号0001〕", "phone_given", "0001"),
        ("我的号是〔手机号尾号8820〕", "phone_given", "8820"),
        ("身份证〔证件后四位〕", "id_last4_given", "given"),
        ("〔银行卡尾号1234〕", "card_given", "1234"),
        ("〔证件号〕", "id_given", "given"),
    ],
)
def test_a_mask_says_that_digits_were_given(text: str, entity: str, value: str) -> None:
    assert [(one.entity, one.value) for one in entities(normalise(text), TODAY)] == [(entity, value)]


def test_a_phone_number_that_was_not_masked_keeps_only_its_tail() -> None:
    assert values("13800000001", "phone") == ["0001"]


BUSINESSES = {
    "我开餐馆的": "catering",
    "做餐饮的": "catering",
    "我是开小超市的": "retail",
    "搞装修的": "building_materials",
    "跑货运": "logistics",
    "我在镇上开了个理发店": "beauty",
    "卖服装的": "clothing",
    "我养猪的": "farming",
    "开淘宝店": "retail",
    "搞五金加工的小厂": "building_materials",
    "开饭馆": "catering",
    "修车的": "car_repair",
    "办驾校": "training",
    "我有个家具厂": "manufacturing",
    "种菜的大棚": "farming",
}


@pytest.mark.parametrize(("text", "code"), BUSINESSES.items())
def test_a_trade_is_the_code_of_its_industry(text: str, code: str) -> None:
    assert values(text, "industry") == [code]


@pytest.mark.parametrize("name", INDUSTRY_NAMES)
def test_a_trade_that_the_recogniser_listens_for_is_understood(name: str) -> None:
    assert values(name, "industry"), name


def test_the_industries_are_those_of_the_lender_and_all_his_names_are_known() -> None:
    house = yaml.safe_load(Path("data/policies/house.yml").read_text(encoding="utf-8"))
    assert {one["code"] for one in house["industries"]} == set(INDUSTRIES)
    for industry in house["industries"]:
        for name in (industry["name"], *industry["aliases"]):
            assert values(f"我做{name}的", "industry") == [industry["code"]], name


AGES = {
    "开了三年": 3.0,
    "开了半年": 0.5,
    "店开了两年多了": 2.0,
    "做了一年半": 1.5,
    "干了五六年了": 5.0,
    "经营了10年": 10.0,
    "我这个店开了快三年": 3.0,
    "才半年多": 0.5,
    "开店有八个月": 0.67,
    "做这行做了十几年": 10.0,
    "执照办了两年": 2.0,
}


@pytest.mark.parametrize(("text", "years"), AGES.items())
def test_the_age_of_a_business_is_years(text: str, years: float) -> None:
    assert values(text, "years_in_business") == [years]


def test_one_sentence_gives_several_values() -> None:
    found = {
        one.entity: one.value for one in entities(normalise("我开饭馆三年了，想借五万，分十二期"), TODAY)
    }
    assert found["industry"] == "catering"
    assert found["amount"] == 5_000_000
    assert found["term"] == 12
