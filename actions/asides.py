"""Asides: a hesitation, and questions that one calm sentence answers without leaving the matter in hand."""

import re

from actions.method_words import asks_about_methods
from actions.questions import IDENTITY, QUESTIONS, YES_NO
from actions.services import Services
from actions.third_party import speaks_of_anothers_identity
from actions.turn import Turn
from actions.words_of_feeling import is_sad

_BEGINS = re.compile(r"(?:呃|额|那个|这个|就是|那什么)+")
"""Somebody who has not found his words yet: nothing was asked of him, and he has asked nothing."""
_CHEAPER = re.compile(r"(?:利息|利率|年化|费用).{0,6}(?:少点|少一点|低点|低一点|便宜|降|优惠|打折)")
_SECURITY = re.compile(
    r"(?:要不要|需不需要|用不用|要|需要|得|必须|非得|一定要|是不是要?)(?:有|找|用|拿|提供)?(?:个|什么)?(?:人)?(?:担保人?|保人|抵押|房产证|配偶签字|(?:老婆|老公|家人)签字)(?:吗|么|不|才|$)"
    r"|^(?:那)?(?:要不要|需不需要|用不用|有没有)(?:人)?(?:担保|抵押)|(?:不用|没有?)(?:抵押|担保)[^，。]{0,4}(?:能|可以|行).{0,6}(?:吗|么|不)$"
)
_HESITATION = re.compile(r"(?:嗯|恩|呃|额|啊|哦|唔|诶|欸|哎|那个|这个|就是|那什么|我想想)+")
_YES_SOUND = re.compile(r"(?:嗯|恩|哦|啊)+")
"""These say yes to a closed question."""

_PRISON = re.compile(
    r"起诉|告我(?!一)|打官司|法院|上法庭|(?:失信|老赖).{0,6}[吗不么]|坐牢|坐监|判刑|蹲监狱|进监狱|(?:会|要)不?(?:会|要)?被?抓(?:我|起来|人|进去|走|吗)|犯法[吗么不]|犯罪[吗么]"
)
_SUES_US = re.compile(
    r"我们?(?:要|会|去|就|准备|打算|想|可以|只能)*(?:法院|法庭)?(?:起诉|告(?!诉))|(?:起诉|告)(?:你|贵公司|公司|平台)|[跟和]你们?打官司"
)
"""Who threatens with the law complains, and need not be told that a debt is no crime."""
_COLLECTORS = re.compile(
    r"(?:会不会|会|要|来|是不是要?)上门(?!办|签|服务|考察|拿|取|送|贷|申请)|"
    r"上门(?:来)?(?:催|要债|要钱|收|找|吗)|(?:找|打)到?(?:我)?家里?[来去]?(?:吗|催|要)"
)
_DEAR = re.compile(
    r"(?:为什么|为啥|怎么|咋|为何)(?:会|还|要)?(?:这|那)么(?:高|贵|多)|(?:太|有点|好|挺)(?:高|贵)了?[吧啊呀]?$"
)
_INTEREST = re.compile(r"利息|利率|年化|费用")
_SO_LITTLE = re.compile(r"(?:为什么|为啥|怎么|咋)(?:只有|才|只给|就给|就)(?:我)?(?:这|那)么?一?(?:点|少)")
_FRAUD = re.compile(r"(?:短信|电话|链接|微信|信息|陌生).*(?:诈骗|骗子|骗人|骗局|假的|真的[吗么]|是不是你们)")
_STRANGER_WANTS = re.compile(
    r"(?:他们?|她|对方|有人|那人|那边).{0,6}(?:让|叫|要|喊)我.{0,4}(?:下载|装(?:个|一个)|共享屏幕|屏幕共享|点.{0,3}链接)"
)
_CLAIMS_TO_BE_US = re.compile(
    r"(?:有人|有个人|陌生人|对方|他们?|有个).{0,8}(?:加|打|发|联系|找).{0,10}(?:说|自称|冒充)(?:他|自己)?(?:们)?(?:就)?是.{0,8}(?:你们|首贷|客服|平台|银行|公检法|经理)"
)
_LINK_IN_A_MESSAGE = re.compile(
    r"(?:短信|微信|电话|邮件|信息).{0,16}(?:点.{0,4}链接|链接|刷流水|屏幕共享|下载)"
)
_CLICKED = re.compile(r"链接.{0,6}(?:点了|点开了|打开了|点过)|(?:点了|点开了|打开了).{0,6}链接")
_BENCHMARK = re.compile(r"(?i)lpr|(?:报价|基准|基础)利率|四倍|4倍")
_WHY_IDENTITY = re.compile(
    r"(?:为什么|为啥|为何|干嘛|干什么|干吗|凭什么|怎么|咋|有(?:什么|啥)用|一定|必须|非得?|真的?)(?:你们?|您)?(?:还|都|就|非得?|一定|必须|老|总)?"
    r"(?:要|得|问|查|说|报|给|提供|核对|核实|验证)(?:了?我)?(?:的?(?:身份|证件|手机|电话|号码|信息|隐私|这|那|后四位|[吗么]$|个?$))"
    r"|(?:要|问|查|说|报|给)(?:我的?|了)?(?:身份证?|证件|手机号?码?|号码|信息|这个|这些|后四位)"
    r"(?:号|的)?(?:后四位)?(?:是?(?:干嘛|干什么|干吗|做什么|干啥|有什么用|有啥用|安全)|[吗么]$)"
    r"|(?:安全|靠谱|保险|可靠|正规)(?:[吗么不]|的吗)|(?:会不会|不会|会|别)(?:被)?(?:你们)?(?:泄露|泄漏|盗用|卖|外传|被?骗|传出去)"
    r"|(?:你们?|这)(?:是不是|不会是|不是|该不会是?)(?:骗子|诈骗|骗人|假的)"
)
"""Asked while the identity is checked, all of these ask why, and whether that is safe."""
_APPLY_AGAIN = re.compile(
    r"(?:什么时候|啥时候|多久|多长时间|几个月|几天|多少天|隔|过|以后|之后|还|下次|能不能|可不可以|可以|能).{0,8}"
    r"(?:再|重新|二次|第二次|又)(?:来|去|次|一次)?(?:申请|贷|借|办|提交|试|报)|(?:再|重新)(?:申请|贷|借|提交).{0,4}(?:要?(?:等|隔)|多久|什么时候)"
)
_NO_WISH = frozenset({"out_of_scope", "nlu_fallback", "inform"})
_REJECTED = re.compile(r"被?拒|没(?:有)?(?:通过|批|过审)|(?:不|没)(?:给)?通过|没过|不批|批不下来")
_PRICED = frozenset({"ask_interest", "check_eligibility", "apply_loan"})


