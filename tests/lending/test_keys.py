"""Keys: sealing, keyed hashes, demo mode."""

import base64
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.lending.keys import KEY_VARIABLE, DataKeyMalformed, DataKeys, Place, SealBroken, load_keys

PLACE = Place("borrowers", "phone_sealed", "1")


@given(text=st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_what_is_sealed_opens_again_and_does_not_lie_in_clear(text: str) -> None:
    """Round trip; and the same text sealed twice looks different."""
    keys = DataKeys(bytes(32))
    sealed = keys.seal(text, PLACE)
    assert keys.unseal(sealed, PLACE) == text
    assert len(text) < 4 or text.encode() not in sealed
    assert keys.seal(text, PLACE) != sealed


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("borrowers", "phone_sealed", "2"),
        Place("borrowers", "id_card_sealed", "1"),
        Place("service_requests", "phone_sealed", "1"),
    ],
)
def test_a_sealed_value_moved_to_another_row_column_or_table_does_not_open(
    keys: DataKeys, elsewhere: Place
) -> None:
    """Swapping two customers' numbers in the database is noticed."""
    with pytest.raises(SealBroken):
        keys.unseal(keys.seal("13800000001", PLACE), elsewhere)


@pytest.mark.parametrize("position", [0, 12, -1])
def test_a_changed_byte_is_noticed(keys: DataKeys, position: int) -> None:
    """In the nonce, the ciphertext or the tag."""
    sealed = bytearray(keys.seal("13800000001", PLACE))
    sealed[position] ^= 1
    with pytest.raises(SealBroken) as refusal:
        keys.unseal(bytes(sealed), PLACE)
    assert "13800000001" not in str(refusal.value)


@pytest.mark.parametrize("stump", [b"", b"short", bytes(12), bytes(27)])
def test_a_truncated_value_is_noticed(keys: DataKeys, stump: bytes) -> None:
    """Whatever its length."""
    with pytest.raises(SealBroken):
        keys.unseal(stump, PLACE)


def test_another_key_opens_nothing_and_finds_nothing(keys: DataKeys) -> None:
    """Neither the ciphertext nor the hash helps without the key."""
    other = DataKeys(bytes(32))
    with pytest.raises(SealBroken):
        other.unseal(keys.seal("1234", PLACE), PLACE)
    assert other.lookup_hash("phone", "13800000001") != keys.lookup_hash("phone", "13800000001")


def test_hashes_of_different_kinds_do_not_match(keys: DataKeys) -> None:
    """A phone number that reads like an ID ending is still another thing."""
    assert keys.lookup_hash("phone", "1") == keys.lookup_hash("phone", "1")
    assert keys.lookup_hash("phone", "1") != keys.lookup_hash("id_card", "1")


def test_every_purpose_has_its_own_key(keys: DataKeys) -> None:
    """The recording key opens no column, and none of them is the configured secret itself."""
    derived = {
        keys.recording_key(),
        keys.derive("sealed-columns"),
        keys.derive("lookup-hash"),
        bytes(range(32)),
    }
    assert len(derived) == 4
    assert len(keys.recording_key()) == 32


def test_without_a_key_demo_mode_warns_loudly(caplog: pytest.LogCaptureFixture) -> None:
    """In Chinese and English, at warning level."""
    with caplog.at_level(logging.WARNING):
        assert load_keys({}).demo
    assert "演示模式" in caplog.text
    assert "demo mode" in caplog.text


def test_a_configured_key_is_used_without_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    """Both base64 alphabets are taken."""
    secret = bytes([251, 255] * 16)
    for encoded in (base64.b64encode(secret), base64.urlsafe_b64encode(secret)):
        keys = load_keys({KEY_VARIABLE: encoded.decode()})
        assert not keys.demo
        assert keys.recording_key() == DataKeys(secret).recording_key()
    assert caplog.text == ""


@pytest.mark.parametrize("value", ["hunter2", "AAAA", "密钥", base64.b64encode(bytes(31)).decode()])
def test_a_malformed_key_is_an_error_that_says_how_to_make_one(value: str) -> None:
    """It never falls back to the demo key, and never repeats the value."""
    with pytest.raises(DataKeyMalformed, match="os.urandom") as refusal:
        load_keys({KEY_VARIABLE: value})
    assert value not in str(refusal.value)


def test_keys_do_not_show_themselves() -> None:
    """Nothing of the secret in a log line."""
    assert repr(DataKeys(b"k" * 32)) == "DataKeys(demo=False)"
