"""DataKeys: encryption of personal data at rest, keyed hashes to find it, and the keys derived for others."""

import base64
import binascii
import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from actions.lending.errors import LendingError

KEY_VARIABLE = "SHOUDAI_DATA_KEY"
KEY_BYTES = 32
NONCE_BYTES = 12
"""Bytes: the nonce length that AES-GCM is made for (NIST SP 800-38D)."""

_DEMO_SECRET = hashlib.sha256("首贷智能语音客服 demo key, public, protects nothing".encode()).digest()
_SALT = b"shoudai/v1"

_log = logging.getLogger(__name__)


class DataKeyMalformed(LendingError):
    """SHOUDAI_DATA_KEY is set but is not base64 of 32 bytes. The message never repeats its value."""

    code = "data_key_malformed"


class SealBroken(LendingError):
    """A sealed value was tampered with, moved to another row, or sealed with another key."""

    code = "seal_broken"


@dataclass(frozen=True)
class Place:
    """Where a sealed value lives; authenticated with it, so that a value copied elsewhere does not open."""

    table: str
    column: str
    row: str

    def associated_data(self) -> bytes:
        """The bytes that AES-GCM authenticates beside the value."""
        return "\x1f".join((self.table, self.column, self.row)).encode()


class DataKeys:
    """Keys derived from one secret with HKDF-SHA256 (RFC 5869), one for each purpose."""

    def __init__(self, secret: bytes, demo: bool = False) -> None:
        """``secret`` is 32 random bytes; ``demo`` marks the public key of demo mode."""
        self.demo = demo
        self._secret = secret
        self._sealing = AESGCM(self.derive("sealed-columns"))
        self._lookup_key = self.derive("lookup-hash")

    def __repr__(self) -> str:
        """Never show a key."""
        return f"DataKeys(demo={self.demo})"

    def derive(self, info: str) -> bytes:
        """Return the 32-byte key for one purpose."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=_SALT, info=info.encode()).derive(self._secret)

    def recording_key(self) -> bytes:
        """Return the 32-byte key that call recordings are encrypted with."""
        return self.derive("recordings")

    def seal(self, text: str, place: Place) -> bytes:
        """Encrypt with AES-256-GCM under a random nonce; returns nonce + ciphertext + tag."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._sealing.encrypt(nonce, text.encode(), place.associated_data())

    def unseal(self, sealed: bytes, place: Place) -> str:
        """Decrypt what ``seal`` made for the same place. Raises SealBroken."""
        nonce, box = bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:])
        try:
            return self._sealing.decrypt(nonce, box, place.associated_data()).decode()
        except (InvalidTag, ValueError):
            raise SealBroken(f"{place.table}.{place.column} 的加密数据打不开：密钥不对或数据被改动") from None

    def lookup_hash(self, kind: str, value: str) -> str:
        """Return HMAC-SHA256 of a value in hex: equal values are found by it, nobody reads them from it."""
        return hmac.new(self._lookup_key, f"{kind}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def load_keys(environ: Mapping[str, str] | None = None) -> DataKeys:
    """Read SHOUDAI_DATA_KEY; without it use the demo key and warn. Raises DataKeyMalformed."""
    given = (os.environ if environ is None else environ).get(KEY_VARIABLE, "").strip()
    if not given:
        _log.warning(
            "演示模式：没有设置 %s，身份证号和手机号用公开的演示密钥加密，等于没有加密。不要放真实客户的数据。"
            " (demo mode: public demo key, do not store real customers' data)",
            KEY_VARIABLE,
        )
        return DataKeys(_DEMO_SECRET, demo=True)
    try:
        secret = base64.b64decode(given.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise DataKeyMalformed(
            f"{KEY_VARIABLE} 必须是 {KEY_BYTES} 个字节的 base64；可以这样生成："
            "python3 -c 'import os,base64; print(base64.b64encode(os.urandom(32)).decode())'"
        )
    return DataKeys(secret)
