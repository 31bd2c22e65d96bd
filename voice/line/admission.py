"""Admission: which peers may call by telephone at all, and why a call cannot be taken now."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class PeersInvalid(Exception):
    """An entry of the allow-list is neither an address nor a network (code ``peers_invalid``)."""

    code = "peers_invalid"


class PeerList:
    """Addresses and networks that may call."""

    def __init__(self, entries: Iterable[str]) -> None:
        """Each entry is like ``10.0.0.5``, ``10.1.0.0/24`` or ``2001:db8::/32``. Raises PeersInvalid."""
        self._networks: list[Network] = []
        for entry in entries:
            try:
                self._networks.append(ipaddress.ip_network(entry.strip(), strict=False))
            except ValueError as error:
                raise PeersInvalid(f"{entry.strip()!r} is neither an address nor a network.") from error

    def __bool__(self) -> bool:
        return bool(self._networks)

    def allows(self, host: str) -> bool:
        """Whether this address is listed; IPv4 written as IPv6 (``::ffff:10.0.0.5``) counts as IPv4."""
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address.version == known.version and address in known for known in self._networks)


@dataclass(frozen=True)
class Refusal:
    """Why a call cannot be taken now."""

    status: int
    why: str
    """Name of the counter: ``calls_full``, ``not_ready``, ``draining``, ``no_port`` …"""
    retry_after_s: int = 0
