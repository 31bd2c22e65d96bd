"""Loan words as they must sound."""

import pytest

from voice.speech.phonemes import phonemes, tokens
from voice.speech.pronunciation import pronounce


def pinyin(text: str) -> str:
    return " ".join(syllable for word in pronounce(text) for syllable in word)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("还款", "huan2 kuan3"),
        ("您本期应还三千元", "nin2 ben3 qi1 ying1 huan2 san1 qian1 yuan2"),
        ("已还三期", "yi3 huan2 san1 qi1"),
        ("还剩九期", "hai2 sheng4 jiu3 qi1"),
        ("还清了", "huan2 qing1 le5"),
        ("提前还款", "ti2 qian2 huan2 kuan3"),
        ("本月要还多少", "ben3 yue4 yao4 huan2 duo1 shao3"),
        ("还有什么可以帮您", "hai2 you3 shen2 me5 ke3 yi3 bang1 nin2"),
        ("还没有还清", "hai2 mei2 you3 huan2 qing1"),
        ("还不上", "huan2 bu2 shang4"),
        ("还不能还", "hai2 bu4 neng2 huan2"),
        ("还不清楚", "hai2 bu4 qing1 chu3"),
        ("还欠多少", "hai2 qian4 duo1 shao3"),
        ("还需要还三千元", "hai2 xu1 yao4 huan2 san1 qian1 yuan2"),
        ("还本付息", "huan2 ben3 fu4 xi1"),
        ("按时归还", "an4 shi2 gui1 huan2"),
        ("正在审核还请稍等", "zheng4 zai4 shen3 he2 hai2 qing3 shao1 deng3"),
        ("银行", "yin2 hang2"),
        ("银行卡", "yin2 hang2 ka3"),
        ("逾期行为", "yu2 qi1 xing2 wei2"),
        ("行业", "hang2 ye4"),
        ("重新申请", "chong2 xin1 shen1 qing3"),
        ("重要", "zhong4 yao4"),
        ("利率", "li4 lv4"),
        ("最长", "zui4 chang2"),
        ("期限长", "qi1 xian4 chang2"),
        ("不是一部分", "bu2 shi4 yi1 bu4 fen4"),
        ("现在不需要", "xian4 zai4 bu4 xu1 yao4"),
        ("期间仍会计罚息", "qi1 jian1 reng2 hui4 ji4 fa2 xi1"),
        ("为您查询", "wei4 nin2 cha2 xun2"),
        ("尾号为", "wei3 hao4 wei2"),
        ("因为", "yin1 wei4"),
        ("以合同为准", "yi3 he2 tong2 wei2 zhun3"),
        ("幺二三", "yao1 er4 san1"),
        ("埃克斯", "ai1 ke4 si1"),
        ("调整额度", "tiao2 zheng3 e2 du4"),
        ("征信", "zheng1 xin4"),
        ("提供", "ti2 gong1"),
        ("给您转人工", "gei3 nin2 zhuan3 ren2 gong1"),
    ],
)
def test_a_loan_word_is_read_as_lenders_read_it(text: str, said: str) -> None:
    assert pinyin(text) == said


def test_the_dictionary_of_other_users_of_pypinyin_is_left_alone() -> None:
    from pypinyin import lazy_pinyin

    pronounce("还款")
    assert lazy_pinyin("还款") == ["hai", "kuan"]


def test_kokoro_hears_huankuan_and_not_haikuan() -> None:
    assert "xwa↗n" in phonemes("还款")
    assert "xai" not in phonemes("还款")


def test_marks_become_pauses_and_letters_their_names() -> None:
    assert phonemes("好，点APP。") == "xau↓, tjɛ↓n ˈA pˈi pˈi."


def test_kokoro_knows_every_symbol_that_we_write() -> None:
    text = "您好，我是智能语音客服，略女绿月圆云翁儿二四字吃日嗯哦，APP：X？"
    symbols = phonemes(text)
    assert len(tokens(symbols)) == len(symbols)
