"""Random JSON, the same in every run, for code that must accept any response."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any


def any_json(chance: random.Random, names: Sequence[str], depth: int = 4) -> Any:
    """Some JSON, whose objects have keys from `names` more often than not."""
    scalars = (None, True, False, 0, 3.0, 2.5, "", "text", *names)
    kind = chance.randrange(5) if depth else 0
    if kind == 0:
        return chance.choice(scalars)
    if kind == 1:
        return [any_json(chance, names, depth - 1) for _ in range(chance.randrange(4))]
    return {
        chance.choice(names) if chance.random() < 0.9 else "unheard_of": any_json(chance, names, depth - 1)
        for _ in range(chance.randrange(6))
    }
