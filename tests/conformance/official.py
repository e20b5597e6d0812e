"""The official description of the Automation API, read from the committed digest: facts without prose.

`python -m tools.description_digest` makes the digest; its nodes are those of the OpenAPI description itself.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tools.description_digest import DIGEST


@cache
def official_description() -> dict[str, Any]:
    """Return the digest: `openapi`, `paths`, `components` and the rest of a description, for reading only."""
    description: dict[str, Any] = json.loads(DIGEST.read_text(encoding="utf-8"))
    return description
