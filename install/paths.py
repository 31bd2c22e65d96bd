"""Where the project keeps what it makes: models, database, caches, logs."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""


def var_dir() -> Path:
    """Everything written at run time lies under it: SHOUDAI_VAR_DIR, default ``var`` in the checkout."""
    return (ROOT / os.environ.get("SHOUDAI_VAR_DIR", "var")).resolve()


def models_dir() -> Path:
    """The assembled speech models: SHOUDAI_MODELS_DIR, default ``models`` under ``var_dir()``."""
    configured = os.environ.get("SHOUDAI_MODELS_DIR")
    return (ROOT / configured).resolve() if configured else var_dir() / "models"


def downloads_dir() -> Path:
    """Model packages as they were downloaded, or as somebody put them here by hand; looked at before the network."""
    return var_dir() / "downloads"
