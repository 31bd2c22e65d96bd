"""Redaction: identity digits leave the customer's words before Rasa, a log or a transcript sees them."""

import re
from dataclasses import dataclass

from voice.hearing.digit_words import CHECK_LETTER, DIGIT_WORDS, REPEATED, digit, repeated
from voice.hearing.expectation import OPEN, Expectation, ExpectationKind

PHONE_SLOT = "〔手机号〕"
"""Stands in Rasa's reply where the claimed phone number is read back; bot/dialogue.py puts the number in."""

NEW_PHONE_SLOT = "〔新手机号〕"
"""Likewise where the number is read back by which the customer wants to be known."""

ID_LAST4_SLOT = "〔证件后四位〕"
"""Stands in Rasa's text and reply for the last four of an ID card."""

OTHER_PHONE_SLOT = "〔另一个手机号〕"
"""Stands in Rasa's reply for the number that may have been said in the place of the claimed one."""

OTHER_ID_LAST4_SLOT = "〔另一个证件后四位〕"
"""The same of the end of the ID card."""

_ID_MASK = "〔证件号〕"
_NUMBER_MASK = "〔号码〕"
_DIGITS_MASK = "〔数字〕"
"""Digits that are no whole number; also one piece of a number that is dictated in pieces."""

OTHER_TAIL_MASK = "〔别的尾号〕"
"""The end of another number where the end of the ID card was asked for; it counts for nothing."""

_DIGIT = rf"[\d{''.join(DIGIT_WORDS)}]"
"""Any script's digits (full-width ones above all), and Chinese ones."""

_TOKEN = re.compile(rf"{REPEATED}|(?P<digit>{_DIGIT}|{CHECK_LETTER})")
_RADIO = str.maketrans("洞拐勾两", "零七九二")
_RADIO_RUN = re.compile(rf"(?:(?:{_DIGIT}|[洞拐勾]|两(?!个))[\s\-－,，、]{{0,2}}){{4,}}")
"""Digits as soldiers, drivers and the elderly say them, among others: elsewhere the signs are words (两千, 山洞)."""

_GAP = re.compile(r"[\s\-－—–·,，、]{0,2}")
_HESITATION = re.compile(r"(?:[\s\-－—–·,，、…]|那个|嗯|呃|额|啊){0,4}")
"""What may stand between the digits of a number that was asked for."""

_DIGIT_BEFORE = re.compile(rf"{_DIGIT}{_GAP.pattern}$")
_DIGIT_AFTER = re.compile(rf"{_GAP.pattern}{_DIGIT}")
_NOT_IDENTITY_AFTER = re.compile(r"\s*(?:[元块万千百年期月天号%％]|个月|分期|毛钱)")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_ISO_DATE = re.compile(r"(?:19|20)\d{2}[-－]\d{1,2}[-－]\d{1,2}")
_SPEAKS_OF_ID = re.compile(r"身份证|证件|后四位|末四位|后4位|最后四位|后边四位|后面四位")
_OF_ANOTHER_NUMBER = (
    r"(?:手机|电话|银行|储蓄|信用|工资|社保|(?<!身份)(?<!身份证)卡|执照|税号|微信|支付宝|车牌|合同)"
)
_TAIL = r"(?:尾号|(?:最后|末尾|后面?|末|后边的?)(?:的)?[四4](?:位|个)(?:数字?)?|后几位)"
_OTHER_TAIL_BEFORE = re.compile(
    rf"{_OF_ANOTHER_NUMBER}(?:(?:(?!身份证|证件)[^\d〔，。；]){{0,6}}?|[号码卡的]{{0,2}}[，,\s]){_TAIL}(?:(?!身份证|证件)[^\d〔。；]){{0,5}}$"
    rf"|(?:手机号?|电话|银行卡?|(?<!身份)(?<!身份证)卡)(?:号码?|的|是|就|尾巴|[\s：:，,])*$"
)
"""What is said before the end of a mobile number, a bank card, a licence: 手机号后四位是, 卡号."""
_OTHER_TAIL_AFTER = re.compile(
    rf"[\s，,]{{0,2}}(?:这|那)?个?(?:是|就是)(?:我的?)?(?:那张)?{_OF_ANOTHER_NUMBER}[^\d。；]{{0,6}}(?:{_TAIL}|的|号)"
)

_ID_JUST_BEFORE = re.compile(r"(?:身份证|证件|[后末]四位|后4位)[^，。,\d]{0,6}$")
"""These four digits are of an ID card, whatever other tail the message speaks of too."""

_SPEAKS_OF_CODE = re.compile(r"验证码|校验码|动态码|短信码")

_NEW_PHONE_BEFORE = re.compile(
    r"(?:换成|换为|换到|改成|改为|改到|新的?(?:手机|电话)?(?:号码?|电话|手机)?)(?:就?是|为)?[：:，,\s]*$"
)
"""What is said before a number that is to take the place of the one on record."""

