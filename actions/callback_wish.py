"""Callback wish: does somebody ask to be called back, and not tell of a call, ask about one or complain of one?"""

import re

_CALL = (
    r"(?:(?:给|跟|帮)我们?(?:再|先|重新)?(?:回|打)(?:一?[个通]|过来|一下)?(?:电话|过来|话)"
    r"|(?:再|重新)?(?:回|打)(?:一?[个通])?(?:电话|过来)?给我"
    r"|(?:再|重新)?(?:回电|回拨)(?:话|给我|我)?|再?(?:给我)?打(?:来|过来))"
)
# No token of these begins with another one and goes on with a third: a repetition of them has one reading only, so
# that a long message of them costs no more than its length.
_TIME = (
    r"今天|明天|后天|今晚|明早|明晚|早上|上午|中午|下午|晚上|傍晚|(?:这个?|下个?)?(?:周|星期|礼拜)[一二三四五六日天]|周末|下班|午饭|吃完饭"
    r"|有空|方便|晚|早|过会儿?|过|等会儿?|等|一会儿?|点儿?|些|钟|半|刻|整|左右|以后|之后|之前|后|前|时候|再|在|到|号|月|日|尽快|马上|现在"
    r"|[零一二两三四五六七八九十\d:：]"
)
_ASKING = (
    r"你好|您好|喂|嗯|哦|那|就|还是|麻烦|请|劳驾|帮忙|帮我|能不能|能否|可不可以|可以|行不行|能|叫|让|喊|安排|找|派|你们?|您|的|客服|专员|经理"
    r"|老师|同事|工作人员|审核人员|人工?|个|我想|我要|我?希望|记得|要不"
)
_ENDING = r"吧|吗|么|嘛|啊|哈|呗|呢|一下|谢谢|好吗|行吗|好不好|行不行|可以吗|哦"
_BUSY = r"(?:忙|没空|没时间|不方便|开车|上班|开会|有事|送货|送外卖|看店|干活)[呢着了]?"
_MARK = r"[\s，。；！？、,.;!?]"
_WISH = re.compile(
    rf"(?:^|{_MARK}|{_BUSY})(?:{_ASKING}|{_TIME})*{_CALL}(?:{_TIME}|{_ENDING})*(?:$|(?={_MARK}))"
)
_TOLD = re.compile(rf"(?:^|{_MARK})(?:你们?|您|人|客服|专员|经理)给我们?打电话[吗呢啊]?(?:$|(?={_MARK}))")
"""你们给我打电话: what has happened, or a question about it."""


def wishes_callback(text: str) -> bool:
    """Return whether a part of the message is nothing but the wish: whom, when and how politely, and the call.

    What tells of calls (有人给我打电话), asks about them (会给我打电话吗, 谁打给我) or wants none (别给我打电话) has
    other words in it.
    """
    return _WISH.search(text) is not None and _TOLD.search(text) is None
