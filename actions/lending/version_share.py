"""Version share: which of two versions that run side by side a business gets, always the same one."""

import hashlib

PARTS = 10_000
"""Shares are ten-thousandths."""
WORD = (1 << 32) - 1

MIXING = ((16, 0x85EBCA6B), (13, 0xC2B2AE35))
LAST_SHIFT = 16
"""Shifts and multipliers of fmix32."""


def applicant_key(identity: str) -> int:
    """Return the 64-bit key of whoever asks: the first eight bytes of SHA-256 over an opaque identity.

    The identity is a keyed hash or a conversation's id, never a phone or ID number.
    """
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8], "big")


def share_bucket(product_code: str, key: int) -> int:
    """Return 0..9999, evenly spread over keys and independent between products.

    The finaliser of MurmurHash3 (fmix32, Appleby 2011) over both halves of the key and the product's salt. Every
    product of two 32-bit numbers fits 64 bits, so an engine over columns computes the same without long arithmetic.
    """
    state = (key >> 32) ^ (key & WORD) ^ product_salt(product_code)
    for shift, factor in MIXING:
        state = ((state ^ (state >> shift)) * factor) & WORD
    return (state ^ (state >> LAST_SHIFT)) % PARTS


def product_salt(product_code: str) -> int:
    """Return the 32-bit salt of a product."""
    return applicant_key(f"product:{product_code}") & WORD
