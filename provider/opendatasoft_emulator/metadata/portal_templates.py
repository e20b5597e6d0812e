"""The metadata templates of one portal: those of the system, and those that its administrators created."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..state.settings import Settings
from ..state.store import Document, Store
from .field_types import LANGUAGES, TEXT_OR_TEXTS, FieldType
from .template_fields import DEFAULTS, field_type

KIND = "metadata_template"
"""The kind of the stored documents: a whole template, or for one of the system whether it is active."""

CREATABLE = ("basic", "admin")
"""The types of templates that can be created and deleted."""

TYPES = ("interop", "extra", *CREATABLE)
"""All types of templates."""

_TYPES_OF_OPEN = {"custom": "basic", "admin": "admin", "semantic": "extra"}
"""The types of the templates that the settings name, where it is not `interop`."""


class PortalTemplates:
    """The metadata templates of a portal.

    Args:
        standard: The fields of the templates that are always active, by template.
        store: The objects of the portal.
        settings: Its switches, which name further templates of the system; each of these takes any field.
    """

    def __init__(self, standard: Mapping[str, Mapping[str, FieldType]], store: Store, settings: Settings) -> None:
        self.settings = settings
        self._standard, self._store = standard, store

    def __iter__(self) -> Iterator[Document]:
        """Every template: those of the system first, then the others by their age."""
        stored = {document["name"]: document for document in self._store.all(KIND)}
        for name in (*self._standard, *self.settings.open_templates):
            yield self._of_system(name) | stored.pop(name, {})
        yield from (document for document in stored.values() if "schema" in document)

    def get(self, name: str) -> Document | None:
        """One template, active or not."""
        stored = self._store.get(KIND, name) or {}
        if name in self._standard or name in self.settings.open_templates:
            return self._of_system(name) | stored
        return stored if "schema" in stored else None

    def active_fields(self, name: str) -> Mapping[str, FieldType] | None:
        """The fields of an active template; none where it takes any field. Raises a LookupError for any other name."""
        if name == "default":
            return {**self._standard[name], **dict.fromkeys(self.settings.further_default_fields, TEXT_OR_TEXTS)}
        if name in self._standard:
            return self._standard[name]
        template = self.get(name)
        if template is None or not template["is_active"]:
            raise LookupError(name)
        if template["is_system"]:
            return None
        return {field["name"]: field_type(field) for field in template["schema"]}

    def _of_system(self, name: str) -> Document:
        is_standard = name in self._standard
        fields = self._standard[name] if is_standard else {}
        return {
            "name": name,
            "title": name.replace("_", " ").capitalize(),
            "type": "basic" if is_standard else _TYPES_OF_OPEN.get(name, "interop"),
            "is_active": True,
            "is_always_active": is_standard,
            "is_system": True,
            "schema": [_described(field, kind) for field, kind in fields.items()],
        }


def _described(name: str, kind: FieldType) -> dict[str, Any]:
    """A field of a standard template in the form of a schema."""
    choices = list(LANGUAGES) if kind.name == "enum" else None
    return {"name": name, **DEFAULTS, "type": kind.name, "choices": choices}
