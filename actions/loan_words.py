"""Loan words: what only a question about one's own loan or limit says."""

import re

ENDS_WHEN = re.compile(
    r"^(?:那|它|额度|这个?)*(?:什么时候|啥时候|何时|多久|几号|哪天)(?:会|就)?(?:到期|过期|失效)(?:呢|啊|呀|了)*$"
)
"""Of what it is asked only the conversation says."""

_OWN = re.compile(
    r"我.{0,5}(?:逾期|过期|晚还?)了?(?:多少|几)[天日]|我.{0,6}逾期.{0,8}(?:还|补|交).{0,4}多少|我(?:现在)?(?:有没有|是不是|有)逾期(?:吗|没|了吗|$)|"
    r"(?:我|贷款|还款|这期|那期|那笔|这笔)[^，。吗]{0,6}(?:晚|迟|拖|过|逾期)了(?:好)?(?:几|两|[一二三四五六七八九十\d]+)[天日](?:了|没还|还没|$)|"
    r"(?:现在|今天|马上|我|一次|全部).{0,5}补(?:上|齐|交|足|清).{0,8}多少|补齐.{0,4}(?:多少|几)|"
    r"(?:欠|逾期|拖|拖欠|没还|晚了?)(?:着|下)?的?(?:那[期笔]|这[期笔]|钱|款|账)?.{0,4}(?:还[上掉了]|补[上齐足]|交上|缴上|平[了掉]).{0,8}(?:多少|几)"
)
"""Words that ask for the caller's own days and sum."""


def asks_for_what_is_late(text: str) -> bool:
    """Whether the words ask for one's own days or sum (逾期几天了, 先把欠的还上要多少)."""
    return bool(_OWN.search(text))


_ENDS = re.compile(
    r"(?:还完|还清|还到)(?:是|要|得|到|就是)*(?:什么时候|啥时候|何时|哪[天年]|几号|几月|几几年)|最后(?:一期|一个月|一笔)|(?:什么时候|啥时候|何时|哪[天年]|几号|几月|多久|多长时间)[^，。]{0,4}(?:才|就|能|会|可以)?(?:还得?(?:完|清)|到头)"
    r"|(?:贷款|借款|这笔|那笔|合同)[^，。]{0,5}(?:什么时候|啥时候|何时|哪[天年]|几号|几月)[^，。]{0,3}(?:到期|结束)"
)


def asks_when_it_ends(text: str) -> bool:
    """Whether the day of the last instalment is asked for (什么时候还完, 贷款哪天到期)."""
    return bool(_ENDS.search(text))