_ALONE_X = re.compile(rf"(?:{CHECK_LETTER})[\s，。]*")
_BEFORE_DIGITS = re.compile(
    r"(?:[嗯呃啊哦，。、\s]|那个|这个|然后|还有|后面|接着|最后|再就?是|就?是|我的?|手机号?码?|电话|号码|身份证|后四位|尾号)*"
)
_AFTER_DIGITS = re.compile(r"[嗯呃啊，。、…\s]*")
"""What people say around digits that they dictate; anything else makes the message another one."""

_PHONE = re.compile(r"(?:0{0,2}86)?(1[3-9]\d{9})")
_ID_18 = re.compile(r"[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_ID_15 = re.compile(r"[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_ID_LIKE = re.compile(r"\d{17}X")
_CARD = re.compile(r"\d{15,19}")
_LAST4 = re.compile(r"\d{3}[\dX]")


@dataclass(frozen=True)
class Redacted:
    """The customer's words without identity digits, and what was taken out of them."""

    text: str
    phone: str | None = None
    """Eleven digits; the last one named, when several were."""
    id_last4: str | None = None
    """Four characters, the last of which may be X."""
    piece: str | None = None
    """Fewer digits than were asked for, and nothing else of weight in the message: more of them may follow."""
    is_tail: bool = False
    """The piece is said to be the end of the number (后四位6688): nothing of use where it is all that was heard."""
    new_phone: str | None = None
    """The number that is to take the place of the one on record: eleven digits, no claim of identity."""

    def as_tail_alone(self) -> "Redacted":
        """The same words where only the end of a number came that was asked for whole."""
        return Redacted(self.text.replace(_DIGITS_MASK, OTHER_TAIL_MASK))

    def completed(self, number: str, is_new_phone: bool = False) -> "Redacted":
        """The same words, now that the piece has made ``number`` whole."""
        if is_new_phone:
            return Redacted(self.text.replace(_DIGITS_MASK, _new_phone_mask(number)), new_phone=number)
        if len(number) == 4:
            return Redacted(self.text.replace(_DIGITS_MASK, ID_LAST4_SLOT), id_last4=number)
        return Redacted(self.text.replace(_DIGITS_MASK, _phone_mask(number)), phone=number)


@dataclass(frozen=True)
class _Group:
    """Digits that stand together in the text."""

    value: str
    start: int
    end: int


def redact(
    text: str, expects: Expectation = OPEN, id_last4_open: bool = False, new_phone_open: bool = False
) -> Redacted:
    """Mask identity numbers in ``text``.

    Full ID numbers, phones and cards are masked always. Four digits are taken for the end of an ID card only when
    they were asked for (``expects`` digits), when such an ending awaits its confirmation (``id_last4_open``) or when
    the text itself speaks of an ID card. A phone number is a new one (换成…) when that was asked for
    (``new_phone_open``) or the text says so.
    """
    text = text.replace("〔", "（").replace("〕", "）")
    if expects.kind is ExpectationKind.DIGITS:
        text = _RADIO_RUN.sub(lambda run: run[0].translate(_RADIO), text)
    if piece := _dictated_piece(text, expects):
        return piece
    asked = expects.kind is ExpectationKind.DIGITS
    # Four digits in answer to "your mobile number" are a piece of that number, not of an ID card.
    asked_last4 = asked and expects.count in {None, 4}
    take_last4 = asked_last4 or id_last4_open or bool(_SPEAKS_OF_ID.search(text))
    take_last4 = take_last4 and (not _SPEAKS_OF_CODE.search(text) or bool(_SPEAKS_OF_ID.search(text)))
    parts: list[str] = []
    phone = id_last4 = new_phone = None
    at = 0
    for start, end, mask, found_phone, found_last4 in _findings(text, take_last4, asked):
        is_new = new_phone_open or _NEW_PHONE_BEFORE.search(text[at:start])
        if found_phone and is_new:
            parts += [text[at:start], _new_phone_mask(found_phone)]
            new_phone = found_phone
        else:
            parts += [text[at:start], mask]
            phone, id_last4 = found_phone or phone, found_last4 or id_last4
        at = end
    return Redacted("".join(parts) + text[at:], phone, id_last4, new_phone=new_phone)


def _dictated_piece(text: str, expects: Expectation) -> Redacted | None:
    """The message as a piece of the number that was asked for, or None where it is anything else."""
    if expects.kind is not ExpectationKind.DIGITS or expects.count not in {4, 11}:
        return None
    if expects.count == 4 and _ALONE_X.fullmatch(text):
        return Redacted(_DIGITS_MASK, piece="X")
    chains = _chains(text, _HESITATION)
    if len(chains) != 1:
        return None
    start, end = chains[0][0].start, chains[0][-1].end
    value = "".join(group.value for group in chains[0])
    if len(value) >= expects.count or _NOT_IDENTITY_AFTER.match(text, end):
        return None
    if not (_BEFORE_DIGITS.fullmatch(text[:start]) and _AFTER_DIGITS.fullmatch(text[end:])):
        return None
    is_tail = expects.count == 11 and bool(re.search(_TAIL, text[:start]))
    return Redacted(f"{text[:start]}{_DIGITS_MASK}{text[end:]}", piece=value, is_tail=is_tail)


def mask_reply(text: str) -> str:
    """The bot's own words as they may be stored: digits read back in 「…」 are masked."""
    return re.sub(r"「(\d{3}[\dX]|\d{11})」", lambda read: f"「{_reply_mask(read.group(1))}」", text)


def _reply_mask(digits: str) -> str:
    return f"*******{digits[-4:]}" if len(digits) == 11 else "****"


_Finding = tuple[int, int, str, str | None, str | None]


def _findings(text: str, take_last4: bool, asked: bool) -> list[_Finding]:
    """Every masked stretch: start, end, mask, phone, last four; in order, without overlap."""
    found: list[_Finding] = []
    for chain in _chains(text, _HESITATION if asked else _GAP):
        at = 0
        while at < len(chain):
            match = _identify(text, chain, at, take_last4, asked)
            if match is None:
                at += 1
                continue
            taken, findings = match
            found += findings
            at += taken
    return found


def _identify(
    text: str, chain: list[_Group], at: int, take_last4: bool, asked: bool
) -> tuple[int, list[_Finding]] | None:
    """What begins at group ``at``: the number of groups taken and the findings, or None."""
    value = ""
    candidates: list[tuple[int, str]] = []
    for count, group in enumerate(chain[at:], start=1):
        value += group.value
        candidates.append((count, value))
        if phone := _PHONE.fullmatch(value):
            return count, [_phone_finding(chain[at].start, group.end, phone.group(1))]
    for count, value in reversed(candidates):
        start, end = chain[at].start, chain[at + count - 1].end
        if finding := _long_number(value, start, end, (take_last4 or asked) and count == 1):
            return count, finding
        if _NOT_IDENTITY_AFTER.match(text, end):
            continue
        of_id = take_last4 or (asked and at > 0) or _ID_JUST_BEFORE.search(text[:start])
        if _LAST4.fullmatch(value) and _is_tail_of_another(text, start, end):
            if asked:
                return count, [(start, end, OTHER_TAIL_MASK, None, None)]
            continue
        if of_id and _LAST4.fullmatch(value):
            return count, [(start, end, ID_LAST4_SLOT, None, value)]
        if len(value) >= 9 or (asked and len(value) >= 3):
            return count, [(start, end, _NUMBER_MASK if len(value) >= 9 else _DIGITS_MASK, None, None)]
    return None


def _is_tail_of_another(text: str, start: int, end: int) -> bool:
    """Whether four digits are said to be the end of something else than an ID card (手机号后四位6688, 6688是卡号)."""
    return bool(_OTHER_TAIL_BEFORE.search(text[:start]) or _OTHER_TAIL_AFTER.match(text, end))


def _long_number(value: str, start: int, end: int, may_hold_both: bool) -> list[_Finding] | None:
    """An ID card, a phone run together with four digits, or a bank card."""
    if _ID_18.fullmatch(value) or _ID_15.fullmatch(value) or _ID_LIKE.fullmatch(value):
        return [(start, end, _ID_MASK, None, value[-4:])]
    if may_hold_both and len(value) == 15 and _PHONE.fullmatch(value[:11]):
        phone = _phone_finding(start, start, value[:11])
        return [phone, (start, end, ID_LAST4_SLOT, None, value[11:])]
    if _CARD.fullmatch(value) or (len(value) > 19):
        return [(start, end, f"〔银行卡尾号{value[-4:]}〕", None, None)]
    return None


def _phone_finding(start: int, end: int, phone: str) -> _Finding:
    return start, end, _phone_mask(phone), phone, None


def _phone_mask(phone: str) -> str:
    return f"〔手机号尾号{phone[-4:]}〕"


def _new_phone_mask(phone: str) -> str:
    return f"〔新手机号尾号{phone[-4:]}〕"


def _chains(text: str, gap: re.Pattern[str]) -> list[list[_Group]]:
    """Groups of digits, chained where only ``gap`` stands between them."""
    written = [match.span() for pattern in (_THOUSANDS, _ISO_DATE) for match in pattern.finditer(text)]
    others = text
    for start, end in written:
        others = others[:start] + "#" * (end - start) + others[end:]
    # With more digits beside it, what looks like a date may be the middle of a phone number.
    skip = [
        (start, end)
        for start, end in written
        if not (_DIGIT_BEFORE.search(others[:start]) or _DIGIT_AFTER.match(others, end))
    ]
    chains: list[list[_Group]] = []
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        if any(start <= match.start() < end for start, end in skip):
            continue
        value = _value(match)
        last = chains[-1][-1] if chains else None
        if last is not None and match.start() == last.end:
            chains[-1][-1] = _Group(last.value + value, last.start, match.end())
        elif value == "X":
            if last is not None and gap.fullmatch(text, last.end, match.start()):
                chains[-1].append(_Group(value, match.start(), match.end()))
        elif last is not None and gap.fullmatch(text, last.end, match.start()):
            chains[-1].append(_Group(value, match.start(), match.end()))
        else:
            chains.append([_Group(value, match.start(), match.end())])
    return chains


def _value(match: re.Match[str]) -> str:
    return repeated(match) if match["times"] else digit(match["digit"])
