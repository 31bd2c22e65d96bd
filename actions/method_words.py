"""Method words: how customers call the ways of paying back a loan."""

import re

from actions.lending.methods import RepaymentMethod

_METHODS = {
    RepaymentMethod.INTEREST_FIRST: "先息后本|(?:先|只|光)还利息|到期(?:一次)?(?:性)?还本",
    RepaymentMethod.EQUAL_PRINCIPAL: "等额本金|本金(?:每个?月|每期)?都?(?:是)?一样|"
    "(?:每个?月|每期)的?本金(?:都)?一样|越还越少|(?:每个?月|每期)递减",
    RepaymentMethod.EQUAL_INSTALMENT: "等额本息|(?:每个?月|每期)(?:都)?还?(?:的|得|是|都)*一样多?",
}
_DIFFERENCE = re.compile(
    "区别|不同|不一样|差别|什么意思|啥意思|是什么|是啥|怎么回事|(?:哪|那)(?:个|种|一个|一种).{0,3}(?:好|划算|便宜|省|合适)|还是"
)
_WHICH_IS_BETTER = re.compile(
    "^(?:那)?(?:哪|那)(?:个|种|一个|一种)(?:更|比较)?(?:好|划算|便宜|省|合适)[^，。]{0,4}$"
)
_NAMED = re.compile("等额本[息金]|本息.{0,6}本金|本金.{0,6}本息")


def asks_about_methods(text: str, before: tuple[str, ...]) -> bool:
    """Whether somebody wants to know what the two even ways of paying back are, or which is the better one.

    ``text``: the message without marks; ``before``: what the customer said before it.
    """
    if _NAMED.search(text):
        return bool(_DIFFERENCE.search(text)) and "先息后本" not in text
    return bool(_WHICH_IS_BETTER.search(text)) and any(method_spoken_of(words) for words in before[-2:])


def method_spoken_of(text: str) -> RepaymentMethod | None:
    """Return the way of paying back that the words are about."""
    return next((method for method, words in _METHODS.items() if re.search(words, text)), None)
