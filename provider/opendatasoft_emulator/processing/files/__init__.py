"""The files of a source as they are: fetched, unpacked, and read with the right encoding and separator."""

from .dialect import Dialect, dialect_of, lines
from .encoding import Encoding, decoding, encoding_of, json_encoding, open_text
from .errors import UnreadableFile
from .fetching import Fetched, fetch, public_address
from .members import LIMITS, Limits, Member, members, require_bounded, suffix_of, suited
from .signatures import require_text

__all__ = [
    "LIMITS",
    "Dialect",
    "Encoding",
    "Fetched",
    "Limits",
    "Member",
    "UnreadableFile",
    "decoding",
    "dialect_of",
    "encoding_of",
    "fetch",
    "json_encoding",
    "lines",
    "members",
    "open_text",
    "public_address",
    "require_bounded",
    "require_text",
    "suffix_of",
    "suited",
]
