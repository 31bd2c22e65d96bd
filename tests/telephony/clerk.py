"""A stand-in for Rasa's clerk channel: greets, and answers every sentence with a repayment."""

import asyncio
import json
from typing import Any

GREETING = {
    "messages": [{"text": "您好，我是首贷的智能语音客服，本次通话会录音。", "interruptible": False}],
    "expects": {"kind": "open"},
    "next": "continue",
}


class Clerk:
    """Answers HTTP on a port of its own; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._writers: list[asyncio.StreamWriter] = []

    async def open(self) -> str:
        """Begin to serve; returns the address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        self._server.close()

    def break_connections(self) -> None:
        """As a process that dies does with those that are open."""
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ")[1].decode()
                lengths = [
                    line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
                ]
                body = await reader.readexactly(int(lengths[0])) if lengths else b"{}"
                self.asked.append((path, json.loads(body or b"{}")))
                answer = json.dumps(GREETING).encode()
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ")
                writer.write(str(len(answer)).encode() + b"\r\n\r\n" + answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
