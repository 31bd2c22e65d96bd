"""Businesses: the industry (a code of data/policies/house.yml) and how many years it has been going."""

import re
from collections.abc import Iterator

from understanding.chinese_numbers import number_at
from understanding.found import Found

INDUSTRIES = {
    "catering": (
        "餐饮|餐馆|饭店|饭馆|小吃|早餐|早点|面馆|火锅|烧烤|奶茶|快餐|"
        "包子铺|米粉|螺蛳粉|串串|卤味|烘焙|蛋糕店|咖啡|酒楼|食堂|大排档|夜宵|"
        "炸鸡|酒店|农家乐"
    ),
    "retail": (
        "零售|便利店|超市|小卖部|杂货|水果店|水果|烟酒|母婴|小店|商店|百货|"
        "文具|花店|菜摊|卖菜|药店|网店|淘宝|电商|手机店|粮油|土特产"
    ),
    "clothing": ("服装|衣服|服装店|鞋|童装|女装|男装|布料|窗帘|内衣|箱包"),
    "beauty": ("美容美发|理发|美容|美发|美甲|发廊|化妆|剪头|纹绣|养生馆|按摩"),
    "car_repair": ("汽修|修车|汽车修理|洗车|轮胎|汽配|补胎|修理厂|电动车"),
    "logistics": ("物流|货运|运输|快递|跑车|跑货|搬家|大货车|拉货|货车|开车拉|出租车|网约车|送货"),
    "farming": (
        "种植|养殖|养猪|养鸡|养鸭|养牛|养羊|种菜|大棚|农资|果园|养鱼|种地|鱼塘|茶园|化肥|饲料|养蜂|苗木"
    ),
    "building_materials": ("建材|五金|装修|瓷砖|油漆|门窗|水电|装饰|铝合金|板材|灯具|工程队|沙石"),
    "training": ("教育|培训|辅导|补习|驾校|幼儿园|托管|画室|舞蹈班|琴行|早教"),
    "manufacturing": ("加工|工厂|小厂|作坊|制造|家具厂|印刷|模具|纺织厂|食品厂|机械厂|开厂|办厂|家具"),
}
"""Words by which borrowers name their trade. tests/understanding checks that the codes are those of the lender."""

_BUSINESS = re.compile("|".join(f"(?P<{code}>{words})" for code, words in INDUSTRIES.items()))
_ABOUT = re.compile(r"(?:我|开|做|卖|搞|干|经营|是|从事|跑|办|修|养|种|行业|生意|店|厂|铺|的)")
_COUNT = (
    r"(?P<count>\d{1,2}(?:\.\d)?|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]{1,2}"
    r"|半|大半|好几|几)"
)
_ALONE = _COUNT.replace("?P<count>", "?P<alone>")
_AGE = re.compile(
    r"(?:开业|开店|开张|经营|营业|成立|注册|开|做|干|办|搞)(?P<gap>[^，。,、？?]{0,8}?)(?:了|有)"
    rf"(?:快|差不多|将近|大概|大约|有|已经|才|也就|都|整整){{0,3}}{_COUNT}(?:来|多|几)?个?(?P<unit>年|月)"
    r"(?P<half>半)?"
    rf"|^(?:才|快|差不多|大概|有|也就|已经)?{_ALONE}(?:来|多|几)?年(?P<alone_half>半)?"
    r"(?:多|了|吧|左右|的样子)+$"
)


def industries(text: str) -> Iterator[Found]:
    """The first trade named; 快递 asked about in a question of another kind is left to the intent."""
    match = _BUSINESS.search(text)
    if match and match.lastgroup and (_ABOUT.search(text) or len(text) <= 8):
        yield Found("industry", match.lastgroup, match.start(), match.end())


def years_in_business(text: str) -> Iterator[Found]:
    """Years as a number: 开了三年 is 3.0, 开了半年 0.5, 做了一年半 1.5."""
    for match in _AGE.finditer(text):
        said = match["count"] or match["alone"]
        years = _years(said)
        if years is None:
            continue
        if match["half"] or match["alone_half"]:
            years += 0.5
        if match["unit"] == "月":
            years = round(years / 12, 2)
        yield Found("years_in_business", years, match.start(), match.end())


def _years(said: str) -> float | None:
    if said in {"半", "大半"}:
        return 0.5
    if said in {"几", "好几"}:
        return 3.0
    number = number_at(said[:1] if len(said) == 2 and "十" not in said and not said.isdigit() else said, 0)
    return float(number.value) if number else None
