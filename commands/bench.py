"""`make bench`: the figures that docs/benchmarks.md explains, measured on this machine in one run."""

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console

from commands.bench_calls import measure_calls
from commands.bench_decisions import measure_decisions
from commands.bench_interruptions import measure_false_interruptions
from commands.bench_lines import measure_lines
from commands.bench_screening import measure_screening
from commands.bench_search import TURNS, measure_search
from commands.bench_speech import measure_recognition, measure_synthesis
from commands.bench_text import measure_text
from commands.bench_vosk import measure_vosk
from commands.call_parts import CallParts, call_parts, speak_fixed_clauses
from commands.options import OptionInvalid, OptionParser
from install.errors import SetupError
from voice.engines import EngineSettings, load_engines
from voice.hearing.recognizer import RecognizerUnavailable
from voice.speech.synthesizer import SynthesizerUnavailable
from voice.turn_taking.vad import VadUnavailable

_CONSOLE = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure everything on a database of its own and print one JSON object; 2 for options that cannot be."""
    try:
        options = OptionParser(prog="make bench", description=__doc__)
        options.add_argument("--turns", type=int, default=TURNS, help="turns to search in; 0 leaves that out")
        only = "nothing but the calls (nine minutes), or the search and the dashboards (five)"
        options.add_argument("--only", choices=["calls", "search"], help=only)
        asked = options.parse_args(arguments)
    except OptionInvalid as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 2
    folder = Path(tempfile.mkdtemp(prefix="shoudai-bench-"))
    try:
        if asked.only == "search":
            print(json.dumps(measure_search(folder, asked.turns)))
            return 0
        speak_fixed_clauses(carriers=True)
        uvloop.install()  # as uvicorn does for the bot
        with _CONSOLE.status("正在启动…"), call_parts(f"sqlite:///{folder / 'bench.db'}", folder) as parts:
            measure = _measure_calls(parts) if asked.only else _measure(parts, folder, asked.turns)
            figures = asyncio.run(measure)
    except (SetupError, RecognizerUnavailable, SynthesizerUnavailable, VadUnavailable) as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))
    return 0


async def _measure(parts: CallParts, folder: Path, turns: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for at_once in (1, 8, 32):
        _CONSOLE.log(f"文字消息，同时 {at_once} 人")
        figures |= await measure_text(parts, at_once)
    _CONSOLE.log("单笔额度判断")
    figures |= await asyncio.to_thread(measure_decisions, folder)
    _CONSOLE.log(f"在 {turns} 轮对话里搜索")
    figures |= await asyncio.to_thread(measure_search, folder, turns)
    _CONSOLE.log("一千万家企业的筛查")
    figures |= await asyncio.to_thread(measure_screening)
    _CONSOLE.log("加载语音引擎")
    started_at = time.perf_counter()
    engines = await asyncio.to_thread(load_engines, EngineSettings.from_environment())
    figures["engines_load_s"] = round(time.perf_counter() - started_at, 1)
    _CONSOLE.log("语音合成")
    figures |= await measure_synthesis(engines)
    _CONSOLE.log("语音识别")
    figures |= await measure_recognition(engines)
    _CONSOLE.log("Vosk 同时 16 路")
    figures |= await measure_vosk()
    _CONSOLE.log("同时 100 路静音电话")
    figures |= await measure_lines(parts, engines)
    _CONSOLE.log("实时通话：逐个，然后同时 8 个")
    figures |= await measure_calls(parts, engines)
    _CONSOLE.log("误打断后继续")
    figures |= await measure_false_interruptions(engines)
    return figures


async def _measure_calls(parts: CallParts) -> dict[str, Any]:
    engines = await asyncio.to_thread(load_engines, EngineSettings.from_environment())
    return await measure_calls(parts, engines)


if __name__ == "__main__":
    sys.exit(main())
