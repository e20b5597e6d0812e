"""The Python that declares exported objects: typed, formatted, with references instead of ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..schema.canonical import equal
from ..schema.property import NAME, Behaviour
from ..schema.secrets import MASKED
from ..schema.traversal import Path
from ..schema.types import Anything, Kind, ListOf, MapOf, Object, OneOf, Slot, stand_in_of
from .adjusting import is_for_a_file
from .found import Found, Portal
from .naming import identifier, slug

WIDTH = 100
"""Characters of a line, beyond which a value is written over several lines."""

_FILE = {"path", "filename", "sha256", "size"}
"""The members of a `File`."""


@dataclass
class Code:
    """The declaration of one object."""

    text: str = ""
    imports: set[str] = field(default_factory=set)
    """The modules of the program that it refers to."""

    helpers: set[str] = field(default_factory=set)
    """The functions of the program's module `values` that it uses."""

    texts: dict[str, str] = field(default_factory=dict)
    """The texts that lie in files, by their paths."""

    secrets: dict[str, str | None] = field(default_factory=dict)
    """The secrets by the names of their settings; None for those that only the portal knows."""


def declaration(found: Found, portal: Portal) -> Code:
    """The Python of one object."""
    return _Writer(found, portal).declaration()


class _Writer:
    def __init__(self, found: Found, portal: Portal) -> None:
        self._found = found
        self._portal = portal
        self._code = Code()

    def declaration(self) -> Code:
        found, code = self._found, self._code
        arguments = [quoted(found.name)]
        for slot in found.lifecycle.shape.settable:
            value = found.inputs.get(slot.name)
            if value is None or (slot.behaviour.default is NAME and value == found.name):
                continue
            arguments.append(f"{slot.name}={self._value(slot.kind, value, slot.behaviour, (slot.name,), 4)}")
        remarks = "".join(f"# {' '.join(remark.split())}\n" for remark in found.remarks)
        code.text = f"{remarks}{found.variable} = {_block(f'ods.{found.kind}(', arguments, ')', 0)}\n"
        return code

    def _value(self, kind: Kind, value: Any, behaviour: Behaviour, path: Path, indent: int) -> str:
        """The Python of one value.

        Args:
            kind: its type.
            value: the value.
            behaviour: the behaviour of its property.
            path: where it is.
            indent: the blanks before the line on which it begins.
        """
        if isinstance(kind, OneOf):
            kind = kind.pick(value)
        if behaviour.secret and not isinstance(value, Mapping):
            return self._secret(value, path)
        if behaviour.refers_to and isinstance(value, str):
            return self._reference(behaviour.refers_to, value)
        if stand_in_of(kind) is not None:
            return f"ods.TextFile({quoted(value['path'])})"
        if isinstance(kind, Object) and isinstance(value, Mapping):
            return self._object(kind, value, path, indent)
        if isinstance(value, Mapping):
            item = kind.item if isinstance(kind, MapOf) else Anything()
            entries = [
                f"{quoted(name)}: {self._value(item, one, behaviour, (*path, name), indent + 4)}"
                for name, one in sorted(value.items())
            ]
            return _block("{", entries, "}", indent)
        if isinstance(value, list):
            item = kind.item if isinstance(kind, ListOf) else Anything()
            items = [self._value(item, one, behaviour, (*path, n), indent + 4) for n, one in enumerate(value)]
            return _block("[", items, "]", indent)
        return self._text(value, path) if isinstance(value, str) else repr(value)

    def _object(self, kind: Object, value: Mapping[str, Any], path: Path, indent: int) -> str:
        name = kind.cls.__name__
        if name == "File":
            last = str(value["path"]).rpartition("/")[2]
            filename = "" if last == value["filename"] else f", filename={quoted(value['filename'])}"
            return f"ods.File({quoted(value['path'])}{filename})"
        parts = []
        for slot in kind.shape.settable:
            inner = value.get(slot.name)
            if inner is None or _is_tag(slot, inner):
                continue
            code = self._value(slot.kind, inner, slot.behaviour, (*path, slot.name), indent + 4)
            parts.append(f"{slot.name}={code}")
        return _block(f"ods.{name}(", parts, ")", indent)

    def _reference(self, refers_to: str, id: str) -> str:
        target = self._portal.target(refers_to, id)
        if target is None or not target.outputs or target not in self._portal.found:
            return quoted(id)
        key = refers_to.rpartition(".")[2]
        if target.module == self._found.module:
            return f"{target.variable}.{key}"
        self._code.imports.add(target.module)
        return f"{target.module}.{target.variable}.{key}"

    def _secret(self, value: Any, path: Path) -> str:
        words = [self._found.variable, *(identifier(str(step)) for step in path)]
        name = "_".join(words)
        self._code.helpers.add("secret")
        self._code.secrets[name] = None if value == MASKED else str(value)
        return f"secret({quoted(name)})"

    def _text(self, value: str, path: Path) -> str:
        if not is_for_a_file(value):
            return quoted(value)
        last = slug(str(path[-1])).replace("-", "_")
        ending = "css" if last.endswith("css") else "html" if "<" in value else "txt"
        stem = f"texts/{self._found.variable}/{last}"
        place, number = f"{stem}.{ending}", 1
        while self._code.texts.setdefault(place, value) != value:
            number += 1
            place = f"{stem}_{number}.{ending}"
        self._code.helpers.add("text")
        return f"text({quoted(place)})"


def _is_tag(slot: Slot, value: Any) -> bool:
    """Whether a member is the tag that its class has by itself."""
    is_default = slot.behaviour.default is not None and not slot.behaviour.required
    return slot.name == "type" and is_default and equal(slot.behaviour.default, value)


def quoted(text: str) -> str:
    """A text as a literal of Python, in double quotes."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return f'"{"".join(escapes.get(one) or _escaped(one) for one in text)}"'


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _block(start: str, parts: list[str], end: str, indent: int) -> str:
    """Parts in one line if that is short enough, else each in a line of its own."""
    line = f"{start}{', '.join(parts)}{end}"
    if len(line) + indent <= WIDTH and "\n" not in line:
        return line
    blanks = " " * (indent + 4)
    return f"{start}\n{''.join(f'{blanks}{part},' + chr(10) for part in parts)}{' ' * indent}{end}"
