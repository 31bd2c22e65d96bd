"""Version share: which of two versions that run side by side a business gets, always the same one."""

import hashlib

PARTS = 10_000
"""Shares are ten-thousandths."""
_WORD = (1 << 64) - 1


def applicant_key(identity: str) -> int:
    """Return the 64-bit key of whoever asks: the first eight bytes of SHA-256 over an opaque identity.

    The identity is a keyed hash or a conversation's id, never a phone or ID number.
    """
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8], "big")


def share_bucket(product_code: str, key: int) -> int:
    """Return 0..9999, evenly spread over keys and independent between products.

    SplitMix64 (Steele, Lea, Flood 2014) over key plus the product's salt, modulo 2**64 throughout, so that it can be
    computed over a column of unsigned 64-bit keys.
    """
    state = (key + product_salt(product_code)) & _WORD
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _WORD
    return (state ^ (state >> 31)) % PARTS


def product_salt(product_code: str) -> int:
    """Return the 64-bit salt of a product."""
    return applicant_key(f"product:{product_code}")
