"""Tone: what a calm, honest clerk never says, as one list for sentences, policies and every reply in the tests."""

import re

LATIN_ALLOWED = re.compile(r"「\d{3}X」|[ABM]级|\{\w+\}")
"""The end of an ID card may be X, grades of the tax authority are letters, placeholders are no words."""

PROMISES = re.compile(
    r"保证|(?<!不)一定(?:能|会|可以|批)|肯定(?:能|会|可以|没)|包(?:过|批|下款)|百分之?百|放心借|必(?:过|批|下款)|稳过|"
    r"无条件|秒(?:批|下|到)|人人(?:能|可|都)|绝对|不可能不"
)
THREATS = re.compile(
    r"起诉|法院|律师函|坐牢|判刑|报警|后果自负|上门|拉黑|黑名单|老赖|失信|警告|否则|不然就|家人会|通知(?:您的)?(?:家人|单位|亲友)|"
    r"爆通讯录|强制执行"
)
JARGON = re.compile(
    r"等额本[息金]|先息后本|内部收益率|授信|用信|支用|风控|敞口|尽调|贷前|贷后|资方|助贷|核身|绑卡|放款行|入件|进件|准入|"
    r"五级分类|展期|综合评分|多头|白名单|征信花|名义利率|基点|拨备|代偿"
)
"""Words of the trade that no shop owner has to know."""

GLOSSARY = {
    "按单利年化": "利息和手续费都算进去，借一年要付本金的百分之几，利息不再生利息",
    "违约金": "提前还款时多收的一笔钱",
    "罚息": "逾期以后按天多收的利息",
    "征信": "人民银行记的贷款和还款记录",
    "额度": "最多能借多少",
    "剩余本金": "借的钱里还没还的部分，不算利息",
    "逾期": "过了还款日还没还",
    "结清": "全部还完",
}
"""Words that may be said: borrowers use them themselves. Their explanation stands in docs/dialogue.md, for staff."""

REQUESTS = ("请说一下", "请再说一遍", "好的，请再说一遍", "请留一个", "请您说说")
"""How questions begin that have no question mark."""

LONGEST_REPLY = 150
"""Characters: with figures and all; more is not kept in mind on the phone."""


def breaches(reply: str, answers: int = 1) -> list[str]:
    """What is wrong with a whole reply, its figures filled in; nothing when all is well.

    ``answers``: how many questions of one message it answers; each beyond the first may take a sentence.
    """
    found = word_breaches(reply)
    if reply.count("？") > 1:
        found.append("more than one question")
    told = [one for one in re.findall("[^。？]+。", reply) if not one.startswith(REQUESTS)]
    if len(told) > 1 + answers:
        found.append(f"{len(told)} sentences beside the question")
    if len(reply) > LONGEST_REPLY:
        found.append(f"{len(reply)} characters")
    return found


def word_breaches(text: str) -> list[str]:
    """Marks and words that no text for customers holds."""
    checks = {
        "exclamation mark": re.compile("[!！]"),
        "English": re.compile("[A-Za-z]"),
        "promise": PROMISES,
        "threat": THREATS,
        "jargon": JARGON,
    }
    plain = LATIN_ALLOWED.sub("", text)
    return [f"{name}: {match.group()}" for name, form in checks.items() if (match := form.search(plain))]
