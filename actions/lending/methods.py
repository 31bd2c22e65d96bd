"""RepaymentMethod: the three ways in which a loan is paid back."""

from enum import Enum


class RepaymentMethod(str, Enum):
    """How principal and interest are spread over the instalments."""

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    INTEREST_FIRST = "interest_first"

    @property
    def label(self) -> str:
        """The Chinese name that customers know."""
        return _LABELS[self]

    @property
    def in_words(self) -> str:
        """What the name means, for customers who have never heard it."""
        return _IN_WORDS[self]


_LABELS = {
    RepaymentMethod.EQUAL_INSTALMENT: "等额本息",
    RepaymentMethod.EQUAL_PRINCIPAL: "等额本金",
    RepaymentMethod.INTEREST_FIRST: "先息后本",
}
_IN_WORDS = {
    RepaymentMethod.EQUAL_INSTALMENT: "每期还一样多",
    RepaymentMethod.EQUAL_PRINCIPAL: "本金每期一样，越还越少",
    RepaymentMethod.INTEREST_FIRST: "平时不还本金，最后一期一起还",
}
