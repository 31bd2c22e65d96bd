"""Standard words: the everyday words of dialects as the rules of the clerk spell them, sign for sign."""

import re

_SAME = {
    "莫得": "没有",
    "没得": "没有",
    "冇得": "没有",
    "啥子": "什么",
    "么子": "什么",
    "咋个": "怎么",
    "啷个": "怎么",
    "晓得": "知道",
    "几多": "多少",
    "几时": "何时",
    "要得": "可以",
    "得行": "可以",
    "一哈": "一下",
    "俺": "我",
    "冇": "没",
    "可唔可以": "可不可以",
    "得唔得": "行不行",
    "使唔使": "要不要",
    "唔使": "不用",
    "点样": "怎样",
    "乜嘢": "什么",
    "边个": "哪个",
    "而家": "现在",
    "嘅": "的",
    "咗": "了",
    "佢": "他",
    "俾": "给",
}
_QUESTION_BEHIND = (
    r"(?=钱|利息|息|期|个月|天|年(?![了前])|块|额度|金额|点|能|可以|才|到|放|批|出|还|[呢啊嘛哦呀吗的]|\W|$)"
)
_HOW_MUCH = re.compile(rf"(?<![了过这那有])好多{_QUESTION_BEHIND}")
_HOW_LONG = re.compile(rf"(?<![了过这那])好久{_QUESTION_BEHIND}")
"""好多 and 好久 ask in the south-west (好多钱, 好久放款), and tell elsewhere (还了好多钱, 等了好久, 好久没还)."""
_ONLY_WHERE = {
    "没得": r"没得(?![到罪出分过])",
    "么子": r"(?<![什这那怎多])么子",
    "要得": r"要得(?=[嘛啊呀哦噻吧的不吗]|\W|$)",
    "得行": r"(?<![觉懂晓值显])得行",
}
"""Elsewhere the same signs are parts of other words: 没得到钱, 什么子女, 为什么要得这么多, 我觉得行."""
_WORDS = re.compile("|".join(_ONLY_WHERE.get(word, word) for word in _SAME))


def in_standard_words(text: str) -> str:
    """Return the text with dialect words replaced by standard ones of the same length: places in it stay true."""
    text = _WORDS.sub(lambda word: _SAME[word[0]], text)
    return _HOW_LONG.sub("多久", _HOW_MUCH.sub("多少", text))
