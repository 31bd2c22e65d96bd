"""Third party: callers who ask for somebody else, or say that they are staff, hear nobody's data in that name."""

import re

from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn

_RELATIVE = (
    r"(?:老婆|老公|爱人|媳妇|妻子|丈夫|太太|对象|女朋友|男朋友|朋友|同事|我妈|我爸|父亲|母亲|爸爸|妈妈|爸|妈|哥哥?|姐姐?|弟弟?|"
    r"妹妹?|儿子|女儿|闺女|亲戚|合伙人|邻居|同学|老板|家人|叔叔?|舅舅?)"
)
_OTHER = rf"(?:别人|人家|他|她|我?(?:的)?(?:一个)?{_RELATIVE})"
_LOAN_WORDS = (
    "(?:贷款|申请|进度|还款|额度|账单|欠款|借款|信息|资料|钱|放款|贷了|借了|逾期|欠|审核|批|情况|"
    "下期|扣款|利息)"
)
_DECLARED = re.compile(
    rf"我是[一-龥]{{1,4}}(?:的|他|她)(?:{_RELATIVE}|员工|会计|司机|助理|代理人?)|我是(?:他|她)(?:的)?(?:{_RELATIVE}|会计|助理)|"
    rf"[帮替代]{_OTHER}[一-龥]{{0,4}}?(?:查|问|看)|"
    r"我是(?:(?:你们|首贷|贵公司|贵司|咱们|平台|内部|总部)[^，。,]{0,5})(?:员工|客服|工作人员|业务员|信贷员|经理|主管)|"
    r"我是(?:内部)?(?:员工|客服|工作人员)(?!推荐|介绍)|"
    rf"(?:我|俺|咱){_RELATIVE}[一-龥]{{0,3}}?(?:的|那|在你们|这).{{0,4}}{_LOAN_WORDS}|"
    rf"(?:我|俺|咱)?{_RELATIVE}[一-龥]{{0,3}}的(?:也|都|还|再|顺便|一起)+.{{0,3}}[帮给替]我|"
    r"(?:他|她)(?:的)?(?:身份证|证件|手机号?|电话)|"
    r"我是(?:你们|贵公司|贵司|咱们)(?:公司|总部|平台|内部|银行)[^，。,\s客户]{0,6}的(?!客户|用户|会员|老)|"
    rf"把(?!我|钱|你)[一-龥]{{1,4}}的[一-龥]{{0,4}}(?:{_LOAN_WORDS}|手机|电话|身份证)[一-龥]{{0,4}}(?:报|告诉|发|给|念|查)"
)
"""Somebody else is named as the one whose data is wanted, or as the one whose identity is given."""

_NOT_DATA = re.compile(rf"{_RELATIVE}.{{0,3}}(?:卡|银行|微信|支付宝|手机|介绍|推荐)")
_HIMSELF = re.compile(
    r"(?:查|看|问|是|说)(?:一下|下|的)*我(?:自己|本人|的(?!手机|电话|身份证|老|朋友|同事|客户))|(?:我|本人)自己|我本人|就是本人|"
    r"本人(?:的|查|来)|我的?(?:贷款|申请|还款|额度|账单|欠款|借款|进度)|我还(?:欠|要还|剩)|^我(?:这个?月|下个?月)"
)

_ANOTHERS_IDENTITY = re.compile(
    rf"(?:用|拿|借)(?:(?:我|俺|咱)?{_RELATIVE}|他|她|别人)(?:的)?(?:身份证?|名字|名义|证件|执照).{{0,6}}(?:借|贷|办|申请|行|可以|能)"
    rf"|(?:帮|替|给)(?:我|俺|咱)?{_RELATIVE}(?:借|贷|申请|办)(?:款|钱|点|一?笔|贷款)?.{{0,4}}(?:行|可以|能|吗|不|么)"
)
"""A loan in another person's name, or for another person."""


def speaks_of_anothers_identity(text: str) -> bool:
    """Whether somebody asks to borrow with another person's papers, or for another person."""
    return bool(_ANOTHERS_IDENTITY.search(text))


def names_another(text: str) -> bool:
    """Whether these words ask for another person's data, or in another person's name."""
    return bool(_DECLARED.search(text)) and not _NOT_DATA.search(text)


def note_on_behalf(turn: Turn) -> None:
    """Remember for whom the caller asks, until he says that it is for himself."""
    if names_another(turn.text):
        turn.remember(on_behalf=True)
    elif turn.memory.get("on_behalf") and _HIMSELF.search(turn.text):
        turn.remember(on_behalf=None)
        _wish_for_himself(turn)


def _wish_for_himself(turn: Turn) -> None:
    """那我查我自己的 wants of his own what was asked for somebody else."""
    asked = [topic for topic in turn.topics[:-1] if topic.startswith("query_") or topic == "ask_overdue"]
    if turn.intent in _UNCLEAR and asked:
        turn.intent = asked[-1]


_UNCLEAR = frozenset({"nlu_fallback", "out_of_scope", "ask_wait", "affirm", "deny", "ask_repeat"})


def refuse_unclear(turn: Turn, services: Services) -> bool:
    """Refuse at once where another person is named and nothing else was understood: asking back leads nowhere."""
    unclear = turn.intent in _UNCLEAR or (turn.intent == "inform" and turn.question is None)
    if not unclear or turn.gave_phone or turn.gave_id_last4 or not names_another(turn.text):
        return False
    if turn.intent in {"affirm", "deny"} and turn.question and QUESTIONS[turn.question].in_form:
        return False  # 对，我老公那笔贷款逾期了 answers what the form asked
    if services.identity.verified_borrower(turn.sender) is not None:
        turn.say("utter_only_own")
    else:
        refuse_another(turn)
    return True


def refuse_another(turn: Turn) -> None:
    """Only his own; a person is offered, and nothing that was asked for stays open."""
    turn.settle()
    turn.say("utter_only_own")
    turn.ask("person")
