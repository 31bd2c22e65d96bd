"""Plain words: messages whose words settle what is meant in their place, whatever intent was guessed."""

import re

from actions.business_details import business_details
from actions.details import facts_said
from actions.labels import LABELS
from actions.loan_words import ENDS_WHEN, asks_for_what_is_late, asks_when_it_ends
from actions.named_product import products_named, says_little_else
from actions.services import Services
from actions.several_questions import wants_the_rest
from actions.turn import Turn

_NONE_LEFT = re.compile(
    r"(?:嗯|哦|啊)?(?:我)?(?:现在|目前|暂时|已经|早就?|都|也|真的?)*(?:没有?|无|莫得|冇)(?:有)?(?:了|啦|呢|的|啊)*"
)
_HOW_LONG = re.compile(
    r"(?:还|得|要|需要?)等(?:多久|多长|几天|多少天|到什么时候)|等(?:多久|多长时间)|(?:为什么|为啥|怎么|咋)(?:还|会)?(?:这|那)么(?:慢|久)"
)
_NOT_A_SERVICE = frozenset({"ask_wait", "complain", "nlu_fallback", "out_of_scope", "inform"})
_ASKS_WHETHER_OR_HOW_MUCH = re.compile(
    r"(?:能|可以?)(?:再)?(?:借|贷|批|拿)?(?:到|给)?.{0,8}(?:多少|吗|不|么)|(?:能不能|可不可以|能否)(?:再)?(?:借|贷)|(?:借|贷)(?:到|款)?多少"
    r"|(?:有没有|有)(?:什么|啥)?(?:合适|适合|能[贷借办]).{0,6}(?:贷|产品)|(?:能|可以)(?:办|申请|贷)(?:哪|什么|啥)"
)
_ABOUT_LENDING = re.compile(r"借|贷")
_MYSELF_AND_A_SUM = re.compile(r"我(?:能|可以|可不可以|能不能|能否)(?:不能|否)?(?:借|贷)")
_OWN_PROPERTY = re.compile(r"(?:拿|用|把|我|有).{0,4}(?:房|铺|厂|店面?|门面|门市).{0,4}抵押")
_GUESSED_FOR_ELIGIBILITY = frozenset(
    {
        "ask_amount_range",
        "apply_loan",
        "query_credit_limit",
        "ask_product",
        "nlu_fallback",
        "ask_term",
        "inform",
    }
    | {"ask_fund_usage", "ask_documents", "ask_interest", "out_of_scope", "increase_limit"}
    | {"ask_credit_report", "ask_overdue", "ask_reborrow"}
)
_PERSON = re.compile(
    r"(?:找|叫|换)(?:个|一个|你们?的?|我的?|那个)*(?:信贷员|信贷经理|客户经理|业务员|业务经理|经理|主管|负责人|领导)"
    r"|(?:有没有|找个?|换个?)(?:听得|能听)?(?:懂|明白)的人"
)
_GUESSED_FOR_A_PERSON = frozenset({"apply_loan", "ask_repeat", "nlu_fallback", "out_of_scope", "inform"})
_PRICE = re.compile(r"(?:多少钱|多少利息|利息多少)[呢啊呀吗]?$")
_LATER = re.compile(r"再|以后|改天")
_BAD_RECORD = re.compile(
    r"征信.{0,6}(?:花|黑|不好|不太好|不行|差|烂|有点?问题|有逾期|有记录|有污点)|(?:花|黑)户|信用.{0,4}(?:不太?好|差|不行)"
)
_FORBIDDEN_USE = re.compile(
    r"(?:借|贷|钱|款|拿来|拿去|用来|用于|用在|用到).{0,8}(?:付首付|交首付|凑首付|买房|炒股|炒币|打牌|赌|还(?:别的|其他|别家|另外)?(?:信用卡|网贷|花呗|借呗|房贷))"
    r"|^(?:那)?(?:拿来|用来|拿去)?(?:炒股|炒币|买房|付首付|还信用卡|还网贷)(?:呢|行吗|行不行|行不|可以吗|可以不|可不可以)$"
)
_GUESSED_FOR_USE = frozenset(
    {
        "apply_loan",
        "ask_repay_method",
        "check_eligibility",
        "ask_early_repayment",
        "nlu_fallback",
        "out_of_scope",
    }
)
_OPENS_AGAIN = re.compile(r"再|重新|恢复|还能|还可以|又|解冻|解除|激活|开回|开通|打开")
_WAIVED = re.compile(
    r"(?:罚息|滞纳金|违约金).{0,6}(?:免|减|少收|少点|不收|取消)|(?:免|减).{0,4}(?:罚息|滞纳金)"
)
_NAMED = (
    (re.compile(r"早(?:点儿?|一?点|一?些|几天|日)[^，。没]{0,2}还(?!没|款日)"), "ask_early_repayment"),
    (re.compile(r"看看?(?:一下)?我?(?:能不能|可不可以|有没有资格)(?:借|贷)"), "check_eligibility"),
    (re.compile(r"客服(?:的)?(?:电话|热线|号码)"), "ask_hotline"),
    (
        re.compile(
            r"^(?:那)?(?:我)?(?:想|要|来)*(?:查|看|问)(?:一查|一下|下|个|查)?(?:我的?|这个?月的?)*(?:还款|月供)$"
        ),
        "query_repayment",
    ),
    (re.compile(r"还能?(?:再)?(?:借|贷|用)(?:到|出来?)?多少(?:钱|额度)?$"), "query_credit_limit"),
    (
        re.compile(
            r"^(?:那|我|今天|现在|这个?月|这期|到底|一共|总共|要|得|该|应该|还要|还得|还)*(?:还|交|补)(?:多少|好多)(?:钱)?[呢啊呀]?$"
        ),
        "query_repayment",
    ),
    (re.compile(r"(?:百分之|多少个?|几个)(?:几|点)$|年化(?:是)?(?:多少|几)"), "ask_interest"),
    (
        re.compile(
            r"(?:把|将)?(?:多收|多扣|乱收)的?(?:利息|钱|费|息费)|(?:退|返)(?:还|回)?(?:给?我)?(?:的)?(?:利息|息费|罚息)"
        ),
        "complain",
    ),
    (
        re.compile(r"(?:半夜|大半夜|晚上|夜里|凌晨|深夜|天天|一天到晚|十[一二]?点).{0,12}(?:催|骚扰|打电话)"),
        "complain",
    ),
    (
        re.compile(r"(?:就|真)?(?:不还|不还了|赖账|不还钱).{0,8}(?:怎么样|怎样|咋样|怎么办|后果|拿我)"),
        "ask_overdue",
    ),
)
"""What is named leaves one meaning, where nothing or a neighbour was understood."""
_MY_OWN = re.compile(
    r"(?:那|像)?我(?:的)?(?:这|那)?(?:一)?(?:笔|个)?(?:贷款|借款)?(?:的)?(?:呢|怎么算|是多少)"
)
_OF_ONES_OWN = frozenset({"ask_early_repayment", "ask_interest"})
_GUESSED_FOR_OWN_DEBT = frozenset(
    {
        "query_repayment",
        "query_loan_balance",
        "ask_early_repayment",
        "ask_repay_method",
        "ask_extension",
        "query_credit_limit",
        "ask_term",
        "nlu_fallback",
        "out_of_scope",
        "inform",
    }
)
_DEBIT_FAILS = re.compile(
    r"扣(?:不到|不了|不上|不出|款失败|不成|款不成功).{0,3}(?:会|要)?(?:怎么?样|咋样|咋办|怎么办|如何|有(?:什么|啥)(?:后果|影响))"
)
_USURY = re.compile(r"高利贷|利滚利|复利|滚利|驴打滚")
_WHETHER_A_TERM = re.compile(r"(?:行不行|行吗|行不|可以吗|可以不|可不可以|能不能分|有没有|有吗|成吗|呢)$")
_MISSED = frozenset({"nlu_fallback", "out_of_scope", "inform"})
_ASKED_OF_A_PRODUCT = (
    (re.compile(r"逾期|罚息|滞纳"), "ask_overdue"),
    (re.compile(r"提前|违约金"), "ask_early_repayment"),
    (re.compile(r"利率|利息|年化|便宜|划算|几厘|几分利"), "ask_interest"),
    (re.compile(r"期|多长时间|几年|几个月"), "ask_term"),
    (re.compile(r"材料|资料|证件"), "ask_documents"),
    (re.compile(r"最多|最高|最少|最低|额度|(?:贷|带|借)(?:到|款)?多少"), "ask_amount_range"),
    (re.compile(r"介绍|怎么样|是什么|是啥|哪个好|区别"), "ask_product"),
)
"""What is asked of a product that is named: its name may be taken for another company's, and the question for one
that is no business of ours."""


