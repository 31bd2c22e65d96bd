"""VadSettings: when a sound on the line is taken for speech."""

from dataclasses import dataclass

from voice.operator_settings import adjustable


@dataclass(frozen=True)
class VadSettings:
    """Hysteresis: speech begins above one probability and goes on until it falls below a lower one."""

    start_probability: float = adjustable("SHOUDAI_VAD_START", 0.5, 0.05, 0.99)
    """Probability of speech (0..1) above which it begins."""

    stop_probability: float = adjustable("SHOUDAI_VAD_STOP", 0.35, 0.01, 0.99)
    """Probability below which it is over."""

    attentive_probability: float = adjustable("SHOUDAI_VAD_ATTENTIVE", 0.1, 0.0, 0.99)
    """Enough while attentive, when the sound also stands out: a lone 好 or 是 often stays below the others."""

    attentive_db: float = adjustable("SHOUDAI_VAD_ATTENTIVE_DB", 15.0, 0.0, 60.0)
    """Decibels above the line's noise floor that stand out."""

    attentive_rms: float = adjustable("SHOUDAI_VAD_ATTENTIVE_RMS", 200.0, 0.0, 32_768.0)
    """The least loudness (root mean square of 16-bit samples) that stands out, however quiet the line."""
