"""Datagrams: UDP sockets of either family."""

import socket


def bound_socket(host: str, port: int) -> socket.socket:
    """A bound UDP socket that never blocks. Raises OSError.

    One for IPv6 takes nothing else: IPv4 written as IPv6 (::ffff:10.0.0.5) fits into no session description.
    """
    one = socket.socket(family_of(host), socket.SOCK_DGRAM)
    try:
        if one.family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.setblocking(False)
        one.bind((host, port))
    except OSError:
        one.close()
        raise
    return one


def family_of(host: str) -> socket.AddressFamily:
    """Of an IP address."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET
