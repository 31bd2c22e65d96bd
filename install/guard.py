"""Runs one command and makes sure that it, and all that it started, ends when whoever wanted it is gone.

``python -m install.guard COMMAND…``: the command gets a process group of its own. It is stopped (TERM, after 5 s, or
``--grace SECONDS``, KILL) when the guard gets TERM or INT, when the guard's standard input is closed
(``--until-eof``), or when the guard's parent dies.
Standard library only, and quick to start: it stands before every service.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

PR_SET_PDEATHSIG = 1
GRACE_S = 5.0
POLL_S = 0.2


class Stopped(Exception):
    """Somebody wants the command to end."""


def die_with_parent(sign: signal.Signals) -> None:
    """Ask Linux to send ``sign`` when the parent is gone (prctl(2)); elsewhere it is left out."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, sign)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise Stopped


def _child_setup() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent(signal.SIGKILL)


def end_group(child: "subprocess.Popen[bytes]", grace_s: float = GRACE_S) -> None:
    """TERM to the child's whole process group, then KILL to whatever of it is still there."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            child.wait(grace_s)


def run(command: list[str], until_eof: bool, grace_s: float = GRACE_S) -> int:
    """Run ``command`` to its end or until it must stop; return its exit status."""
    parent = os.getppid()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    if not until_eof:
        # Threads that start a guard may end before it (prctl watches the thread), hence not with a pipe.
        die_with_parent(signal.SIGTERM)
    # The guard has one thread, so preexec_fn is safe here.
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_child_setup,  # noqa: PLW1509
    )
    try:
        while child.poll() is None and (until_eof or os.getppid() == parent):
            if until_eof and select.select([sys.stdin.buffer], [], [], POLL_S)[0] and not os.read(0, 4096):
                break
            if not until_eof:
                time.sleep(POLL_S)
    except Stopped:
        pass
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_group(child, grace_s)
    status = child.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    arguments = sys.argv[1:]
    eof = arguments[:1] == ["--until-eof"]
    arguments = arguments[1:] if eof else arguments
    grace = arguments[:1] == ["--grace"]
    seconds = float(arguments[1]) if grace else GRACE_S
    sys.exit(run(arguments[2:] if grace else arguments, eof, seconds))
