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


LINGERING = """
import http.server, os, signal, sys, threading, time, urllib.request
from pathlib import Path
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
def finish(signum, frame):
    time.sleep(6)
    with urllib.request.urlopen(sys.argv[2], timeout=2) as answer:
        Path(sys.argv[3]).write_text(f"the other answered {answer.status}")
    os._exit(0)
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Healthy)
signal.signal(signal.SIGTERM, finish)
server.serve_forever()
"""


def lingering_service(name: str, port: int, needed_url: str, note: Path) -> Service:
    """A service that needs 6 s to end and asks another one before it does."""
    return Service(
        name=name,
        command=(sys.executable, "-c", LINGERING, str(port), needed_url, str(note)),
        health_url=f"http://127.0.0.1:{port}/",
        grace_s=15.0,
        stops_first=True,
    )
