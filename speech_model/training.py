"""Training: frame cross-entropy with ever new augmentation. Resumable, seeded; on a GPU where there is one."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from speech_model.augmentation import Augmentation
from speech_model.corpus import IGNORED, Corpus, batches
from speech_model.network import AcousticModel, Layer, Shape
from speech_model.utterances import Utterance
from voice.sound_units import UNITS

HELD_BACK = 50
"""One utterance in so many is not learnt from: frame accuracy is measured on those."""

_SAVE_EVERY = 500
_STATISTICS_BATCHES = 8


@dataclass(frozen=True)
class Plan:
    """How to train."""

    steps: int
    batch: int
    seed: int = 0
    top_rate: float = 2e-3


@dataclass(frozen=True)
class Learnt:
    """What came out: the model, how often each unit was heard, and frame accuracies on what was held back."""

    model: AcousticModel
    priors: Tensor
    figures: dict[str, float]


def training_device() -> torch.device:
    """The GPU, where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def train(
    utterances: Sequence[Utterance],
    plan: Plan,
    checkpoint: Path,
    start: AcousticModel | None = None,
    say: Callable[[str], None] = tqdm.write,
) -> Learnt:
    """Train to the end of the plan; a checkpoint of the same plan is gone on from.

    ``start`` is a model to adapt instead of a fresh one.
    """
    device = training_device()
    torch.manual_seed(plan.seed)
    learnt = [one for index, one in enumerate(utterances) if index % HELD_BACK]
    corpus = Corpus(learnt, device)
    held_back = Corpus([one for index, one in enumerate(utterances) if index % HELD_BACK == 0], device)
    model = start if start is not None else AcousticModel(Shape(outputs=len(UNITS)))
    model.to(device)
    augmentation = Augmentation(device, plan.seed)
    if start is None:
        _measure_features(model, corpus, augmentation, plan)
    optimiser = torch.optim.AdamW(model.parameters(), plan.top_rate / 10, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, plan.top_rate, total_steps=plan.steps + 1, pct_start=0.1
    )
    state: dict[str, Any] = {"model": model, "optimiser": optimiser, "schedule": schedule}
    step, heard = _resumed(checkpoint, plan, state, device)
    say(f"{corpus.seconds.sum() / 3600:.2f} h, {_size(model)} parameters, on {device}, from step {step}")
    progress = tqdm(total=plan.steps, initial=step, desc="training", unit="step")
    _learning(model, start is not None)
    while step < plan.steps:
        random = np.random.default_rng([plan.seed, step])
        for rows in batches(corpus.seconds, plan.batch, random):
            loss = _step(model, corpus, rows, augmentation, optimiser, heard)
            schedule.step()
            step += 1
            progress.update()
            if step % _SAVE_EVERY == 0 or step == plan.steps:
                _save(checkpoint, plan, state, step, heard)
                say(f"step {step}: loss {float(loss):.3f}, {_accuracies(model, held_back, plan)}")
            if step == plan.steps:
                break
    progress.close()
    model.eval()
    return Learnt(model, heard / heard.sum(), _accuracies(model, held_back, plan))


def _learning(model: AcousticModel, frozen_norms: bool) -> None:
    """Switch to learning; a model that is adapted has its norms folded in, and they must stay as they are."""
    model.train()
    if frozen_norms:
        for module in model.modules():
            if isinstance(module, nn.BatchNorm1d):
                module.eval()


def _step(
    model: AcousticModel,
    corpus: Corpus,
    rows: list[int],
    augmentation: Augmentation,
    optimiser: torch.optim.Optimizer,
    heard: Tensor,
) -> Tensor:
    with torch.no_grad():
        batch = corpus.augmented(rows, model.shape, augmentation)
        heard += torch.bincount(batch.labels[batch.labels != IGNORED], minlength=len(heard))
    scores = model(batch.features)
    loss = nn.functional.cross_entropy(
        scores.flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED, label_smoothing=0.05
    )
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimiser.step()
    return loss.detach()


def _accuracies(model: AcousticModel, held_back: Corpus, plan: Plan) -> dict[str, float]:
    """Share of frames right, as recorded and augmented, on what was held back."""
    with torch.no_grad():
        return _shares_right(model, held_back, plan)


def _shares_right(model: AcousticModel, held_back: Corpus, plan: Plan) -> dict[str, float]:
    was_training, frozen_norms = model.training, not model.first_norm.training
    model.eval()
    device = next(model.parameters()).device
    augmentation = Augmentation(device, plan.seed + 1)
    right = {"clean": 0.0, "augmented": 0.0}
    count = {"clean": 0.0, "augmented": 0.0}
    for rows in batches(held_back.seconds, plan.batch, np.random.default_rng(0)):
        for kind in right:
            batch = (
                held_back.clean(rows, model.shape)
                if kind == "clean"
                else held_back.augmented(rows, model.shape, augmentation, masked=False)
            )
            counted = batch.labels != IGNORED
            right[kind] += float((model(batch.features).argmax(-1) == batch.labels)[counted].sum())
            count[kind] += float(counted.sum())
    if was_training:
        _learning(model, frozen_norms)
    return {kind: round(right[kind] / max(count[kind], 1), 4) for kind in right}


def _measure_features(model: AcousticModel, corpus: Corpus, augmentation: Augmentation, plan: Plan) -> None:
    random = np.random.default_rng(plan.seed)
    some = [
        rows
        for _, rows in zip(
            range(_STATISTICS_BATCHES), batches(corpus.seconds, plan.batch, random), strict=False
        )
    ]
    with torch.no_grad():
        heard = [corpus.augmented(rows, model.shape, augmentation).features.flatten(0, 1) for rows in some]
        features = torch.cat(heard)
        model.mean.copy_(features.mean(0))
        model.deviation.copy_(features.std(0))


def _resumed(checkpoint: Path, plan: Plan, state: dict[str, Any], device: torch.device) -> tuple[int, Tensor]:
    """Return the step to go on from, and how often each unit was heard up to it."""
    heard = torch.ones(len(UNITS), dtype=torch.float64, device=device)
    if not checkpoint.is_file():
        return 0, heard
    saved = torch.load(checkpoint, map_location=device)
    if saved["plan"] != asdict(plan):
        return 0, heard
    for name, part in state.items():
        part.load_state_dict(saved[name])
    return int(saved["step"]), saved["heard"].to(device)


def _save(checkpoint: Path, plan: Plan, state: dict[str, Any], step: int, heard: Tensor) -> None:
    saved: dict[str, Any] = {name: part.state_dict() for name, part in state.items()}
    saved |= {"plan": asdict(plan), "shape": asdict(state["model"].shape), "step": step, "heard": heard}
    part = checkpoint.with_suffix(".part")
    torch.save(saved, part)
    part.replace(checkpoint)


def load_model(checkpoint: Path) -> tuple[AcousticModel, Tensor]:
    """Read a checkpoint for use or adaptation: the model on the CPU, and the units' priors."""
    saved = torch.load(checkpoint, map_location="cpu")
    fields = dict(saved["shape"])
    fields["layers"] = tuple(Layer(**layer) for layer in fields["layers"])
    model = AcousticModel(Shape(**fields))
    model.load_state_dict(saved["model"])
    heard = saved["heard"]
    return model.eval(), heard / heard.sum()


def _size(model: AcousticModel) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
