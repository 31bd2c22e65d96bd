"""Method words: how customers call the ways of paying back a loan."""

import re

from actions.lending.methods import RepaymentMethod

_METHODS = {
    RepaymentMethod.INTEREST_FIRST: "先息后本|(?:先|只|光)还利息|到期(?:一次)?(?:性)?还本",
    RepaymentMethod.EQUAL_PRINCIPAL: "等额本金",
    RepaymentMethod.EQUAL_INSTALMENT: "等额本息",
}


def method_spoken_of(text: str) -> RepaymentMethod | None:
    """Return the way of paying back that the words are about."""
    return next((method for method, words in _METHODS.items() if re.search(words, text)), None)
