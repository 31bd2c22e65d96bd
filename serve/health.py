"""Health: whether a service answers."""

import subprocess
import time
import urllib.error
import urllib.request

from install.errors import SetupError

POLL_S = 0.25

# Never through a proxy of the environment: services are on this machine.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_healthy(url: str, timeout_s: float = 2.0) -> bool:
    """Whether a GET of ``url`` answers 200."""
    try:
        with _direct.open(url, timeout=timeout_s) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_healthy(
    name: str, url: str, patience_s: float, process: "subprocess.Popen[bytes]", log: str
) -> None:
    """Return once ``url`` answers. Raises SetupError ``service_not_ready`` when it died or took too long."""
    deadline = time.monotonic() + patience_s
    while not is_healthy(url):
        if process.poll() is not None:
            raise SetupError("service_not_ready", f"{name} ended while starting; the reason is in {log}.")
        if time.monotonic() > deadline:
            raise SetupError(
                "service_not_ready", f"{name} did not answer within {patience_s:.0f} s; see {log}."
            )
        time.sleep(POLL_S)
