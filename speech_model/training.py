"""Training: by frames or whole utterances, with ever new augmentation. Resumable, seeded; on a GPU if there is one."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from speech_model.augmentation import Augmentation
from speech_model.corpus import IGNORED, Corpus, batches
from speech_model.export import PRIOR_POWER, floored
from speech_model.network import AcousticModel, Layer, Shape
from speech_model.sequence_loss import SequenceLoss
from speech_model.utterances import Utterance
from voice.hearing.sound_units import UNITS

HELD_BACK = 50
"""One utterance in so many is not learnt from: frame accuracy is measured on those."""

_SAVE_EVERY_S = 300
_WARM_UP = 0.1
_LEAST_RATE = 0.1
"""Share of the plan in which the rate rises, and what it rises from, as a share of the top."""

_STATISTICS_BATCHES = 8

_FRAMES_BESIDE = 0.3
"""What frames count for beside whole utterances."""

_KEPT_OF_MEAN = 0.995
"""With whole utterances, what remains of the running mean of the weights at each step; the mean is the model."""


@dataclass(frozen=True)
class Plan:
    """How to train: so many steps, or fewer where ``minutes`` (pauses between runs not counted) end before them."""

    steps: int
    batch: int
    seed: int = 0
    top_rate: float = 2e-3
    minutes: float = 150
    frozen_norms: bool = False
    """For a model that came from a model folder: its norms are folded into the layers."""
    sequences: bool = False
    """Learn from whole utterances besides: for a model that frames have taught already."""


@dataclass(frozen=True)
class Learnt:
    """What came out: the model, how often each unit was heard, and frame accuracies on what was held back."""

    model: AcousticModel
    priors: Tensor
    figures: dict[str, float]


@dataclass
class Place:
    """How far a plan has come."""

    heard: Tensor
    """How often each unit was heard."""
    step: int = 0
    seconds: float = 0.0

    def share(self, plan: Plan) -> float:
        """Of the steps or of the time, whichever is further; the plan is done at 1."""
        return max(self.step / plan.steps, self.seconds / 60 / plan.minutes)


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

    ``start`` is a model to learn on with instead of a fresh one.
    """
    device = training_device()
    torch.manual_seed(plan.seed)
    learnt = [one for index, one in enumerate(utterances) if index % HELD_BACK]
    corpus = Corpus(learnt, device)
    held_back = Corpus([one for index, one in enumerate(utterances) if index % HELD_BACK == 0], device)
    model = start if start is not None else AcousticModel(Shape(outputs=len(UNITS)))
    model.to(device)
    if start is None:
        _measure_features(model, corpus, Augmentation(device, plan.seed), plan)
    optimiser = torch.optim.AdamW(model.parameters(), plan.top_rate, betas=(0.9, 0.99), weight_decay=1e-3)
    mean = {name: value.clone() for name, value in model.state_dict().items()} if plan.sequences else {}
    at = _resumed(checkpoint, plan, model, optimiser, mean, device)
    sequences = _sequence_loss(learnt, device) if plan.sequences else None
    if sequences is not None:
        model.dropout.p = 0.0  # a third of a CPU's time for nothing that was measured
    say(f"{corpus.seconds.sum() / 3600:.2f} h, {_size(model)} parameters, on {device}, from step {at.step}")
    _learning(model, plan.frozen_norms)
    # after a break the rest of the plan draws anew, not again what was drawn before it
    augmentation = Augmentation(device, plan.seed + at.step)
    saved_at = time.monotonic()
    with tqdm(total=plan.steps, initial=at.step, desc="training", unit="step") as progress:
        for rows in _rows(corpus, plan, at):
            began = time.monotonic()
            loss = _step(model, corpus, rows, augmentation, optimiser, at, plan, sequences)
            if sequences is not None:
                _follow(mean, model, at.step)
            at.step, at.seconds = at.step + 1, at.seconds + time.monotonic() - began
            progress.update()
            if at.share(plan) >= 1 or time.monotonic() - saved_at > _SAVE_EVERY_S:
                saved_at = time.monotonic()
                _save(checkpoint, plan, model, optimiser, mean, at)
                say(f"step {at.step}: loss {float(loss):.3f}, {_accuracies(model, held_back, plan)}")
    if plan.sequences:
        model.load_state_dict(mean)
    model.eval()
    figures = {"steps": at.step, "minutes": round(at.seconds / 60, 1), **_accuracies(model, held_back, plan)}
    return Learnt(model, at.heard / at.heard.sum(), figures)