def answer_aside(turn: Turn, services: Services) -> bool:
    """Answer an aside and come back to the open question; False when the message is none."""
    if _hesitates(turn):
        return True
    said = len(turn.utterances)
    hotline = services.policies.house.hotline.replace("-", "")
    if _PRISON.search(turn.bare_text) and not _SUES_US.search(turn.bare_text):
        turn.say("utter_debt_is_civil")
        turn.say("utter_talk_early", hotline=hotline)
    elif _COLLECTORS.search(turn.bare_text) and "投诉" not in turn.text:
        turn.say("utter_collection_has_rules")
        turn.say("utter_talk_early", hotline=hotline)
    elif (
        _FRAUD.search(turn.bare_text)
        or _CLAIMS_TO_BE_US.search(turn.bare_text)
        or _LINK_IN_A_MESSAGE.search(turn.bare_text)
        or _STRANGER_WANTS.search(turn.bare_text)
    ) and "投诉" not in turn.text:
        turn.say("utter_check_who_writes", hotline=hotline)
    elif turn.question in IDENTITY and _WHY_IDENTITY.search(turn.bare_text):
        turn.say("utter_identity_why")
    elif asks_about_methods(turn.bare_text, turn.words[:-1]):
        turn.say("utter_methods_explained")
    elif _SECURITY.search(turn.bare_text):
        turn.say("utter_security", rule=services.policies.house.security)
    elif _asks_to_apply_again(turn):
        turn.say("utter_ask_reapply", rule=services.policies.house.reapply)
    elif _CLICKED.search(turn.bare_text):
        turn.say("utter_fraud_secret", hotline=hotline)
    elif turn.intent in _NO_WISH and is_sad(turn.bare_text):
        turn.say("utter_hard_times")
        turn.say("utter_talk_early", hotline=hotline)
    elif _BENCHMARK.search(turn.bare_text):
        turn.say("utter_benchmark_rate")
    elif speaks_of_anothers_identity(turn.bare_text):
        turn.say("utter_apply_oneself")
    elif _SO_LITTLE.search(turn.bare_text):
        turn.say("utter_limit_depends")
    elif (_CHEAPER.search(turn.bare_text) and turn.intent == "ask_interest") or (
        _DEAR.search(turn.bare_text) and _is_about_a_price(turn)
    ):
        turn.say("utter_rate_explained")
    if len(turn.utterances) == said:
        return False
    turn.remember(misses=0)
    if turn.question is not None and QUESTIONS[turn.question].asked_again:
        turn.ask_again(turn.question)
    return True


def _asks_to_apply_again(turn: Turn) -> bool:
    """什么时候能再申请 of one who was rejected: he says so, or has just heard why."""
    if not _APPLY_AGAIN.search(turn.bare_text):
        return False
    return bool(_REJECTED.search(turn.bare_text)) or bool(turn.context.get("rejected"))


def _is_about_a_price(turn: Turn) -> bool:
    if turn.context.get("intent") in _PRICED or turn.task in _PRICED:
        return True
    return bool(_INTEREST.search(turn.bare_text)) and not re.search("我(?:的|这笔)", turn.text)


def _hesitates(turn: Turn) -> bool:
    """Wait for one who is still thinking; the second time in a row he hears the question again. It is no failure."""
    if turn.question is None and _BEGINS.fullmatch(turn.bare_text):
        turn.say("utter_go_ahead")
        return True
    if turn.question is None or not _HESITATION.fullmatch(turn.bare_text):
        return False
    question = QUESTIONS[turn.question]
    if question.expects == YES_NO and _YES_SOUND.fullmatch(turn.bare_text):
        return False
    before = re.sub(r"\W+", "", turn.words[-2]) if len(turn.words) > 1 else ""
    if _HESITATION.fullmatch(before):
        turn.ask_again(turn.question)
    else:
        turn.say("utter_go_ahead", expects=question.expects)
    return True
