"""Quote question: 总共要还多少, asked of a loan that is being talked about, and not of one that runs already."""

import re

from actions.method_words import method_spoken_of
from actions.turn import Turn

_HOW_MUCH = re.compile(
    r"^(?:那|那么|这样|一共|总共|总的|全部|最后|到期|每个?月|每期|我|到底|大概|就|得|要|该|应该|一个月|利息|连本带利|加起来)*还(?:款)?"
    r"(?:多少钱?|几多|多少块)(?:呢|啊|呀|吗|了)*$"
)
_WHAT_IF = re.compile(r"[呢吗]$|多少|怎么(?:样|算|还)")
_OF_A_LOAN = frozenset({"apply_loan", "ask_interest", "check_eligibility"})
_ABOUT = frozenset({"amount_fen", "term_months"})


def quote_asked(turn: Turn) -> bool:
    """Whether the sum is that of the amount and term that were named; these are then the task's answers."""
    asks_a_method = method_spoken_of(turn.bare_text) is not None and _WHAT_IF.search(turn.bare_text)
    if not _HOW_MUCH.search(turn.bare_text) and not asks_a_method:
        return False
    about = turn.task if turn.question is not None else turn.context.get("intent")
    told = turn.answers if turn.question is not None else turn.context.get("answers") or {}
    if about not in _OF_A_LOAN or not set(told) >= _ABOUT:
        return False
    if turn.question is None:
        turn.remember(answers={name: told[name] for name in _ABOUT})
    return True
