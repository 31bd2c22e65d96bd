"""`make call`: one call with a recording as the caller's voice, through the same Call as any phone."""

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from commands.call_parts import FinishedCall, call_parts, hold_call, speak_fixed_clauses
from commands.call_texts import CallTexts
from commands.options import OptionInvalid, OptionParser
from install.errors import SetupError
from voice.engines import EngineSettings, load_engines
from voice.hearing.recognizer import RecognizerUnavailable
from voice.line.telephone_line import telephone_quality
from voice.operator_settings import CallSettingInvalid
from voice.settings import CallSettings
from voice.sound.resampling import resample
from voice.sound.wav import WavError, read_wav
from voice.speech.synthesizer import SynthesizerUnavailable
from voice.transports.recorded import RecordedCaller
from voice.turn_taking.vad import VadUnavailable

_LINES = {"8k": 8000, "16k": 16000}
_STAGES = ("endpointing", "recognition", "dialogue", "first_audio", "transport", "first_figure")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_BAD_INPUT = 2


class CallerInvalid(Exception):
    """CALLER is not a mobile number (code ``caller_invalid``)."""

    code = "caller_invalid"


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold the call and print its JSON line; 2 for input that cannot be used, 1 when the bot cannot start."""
    try:
        options = _parse(arguments)
        if options.caller and not _PHONE.fullmatch(options.caller):
            raise CallerInvalid("CALLER 要是 11 位手机号。 (CALLER must be a mobile number of 11 digits.)")
        sound = _caller_sound(options.wav, options.line)
        settings = CallSettings.from_environment()
    except (OptionInvalid, WavError, CallerInvalid, CallSettingInvalid) as error:
        return _fail(error.code, str(error), _BAD_INPUT)
    line = RecordedCaller(sound, _LINES[options.line], options.caller or None)
    try:
        finished = _hold(line, settings)
    except (SetupError, RecognizerUnavailable, SynthesizerUnavailable, VadUnavailable) as error:
        return _fail(error.code, str(error), 1)
    _show_timings(finished)
    print(json.dumps(_result(finished), ensure_ascii=False))
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = OptionParser(prog="make call", description=__doc__)
    parser.add_argument("--wav", default="", help="the caller's voice (WAV=…)")
    parser.add_argument("--caller", default="", help="the line's phone number (CALLER=…)")
    parser.add_argument("--line", choices=sorted(_LINES), default="8k", help="telephone or wideband (LINE=…)")
    return parser.parse_args(arguments)


def _caller_sound(wav: str, line: str) -> bytes:
    """The recording as the bot's end of the line hears it, s16le at the line's rate. Raises WavError."""
    pcm, rate = read_wav(Path(wav))
    return telephone_quality(pcm, rate) if line == "8k" else resample(pcm, rate, _LINES[line])


def _hold(line: RecordedCaller, settings: CallSettings) -> FinishedCall:
    console = Console(stderr=True)
    speak_fixed_clauses()
    with console.status("正在启动机器人…") as status, call_parts() as parts:
        engines = load_engines(EngineSettings.from_environment())
        status.update("通话进行中…")
        finished = asyncio.run(hold_call(line, parts, engines, settings))
        _keep_transcript(finished, parts.texts)
        return finished


def _keep_transcript(finished: FinishedCall, texts: CallTexts) -> None:
    """Leave the transcript beside the recording, for people (.txt) and for programs (.json)."""
    texts.keep(finished.call_id, ".txt", finished.report.to_text())
    texts.keep(finished.call_id, ".json", json.dumps(_result(finished), ensure_ascii=False, indent=1))


def _result(finished: FinishedCall) -> dict[str, Any]:
    return finished.report.to_json() | {"recording": _shown(finished.recording)}


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _show_timings(finished: FinishedCall) -> None:
    """A table of milliseconds a turn, and what was said, on stderr."""
    table = Table(title="通话 (ms)", title_justify="left")
    table.add_column("来电人")
    table.add_column("意图")
    for stage in _STAGES:
        table.add_column(stage, justify="right")
    table.add_column("机器人", overflow="fold")
    for turn in finished.report.turns:
        times = [str(turn.latency_ms.get(stage, "")) for stage in _STAGES]
        table.add_row(turn.caller, f"{turn.intent} {turn.confidence:.2f}", *times, turn.bot)
    Console(stderr=True).print(table)


def _fail(code: str, message: str, status: int) -> int:
    print(message, file=sys.stderr)
    print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    return status


if __name__ == "__main__":
    sys.exit(main())
