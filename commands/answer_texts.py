"""Answer texts: what borrowers answer where digits, an amount, a day, a term, an industry or a yes is asked for."""

import random
from collections.abc import Callable, Iterator

from commands.digit_recordings import ending, phone
from voice.hearing.closed_answers import NO, YES
from voice.hearing.numerals import DIGITS

_LIKE_YES = (
    *("对没错", "是我", "可以啊", "好啊", "行吧", "嗯对", "对就是这样", "是这样的", "好的可以", "那好吧"),
    *("对对", "嗯好的", "可以没问题", "好行", "是的谢谢"),
)
_LIKE_NO = (
    *(
        "没有啊",
        "不是我",
        "算了",
        "先不用",
        "没有过",
        "不用麻烦了",
        "暂时不要",
        "还没有",
        "不可以的",
        "那不行",
    ),
)
"""Answers that no closed list holds, so that the figures are not those of the list alone."""

_OTHER_YES = (
    *(
        "对啊",
        "嗯可以",
        "没错的",
        "当然可以",
        "行啊",
        "那行",
        "是本人",
        "对是我",
        "好没问题",
        "嗯是的",
        "那可以",
        "确定",
    ),
    *(
        "同意的",
        "愿意的",
        "有的",
        "就这样吧",
        "可以可以",
        "对的对的",
        "好呀",
        "是啊",
        "行的",
        "嗯行",
        "我愿意",
        "可以吧",
    ),
)
_OTHER_NO = (
    *(
        "不要谢谢",
        "没呢",
        "不是这个",
        "不行啊",
        "暂时不用",
        "不太想",
        "先不要了",
        "从来没有",
        "没有的",
        "那不用了",
    ),
    *(
        "不用不用",
        "错了错了",
        "不方便",
        "我不要",
        "还是不要了",
        "不是本人",
        "不对啊",
        "我没有",
        "不想要",
        "那不要了",
    ),
)
"""A second list, made before it was heard by anything. The grammar has since been widened with it in view (ADR 145)."""

_AMOUNT_CARRIERS = (
    *("我想借{}", "大概{}", "{}左右", "需要{}", "差不多{}吧", "{}吧", "贷{}", "一共{}", "想贷{}", "{}就够了"),
    *("先还{}", "大约{}", "申请{}", "{}可以吗"),
)
_DATE_CARRIERS = ("每个月{}", "每月{}", "{}吧", "改到{}", "{}可以吗", "就{}", "{}之前", "想改成{}")
_TERM_CARRIERS = ("{}吧", "分{}", "想分{}还", "{}可以吗", "借{}", "大概{}", "改成{}")
_BUSINESSES = (
    *(
        "餐饮",
        "餐馆",
        "便利店",
        "超市",
        "服装店",
        "五金店",
        "水果店",
        "奶茶店",
        "理发店",
        "美容院",
        "药店",
        "早餐店",
    ),
    *(
        "物流",
        "运输",
        "装修",
        "建材",
        "家具厂",
        "服装厂",
        "食品加工",
        "养殖",
        "种植",
        "养猪",
        "茶叶",
        "农产品",
    ),
    *("汽修", "洗车店", "广告公司", "软件开发", "教育培训", "酒店", "民宿", "旅行社", "印刷厂", "机械加工"),
    *("电子商务", "网店", "直播带货", "批发", "外贸", "快递站", "家政", "保洁", "文具店", "母婴店", "宠物店"),
)
_BUSINESS_CARRIERS = ("{}", "{}", "我是做{}的", "做{}", "开{}的", "{}生意", "我做{}这一行")


def texts(kind: str, count: int, seed: int) -> Iterator[str]:
    """Yield ``count`` answers of one of ``KINDS``; the same seed gives the same answers."""
    chance = random.Random(f"{kind} {seed}")
    for _ in range(count):
        yield KINDS[kind](chance)


def amount(chance: random.Random) -> str:
    """A sum as people round it, alone or in a short sentence."""
    sum_ = _sum(chance) + chance.choice(("", "", "", "元", "块", "块钱"))
    return _carried(sum_, _AMOUNT_CARRIERS, 0.4, chance)


