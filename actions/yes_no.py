"""Yes or no: what a short answer to a closed question means."""

import re

from actions.turn import Turn

_YES = re.compile(
    r"^(?:没错|没问题|是|对|好|嗯|恩|行|可以|要|需要|确认|确定|正确|转|有|同意|麻烦|当然|ok|OK|中|成|得|贷过|借过|愿意)"
)
_NO = re.compile(r"^(?:不|没|错|别|否|算了|莫|未|无|从来?没|第一次|头一[次回]|首次)")
_LEAD = re.compile(r"^(?:[嗯恩哦噢啊]+|那就?)[\s，,、。]*(?=.)")
"""Said before an answer, and none itself: 嗯不用了 is a no."""

_ASKS = re.compile(r"多少|多久|怎么|什么|哪|谁")
"""要多少利息 begins like a yes, and consents to nothing; 没什么 is a no."""

_EITHER_INTENT = frozenset({"inform", "nlu_fallback", "out_of_scope", "greet", "thank"})
_SHORT = 5
"""Characters of an answer that is taken for yes or no whatever intent was guessed."""

_CONDITION = re.compile(
    r"^(?:可以|行|好|同意|没问题|嗯|是|要|成|中|登记)(?:的|啊|呀|吧|了)*[\s，。、,]*(?:但是?|不过|就是|只是|只要|最好|(?=别|不要))"
    r"[\s，。、,]*(?P<condition>.{2,})$"
)


def condition_of_yes(text: str) -> str | None:
    """What a yes is tied to (可以，但是别打电话，发短信); None where it is none."""
    match = _CONDITION.match(text.strip())
    return match["condition"] if match else None


def said_yes(text: str) -> bool | None:
    """True, False, or None by the first words of a short answer alone (no marks around it)."""
    text = _LEAD.sub("", text)
    if _NO.match(text) and not text.startswith(("没错", "没问题", "不错")):
        return False
    return True if _YES.match(text) else None


def yes_or_no(turn: Turn) -> bool | None:
    """True, False, or None when the message is no answer to a yes/no question."""
    text = turn.bare_text
    if turn.intent not in {"affirm", "deny"} and text.endswith("吗"):
        return None  # 可以取消吗 begins like a yes
    if turn.intent in _EITHER_INTENT or turn.intent in {"affirm", "deny"} or len(text) <= _SHORT:
        answer = said_yes(text)
        if answer and _ASKS.search(text) and turn.intent != "affirm":
            return None
        if answer is not None:
            return answer
    return {"affirm": True, "deny": False}.get(turn.intent)