def plain_intent(turn: Turn, services: Services) -> str | None:
    """The intent that the words leave no doubt of; None where the guess stands."""
    if turn.question == "rest" and (wanted := wants_the_rest(turn)) is not None:
        return "affirm" if wanted else "deny"
    if turn.intent == "goodbye" and turn.question is not None and _NONE_LEFT.fullmatch(turn.bare_text):
        # 没有了 ends a call only when nothing is asked: 有没有逾期 is answered by it.
        return "deny"
    if turn.intent in _NOT_A_SERVICE and _HOW_LONG.search(turn.bare_text):
        return (
            "query_disbursement" if "query_disbursement" in turn.topics[-3:] else "query_application_progress"
        )
    if turn.intent in _GUESSED_FOR_ELIGIBILITY and _asks_for_himself(turn):
        return "check_eligibility"
    if (own := _own_behind_the_rule(turn)) is not None:
        return own
    if turn.intent in _GUESSED_FOR_A_PERSON and _PERSON.search(turn.bare_text):
        return "request_human"
    if turn.intent in _MISSED and products_named(turn, services):
        asked_of_it = next(
            (intent for asked, intent in _ASKED_OF_A_PRODUCT if asked.search(turn.bare_text)), None
        )
        return asked_of_it or _asked_of_another_product(turn, services)
    return _by_its_matter(turn) or _by_its_sum(turn)


