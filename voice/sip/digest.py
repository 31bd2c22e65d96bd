"""Digest: answers to a challenge of a registrar or proxy (RFC 7616, RFC 8760; MD5 as well as SHA-256)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from voice.sip.errors import SipInvalid
from voice.sip.quoting import split_outside, unquote

_HASHES: dict[str, Callable[[bytes], "hashlib._Hash"]] = {
    "MD5": hashlib.md5,
    "MD5-SESS": hashlib.md5,
    "SHA-256": hashlib.sha256,
    "SHA-256-SESS": hashlib.sha256,
}


@dataclass(frozen=True)
class Credentials:
    """Who we are to a registrar or trunk."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Challenge:
    """``WWW-Authenticate`` or ``Proxy-Authenticate``."""

    realm: str
    nonce: str
    opaque: str | None
    algorithm: str
    qop: frozenset[str]
    stale: bool

    @staticmethod
    def parse(text: str) -> "Challenge":
        """Raises SipInvalid, also for what we cannot answer."""
        scheme, _, rest = text.strip().partition(" ")
        if scheme.lower() != "digest":
            raise SipInvalid("not a digest challenge")
        values: dict[str, str] = {}
        for part in split_outside(rest, ","):
            name, equals, value = part.partition("=")
            if equals:
                values[name.strip().lower()] = unquote(value.strip())
        algorithm = values.get("algorithm", "MD5").upper()
        qop = frozenset(word.strip().lower() for word in values.get("qop", "").split(",") if word.strip())
        if not values.get("nonce") or algorithm not in _HASHES or (qop and "auth" not in qop):
            raise SipInvalid("a challenge that cannot be answered")
        stale = values.get("stale", "").lower() == "true"
        return Challenge(
            values.get("realm", ""), values["nonce"], values.get("opaque"), algorithm, qop, stale
        )

    @staticmethod
    def strongest(texts: list[str]) -> "Challenge | None":
        """The best of several that we can answer (RFC 8760 section 2.4), or None."""
        usable = []
        for text in texts:
            try:
                usable.append(Challenge.parse(text))
            except SipInvalid:
                continue
        return max(usable, key=lambda one: one.algorithm.startswith("SHA"), default=None)


def authorization(
    challenge: Challenge, credentials: Credentials, method: str, uri: str, cnonce: str, count: int = 1
) -> str:
    """The value of ``Authorization`` or ``Proxy-Authorization``. ``count`` is how often the nonce was used."""

    def digest(*parts: str) -> str:
        text = ":".join(parts)
        return _HASHES[challenge.algorithm](text.encode("utf-8", "surrogateescape")).hexdigest()

    secret = digest(credentials.user, challenge.realm, credentials.password)
    if challenge.algorithm.endswith("-SESS"):
        secret = digest(secret, challenge.nonce, cnonce)
    asked = digest(method, uri)
    fields = [
        f'username="{_escaped(credentials.user)}"',
        f'realm="{_escaped(challenge.realm)}"',
        f'nonce="{_escaped(challenge.nonce)}"',
        f'uri="{uri}"',
        f"algorithm={challenge.algorithm}",
    ]
    if challenge.qop:
        used = f"{count:08x}"
        response = digest(secret, challenge.nonce, used, cnonce, "auth", asked)
        fields += ["qop=auth", f"nc={used}", f'cnonce="{cnonce}"']
    else:
        response = digest(secret, challenge.nonce, asked)
    fields.append(f'response="{response}"')
    if challenge.opaque is not None:
        fields.append(f'opaque="{_escaped(challenge.opaque)}"')
    return "Digest " + ", ".join(fields)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