def day(chance: random.Random) -> str:
    """A day of the month, of the year or beside today."""
    month, number = _number(chance.randint(1, 12)), _number(chance.randint(1, 31))
    year = "二零二" + DIGITS[chance.randint(3, 8)]
    ways = (
        *(f"{number}号", f"{number}号", f"{number}号", f"{month}月{number}号", f"{month}月{number}日"),
        *(f"下个月{number}号", f"这个月{number}号", f"{month}月份", f"{year}年{month}月", f"今年{month}月"),
        *("月底", "明天", "后天", "下周一", "下个月", "今天", f"明年{month}月{number}号"),
    )
    chosen = chance.choice(ways)
    return _carried(chosen, _DATE_CARRIERS, 0.35 if chosen.endswith("号") else 0.0, chance)


def term(chance: random.Random) -> str:
    """How long: months, instalments, years."""
    months = _number(
        chance.choice((3, 6, 9, 10, 12, 12, 18, 24, 24, 30, 36, chance.randint(2, 60))), two="两"
    )
    years = _number(chance.choice((1, 1, 2, 2, 3, 3, 5, 10)), two="两")
    ways = (
        f"{months}个月",
        f"{months}个月",
        f"{months.replace('两', '二')}期",
        f"{years}年",
        f"{years}年半",
        "半年",
    )
    return _carried(chance.choice(ways), _TERM_CARRIERS, 0.4, chance)


def industry(chance: random.Random) -> str:
    """A line of business, alone or as people name it."""
    return chance.choice(_BUSINESS_CARRIERS).format(chance.choice(_BUSINESSES))


def yes_or_no(chance: random.Random) -> str:
    """A yes or a no; every fifth is in no list."""
    if chance.random() < 0.2:
        return chance.choice(_LIKE_YES + _LIKE_NO)
    return chance.choice(YES + NO)


def another_yes_or_no(chance: random.Random) -> str:
    """As ``yes_or_no``, with every third of the second list."""
    if chance.random() < 1 / 3:
        return chance.choice(_OTHER_YES + _OTHER_NO)
    return chance.choice(YES + NO)


KINDS: dict[str, Callable[[random.Random], str]] = {
    "ending": ending,
    "phone": phone,
    "amount": amount,
    "date": day,
    "term": term,
    "industry": industry,
    "yes_no": yes_or_no,
    "yes_no_other": another_yes_or_no,
}


def _carried(words: str, carriers: tuple[str, ...], share: float, chance: random.Random) -> str:
    return chance.choice(carriers).format(words) if chance.random() < share else words


def _sum(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.3:
        return (
            _number(
                chance.choice((1, 2, 3, 5, 5, 8, 10, 10, 15, 20, 20, 30, 50, chance.randint(1, 99))), "两"
            )
            + "万"
        )
    if kind < 0.5:
        hundreds, tens = chance.randint(1, 9), chance.choice((0, 0, 0, 2, 5, 5, 8))
        return _number(hundreds, two="两") + "百" + (_number(tens) + "十" if tens else "") + "万"
    if kind < 0.75:
        thousands = DIGITS[chance.randint(1, 9)] + chance.choice(("", "千"))
        return _number(chance.randint(1, 49), "两") + "万" + (thousands if thousands != "二千" else "两千")
    if kind < 0.9:
        hundreds_too = chance.choice(("", DIGITS[chance.randint(1, 9)], DIGITS[chance.randint(1, 9)] + "百"))
        return _number(chance.randint(1, 9), "两") + "千" + hundreds_too
    rest = f"{DIGITS[chance.randint(1, 9)]}百{DIGITS[chance.randint(1, 9)]}十{DIGITS[chance.randint(1, 9)]}"
    return _number(chance.randint(1, 9), "两") + "千" + rest


def _number(value: int, two: str = "") -> str:
    """A number up to 99 as it is spoken; a lone two before a unit is 两 but for days and instalments."""
    tens, ones = divmod(value, 10)
    if tens == 0:
        return two if value == 2 and two else DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")
