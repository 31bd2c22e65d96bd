"""Files that are either whole or absent: checksums, atomic writes, one writer at a time."""

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from install.errors import SetupError

CHUNK_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def flush_to_disk(path: Path) -> None:
    """fsync a file or a directory, so that the rename after it never exposes a half-written one after a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, content: str) -> None:
    """Write ``content`` so that a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def directory_made_whole(target: Path) -> Iterator[Path]:
    """Yield an empty directory beside ``target``; on success it replaces ``target``, on any error it vanishes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f".{target.name}.making.*"):
        shutil.rmtree(leftover, ignore_errors=True)
    making = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.making."))
    making.chmod(0o755)
    try:
        yield making
        for path in sorted(making.rglob("*")):
            flush_to_disk(path)
        flush_to_disk(making)
        if target.exists():
            shutil.rmtree(target)
        making.rename(target)
        flush_to_disk(target.parent)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


@contextmanager
def only_one(lock: Path, doing: str) -> Iterator[None]:
    """Hold an exclusive lock file; a second process says that it waits, then waits."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting: another process is {doing}", file=sys.stderr, flush=True)
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def require_space(directory: Path, needed_bytes: int, what: str) -> None:
    """Raise SetupError ``disk_full`` before anything is written when ``what`` would not fit."""
    directory.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(directory).free
    if free < needed_bytes:
        raise SetupError(
            "disk_full",
            f"{what} needs {needed_bytes >> 20} MB under {directory}, only {free >> 20} MB are free: "
            "free some space, or set SHOUDAI_VAR_DIR to a larger disk.",
        )
