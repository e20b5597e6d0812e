"""Texts in files of a program, such as the HTML of a page. The state has their paths and hashes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ResourceError
from ..schema.types import StandIn
from .descriptors import Member, member
from .file import given_path, kept_path, same_as_before, unreadable
from .inputs import Refusal
from .value import Value


class TextFile(Value, StandIn):
    """A text in a file on the machine that runs the program: `TextFile("pages/home.html")`.

    The state contains its hash, and a preview shows the lines that change. The text is UTF-8; line breaks are sent as
    `\\n`, whatever the file has, so that a page is the same from every machine. Texts are compared by their content,
    never by their path. The text is sent after the program has run, so the file must stay as it is until then.

    Raises `pulumi.RunError` if the file cannot be read, if it is not UTF-8, or if its content is no longer the one that
    an earlier `TextFile` of this program has.
    """

    path: Member[str] = member(local=True)
    """The path, relative to the folder of the program."""

    sha256: Member[str] = member()
    """The SHA-256 of the text, computed where the program runs."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        given = given_path(path, "TextFile")
        full = Path.cwd() / given
        try:
            text = _text_in(full)
        except OSError as error:
            raise unreadable("TextFile", given, error) from None
        except UnicodeDecodeError as error:
            raise Refusal(
                f'TextFile("{given.as_posix()}") is not UTF-8 text: the byte at {error.start} is part of no character. '
                "Save the file as UTF-8"
            ) from None
        sha256 = _hash(text)
        same_as_before("TextFile", given, full, (sha256, len(text)))
        super().__init__(path=kept_path(given, full), sha256=sha256)

    @classmethod
    def of(cls, text: str) -> dict[str, Any]:
        """The members that stand for a text of the portal."""
        return {"sha256": _hash(text)}

    @classmethod
    def hash_in(cls, members: Mapping[str, Any]) -> str:
        """The hash of the text that the members stand for."""
        return str(members.get("sha256", ""))

    @classmethod
    def read(cls, members: Mapping[str, Any], folder: Path) -> str:
        """The text that the members stand for. Raises `ResourceError` where the file no longer contains it."""
        path = folder / str(members.get("path", ""))
        try:
            text = _text_in(path)
        except (OSError, UnicodeDecodeError):
            raise ResourceError(
                f"{path.as_posix()} can no longer be read: a file must stay as it is until `up` has ended"
            ) from None
        if _hash(text) != cls.hash_in(members):
            raise ResourceError(
                f"{path.as_posix()} changed since the program was run; run it again to send what it contains now"
            )
        return text


def _text_in(file: Path) -> str:
    text = file.read_bytes().decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
