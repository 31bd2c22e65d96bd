"""Bundle: everything of one conversation as a zip file, made while it is sent: recordings are never held whole."""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import RawIOBase
from typing import Any

from sqlalchemy.engine import Row

from bot.console.labels import figure_value, moment, word
from bot.recordings import StoredRecording
from bot.transcript_reader import ConversationView

_SAFE = re.compile(r"[^A-Za-z0-9_-]")
_PIECE = 64 * 1024


@dataclass(frozen=True)
class BundledSound:
    """A recording of one of the conversation's calls."""

    call_id: str
    stored: StoredRecording


def bundle_name(conversation_id: str) -> str:
    """A file name that is one on every system, whatever the id holds."""
    return f"conversation-{_SAFE.sub('_', conversation_id)[:80]}.zip"


def bundle(
    view: ConversationView, remarks: Mapping[str, Any], sounds: Iterable[BundledSound]
) -> Iterator[bytes]:
    """The bytes of the file. Raises RecordingBroken midway where a recording turns out to be damaged."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("transcript.txt", transcript_text(view)),
            ("transcript.json", _json(transcript(view))),
            ("turns.json", _json(turn_data(view))),
            ("review.json", _json(remarks)),
        ):
            archive.writestr(name, text)
            yield sink.taken()
        for sound in sounds:
            name = f"recording-{_SAFE.sub('_', sound.call_id)[:80]}.wav"
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as file:
                for piece in sound.stored.read(0, sound.stored.size):
                    file.write(piece)
                    if sink.waiting >= _PIECE:
                        yield sink.taken()
            yield sink.taken()
    yield sink.taken()


def transcript(view: ConversationView) -> dict[str, Any]:
    """The conversation and what was said, as the page shows it: masked."""
    said = [
        {
            "position": turn.position,
            "at": moment(turn.at_ms),
            "customer": turn.customer_text,
            "bot": turn.bot_text,
        }
        for turn in view.turns
    ]
    return {
        "conversation": _plain(view.conversation),
        "calls": [_plain(call) for call in view.calls],
        "said": said,
    }


def turn_data(view: ConversationView) -> list[dict[str, Any]]:
    """Every column of every turn, with the figures that it disclosed."""
    return [
        _plain(turn) | {"figures": [_plain(figure) for figure in view.figures.get(turn.id, ())]}
        for turn in view.turns
    ]


def transcript_text(view: ConversationView) -> str:
    """For people: who said what and when, with the figures that were told."""
    row = view.conversation
    lines = [f"对话 {row.id}", f"{moment(row.started_at_ms)}  {word(row.channel)}  {word(row.outcome)}", ""]
    for turn in view.turns:
        lines.append(f"[{moment(turn.at_ms)}]")
        if turn.customer_text:
            lines.append(f"客户：{turn.customer_text}")
        lines += [f"机器人：{line}" for line in turn.bot_text]
        if turn.interrupted:
            lines.append(f"（被客户打断，没听到：{turn.not_heard}）")
        lines += [
            f"（数据：{figure.name} = {figure_value(figure)}）" for figure in view.figures.get(turn.id, ())
        ]
        lines.append("")
    return "\r\n".join(lines)


def _plain(row: Row) -> dict[str, Any]:
    return {key: value for key, value in row._mapping.items() if key != "recording"}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


class _Sink(RawIOBase):
    """Where the archive is written to: it keeps what was not taken yet, and cannot be gone back in."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Keep a piece."""
        piece = bytes(data)
        self._pieces.append(piece)
        self.waiting += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        """Everything that waits."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        self.waiting = 0
        return whole
