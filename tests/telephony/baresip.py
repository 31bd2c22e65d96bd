"""Baresip (Debian's package baresip-core) as a telephone, driven by its JSON commands over TCP."""

import asyncio
import json
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MODULES = Path("/usr/lib/baresip/modules")

CONFIG = """\
sip_listen\t{host}:{port}
net_interface\t{host}
audio_player\taubridge,out
audio_source\taufile,{sound}
audio_alert\taubridge,alert
rtp_timeout\t0
rtcp_mux\tno
audio_path\t/usr/share/baresip
module_path\t{modules}
module\tg711.so
module\taufile.so
module\taubridge.so
module\tsndfile.so
module_app\taccount.so
module_app\tmenu.so
module_app\tctrl_tcp.so
ctrl_tcp_listen\t{host}:{control}
snd_path\t{records}
"""


def installed() -> bool:
    """Whether baresip and the modules that the tests need are there."""
    return shutil.which("baresip") is not None and (MODULES / "ctrl_tcp.so").exists()


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def free_sip_port() -> int:
    """A port that is free for UDP and TCP, and the next one for TCP: baresip listens for TLS there."""
    while True:
        port = free_port()
        try:
            with socket.socket() as plain, socket.socket() as encrypted:
                plain.bind(("127.0.0.1", port))
                encrypted.bind(("127.0.0.1", port + 1))
        except (OSError, OverflowError):
            continue
        return port


@dataclass
class Baresip:
    """A running baresip; ``events`` are what it says of its calls."""

    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    events: list[dict[str, Any]]
    port: int
    records: Path
    reading: "asyncio.Task[None] | None" = None

    async def command(self, name: str, parameters: str = "") -> None:
        """Send a command (dial, hold, resume, sndcode, hangup) as a netstring of JSON."""
        text = json.dumps({"command": name, "params": parameters, "token": name})
        self.writer.write(f"{len(text.encode())}:{text},".encode())
        await self.writer.drain()

    def seen(self, kind: str) -> bool:
        """Whether such an event has come."""
        return any(event.get("type") == kind for event in self.events)

    async def stop(self) -> None:
        """End it."""
        if self.reading is not None:
            self.reading.cancel()
        self.writer.close()
        if self.process.returncode is None:
            self.process.terminate()
            await asyncio.wait_for(self.process.wait(), 10)

    async def read(self) -> None:
        """Collect events until the end."""
        while True:
            length = int((await self.reader.readuntil(b":"))[:-1])
            message = json.loads(await self.reader.readexactly(length))
            await self.reader.readexactly(1)
            if message.get("event"):
                self.events.append(message)


def _prepare(folder: Path) -> Path:
    """Make its folders; returns where it keeps what was said and heard."""
    records = folder / "records"
    records.mkdir(parents=True)
    return records


async def start_baresip(
    folder: Path, sound: Path, account: str = "<sip:caller@127.0.0.1>;regint=0"
) -> Baresip:
    """Start one whose microphone is the WAV file ``sound`` (8 kHz mono); it hangs up at the file's end."""
    records = _prepare(folder)
    port, control = free_sip_port(), free_port(socket.SOCK_STREAM)
    values = {"host": "127.0.0.1", "port": port, "control": control, "sound": sound, "records": records}
    (folder / "config").write_text(CONFIG.format(modules=MODULES, **values), encoding="utf-8")
    (folder / "accounts").write_text(f"{account};audio_codecs=PCMA,PCMU\n", encoding="utf-8")
    (folder / "contacts").write_text("", encoding="utf-8")
    log = (folder / "log").open("wb")
    process = await asyncio.create_subprocess_exec(
        "baresip",
        "-f",
        str(folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=dict(os.environ),
    )
    for _ in range(100):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", control)
            break
        except OSError:
            await asyncio.sleep(0.1)
    else:
        raise AssertionError(f"baresip did not start: {(folder / 'log').read_text(errors='replace')}")
    running = Baresip(process, reader, writer, [], port, records)
    running.reading = asyncio.create_task(running.read())
    return running
