"""Policy content: one product version as its file states it, and the digest that names it for ever."""

import hashlib
import json
from typing import Any


def version_content(institution: Any, product: Any, version: Any) -> Any:
    """Return one version alone, in the form of a file: what is archived, and what its digest is taken of."""
    return {"institution": institution, "products": [{**product, "versions": [version]}]}


def content_digest(content: Any) -> str:
    """Return SHA-256 over the canonical JSON (sorted names, no blanks, UTF-8) of parsed content, in hex."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
