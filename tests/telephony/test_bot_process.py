"""The bot process itself, with real ears and mouth and a stand-in for Rasa: a call, and SIGTERM in the middle of it."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest

from install.paths import ROOT
from serve.ports import free_port
from tests.telephony.clerk import Clerk
from tests.telephony.uac import Phone, pcm_of
from tests.telephony.uac import free_port as free_udp_port

pytestmark = pytest.mark.slow


@dataclass
class BotProcess:
    """A running ``python -m bot`` with a telephone."""

    process: asyncio.subprocess.Process
    sip: tuple[str, int]
    web: str
    clerk: Clerk
    database: str
    log: Path

    def written(self) -> str:
        return self.log.read_text(encoding="utf-8")

    async def state(self) -> dict[str, object]:
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(f"{self.web}/readyz")).json()


@pytest.fixture
async def bot(database_url: str, tmp_path: Path) -> AsyncIterator[BotProcess]:
    clerk = Clerk()
    rasa = await clerk.open()
    sip, web = free_udp_port(), free_port()
    settings = {
        "SHOUDAI_SIP_LISTEN": f"udp:127.0.0.1:{sip}",
        "SHOUDAI_SIP_PEERS": "127.0.0.1",
        "SHOUDAI_SIP_RTP_PORTS": "23000-23999",
        "SHOUDAI_PHONE_DRAIN_S": "20",
        "SHOUDAI_METRICS_TOKEN": "secret",
        "SHOUDAI_WEB_PORT": str(web),
        "SHOUDAI_RASA_URL": rasa,
        "SHOUDAI_RASA_TOKEN": "token",
        "SHOUDAI_SYNTHESIZER": "pyttsx3",
        "SHOUDAI_VAR_DIR": str(tmp_path),
        "SHOUDAI_MODELS_DIR": os.environ.get("SHOUDAI_MODELS_DIR", str(ROOT / "var" / "models")),
        "DATABASE_URL": database_url,
    }
    log = (tmp_path / "bot.log").open("wb")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log
    )
    running = BotProcess(
        process, ("127.0.0.1", sip), f"http://127.0.0.1:{web}", clerk, database_url[10:], tmp_path / "bot.log"
    )
    try:
        await _until_ready(running)
        yield running
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await clerk.close()


async def _until_ready(running: BotProcess) -> None:
    for _ in range(600):
        assert running.process.returncode is None, running.written()
        try:
            if (await running.state())["status"] == "ready":
                return
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.2)
    raise AssertionError(f"the bot did not become ready: {running.written()}")


async def test_a_call_outlives_sigterm_and_then_the_process_ends(bot: BotProcess) -> None:
    phone, late = await Phone(bot.sip).open(), await Phone(bot.sip).open()
    phone.extra = ("P-Asserted-Identity: <sip:+8613800000001@trunk>",)
    assert (await phone.invite()).status == 200
    hearing = asyncio.create_task(phone.hear(5))
    await phone.speak(bytes(16 * 4000))
    assert np.abs(np.frombuffer(pcm_of(await hearing), dtype="<i2")).max() > 2000, "the greeting"
    assert (await bot.state())["phone"] == {"calls": 1, "most": 20}
    async with httpx.AsyncClient(trust_env=False) as client:
        page = await client.get(f"{bot.web}/metrics", headers={"authorization": "Bearer secret"})
    assert 'shoudai_phone_calls_started_total{transport="sip"} 1' in page.text
    bot.process.send_signal(signal.SIGTERM)
    for _ in range(100):
        refused = await late.invite()
        if refused.status == 503:
            break
        await late.hang_up()
        late.sequence, late.to, late.contact = late.sequence + 1, "", ""
        await asyncio.sleep(0.1)
    assert refused.status == 503 and refused.get("retry-after")
    while not phone.rtp.empty():
        phone.rtp.get_nowait()
    assert len(await phone.hear(0.5)) > 10, "the first call goes on"
    assert bot.process.returncode is None
    assert (await phone.hang_up()).status == 200
    # uvicorn ends as the signal would have it, once everything is closed.
    assert await asyncio.wait_for(bot.process.wait(), 20) in (0, -signal.SIGTERM)
    with sqlite3.connect(bot.database) as database:
        ended = database.execute("select ended_by, failure from calls order by started_at_ms").fetchall()
        kinds = {kind for (kind,) in database.execute("select distinct kind from call_events")}
    assert ended[0] == ("caller", None) and "line_measured" in kinds
    assert [path for path, _ in bot.clerk.asked].count("/webhooks/clerk/start") >= 1
    phone.close()
    late.close()