def _asked_of_another_product(turn: Turn, services: Services) -> str | None:
    """那首贷通呢 asks of that product what was asked before; a name out of the blue asks what it is."""
    if turn.question is not None or not says_little_else(turn, services):
        return None
    of_a_product = {intent for _, intent in _ASKED_OF_A_PRODUCT}
    return next((topic for topic in reversed(turn.topics[:-1]) if topic in of_a_product), "ask_product")


def _by_its_matter(turn: Turn) -> str | None:
    """What the words name leaves one meaning only, whichever neighbour of it was guessed."""
    text = turn.bare_text
    if turn.intent in _GUESSED_FOR_USE and _FORBIDDEN_USE.search(text):
        return "ask_fund_usage"
    if turn.intent == "reopen_account" and "注销" in text and not _OPENS_AGAIN.search(text):
        return "close_account"
    if turn.intent == "ask_overdue" and _WAIVED.search(text):
        return "ask_extension"
    if turn.intent in _GUESSED_FOR_OWN_DEBT and asks_for_what_is_late(text):
        return "ask_overdue"
    if turn.intent in _GUESSED_FOR_OWN_DEBT and asks_when_it_ends(text):
        return "query_repayment"
    if turn.intent == "ask_rejection_reason" and _of_a_debit(turn):
        return "query_autodebit"
    if turn.intent in _GUESSED_FOR_OWN_DEBT | _NOT_A_SERVICE | {"ask_interest", "query_confirm_call"}:
        named = next((intent for form, intent in _NAMED if form.search(text)), None)
        if named is not None:
            return named
    if turn.intent in {"query_autodebit", "nlu_fallback"} and _DEBIT_FAILS.search(text):
        return "ask_overdue"
    if turn.intent in {"ask_product", "out_of_scope", "nlu_fallback"} and _USURY.search(text):
        return "ask_interest"
    if ENDS_WHEN.search(text):
        of_the_limit = turn.context.get("intent") == "query_credit_limit"
        return "query_credit_limit" if of_the_limit or "额度" in text else "query_repayment"
    return None


def _own_behind_the_rule(turn: Turn) -> str | None:
    """那我这笔呢 asks of his own loan what the rule was told of."""
    asked_before = [topic for topic in turn.topics[:-1] if topic in LABELS or topic == "out_of_scope"]
    asked_before = [topic for topic in asked_before if topic in _OF_ONES_OWN]
    return asked_before[-1] if asked_before and _MY_OWN.fullmatch(turn.bare_text) else None


def _of_a_debit(turn: Turn) -> bool:
    """为什么失败 behind a debit that failed asks about the debit."""
    asked_before = [topic for topic in turn.topics[:-1] if topic in LABELS]
    return asked_before[-1:] == ["query_autodebit"] and not re.search("申请|审|拒|批", turn.text)


def _by_its_sum(turn: Turn) -> str | None:
    """What an amount or a term leaves no doubt of."""
    text, amount, term = turn.bare_text, turn.value("amount"), turn.value("term")
    if turn.intent in {"inform", "apply_loan"} and amount and term and _PRICE.search(text):
        return "ask_interest"
    open_matter = turn.question or turn.context.get("intent")
    if (
        turn.intent == "inform"
        and term
        and not amount
        and turn.question is None
        and turn.topics[-2:-1] == ("ask_term",)
    ):
        return "ask_term" if _WHETHER_A_TERM.search(text) else None
    if turn.intent == "ask_wait" and open_matter and (amount or term) and not _LATER.search(text):
        # 我想想啊，十万吧 was thought about while it was said: who waits for him now waits for ever.
        return "inform"
    return None


def _asks_for_himself(turn: Turn) -> bool:
    """Whether facts of the customer's own stand beside the question what he may borrow (开超市三年能贷多少)."""
    text = turn.bare_text
    if not _ABOUT_LENDING.search(text) or not _ASKS_WHETHER_OR_HOW_MUCH.search(text):
        return False
    if _BAD_RECORD.search(text):
        return True
    if turn.value("amount") and _MYSELF_AND_A_SUM.search(text):
        return True
    facts = {
        name
        for name, value in (business_details(turn) | facts_said(turn)).items()
        if value and not name.endswith("_unknown")
    }
    return bool(facts) or turn.value("years_in_business") is not None or bool(_OWN_PROPERTY.search(text))
