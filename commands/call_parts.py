"""CallParts: everything that a call held by a command is wired to, started on free ports and stopped at the end."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from actions.lending.database import open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from bot.dialogue import RasaDialogue
from bot.recordings import RecordingStore
from bot.transcript_writer import TranscriptWriter
from bot.transcripts import TranscriptRecorder
from commands.call_report import CallReport
from commands.call_texts import CallTexts
from install.database import prepare_database
from install.paths import ROOT, var_dir
from serve.settings import DEFAULT_DATABASE_URL
from serve.stack import TextStack, text_stack
from voice.call import Call
from voice.engines import Engines
from voice.events import CallEvent
from voice.line.transport import Transport
from voice.settings import CallSettings
from voice.sound.recording import CallRecording


class SimulatedLine(Transport, Protocol):
    """A line whose caller is a machine that watches the call."""

    thinking: Callable[[], bool]
    at_rest: Callable[[], bool]


@dataclass(frozen=True)
class CallParts:
    """The running stack, the stores, and where recordings go."""

    stack: TextStack
    identity: IdentityService
    recorder: TranscriptRecorder
    recordings: RecordingStore
    texts: CallTexts
    calls_dir: Path


@dataclass(frozen=True)
class FinishedCall:
    """What is left of a call."""

    call_id: str
    report: CallReport
    recording: Path


def speak_fixed_clauses(carriers: bool = False) -> None:
    """Fill the speech cache (4 minutes the first time, 10 with carriers): a call is as quick as it can be only with it.

    Its failure stops nothing: without the neural voice the call goes on with the other one.
    """
    command = [sys.executable, "-m", "install.speech_cache", *([] if carriers else ["fixed"])]
    subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)


@contextmanager
def call_parts(database_url: str | None = None, var: Path | None = None) -> Iterator[CallParts]:
    """Bring up database, Rasa, actions and stores; DATABASE_URL and the var folder by default."""
    url = database_url or os.environ.get("DATABASE_URL") or DEFAULT_DATABASE_URL
    folder = var or var_dir()
    prepare_database(url)
    with ExitStack() as exits:
        stack = exits.enter_context(text_stack(url, folder / "command"))
        yield exits.enter_context(parts_on(stack, folder))


@contextmanager
def parts_on(stack: TextStack, var: Path) -> Iterator[CallParts]:
    """The same on a text stack that runs already."""
    keys = load_keys()
    database = open_database(stack.database_url)
    recorder = TranscriptRecorder(TranscriptWriter(database))
    calls_dir = var / "calls"
    try:
        yield CallParts(
            stack=stack,
            identity=IdentityService(database, keys),
            recorder=recorder,
            recordings=RecordingStore(calls_dir, None if keys.demo else keys.recording_key()),
            texts=CallTexts(calls_dir, keys),
            calls_dir=calls_dir,
        )
    finally:
        recorder.close()
        database.close()


async def hold_call(
    line: SimulatedLine,
    parts: CallParts,
    engines: Engines,
    settings: CallSettings = CallSettings(),
    watch: Callable[[CallEvent], None] = lambda _: None,
) -> FinishedCall:
    """Hold one call to its end, with recording and transcript kept as for any phone call. ``watch`` sees its events."""
    call_id = f"{datetime.now():%Y%m%d-%H%M%S}-{uuid4().hex[:8]}"
    report = CallReport()
    disk = ThreadPoolExecutor(1, thread_name_prefix="recording")
    recording = CallRecording(
        lambda: parts.recordings.create(call_id, line.sample_rate), line.sample_rate, disk
    )
    dialogue = RasaDialogue(parts.stack.rasa_url, parts.stack.token, parts.identity)

    def keep(event: CallEvent) -> None:
        watch(event)
        report.on_event(event)
        parts.recorder.on_event(event)

    call = Call(
        call_id,
        line,
        dialogue,
        engines,
        settings,
        keep,
        sender=call_id,
        recording=recording,
    )
    line.thinking = lambda: call.thinking
    line.at_rest = lambda: call.at_rest
    try:
        await call.run()
    finally:
        await dialogue.close()
        disk.shutdown()
    if recording.failure is not None:
        raise recording.failure
    name, encrypted = parts.recordings.named(call_id)
    parts.recorder.recording_kept(call_id, name, encrypted)
    return FinishedCall(call_id, report, parts.calls_dir / name)
