"""The content of a response, unpacked and bounded while it arrives."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from ..errors import OpendatasoftError

MOST_BYTES = 50_000_000
"""Bytes of one response, unpacked. A page has 1,000 entries at most: that is 50 kB for each."""

MOST_REFUSAL_BYTES = 1_000_000
"""Bytes of an error's response that are read; the rest of it is left."""

ACCEPTED = "gzip"
"""The packing that is requested. A body that was packed in several turns can be a millionfold larger than it was."""


class TooLarge(OpendatasoftError):
    """The content is larger than allowed."""


class NotUnpacked(OpendatasoftError):
    """The content is packed in another way than its header names, or in one that was not requested."""


def received(parts: Iterable[bytes], encoding: str, most: int, *, may_be_cut: bool) -> bytearray:
    """Return the content of a response.

    Args:
        parts: Its bytes as they arrive.
        encoding: Its `Content-Encoding`.
        most: Bytes that it may have, packed and unpacked.
        may_be_cut: Whether its beginning is returned where it is larger, or cannot be unpacked.

    Raises:
        TooLarge: It is larger than `most`.
        NotUnpacked: It cannot be unpacked.
    """
    content = bytearray()
    try:
        _receive(content, parts, encoding.strip().lower(), most)
    except (TooLarge, NotUnpacked):
        if not may_be_cut:
            raise
        del content[most:]
    return content


def _receive(content: bytearray, parts: Iterable[bytes], encoding: str, most: int) -> None:
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise NotUnpacked
    # Both headers, that of gzip and that of zlib, are recognised.
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32) if encoding not in ("", "identity") else None
    arrived = 0
    for part in parts:
        arrived += len(part)
        if unpacker:
            try:
                part = unpacker.decompress(part, most + 1 - len(content))
            except zlib.error:
                raise NotUnpacked from None
        content += part
        if max(arrived, len(content)) > most:
            raise TooLarge
    if unpacker and arrived and not unpacker.eof:
        raise NotUnpacked
