"""Pieces: speech kept in compressed files of some minutes, with a manifest; what is whole is never spoken again."""

import json
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from speech_model.lines import Line, read_script
from speech_model.speaking import load_voice, speak
from speech_model.utterances import SAMPLE_RATE, save_piece
from speech_model.voices import load_styles

LINES_A_PIECE = 40
"""About two minutes."""

MANIFEST = "manifest.json"


def speak_pieces(
    graph: Path, styles: Path, script: Path, folder: Path, seed: int, processes: int, most: int | None = None
) -> float:
    """Speak what of the script is not there yet; return the hours of speech that are.

    ``graph`` is Kokoro's with durations (speaking.with_durations). A run that is broken off goes on where it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = list(read_script(script))[:most]
    jobs = [
        (folder / f"piece-{start // LINES_A_PIECE:05d}.npz", start, lines[start : start + LINES_A_PIECE])
        for start in range(0, len(lines), LINES_A_PIECE)
    ]
    missing = [job for job in jobs if not job[0].is_file()]
    if missing:
        with get_context("spawn").Pool(processes, _begin, (str(graph), str(styles), seed)) as pool:
            for _ in tqdm(
                pool.imap_unordered(_speak_piece, missing), total=len(missing), desc="speaking", unit="piece"
            ):
                pass
    return write_manifest(folder, seed)


def write_manifest(folder: Path, seed: int) -> float:
    """Say in ``manifest.json`` what lies in the folder; return the hours."""
    pieces: dict[str, dict[str, float]] = {}
    for path in sorted(folder.glob("piece-*.npz")):
        with np.load(path) as file:
            sizes = file["sizes"]
        pieces[path.name] = {
            "utterances": len(sizes),
            "seconds": round(float(sizes[:, 0].sum()) / SAMPLE_RATE, 1),
        }
    hours = sum(piece["seconds"] for piece in pieces.values()) / 3600
    manifest = {"seed": seed, "hours": round(hours, 3), "sample_rate_hz": SAMPLE_RATE, "pieces": pieces}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return hours


_speaker: dict[str, Any] = {}
"""What a speaking process loads once."""


def _begin(graph: str, styles: str, seed: int) -> None:
    _speaker.update(session=load_voice(Path(graph)), styles=load_styles(Path(styles)), seed=seed)


def _speak_piece(job: tuple[Path, int, list[Line]]) -> None:
    path, start, lines = job
    said = [
        speak(_speaker["session"], _speaker["styles"], line, f"{_speaker['seed']}-{start + index}")
        for index, line in enumerate(lines)
    ]
    save_piece(path, [one for one in said if one is not None])
