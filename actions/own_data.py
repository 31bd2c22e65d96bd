"""Own data: a verified caller hears of himself only, and knows of whom he hears."""

import re

from actions.identity_check import require_borrower
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import LoanState, LoanView
from actions.services import Services
from actions.third_party import names_another, refuse_another
from actions.turn import Turn

_RELATIVES = re.compile(
    r"(?:老婆|老公|爱人|媳妇|妻子|丈夫|朋友|同事|别人|人家|我妈|我爸|父亲|母亲|爸爸|妈妈|哥哥?|姐姐?|弟弟?|妹妹?|儿子|女儿|"
    r"亲戚|合伙人|邻居|同学)(?:他|她|那|家)?(?:的|那|查|问|这|贷|借|申请|还)"
    r"(?!.{0,2}(?:卡|银行|微信|支付宝|手机|钱))"
)
_NAMED = re.compile(
    r"(?<![上下这本每])(?P<surname>[赵孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦吕张曹魏陶姜谢邹苏潘葛范彭鲁韦袁柳史唐薛雷贺倪汤毕郝傅"
    r"伍孟黄萧尹姚邵汪祁狄宋庞熊纪舒屈董梁杜阮蓝闵贾郭林刘徐胡钟邱侯丁叶谭廖])"
    r"(?![我你他她咱])[一-龥]{1,2}(?:的|那[笔个])(?:贷款|申请|进度|还款|额度|账单|欠款|借款|那笔|情况|信息)"
)
"""A courtesy only: other people's rows are out of reach anyway. Surnames that begin common words are left out."""


def own_borrower(turn: Turn, services: Services, intent: str) -> VerifiedBorrower | None:
    """The verified borrower when the question is about himself; otherwise the turn already says why not."""
    named = _NAMED.search(turn.text)
    if _RELATIVES.search(turn.text) or names_another(turn.text):
        turn.remember(on_behalf=True)
        if services.identity.verified_borrower(turn.sender) is None:
            refuse_another(turn)
        else:
            turn.say("utter_only_own")
        return None
    borrower = require_borrower(turn, services, intent)
    if borrower is not None and named and services.records.profile(borrower).surname != named["surname"]:
        turn.say("utter_only_own")
        return None
    return borrower


def running_loans(services: Services, borrower: VerifiedBorrower) -> list[LoanView]:
    """Loans that are not settled, the most pressing first."""
    loans = [loan for loan in services.records.loans(borrower) if loan.state is not LoanState.SETTLED]
    return sorted(
        loans,
        key=lambda loan: (
            -(loan.overdue.days if loan.overdue else 0),
            loan.next_instalment.date.toordinal() if loan.next_instalment else 0,
        ),
    )


def say_no_loan(turn: Turn, services: Services, borrower: VerifiedBorrower) -> None:
    """Nothing is to be paid back: never borrowed, or all settled."""
    settled = any(loan.state is LoanState.SETTLED for loan in services.records.loans(borrower))
    turn.say("utter_all_settled" if settled else "utter_no_loan")
