"""The bot process itself, with real ears and mouth and a stand-in for Rasa, ended by SIGTERM and SIGKILL in calls."""

import asyncio
import os
import signal
import sqlite3
import sys
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest

from install.paths import ROOT
from serve.ports import free_port
from tests.telephony.clerk import Clerk
from tests.telephony.uac import Heard, Phone, pcm_of
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


@asynccontextmanager
async def running_bot(database_url: str, folder: Path) -> AsyncIterator[BotProcess]:
    clerk = Clerk()
    rasa = await clerk.open()
    sip, web = free_udp_port(), free_port()
    settings = {
        "SHOUDAI_SIP_LISTEN": f"udp:127.0.0.1:{sip}",
        "SHOUDAI_SIP_PEERS": "127.0.0.1",
        "SHOUDAI_SIP_RTP_PORTS": "23000-23999",
        "SHOUDAI_PHONE_DRAIN_S": "4",
        "SHOUDAI_METRICS_TOKEN": "secret",
        "SHOUDAI_LOAD_SLIP_MS": "60000",  # a busy machine must not send the second caller to the queue
        "SHOUDAI_WEB_PORT": str(web),
        "SHOUDAI_RASA_URL": rasa,
        "SHOUDAI_RASA_TOKEN": "token",
        "SHOUDAI_SYNTHESIZER": "pyttsx3",
        "SHOUDAI_VAR_DIR": str(folder),
        "SHOUDAI_MODELS_DIR": os.environ.get("SHOUDAI_MODELS_DIR", str(ROOT / "var" / "models")),
        "DATABASE_URL": database_url,
    }
    log = (folder / "bot.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log
    )
    running = BotProcess(
        process, ("127.0.0.1", sip), f"http://127.0.0.1:{web}", clerk, database_url[10:], folder / "bot.log"
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


async def greeted(bot: BotProcess, number: str) -> Phone:
    """A caller who has heard the greeting."""
    phone = await Phone(bot.sip, extra=(f"P-Asserted-Identity: <sip:+86{number}@trunk>",)).open()
    assert (await phone.invite()).status == 200
    hearing = asyncio.create_task(phone.hear(5))
    await phone.speak(bytes(16 * 4000))
    assert np.abs(np.frombuffer(pcm_of(await hearing), dtype="<i2")).max() > 2000, "the greeting"
    return phone


async def refused(phone: Phone) -> Heard:
    """The first refusal; what is answered before it is hung up again."""
    for _ in range(100):
        answer = await phone.invite()
        if answer.status == 503:
            break
        await phone.hang_up()
        phone.sequence, phone.to, phone.contact = phone.sequence + 1, "", ""
        await asyncio.sleep(0.1)
    return answer


async def test_calls_outlive_sigterm_for_a_while_are_then_told_and_the_process_ends(
    database_url: str, tmp_path: Path
) -> None:
    async with running_bot(database_url, tmp_path) as bot:
        phone = await greeted(bot, "13800000001")
        stays = await Phone(bot.sip, extra=("P-Asserted-Identity: <sip:+8613912345678@trunk>",)).open()
        assert (await stays.invite()).status == 200
        assert (await bot.state())["phone"] == {"calls": 2, "waiting": 0, "most": 30}
        async with httpx.AsyncClient(trust_env=False) as client:
            page = await client.get(f"{bot.web}/metrics", headers={"authorization": "Bearer secret"})
        assert 'shoudai_phone_calls_started_total{transport="sip"} 2' in page.text
        bot.process.send_signal(signal.SIGTERM)
        late = await Phone(bot.sip).open()
        assert (await refused(late)).get("retry-after")
        while not phone.rtp.empty():
            phone.rtp.get_nowait()
        assert len(await phone.hear(0.5)) > 10, "present calls go on"
        assert bot.process.returncode is None
        assert (await phone.hang_up()).status == 200
        stays.reply(await stays.incoming("BYE", timeout_s=30))
        # uvicorn ends as the signal would have it, once everything is closed.
        assert await asyncio.wait_for(bot.process.wait(), 20) in (0, -signal.SIGTERM)
        with sqlite3.connect(bot.database) as database:
            ended = database.execute("select ended_by, failure from calls order by started_at_ms").fetchall()
            kinds = {kind for (kind,) in database.execute("select distinct kind from call_events")}
            topics = database.execute("select topic from service_requests where kind = 'callback'").fetchall()
        assert ended[:2] == [("caller", None), ("error", "service_stopping")]
        assert "line_measured" in kinds and topics[-1] == ("service_stopping",)
        assert [path for path, _ in bot.clerk.asked].count("/webhooks/clerk/start") >= 2
        for one in (phone, stays, late):
            one.close()


async def test_what_a_killed_process_had_recorded_is_finished_by_the_next(
    database_url: str, tmp_path: Path
) -> None:
    async with running_bot(database_url, tmp_path) as bot:
        phone = await greeted(bot, "13800000001")
        await asyncio.sleep(1.5)
        bot.process.kill()
        await bot.process.wait()
        phone.close()
    (part,) = (tmp_path / "recordings").iterdir()
    assert part.name.endswith(".wav.part")
    async with running_bot(database_url, tmp_path) as bot:
        (kept,) = (tmp_path / "recordings").iterdir()
        with wave.open(str(kept)) as sound:
            assert sound.getnchannels() == 2 and sound.getnframes() >= 4 * 8000, "all but the last second"
            bot_side = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")[1::2]
        assert np.abs(bot_side).max() > 2000, "the greeting is on it"
        with sqlite3.connect(bot.database) as database:
            rows = database.execute("select ended_by, recording from calls").fetchall()
        assert rows == [("lost", kept.name)]
