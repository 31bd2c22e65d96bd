"""Answer grammar: how a yes, sums, days, lengths of time and trades are usually said, as rows of slots."""

import re
from functools import cache

from voice.hearing.closed_answers import YES_NO_ANSWERS
from voice.hearing.expectation import ExpectationKind
from voice.hearing.industry_words import INDUSTRY_NAMES, OTHER_TRADES

Slot = tuple[str, ...]
"""Words of which one stands at a place; the empty word where it may be left out."""

_D = tuple("一二三四五六七八九")
_TWO = ("一", "两", *_D[2:])
_TENS = ("十", *(digit + "十" for digit in _D[1:]))


def _maybe(*words: str) -> Slot:
    return ("", *words)


def _with(digits: tuple[str, ...], unit: str) -> Slot:
    return tuple(digit + unit for digit in digits)


_BEFORE_SUM = _maybe(
    *(
        "借",
        "贷",
        "要",
        "想借",
        "想贷",
        "我想借",
        "我想贷",
        "我要借",
        "我要贷",
        "需要",
        "我需要",
        "申请",
        "还",
        "先还",
    ),
    *("大概", "大约", "差不多", "一共", "总共", "大概要", "大概是", "有", "就"),
)
_AFTER_SUM = _maybe(
    "吧", "左右", "左右吧", "可以吗", "行吗", "就够了", "就行", "就可以了", "的样子", "多", "以内"
)
_MONEY = _maybe("元", "块", "块钱")
_SUMS: tuple[tuple[Slot, ...], ...] = (
    (_TENS, _maybe(*_D), ("万",), _maybe(*_with(_TWO, "千"), *_D)),
    (_TWO, ("万",), _maybe(*_with(_TWO, "千"), *_D)),
    (_with(_TWO, "百"), _maybe(*_with(_D, "十")), _maybe(*_D), ("万",)),
    (_with(_TWO, "千"), _maybe(*_with(_D, "百"), *_D)),
    (_with(_TWO, "千"), _with((*_D, "两"), "百"), _with(_D, "十"), _maybe(*_D)),
    (_with(_TWO, "百"), _maybe(*_with(_D, "十")), _maybe(*_D)),
)

_BEFORE_DAY = _maybe("每个月", "每月", "改到", "改成", "想改到", "想改成", "就", "那就", "定在", "换成", "到")
_AFTER_DAY = _maybe("吧", "可以吗", "行吗", "之前", "左右", "就行", "那天", "还")
_DAY_NUMBERS = (*_D, "十", *(tens + ones for tens in ("十", "二十") for ones in _D), "二十", "三十", "三十一")
_DAY = _with(_DAY_NUMBERS, "号") + _with(_DAY_NUMBERS, "日")
_MONTH = _with((*_D, "十", "十一", "十二"), "月")
_YEAR = (
    "今年",
    "明年",
    "去年",
    "后年",
    *(f"二零{tens}{ones}年" for tens in "一二三" for ones in "零一二三四五六七八九"),
)
_WEEKDAYS = tuple(
    which + week + day
    for which in ("", "这", "下")
    for week in ("周", "星期", "礼拜")
    for day in "一二三四五六日天"
)
_DAYS: tuple[tuple[Slot, ...], ...] = (
    (_maybe("下个月", "这个月", "上个月", "本月", "下月"), _DAY),
    (_maybe(*_YEAR), _MONTH, _maybe("份", *_DAY)),
    (
        (
            "今天",
            "明天",
            "后天",
            "大后天",
            "昨天",
            "月底",
            "月初",
            "年底",
            "下个月",
            "这个月",
            "这个月底",
            "下个月底",
            *_WEEKDAYS,
        ),
    ),
)

_BEFORE_TERM = _maybe("分", "借", "贷", "大概", "想分", "改成", "就", "做", "要", "我想借", "我想分")
_AFTER_TERM = _maybe("吧", "还", "可以吗", "行吗", "左右", "就行", "的", "还清")
_MONTHS = (
    *_TWO,
    *_DAY_NUMBERS[9:-2],
    *(tens + ones for tens in ("三十", "四十", "五十", "六十") for ones in ("", *_D)),
)
_TERMS: tuple[tuple[Slot, ...], ...] = (
    (_MONTHS, ("个月", "期")),
    (("二", "两"), ("期",)),
    ((*_TWO, "十"), ("年", "年半")),
    (("半年", "一年"),),
)

