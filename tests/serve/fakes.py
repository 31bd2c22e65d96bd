"""Small real processes that stand for services: they listen, die, hang or ignore signals as told."""

import sys
from pathlib import Path

from serve.services import Service

ANSWERING = """
import http.server, os, sys
from pathlib import Path
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
Path(sys.argv[2]).open("a").write(f"{os.getpid()}\\n")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Healthy).serve_forever()
"""


def answering_service(name: str, port: int, pids: Path, patience_s: float = 60.0) -> Service:
    """A service that answers its health address and writes its process number into ``pids`` at every start."""
    return Service(
        name=name,
        command=(sys.executable, "-c", ANSWERING, str(port), str(pids)),
        health_url=f"http://127.0.0.1:{port}/",
        patience_s=patience_s,
    )


def dying_service(name: str, port: int) -> Service:
    """A service that ends at once."""
    return Service(
        name=name,
        command=(sys.executable, "-c", "raise SystemExit(3)"),
        health_url=f"http://127.0.0.1:{port}/",
    )
