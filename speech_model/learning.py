"""Learning: from speech in the work folder and people's recordings to an exported model. Needs PyTorch."""

from pathlib import Path
from typing import Any

from commands.evaluate_asr import Item
from speech_model.export import export
from speech_model.importing import import_model, import_priors
from speech_model.network import AcousticModel
from speech_model.recordings import recordings
from speech_model.training import Plan, train
from speech_model.utterances import Utterance, load_pieces
from voice.spoken_text import spoken

SHIPPED = Path(__file__).parents[1] / "models" / "shoudai-vosk-cn"

PEOPLE_COUNT = 4
"""How often a recording of a person appears beside each synthetic utterance."""

_FRESH_RATE, _ADAPTING_RATE = 2e-3, 1e-4


def learn(
    work: Path, out: Path, speech: Path | None, adapt: Path | None, steps: int, batch: int, seed: int
) -> dict[str, Any]:
    """Train, or adapt the model folder ``adapt``, and export to ``out``; return the figures.

    People's recordings are aligned by the model to be adapted, or by the one that is shipped.
    """
    people = aligned_people(speech, import_model(adapt or SHIPPED)) if speech else []
    synthetic = load_pieces(work / "pieces")
    start = import_model(adapt) if adapt else None
    learnt = train_on(synthetic, people, start, steps, batch, seed, work / "checkpoint.pt")
    if adapt:
        # what a few recordings hold says little of how common each unit is
        export(learnt.model.cpu(), import_priors(adapt), out, prior_power=1.0)
    else:
        export(learnt.model.cpu(), learnt.priors.cpu().numpy(), out)
    return {"people": len(people), "synthetic": len(synthetic), "steps": steps, **learnt.figures}


def aligned_people(folder: Path, model: AcousticModel, items: list[Item] | None = None) -> list[Utterance]:
    """Return a folder's recordings with their units."""
    return list(recordings(folder, model, spoken, items=items))


def train_on(
    synthetic: list[Utterance],
    people: list[Utterance],
    start: AcousticModel | None,
    steps: int,
    batch: int,
    seed: int,
    checkpoint: Path,
) -> Any:
    """Train on both kinds of speech; an adapted model keeps its norms and takes small steps."""
    plan = Plan(steps, batch, seed, _FRESH_RATE if start is None else _ADAPTING_RATE)
    return train([*synthetic, *(people * PEOPLE_COUNT)], plan, checkpoint, start)
