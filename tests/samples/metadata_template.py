"""The sample of a metadata template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from ..conformance.rules import Writes
from ..resources.rows import ANYTHING, Follows, Properties, Row, changed
from ..resources.subject import Subject
from . import Sample, Site

if TYPE_CHECKING:
    from ..resources.bench import Bench

PUT = ("PUT /metadata/templates/heritage/",)
OFFICIAL = r"(?:POST|PUT) /metadata/templates/(?:\{template_name\}/)?"


def style(**other: Any) -> ods.MetadataField:
    """A field with every member."""
    whole = {
        "name": "style",
        "type": "enum",
        "label": "Style",
        "help_text": "One of two",
        "self_suggest": True,
        "is_filter": True,
        "i18n": True,
        "choices": ["gothic", "baroque"],
        "labels": {"gothic": {"en": "Gothic"}},
        "requirement_level": "recommended",
    }
    return ods.MetadataField(**{**whole, **other})


def given(first: ods.MetadataField | None = None, **second: Any) -> Properties:
    """Every property, with other members of one of the two fields."""
    return {
        "name": "heritage",
        "title": "Heritage",
        "type": "basic",
        "is_active": True,
        "schema": [first or style(), ods.MetadataField(**{"name": "owner", **second})],
        "allow_data_loss": True,
    }


def member(name: str, value: Any, at: str = "", told: Any = None, **more: Any) -> Row:
    """The row of a member of the first field: another value, and what is then read at a path inside of it."""
    return Row(
        f"schema[].{name}",
        lambda _: given(style(**{name: value})),
        {f"schema[0].{at or name}": value if told is None else told, **more.pop("follows", {})},
        PUT,
        **more,
    )


ROWS = (
    Row(
        "name",
        lambda _: {"name": "monuments"},
        {"name": "monuments", "schema[0].suggest_url": ANYTHING},
        ("DELETE /metadata/templates/heritage/", "POST /metadata/templates/"),
        "replace",
        back=("DELETE /metadata/templates/monuments/", "POST /metadata/templates/"),
        drifts=False,
    ),
    Row("title", lambda _: {"title": "Old things"}, {"title": "Old things"}, PUT),
    Row(
        "type",
        lambda _: {"type": "admin"},
        {"type": "admin"},
        ("DELETE /metadata/templates/heritage/", "POST /metadata/templates/"),
        "replace",
        drifts=False,
    ),
    Row("is_active", lambda _: {"is_active": False}, {"is_active": False}, PUT),
    Row("schema[].name", lambda _: given(name="tenant"), {"schema[1].name": "tenant"}, PUT),
    # The portal refuses another type of a field that is there, so the provider writes twice, and others cannot.
    Row("schema[].type", lambda _: given(type="html"), {"schema[1].type": "html"}, PUT * 2, drifts=False),
    member("label", "Epoch"),
    member("help_text", "One of three"),
    member("self_suggest", False, follows={"schema[0].suggest_url": Follows(None)}),
    member("is_filter", False),
    member("i18n", False),
    member("choices", ["baroque", "gothic", "modern"]),
    member("labels", {"gothic": {"en": "Pointed"}}, "labels.gothic.en", "Pointed", keys=("gothic", "en")),
    member("requirement_level", "mandatory"),
    Row("allow_data_loss", lambda _: {"allow_data_loss": False}, drifts=False, reads=0),
    Row("adopt", lambda _: {"adopt": True}, drifts=False, reads=0),
    Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0),
)


def seen(bench: Bench) -> Any:
    """The template."""
    return bench.portal.get(f"/metadata/templates/{bench.id}/")


def disturb(bench: Bench, path: str, value: Any) -> None:
    """Change the template."""
    bench.portal.put(f"/metadata/templates/{bench.id}/", changed(seen(bench), path, value))


def left(bench: Bench) -> list[Any]:
    """The templates that are not the portal's own."""
    return [found for found in bench.portal.all("/metadata/templates/") if not found["is_system"]]


def declare(site: Site) -> ods.MetadataTemplate:
    """Every property."""
    return ods.MetadataTemplate("MetadataTemplate", **given())


def adopted(site: Site) -> ods.MetadataTemplate:
    """A template of the portal's own."""
    return ods.MetadataTemplate("MetadataTemplate 2", name="dcat", adopt=True, is_active=True)


SAMPLE = Sample(
    declare,
    Subject(
        ods.MetadataTemplate,
        {"": lambda _: given()},
        ROWS,
        seen,
        disturb,
        remove=lambda bench: bench.portal.delete(f"/metadata/templates/{bench.id}/"),
        left=left,
    ),
    (adopted,),
    writes=(
        Writes(OFFICIAL, r"(name|title|type|is_active|schema\[\]\.\w+)", r"MetadataTemplate:\1"),
        Writes(OFFICIAL, r"schema\[\]\.labels\..+", "MetadataTemplate:schema[].labels"),
    ),
)
