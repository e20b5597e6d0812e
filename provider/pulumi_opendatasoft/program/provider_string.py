"""The type tokens and the `__provider` string by which a state names the provider of a resource type."""

from __future__ import annotations

import base64
from typing import Final

PROVIDER_KEY: Final = "__provider"


TYPE_PREFIX: Final = "pulumi-python:dynamic/opendatasoft:"
_CALL = b"\x80\x02cpulumi_opendatasoft._provider\nload\nX"


def provider_string(kind: str) -> str:
    """The text that a state has under `__provider`: a pickle, protocol 2, of the call `load(kind)`, in base64.

    It is made by hand, because the bytes of a pickler depend on the version of Python: two colleagues with different
    versions would each see a change in every preview.
    """
    name = kind.encode()
    return base64.b64encode(_CALL + len(name).to_bytes(4, "little") + name + b"\x85R.").decode()