def _rows(corpus: Corpus, plan: Plan, at: Place) -> Iterator[list[int]]:
    """Yield batches, epoch after epoch, until the plan is done."""
    while at.share(plan) < 1:
        for rows in batches(corpus.seconds, plan.batch, np.random.default_rng([plan.seed, at.step])):
            yield rows
            if at.share(plan) >= 1:
                return


def learning_rate(share: float, top: float) -> float:
    """The rate when this share of a plan is done: up to ``top`` in a tenth of it, then down to nothing on a cosine."""
    if share < _WARM_UP:
        return top * (_LEAST_RATE + (1 - _LEAST_RATE) * share / _WARM_UP)
    return top * 0.5 * (1 + math.cos(math.pi * min(1.0, (share - _WARM_UP) / (1 - _WARM_UP))))


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
    at: Place,
    plan: Plan,
    sequences: SequenceLoss | None,
) -> Tensor:
    for group in optimiser.param_groups:
        group["lr"] = learning_rate(at.share(plan), plan.top_rate)
    with torch.no_grad():
        batch = corpus.augmented(rows, model.shape, augmentation)
        at.heard += torch.bincount(batch.labels[batch.labels != IGNORED], minlength=len(at.heard))
    with torch.autocast("cpu", torch.bfloat16, enabled=_computes_bfloat16(batch.features.device)):
        scores = model(batch.features)
    loss = nn.functional.cross_entropy(
        scores.float().flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED, label_smoothing=0.05
    )
    if sequences is not None:
        loss = _FRAMES_BESIDE * loss + sequences(scores, batch.labels)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimiser.step()
    return loss.detach()


def _follow(mean: dict[str, Tensor], model: AcousticModel, step: int) -> None:
    """Move the running mean of the weights towards the present ones; quickly at first."""
    kept = min(_KEPT_OF_MEAN, step / (step + 9))
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                mean[name].lerp_(value, 1 - kept)
            else:
                mean[name].copy_(value)


def _sequence_loss(utterances: Sequence[Utterance], device: torch.device) -> SequenceLoss:
    heard = sum((np.bincount(one.labels, minlength=len(UNITS)) for one in utterances), np.ones(len(UNITS)))
    priors = torch.from_numpy(floored(heard / heard.sum()))
    return SequenceLoss((one.labels for one in utterances), priors, PRIOR_POWER, device)


def _computes_bfloat16(device: torch.device) -> bool:
    """Whether the CPU has instructions for it: a step then takes a third of the time."""
    return device.type == "cpu" and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


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


def _resumed(
    checkpoint: Path,
    plan: Plan,
    model: AcousticModel,
    optimiser: torch.optim.Optimizer,
    mean: dict[str, Tensor],
    device: torch.device,
) -> Place:
    """Return where to go on."""
    fresh = Place(torch.ones(len(UNITS), dtype=torch.float64, device=device))
    if not checkpoint.is_file():
        return fresh
    saved = torch.load(checkpoint, map_location=device)
    if saved["plan"] != asdict(plan):
        return fresh
    model.load_state_dict(saved["model"])
    optimiser.load_state_dict(saved["optimiser"])
    mean.update(saved["mean"])
    return Place(saved["heard"].to(device), int(saved["step"]), float(saved["seconds"]))


def _save(
    checkpoint: Path,
    plan: Plan,
    model: AcousticModel,
    optimiser: torch.optim.Optimizer,
    mean: dict[str, Tensor],
    at: Place,
) -> None:
    saved = {
        **{"model": model.state_dict(), "optimiser": optimiser.state_dict()},
        **{"plan": asdict(plan), "shape": asdict(model.shape), "mean": mean},
        **{"step": at.step, "seconds": at.seconds, "heard": at.heard},
    }
    part = checkpoint.with_suffix(".part")
    torch.save(saved, part)
    part.replace(checkpoint)


def load_model(checkpoint: Path) -> tuple[AcousticModel, Tensor]:
    """Read a checkpoint for use or to learn on: the model on the CPU, and the units' priors."""
    saved = torch.load(checkpoint, map_location="cpu")
    fields = dict(saved["shape"])
    fields["layers"] = tuple(Layer(**layer) for layer in fields["layers"])
    model = AcousticModel(Shape(**fields))
    averaged = saved["plan"].get("sequences", False)
    model.load_state_dict(saved["mean" if averaged else "model"])
    heard = saved["heard"]
    return model.eval(), heard / heard.sum()


def _size(model: AcousticModel) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
