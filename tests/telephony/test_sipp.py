"""Many calls at once from sipp, a load generator that somebody else wrote (``apt-get install sip-tester``)."""

import asyncio
import csv
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.telephony.conftest import Start
from tests.telephony.uac import until
from voice.sip.access import AccessLimits
from voice.sip.transactions import Timing
from voice.sound.g711 import encode_alaw

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("sipp") is None, reason="sipp is not installed (apt-get install sip-tester)"
    ),
]

SCENARIO = Path(__file__).parent / "sipp" / "caller.xml"
CALLS = 50


async def test_fifty_calls_at_once_and_none_fails(start: Start, tmp_path: Path) -> None:
    exchange = await start(timing=Timing(), limits=AccessLimits(invites_burst=60, invites_per_s=50))
    t = np.arange(8000) / 8000
    pcm = (np.sin(2 * np.pi * 440 * t) * 8000).astype("<i2").tobytes()
    (tmp_path / "caller.alaw").write_bytes(encode_alaw(pcm))
    host, port = exchange.endpoint.address("UDP")
    command = (
        f"sipp -sf {SCENARIO} -i 127.0.0.1 -mi 127.0.0.1 -m {CALLS} -l {CALLS} -r 12 -rtp_threadtasks 200"
    )
    command += (
        f" -nostdin -timeout 60 -trace_stat -stf stat.csv -trace_err -error_file errors.log {host}:{port}"
    )
    process = await asyncio.create_subprocess_exec(
        *command.split(),
        cwd=tmp_path,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"TERM": "dumb"},
    )
    most = 0
    while process.returncode is None:
        most = max(most, exchange.endpoint.calls)
        await asyncio.wait([asyncio.ensure_future(process.wait())], timeout=0.2)
    errors = tmp_path / "errors.log"
    assert process.returncode == 0, errors.read_text() if errors.exists() else "no error file"
    last = list(csv.DictReader((tmp_path / "stat.csv").open(), delimiter=";"))[-1]
    assert (int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"])) == (CALLS, 0)
    assert most == CALLS
    await until(lambda: exchange.endpoint.calls == 0)
    assert exchange.echo.keys == ["5"] * CALLS
    reports = [line.report() for line in exchange.echo.calls]
    assert sum(report.lost for report in reports) == 0
    assert min(report.received for report in reports) > 300
