"""House rules: answers that the lender's own policy file holds, the same for everybody."""

import re
from typing import Any

from actions.customer_task import CustomerTask
from actions.lending.products import House
from actions.named_product import named_product
from actions.services import Services
from actions.turn import Turn

_BRANCH = re.compile(r"网点|门店|地址|在哪|哪里|线下|营业厅|公司在")
_OTHER_WAY = re.compile(
    r"微信|支付宝|零钱|信用卡|别人|他人|朋友|家人|老婆|老公|"
    r"爱人|媳妇|儿子|女儿|孩子|[爸妈哥姐弟妹]的?卡|父母|亲戚|员工|代还|花呗|现金"
)
_BANKS = re.compile(r"银行|哪些卡|什么卡|哪家|邮政|邮储|信用社|[工农建招交中]行|平安")


class HouseRule(CustomerTask):
    """What a field of data/policies/house.yml says."""

    intent = "ask_credit_report"

    def answer(self, turn: Turn, services: Services) -> None:
        turn.say(f"utter_{self.intent}", **self.facts(turn, services.policies.house))

    def facts(self, turn: Turn, house: House) -> dict[str, Any]:
        """The placeholders of the response."""
        return {"rule": house.credit_report}


class Extension(HouseRule):
    """能晚几天还吗。"""

    intent = "ask_extension"

    def facts(self, turn: Turn, house: House) -> dict[str, Any]:
        return {"rule": house.extension}


class Reborrow(HouseRule):
    """还清后能再借吗。"""

    intent = "ask_reborrow"

    def facts(self, turn: Turn, house: House) -> dict[str, Any]:
        return {"rule": house.reborrow}


class LimitIncrease(HouseRule):
    """怎么提额。"""

    intent = "increase_limit"

    def facts(self, turn: Turn, house: House) -> dict[str, Any]:
        return {"rule": house.limit_increase}


class Coupon(HouseRule):
    """免息券。"""

    intent = "ask_coupon"

    def facts(self, turn: Turn, house: House) -> dict[str, Any]:
        return {"rule": house.coupon}


class Contract(HouseRule):
    """要合同。"""

    intent = "ask_contract"

    def facts(self, turn: Turn, house: House) -> dict[str, Any]:
        return {"rule": house.contract}


class FundUsage(HouseRule):
    """钱能拿来干什么。"""

    intent = "ask_fund_usage"

    def facts(self, turn: Turn, house: House) -> dict[str, Any]:
        return {
            "allowed": "、".join(house.fund_usage_allowed),
            "forbidden": "、".join(house.fund_usage_forbidden),
        }


class Hotline(CustomerTask):
    """客服电话，营业时间，网点。"""

    intent = "ask_hotline"

    def answer(self, turn: Turn, services: Services) -> None:
        house = services.policies.house
        if _BRANCH.search(turn.text):
            turn.say("utter_branches", branches=house.branches)
        else:
            turn.say("utter_ask_hotline", hotline=house.hotline.replace("-", ""), hours=house.service_hours)


class RepayMethod(CustomerTask):
    """怎么还款，能用微信、他人卡吗，支持哪些银行。"""

    intent = "ask_repay_method"

    def answer(self, turn: Turn, services: Services) -> None:
        house = services.policies.house
        channels = "，或者".join(house.repayment_channels)
        if _OTHER_WAY.search(turn.text):
            turn.say("utter_repay_not_accepted", refused="、".join(house.repayment_not_accepted))
        elif _BANKS.search(turn.text):
            turn.say("utter_repay_banks", banks="、".join(house.supported_banks))
            return
        turn.say("utter_ask_repay_method", channels=channels)


class ProductOverview(CustomerTask):
    """介绍一下产品，靠谱吗。"""

    intent = "ask_product"

    def answer(self, turn: Turn, services: Services) -> None:
        named = named_product(turn, services)
        if named is not None:
            turn.say(
                "utter_product", product=named.name, summary=named.summary, institution=named.institution
            )
            return
        products = services.policies.products()
        institutions = list(dict.fromkeys(product.institution for product in products))
        turn.say(
            "utter_ask_product",
            house=services.policies.house.name,
            count=len(products),
            institutions="、".join(institutions),
        )
