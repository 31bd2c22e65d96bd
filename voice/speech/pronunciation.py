"""Pronunciation: spoken Chinese text to pinyin, with the loan words that dictionaries read wrongly."""

import logging
import re
import threading
from dataclasses import dataclass
from functools import lru_cache

import jieba
from pypinyin import Style, lazy_pinyin

from install.jieba_cache import private_jieba_folder

LOAN_WORDS = {
    # 还 is huán in a lender's mouth; pypinyin says hái because novels do.
    "还款": "huan2 kuan3",
    "还钱": "huan2 qian2",
    "还清": "huan2 qing1",
    "还贷": "huan2 dai4",
    "还本付息": "huan2 ben3 fu4 xi1",
    "应还": "ying1 huan2",
    "已还": "yi3 huan2",
    "未还": "wei4 huan2",
    "待还": "dai4 huan2",
    "归还": "gui1 huan2",
    "偿还": "chang2 huan2",
    "代还": "dai4 huan2",
    "还剩": "hai2 sheng4",
    "还清楚": "hai2 qing1 chu3",
    # 行 of a bank, 行 of doing.
    "银行": "yin2 hang2",
    "发卡行": "fa1 ka3 hang2",
    "开户行": "kai1 hu4 hang2",
    "放款行": "fang4 kuan3 hang2",
    "合作行": "he2 zuo4 hang2",
    "我行": "wo3 hang2",
    "他行": "ta1 hang2",
    "本行": "ben3 hang2",
    "跨行": "kua4 hang2",
    "行业": "hang2 ye4",
    "一行": "yi1 hang2",
    "央行": "yang1 hang2",
    "工行": "gong1 hang2",
    "农行": "nong2 hang2",
    "建行": "jian4 hang2",
    "招行": "zhao1 hang2",
    "交行": "jiao1 hang2",
    # Others that a lender needs.
    "重新": "chong2 xin1",
    "重复": "chong2 fu4",
    "利率": "li4 lv4",
    "费率": "fei4 lv4",
    "年化率": "nian2 hua4 lv4",
    "最长": "zui4 chang2",
    "较长": "jiao4 chang2",
    "为准": "wei2 zhun3",
    "调额": "tiao2 e2",
    "调低": "tiao2 di1",
    "调高": "tiao2 gao1",
    "查得": "cha2 de5",
    "差旅": "chai1 lv3",
    "传票": "chuan2 piao4",
    "弹窗": "tan2 chuang1",
    "稍等": "shao1 deng3",
    "幺": "yao1",
    "埃克斯": "ai1 ke4 si1",
    "会计罚息": "hui4 ji4 fa2 xi1",
}
"""Word to pinyin with tone numbers; the longest word wins where two overlap."""


@dataclass(frozen=True)
class ContextRule:
    """A character that is read by what stands beside it, where no word of LOAN_WORDS covers it."""

    pattern: str
    """Regular expression that matches exactly the one character."""
    pinyin: str


CONTEXT_RULES = (
    # 还 = "still": before these it is hái; 还不 is "still not" unless "cannot pay" (还不上, 还不起, 还不清).
    ContextRule(r"还(?=[有是剩没要需欠能可会想在差未应该将请让好行无处支希包为])", "hai2"),
    ContextRule(r"还(?=不(?![上了起清完]))|还(?=不清楚)", "hai2"),
    ContextRule(r"还(?=得(?![起上了完清]))", "hai2"),
    ContextRule(r"还(?=您|多久)", "hai2"),
    ContextRule(r"还", "huan2"),
    ContextRule(r"(?<!因)为(?!您|你|我|他|她|了|什|何|此|客户)", "wei2"),
    ContextRule(r"(?<=[限间期更很太较最])长", "chang2"),
    ContextRule(r"(?<=[您你我])得(?=[先去在把有要])", "dei3"),
    ContextRule(r"(?<=[分期元年月日])重(?=[新来开])", "chong2"),
)

_TOKENIZER_LOCK = threading.Lock()


@lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    """A tokenizer of our own: the process-wide one belongs to others, and our words must not change it."""
    with _TOKENIZER_LOCK:
        jieba.setLogLevel(logging.WARNING)
        tokenizer = jieba.Tokenizer()
        tokenizer.tmp_dir = private_jieba_folder()
        for word in LOAN_WORDS:
            if len(word) > 1:
                tokenizer.add_word(word, freq=200_000)
        return tokenizer


@lru_cache(maxsize=1)
def _loan_word_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, LOAN_WORDS), key=len, reverse=True)))


def _readings(text: str) -> dict[int, str]:
    """Pinyin by character position, for the characters that the loan dictionary decides."""
    readings: dict[int, str] = {}
    for match in _loan_word_pattern().finditer(text):
        for offset, pinyin in enumerate(LOAN_WORDS[match.group()].split()):
            readings[match.start() + offset] = pinyin
    for rule in CONTEXT_RULES:
        for match in re.finditer(rule.pattern, text):
            readings.setdefault(match.start(), rule.pinyin)
    return readings


def pronounce(text: str) -> list[list[str]]:
    """Split Chinese characters into words and each word into pinyin with tone numbers (5 = neutral).

    ``pronounce("您应还一千元")`` is ``[["nin2"], ["ying1", "huan2"], ["yi1", "qian1"], ["yuan2"]]``.
    ``text`` holds Chinese characters only.
    """
    readings = _readings(text)
    words: list[list[str]] = []
    position = 0
    for word in _tokenizer().lcut(text):
        usual = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
        words.append([readings.get(position + offset, pinyin) for offset, pinyin in enumerate(usual)])
        position += len(word)
    return _with_bu_changed(words, text)


def _with_bu_changed(words: list[list[str]], text: str) -> list[list[str]]:
    """不 is bú before a fourth tone, across words too; dictionaries know it only inside theirs."""
    syllables = [syllable for word in words for syllable in word]
    for position, following in enumerate(syllables[1:]):
        if text[position] == "不" and following.endswith("4"):
            syllables[position] = "bu2"
    said = iter(syllables)
    return [[next(said) for _ in word] for word in words]
