"""Figures that borrowers say: amounts, dates, terms, rates, dictated digits, yes and no."""

import random

_NUMERALS = "零一二三四五六七八九"
_NETWORKS = ("38", "39", "50", "58", "86", "33", "77", "52", "91", "98", "70", "30", "66")
_LEADS = ("", "", "", "尾号是", "后四位是", "我的手机号是", "号码是", "身份证后四位", "电话", "我的电话是")
_YES_NO = (
    *(
        "是",
        "是的",
        "对",
        "对的",
        "对对",
        "嗯",
        "嗯嗯",
        "好",
        "好的",
        "可以",
        "行",
        "没错",
        "没问题",
        "同意",
        "确认",
    ),
    *(
        "不是",
        "不对",
        "不",
        "不用",
        "不用了",
        "没有",
        "不行",
        "不可以",
        "不需要",
        "不同意",
        "算了",
        "错了",
        "没有了",
    ),
    *(
        "有",
        "要",
        "不要",
        "需要",
        "愿意",
        "不愿意",
        "知道了",
        "明白",
        "谢谢",
        "再见",
        "就这样",
        "我是",
        "是我",
        "你说",
    ),
)


def amount(chance: random.Random) -> str:
    """A sum of money, as figures or as people round it."""
    kind = chance.random()
    if kind < 0.3:
        return f"{chance.randint(1, 99)}万{chance.choice(['', '块', '块钱', '元', '五', '左右'])}"
    if kind < 0.5:
        return (
            f"{chance.randint(1, 9) * 10 ** chance.choice([2, 3, 3, 4])}{chance.choice(['块', '块钱', '元'])}"
        )
    if kind < 0.75:
        return f"{chance.randint(100, 99999)}{chance.choice(['元', '块', '块钱'])}"
    return f"{chance.randint(100, 99999)}.{chance.randint(1, 99):02d}元"


def a_date(chance: random.Random) -> str:
    """A day, said in one of the usual ways."""
    day, month = chance.randint(1, 31), chance.randint(1, 12)
    ways = (
        *(
            f"{month}月{day}号",
            f"{month}月{day}日",
            f"{day}号",
            f"下个月{day}号",
            f"这个月{day}号",
            f"{month}月份",
        ),
        *(
            "今天",
            "明天",
            "昨天",
            "后天",
            "上个礼拜",
            "下周一",
            "月底",
            "星期五",
            f"202{chance.randint(2, 8)}年{month}月",
        ),
    )
    return chance.choice(ways)


def term(chance: random.Random) -> str:
    """How long: months, instalments, years."""
    number = chance.choice([3, 6, 9, 10, 12, 18, 24, 36, chance.randint(1, 36)])
    return f"{number}{chance.choice(['个月', '期', '年', '个月', '天'])}"


def rate(chance: random.Random) -> str:
    """A rate in percent."""
    return (
        f"{chance.randint(1, 24)}.{chance.randint(0, 99):02d}%"
        if chance.random() < 0.7
        else f"{chance.randint(1, 36)}%"
    )


def yes_or_no(chance: random.Random) -> str:
    """A short answer, alone or twice."""
    answer = chance.choice(_YES_NO)
    return answer if chance.random() < 0.7 else f"{answer}，{chance.choice(_YES_NO)}"


def digits(chance: random.Random) -> str:
    """The end of an ID card, a mobile number or another row of digits, in one breath or in groups."""
    count = chance.choice([4, 4, 4, 11, 11, 6, 3, 8])
    row = [chance.choice("0123456789") for _ in range(count)]
    if count == 11:
        row = ["1", *chance.choice(_NETWORKS), *row[3:]]
    one = "幺" if chance.random() < 0.6 else "一"
    said = [one if digit == "1" else _NUMERALS[int(digit)] for digit in row]
    if count == 4 and chance.random() < 0.1:
        said[3] = chance.choice(["叉", "埃克斯"])
    if chance.random() < 0.4:
        for cut in (7, 3) if count == 11 else (count // 2,):
            said.insert(cut, "，")
    return chance.choice(_LEADS) + "".join(said)