_BEFORE_YES = _maybe(
    *(
        "嗯",
        "哦",
        "啊",
        "那",
        "那就",
        "对",
        "好",
        "好的",
        "是的",
        "对的",
        "行",
        "可以",
        "没有",
        "就",
        "我",
        "还",
        "先",
        "都",
        "暂时",
    ),
    *(
        "还是",
        "当然",
        "肯定",
        "应该",
        "确实",
        "其实",
        "真的",
        "也",
        "现在",
        "目前",
        "从来",
        "一直",
        "嗯嗯",
        "对对",
        "那还是",
        "这个",
        "那个",
    ),
)
_CASUAL = (
    *(
        "算了",
        "是我",
        "不是我",
        "是这样",
        "就是这样",
        "没有过",
        "没",
        "不用麻烦",
        "不必",
        "不想",
        "不太行",
        "不要紧",
    ),
    *("想", "成", "能", "不能", "会", "不会", "正确", "好嘞", "嗯嗯", "对对", "是是", "行行"),
    *(
        "确定",
        "不确定",
        "肯定",
        "确实",
        "确实是",
        "本人",
        "是本人",
        "我本人",
        "是我本人",
        "不是本人",
        "是我自己",
        "我自己",
    ),
    *(
        "这样",
        "就这样",
        "不是这样",
        "是这个",
        "不是这个",
        "就是这个",
        "是它",
        "想要",
        "不想要",
        "不太想",
        "不大想",
        "想办",
        "要办",
        "不办",
    ),
    *(
        "方便",
        "不方便",
        "不麻烦",
        "接受",
        "不接受",
        "拒绝",
        "记得",
        "不记得",
        "忘了",
        "记错",
        "说错",
        "搞错",
        "弄错",
        "听错",
    ),
    *(
        "有过",
        "用过",
        "没用过",
        "没办过",
        "知道",
        "明白",
        "了解",
        "清楚",
        "收到",
        "继续",
        "来",
        "试试",
        "再说",
        "再看看",
        "考虑一下",
    ),
    *(
        "可以可以",
        "不用不用",
        "不是不是",
        "没有没有",
        "不要不要",
        "错了错了",
        "对的对的",
        "是的是的",
        "好的好的",
    ),
)
"""Said as well, but by too few to be asked for by name."""
_AFTER_YES = _maybe("啊", "呀", "吧", "哦", "了", "的", "嘛", "啦", "呢")

_BEFORE_SCORE = _maybe(
    *("我", "给", "打", "我给", "我打", "那就", "那", "就", "嗯", "给你", "给你们", "打个", "给个", "评")
)
_AFTER_SCORE = _maybe("吧", "啊", "哦", "满意", "谢谢", "吧谢谢")
_FIGURES: tuple[tuple[Slot, ...], ...] = (
    ((*_TWO, "二", "十", "零", "满", "一百"), ("分", "颗星"), _AFTER_SCORE),
    (_D,),
)
_JUDGEMENTS: tuple[tuple[Slot, ...], ...] = (
    (
        _maybe(*"很挺还最蛮不", "非常", "十分", "特别", "比较", "不太", "很不", "非常不"),
        ("满意",),
        _maybe("的"),
    ),
    (("很", "挺", "非常", "特别", "比较", "蛮", "不", "不太"), ("好",), _maybe("的")),
    (
        (
            "不错",
            "还不错",
            "挺不错",
            "一般",
            "一般般",
            "还行",
            "还可以",
            "差",
            "太差",
            "很差",
            "差评",
            "好评",
            "不怎么样",
        ),
    ),
)
"""To the question how good the service was (voice/spoken_rating.py)."""

_BEFORE_INDUSTRY = _maybe(
    *(
        "做",
        "开",
        "搞",
        "我做",
        "我开",
        "我是做",
        "我是开",
        "我们做",
        "我们是做",
        "是做",
        "开了个",
        "我开了个",
    ),
    *("我是搞", "从事", "我从事", "就是", "是", "就", "主要做", "我主要做", "卖", "我卖", "我是卖"),
)
_AFTER_INDUSTRY = _maybe(
    "的", "生意", "行业", "这一行", "这行", "这块", "这一块", "吧", "公司", "类的", "方面的", "生意的"
)

_ROWS: dict[ExpectationKind, tuple[tuple[Slot, ...], ...]] = {
    ExpectationKind.YES_NO: ((_BEFORE_YES, YES_NO_ANSWERS + _CASUAL, _AFTER_YES, _maybe("谢谢")),),
    ExpectationKind.AMOUNT: tuple((_BEFORE_SUM, *row, _MONEY, _AFTER_SUM) for row in _SUMS),
    ExpectationKind.DATE: tuple((_BEFORE_DAY, *row, _AFTER_DAY) for row in _DAYS),
    ExpectationKind.INDUSTRY: ((_BEFORE_INDUSTRY, INDUSTRY_NAMES + OTHER_TRADES, _AFTER_INDUSTRY),),
    ExpectationKind.TERM: tuple((_BEFORE_TERM, *row, _AFTER_TERM) for row in _TERMS),
    ExpectationKind.RATING: (
        *((_BEFORE_SCORE, *row) for row in _FIGURES),
        (_maybe("谢谢", "好的"), ("再见",)),
        *((_maybe("我", "嗯", "觉得"), *row, _maybe("吧", "谢谢")) for row in _JUDGEMENTS),
    ),
}


def rows_of(kind: ExpectationKind) -> tuple[tuple[Slot, ...], ...]:
    """Return the ways of answering, each a row of slots; empty where there is no grammar."""
    return _ROWS.get(kind, ())


@cache
def words_of_kind(kind: ExpectationKind) -> tuple[str, ...]:
    """Return all words of the grammar."""
    return tuple(dict.fromkeys(word for row in rows_of(kind) for slot in row for word in slot if word))


def is_usual(text: str, kind: ExpectationKind) -> bool:
    """Return whether the whole text is an answer as the grammar has it."""
    return kind in _ROWS and _pattern(kind).fullmatch(text) is not None


@cache
def _pattern(kind: ExpectationKind) -> re.Pattern[str]:
    return re.compile("|".join("".join(_one_of(slot) for slot in row) for row in _ROWS[kind]))


def _one_of(slot: Slot) -> str:
    words = "|".join(sorted((word for word in slot if word), key=len, reverse=True))
    return f"(?:{words})" + ("?" if "" in slot else "")
