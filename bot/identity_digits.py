"""Identity digits: masked in the customer's words, and handed to the identity service for what they are."""

from collections.abc import Sequence

from actions.lending.identity import IdentityService
from bot.redaction import Redacted, redact
from voice.hearing.expectation import Expectation, ExpectationKind

_NONE = Redacted("")
_PHONE = Expectation(ExpectationKind.DIGITS, 11)


def take_identity_digits(
    identity: IdentityService, sender: str, text: str, expects: Expectation, others: Sequence[str] = ()
) -> Redacted:
    """Mask the words; claim or note the digits. Blocks: called in a thread. Raises the identity service's errors.

    Whoever is verified is asked for a number only to be known by it: it is no claim to be somebody else.
    ``others``: the digits that may have been said as well, likeliest first.
    """
    awaits_yes = expects.kind is ExpectationKind.YES_NO
    state = identity.state(sender)
    id_last4_open = awaits_yes and state.claimed_last4 is not None
    new_phone_open = state.verified and (expects == _PHONE or (awaits_yes and state.new_phone is not None))
    redacted = redact(text, expects, id_last4_open, new_phone_open)
    if redacted.is_tail and not state.digits_heard.get(11):
        return redacted.as_tail_alone()
    if redacted.piece and expects.count:
        is_new = new_phone_open and expects == _PHONE
        number = identity.dictate(sender, expects.count, redacted.piece, is_new)
        return redacted.completed(number, is_new) if number else redacted
    second = redact(others[0], expects) if others and expects.kind is ExpectationKind.DIGITS else _NONE
    if redacted.phone:
        identity.claim_phone(sender, redacted.phone, second.phone)
    if redacted.id_last4:
        identity.claim_id_last4(sender, redacted.id_last4, second.id_last4)
    if redacted.new_phone:
        identity.note_new_phone(sender, redacted.new_phone)
    return redacted
