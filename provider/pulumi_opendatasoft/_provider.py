"""The one name that states hold. This module and `load` never move: every stack ever made finds the provider here."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .adapters.dynamic import Adapter

_CALL = b"\x80\x02cpulumi_opendatasoft._provider\nload\nX"


def load(kind: str, *_later: object) -> Adapter:
    """The provider of one resource type. Further arguments, which a later release may store, are ignored."""
    from .adapters.dynamic import Adapter  # noqa: PLC0415  # a program that only declares resources needs none of it

    return Adapter(kind)


def provider_string(kind: str) -> str:
    """What a state keeps under `__provider`: a pickle, protocol 2, of the call `load(kind)`, made by hand.

    By hand, because what a pickler writes depends on the version of Python, and two colleagues would differ for ever.
    """
    name = kind.encode()
    return base64.b64encode(_CALL + len(name).to_bytes(4, "little") + name + b"\x85R.").decode()
