"""Calls by SIP while the real action server and the real Rasa die, one after the other."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from install.training import ensure_model
from serve.health import wait_until_healthy
from serve.ports import free_port
from serve.services import LOOPBACK, action_server, rasa_server, write_endpoints
from serve.stack import running
from tests.telephony.faults import SAID, phone_line
from tests.telephony.uac import Phone, until
from tests.voice.call_fakes import ScriptedRecognizer, ToneSpeaker
from voice import settings as prompts
from voice.events import BotReply

pytestmark = pytest.mark.slow

TOKEN = "a token of this test"


class Servers:
    """The two servers, each of which can be ended."""

    def __init__(self, rasa: "subprocess.Popen[bytes]", actions: "subprocess.Popen[bytes]", url: str) -> None:
        self.rasa, self.actions, self.url = rasa, actions, url


@pytest.fixture
def servers(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    monkeypatch.setenv("SHOUDAI_ANCHORS_DIR", str(tmp_path / "anchors"))
    action_port, rasa_port = free_port(), free_port()
    endpoints = write_endpoints(tmp_path, action_port)
    services = (
        rasa_server(ensure_model(), rasa_port, endpoints, TOKEN),
        action_server(database_url, action_port),
    )
    with ExitStack() as stack:
        started = [stack.enter_context(running(service, tmp_path / "logs")) for service in services]
        for service, process in zip(services, started, strict=True):
            assert service.health_url
            log = str(tmp_path / "logs" / f"{service.name}.log")
            wait_until_healthy(service.name, service.health_url, service.patience_s, process, log)
        yield Servers(*started, f"http://{LOOPBACK}:{rasa_port}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """The guard ends what it guards when its pipe is closed."""
    assert process.stdin
    process.stdin.close()
    process.wait(20)


async def hung_up(phone: Phone) -> None:
    phone.reply(await phone.incoming("BYE", timeout_s=40))


async def test_callers_are_looked_after_when_the_action_server_and_then_rasa_die(
    servers: Servers, database_url: str, tmp_path: Path
) -> None:
    ears, mouth = ScriptedRecognizer(["利率是多少"] * 9), ToneSpeaker(ms_a_character=5)
    rasa = (servers.url, TOKEN)
    async with phone_line(tmp_path, database_url, recognizer=ears, speaker=mouth, rasa=rasa) as line:
        phone = await line.call()
        opening = "".join(message.text for message in line.of(BotReply)[0].turn.messages)
        assert "录音" in opening and "智能" in opening
        await phone.speak(bytes(16 * 900) + SAID)
        await until(lambda: len(line.of(BotReply)) == 2, 20)
        assert line.of(BotReply)[1].turn.intent == "ask_interest", "both servers work"
        end(servers.actions)
        await phone.speak(bytes(16 * 1500) + SAID)
        await until(lambda: prompts.SYSTEM_BUSY in line.prompts, 30)
        await phone.speak(bytes(16 * 900) + SAID)
        await hung_up(phone)
        assert line.fatal == ["dialogue_unavailable"] and line.partings == ["noted"]
        end(servers.rasa)
        second = await line.phone()
        await second.invite()
        await hung_up(second)
        assert line.partings == ["noted", "noted"]
        assert line.prompts[-2:] == [prompts.APOLOGY, prompts.CALLED_BACK]
        assert len(line.callbacks()) == 2
        await until(lambda: not line.endpoint.calls)
        line.recorder.flush()
        said = [row.customer_text for row in line.turn_rows() if row.customer_text]
        assert said == ["利率是多少"] * 3, "what was not answered is on record too"
