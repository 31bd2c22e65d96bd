"""Passwords: argon2id hashes, what a new one must be, and random ones."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 256
LEAST_DIFFERENT = 5
"""Different characters that a password has at least."""

_hasher = PasswordHasher()
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$QpQQmD2/REEnxRVgDyXcoA$1vHd0zB0A8NEBSLG3EhlChJaSbYcoqtR9Wxh6odoVD0"
"""Checked for unknown names too, so that the time of the answer does not tell who exists."""


class PasswordUnfit(Exception):
    """A new password that is easily guessed (code ``password_unfit``); the message is for its owner."""

    code = "password_unfit"


def password_hash(password: str) -> str:
    """The argon2id hash (RFC 9106) with its parameters and salt. Takes tens of milliseconds on purpose."""
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether the password belongs to the hash; a broken hash matches nothing."""
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def random_password() -> str:
    """Sixteen characters, 96 random bits."""
    return secrets.token_urlsafe(12)


def require_fit(password: str, account: str) -> None:
    """Length counts, rules about characters do not (NIST SP 800-63B, 5.1.1.2). Raises PasswordUnfit."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordUnfit(f"密码要有{SHORTEST}到{LONGEST}个字符。")
    if account.lower() in password.lower():
        raise PasswordUnfit("密码里不能有账号名，请换一个。")
    if len(set(password)) < LEAST_DIFFERENT:
        raise PasswordUnfit(f"这个密码太容易猜到，至少要有{LEAST_DIFFERENT}种不同的字符。")
