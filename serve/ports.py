"""Ports of this machine: finding free ones, and saying clearly that one is taken."""

import socket

from install.errors import SetupError


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def require_free_port(host: str, port: int, setting: str, what: str) -> None:
    """Raise SetupError ``port_taken`` when ``what`` could not listen on host:port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do it: a port in TIME_WAIT from the last run is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(
                "port_taken",
                f"{what} cannot listen on {host}:{port} ({error.strerror}). Is the bot already running? "
                f"Stop it, or choose another port with {setting}.",
            ) from error
