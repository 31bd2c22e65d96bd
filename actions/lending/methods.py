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


_LABELS = {
    RepaymentMethod.EQUAL_INSTALMENT: "等额本息",
    RepaymentMethod.EQUAL_PRINCIPAL: "等额本金",
    RepaymentMethod.INTEREST_FIRST: "先息后本",
}
