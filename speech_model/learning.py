"""Learning: from speech in the work folder and people's recordings to an exported model. Needs PyTorch."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from commands.evaluate_asr import Item
from speech_model.export import export
from speech_model.importing import import_model, import_priors
from speech_model.network import AcousticModel
from speech_model.recordings import recordings
from speech_model.training import Learnt, Plan, load_model, train
from speech_model.utterances import Utterance, load_pieces
from voice.speech.spoken_text import spoken

SHIPPED = Path(__file__).parents[1] / "models" / "shoudai-vosk-cn"

PEOPLE_COUNT = 4
"""How often a recording of a person appears beside each synthetic utterance."""

_FURTHER_RATE, _ADAPTING_RATE = 3e-4, 1e-4


def learn(
    work: Path, out: Path, speech: Path | None, adapt: Path | None, further: Path | None, plan: Plan
) -> dict[str, Any]:
    """Train, learn on from whole utterances with the checkpoint ``further``, or adapt the model folder ``adapt``.

    People's recordings are aligned by the model to be adapted, or by the one that is shipped. Exports to ``out`` and
    returns the figures.
    """
    people = aligned_people(speech, import_model(adapt or SHIPPED)) if speech else []
    synthetic = load_pieces(work / "pieces")
    start = None
    if adapt:
        start, plan = import_model(adapt), adapting(plan)
    elif further:
        start, _ = load_model(further)
        plan = replace(plan, top_rate=_FURTHER_RATE, sequences=True)
    learnt = train_on(synthetic, people, plan, work / "checkpoint.pt", start)
    if adapt:
        # what a few recordings hold says little of how common each unit is
        export(learnt.model.cpu(), import_priors(adapt), out, prior_power=1.0)
    else:
        export(learnt.model.cpu(), learnt.priors.cpu().numpy(), out)
    return {"people": len(people), "synthetic": len(synthetic), **learnt.figures}


def adapting(plan: Plan) -> Plan:
    """A model from a model folder keeps its norms and takes small steps."""
    return replace(plan, top_rate=_ADAPTING_RATE, frozen_norms=True)


def aligned_people(folder: Path, model: AcousticModel, items: list[Item] | None = None) -> list[Utterance]:
    """Return a folder's recordings with their units."""
    return list(recordings(folder, model, spoken, items=items))


def train_on(
    synthetic: list[Utterance],
    people: list[Utterance],
    plan: Plan,
    checkpoint: Path,
    start: AcousticModel | None,
) -> Learnt:
    """Train on both kinds of speech."""
    return train([*synthetic, *(people * PEOPLE_COUNT)], plan, checkpoint, start)
