"""Page: what simulated calls sounded like and what came of them, in one file that needs no network."""

import base64
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from commands.percentiles import p50_p95
from commands.simulated_calls.page_sound import opus, outline, sides
from install.paths import var_dir

PIXELS_A_SECOND = 64
"""Width of a second: four spoken characters of 13 px fit under it."""

_CHARACTER_MS = 230
_STAGES = {"endpointing": "判停", "recognition": "识别", "dialogue": "对话", "first_audio": "合成"}
_NOISES = {"white": "白噪声", "street": "街道噪声", "babble": "人声嘈杂"}


def write_page(folder: Path) -> Path | None:
    """Write ``index.html`` beside the calls kept in a folder; None where there is not one.

    Calls are read from ``<name>.json`` and ``<name>.wav``; a page of a whole run is some 4 MB, mostly sound.
    """
    calls = [_call(path) for path in sorted(folder.glob("*.json"))]
    if not calls:
        return None
    calls.sort(key=lambda call: not call["problems"])
    loader = FileSystemLoader(Path(__file__).parent)
    page = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    text = page.get_template("page.html").render(
        calls=calls,
        failed=sum(bool(call["problems"]) for call in calls),
        over_sip=all(call["over_sip"] for call in calls),
        written=f"{datetime.now():%Y-%m-%d %H:%M}",
        latency=_latency(calls),
        stages=_STAGES,
        pixels=PIXELS_A_SECOND,
    )
    path = folder / "index.html"
    path.write_text(text, encoding="utf-8")
    return path


def main(arguments: Sequence[str]) -> int:
    """``python -m commands.simulated_calls.page [FOLDER]``: the page of kept calls, those of `make test` by default."""
    folder = Path(arguments[0]) if arguments else var_dir() / "simulated-calls" / "audio-time"
    page = write_page(folder)
    print(page or f"{folder}: no call was kept there")
    return 0 if page else 1


def _call(path: Path) -> dict[str, Any]:
    call: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    samples, rate = sides(path.with_suffix(".wav"))
    call["outlines"] = [outline(samples[:, side], rate) for side in (0, 1)]
    call["sound"] = base64.b64encode(opus(samples, rate)).decode()
    call["seconds"] = len(samples) / rate
    call["circumstances"] = _circumstances(call)
    call["events"] = _keys_together(call["events"])
    for words, following in zip(call["bot_said"], [*call["bot_said"][1:], None], strict=True):
        longest_ms = words["start_ms"] + max(1200, len(words["text"]) * _CHARACTER_MS)
        limit_ms = following["start_ms"] if following else call["duration_ms"]
        words["end_ms"] = max(words["start_ms"] + 200, min(longest_ms, limit_ms))
    return call


def _keys_together(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One mark for an entry of several keys."""
    shown: list[dict[str, Any]] = []
    for event in events:
        if event["kind"] == "按键" and shown and shown[-1].get("keys"):
            shown[-1]["keys"] += 1
            shown[-1]["kind"] = f"按键{shown[-1]['keys']}个"
        else:
            shown.append(event | ({"keys": 1} if event["kind"] == "按键" else {}))
    return shown


def _circumstances(call: dict[str, Any]) -> list[str]:
    """What makes this call harder than a quiet line."""
    noise, network = call["noise"], call["network"]
    found = [f"语速{call['speed']:g}倍"] if call["speed"] != 1 else []
    if noise:
        found.append(f"{_NOISES[noise['kind']]}，信噪比{noise['snr_db']:g}分贝")
    if network and network["loss"]:
        found.append(f"丢包{network['loss']:.0%}")
    if network and network["jitter_ms"]:
        found.append(f"抖动{network['jitter_ms']}毫秒")
    if call["echo_db"] is not None:
        found.append(f"回声{call['echo_db']:g}分贝")
    return found


def _latency(calls: list[dict[str, Any]]) -> dict[str, Any]:
    """Over all turns that were answered: end of the caller's speech to the bot's first sound."""
    turns = [turn for call in calls for turn in call["turns"]]
    answered = [turn["answered_after_ms"] for turn in turns if turn["answered_after_ms"] is not None]
    wanted = [turn for turn in turns if turn["within_ms"] and turn["answered_after_ms"] is not None]
    if not answered:
        return {}
    p50, p95 = p50_p95(answered)
    kept = sum(turn["answered_after_ms"] <= turn["within_ms"] for turn in wanted)
    return {"turns": len(answered), "p50": p50, "p95": p95, "wanted": len(wanted), "kept": kept}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
