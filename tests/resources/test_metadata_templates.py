"""Metadata templates: the walk through their fields, the loss of values, templates of the portal's own, datasets."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program

TEMPLATES = "/metadata/templates/"
HERITAGE = f"{TEMPLATES}heritage/"
PUT = f"PUT {HERITAGE}"
ALL_THE_SAME = "; set allow_data_loss=True to do it all the same"
REMOVED = 'the field "owner" would be removed, and with it its values in all datasets'
RETYPED = (
    '"century" would become text instead of int: the field is removed and made anew, without its values in all datasets'
)


def field(name: str, type: str = "text", **more: Any) -> ods.MetadataField:
    """A field."""
    return ods.MetadataField(name=name, type=type, **more)


CENTURY, OWNER, STYLE = field("century", "int"), field("owner"), field("style", "enum", choices=["gothic"])


def heritage(*fields: ods.MetadataField | None, **given: Any) -> Program:
    """A program with one template; without fields its schema is not managed."""
    schema = {"schema": [one for one in fields if one is not None]} if fields else {}
    return lambda: ods.MetadataTemplate("heritage", **{"title": "Heritage", **schema, **given})


def names(portal: Portal) -> list[str]:
    """The names of the fields on the portal."""
    return [one["name"] for one in portal.get(HERITAGE)["schema"]]


# ---------------------------------------------------------------- the fields


def test_fields_change_in_every_step_by_one_write(engine: Engine, portal: Portal) -> None:
    longer = field("owner", label="The owner")
    walk: tuple[tuple[str, Program, list[str]], ...] = (
        ("added", heritage(CENTURY, OWNER), ["century", "owner"]),
        ("changed", heritage(CENTURY, longer), ["century", "owner"]),
        ("one put in the middle", heritage(CENTURY, STYLE, longer), ["century", "style", "owner"]),
        ("reordered", heritage(longer, CENTURY, STYLE), ["owner", "century", "style"]),
        ("removed", heritage(longer, STYLE, allow_data_loss=True), ["owner", "style"]),
        ("emptied", heritage(None, allow_data_loss=True), []),
        ("managed and empty", heritage(None), []),
        ("filled", heritage(OWNER), ["owner"]),
    )
    engine.up(heritage())
    assert names(portal) == []
    for title, program, expected in walk:
        portal.forget()
        assert engine.up(program).steps == {"heritage": "update"}, title
        assert portal.writes() == ([] if title == "managed and empty" else [PUT]), title
        assert names(portal) == expected, title
        engine.is_settled(program)


def test_released_fields_are_left_and_managed_again(engine: Engine, portal: Portal) -> None:
    engine.up(heritage(OWNER))
    portal.forget()
    assert engine.up(heritage()).said() == ["schema: no longer managed, left as they are"]
    portal.put(HERITAGE, {"schema": [*portal.get(HERITAGE)["schema"], {"name": "more", "label": "By hand"}]})
    assert engine.refresh().steps == {}

    engine.up(heritage(title="Old things"))
    assert names(portal) == ["owner", "more"]

    refused = engine.up(heritage(OWNER), ok=False).errors
    assert refused == [
        'MetadataTemplate "heritage": schema: the field "more" would be removed, and with it its values in all '
        f"datasets{ALL_THE_SAME}. Nothing was written"
    ]
    engine.up(heritage(OWNER, field("more")))
    assert [one["label"] for one in portal.get(HERITAGE)["schema"]] == [None, None]


def test_two_fields_of_one_name_are_refused(engine: Engine) -> None:
    assert engine.preview(heritage(OWNER, CENTURY, OWNER), ok=False).errors == [
        'schema[0].name: "owner" is the name of another field: give each its own',
        'schema[2].name: "owner" is the name of another field: give each its own',
    ]


def test_refused_choice_is_named_by_its_path(engine: Engine) -> None:
    wrong = field("century", "int", choices=["12", "twelve"])
    assert "schema[1].choices[1]" in engine.up(heritage(OWNER, wrong), ok=False).errors[0]


def test_adoption_by_another_name_is_refused(engine: Engine) -> None:
    assert engine.up(heritage(adopt="dcat"), ok=False).errors == [
        'MetadataTemplate "heritage": adopt: a template is known by its name: adopt=True, and name="dcat"'
    ]


# ---------------------------------------------------------------- the loss of values


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (heritage(CENTURY), f"schema: {REMOVED}"),
        (heritage(field("century"), OWNER), f"schema[0].type: {RETYPED}"),
        (
            heritage(CENTURY, OWNER, name="monuments"),
            'name: "heritage" would become "monuments": the template is deleted and made anew, and datasets lose the '
            "values of its fields",
        ),
        (
            heritage(CENTURY, OWNER, type="admin"),
            'type: "basic" would become "admin": the template is deleted and made anew, and datasets lose the values '
            "of its fields",
        ),
    ],
    ids=["removed", "retyped", "renamed", "another type"],
)
def test_loss_of_values_is_refused_in_the_preview(
    engine: Engine, portal: Portal, change: Program, refused: str
) -> None:
    engine.up(heritage(CENTURY, OWNER, type="basic"))
    portal.forget()
    assert engine.preview(change, ok=False).errors == [refused + ALL_THE_SAME]
    assert engine.up(change, ok=False).errors == [refused + ALL_THE_SAME]
    assert portal.writes() == []


def test_field_that_was_added_by_hand_is_not_removed(engine: Engine, portal: Portal) -> None:
    """The state does not contain the field, so only the read before the write finds it."""
    engine.up(heritage(OWNER))
    portal.put(HERITAGE, {"schema": [{"name": "owner"}, {"name": "more"}]})
    portal.forget()
    changed = heritage(field("owner", label="The owner"))
    assert 'the field "more" would be removed' in engine.up(changed, ok=False).errors[0]
    assert portal.writes() == []

    assert engine.refresh().changed["heritage"] == ["schema[1]"]
    assert engine.preview(heritage(OWNER), ok=False).errors[0].startswith('schema: the field "more" would be removed')


def test_field_of_another_type_is_made_anew(engine: Engine, portal: Portal) -> None:
    engine.up(heritage(CENTURY, OWNER, allow_data_loss=True))
    portal.forget()
    program = heritage(field("century"), OWNER, allow_data_loss=True)
    engine.up(program)
    assert portal.writes() == [PUT, PUT]
    assert [one["type"] for one in portal.get(HERITAGE)["schema"]] == ["text", "text"]
    engine.is_settled(program)


def test_field_is_made_anew_after_a_failure_between(engine: Engine, portal: Portal) -> None:
    engine.up(heritage(CENTURY, OWNER, allow_data_loss=True))
    program = heritage(field("century"), OWNER, allow_data_loss=True)
    portal.fail({"method": "PUT", "path": HERITAGE, "nth": 2, "fault": "status:500"})
    engine.up(program, ok=False)
    assert names(portal) == ["owner"]
    portal.fail()
    engine.up(program)
    assert [one["type"] for one in portal.get(HERITAGE)["schema"]] == ["text", "text"]
    engine.is_settled(program)


# ---------------------------------------------------------------- identity


def test_lost_answer_to_the_create_is_settled_by_a_look(engine: Engine, portal: Portal) -> None:
    engine.config["opendatasoft:maxRetries"] = "1"
    portal.fail({"method": "POST", "path": f"^{TEMPLATES}$", "nth": 1, "fault": "reset_after_commit"})
    engine.up(heritage(OWNER))
    assert [call for call in portal.requests("POST") if TEMPLATES in call] == [f"POST {TEMPLATES}"]
    assert engine.get("heritage").outputs["adopted"] is False
    engine.is_settled(heritage(OWNER))


def test_existing_template_is_refused_then_adopted_then_kept(engine: Engine, portal: Portal) -> None:
    body = {"name": "heritage", "title": "By hand", "type": "basic", "is_active": True, "schema": [{"name": "owner"}]}
    portal.post(TEMPLATES, body)
    portal.forget()
    assert (
        'the portal already has a metadata template with name "heritage"'
        in (engine.up(heritage(OWNER), ok=False).errors[0])
    )
    adopting = heritage(OWNER, adopt=True)
    assert engine.up(adopting).said() == ["adopted heritage, only read; the next `up` changes: title"]
    assert portal.writes() == []
    engine.up(adopting)
    assert portal.get(HERITAGE)["title"] == "Heritage"
    engine.is_settled(adopting)
    engine.destroy()
    assert portal.get(HERITAGE)["title"] == "Heritage"


def test_new_template_without_a_title_is_refused(engine: Engine, portal: Portal) -> None:
    refused = engine.up(heritage(title=None), ok=False).errors
    assert refused == [
        'MetadataTemplate "heritage": the portal has no metadata template "heritage", and a new one needs a title: '
        "give `title`"
    ]
    assert portal.writes() == []


def test_template_without_more_is_basic_active_and_empty(engine: Engine, portal: Portal) -> None:
    engine.up(heritage())
    found = portal.get(HERITAGE)
    assert (found["type"], found["is_active"], found["schema"]) == ("basic", True, [])
    engine.is_settled(heritage())


# ---------------------------------------------------------------- templates of the portal's own


def dcat(**given: Any) -> Program:
    """A program with a template of the portal's own."""
    return lambda: ods.MetadataTemplate("dcat", **given)


@pytest.mark.parametrize("adopt", [True, None], ids=["adopted", "not adopted any more"])
def test_template_of_the_portal_gets_its_activity_back(engine: Engine, portal: Portal, adopt: bool | None) -> None:
    engine.up(dcat(adopt=True, is_active=False))
    assert portal.get(f"{TEMPLATES}dcat/")["is_active"] is True
    program = dcat(adopt=adopt, is_active=False)
    engine.up(program)
    assert portal.get(f"{TEMPLATES}dcat/")["is_active"] is False
    engine.is_settled(program)
    engine.refresh()

    destroyed = engine.destroy()
    assert "dcat is active again, as before it was managed" in destroyed.said()
    assert portal.get(f"{TEMPLATES}dcat/")["is_active"] is True
    assert [call for call in portal.requests("DELETE") if TEMPLATES in call] == []


@pytest.mark.parametrize("given", [{}, {"title": "Dcat"}], ids=str)
def test_activity_that_was_not_managed_is_left(engine: Engine, portal: Portal, given: dict[str, Any]) -> None:
    engine.up(dcat(adopt=True, **given))
    portal.put(f"{TEMPLATES}dcat/", {"is_active": False})
    portal.forget()
    engine.destroy()
    assert portal.writes() == []


def test_other_changes_of_a_template_of_the_portal_are_refused(engine: Engine, portal: Portal) -> None:
    program = dcat(adopt=True, title="Ours")
    engine.up(program)
    assert "title: This field cannot be changed." in engine.up(program, ok=False).errors[0]


# ---------------------------------------------------------------- datasets


def city(*fields: ods.MetadataField, century: Any = 12, **given: Any) -> Program:
    """A template and a dataset that uses it."""

    def declared() -> None:
        template = ods.MetadataTemplate("heritage", title="Heritage", schema=list(fields), **given)
        values = ods.TemplateMetadata(template=template.name, fields={"century": century})
        ods.Dataset(
            "air",
            metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air"), templates={"heritage": values}),
        )

    return declared


def test_new_template_is_usable_in_the_same_up(engine: Engine, portal: Portal) -> None:
    engine.up(city(CENTURY))
    assert portal.dataset("air")["metadata"]["heritage"] == {"century": {"value": 12}}
    engine.is_settled(city(CENTURY))
    engine.destroy()
    assert portal.all("/datasets/") == []


def test_value_that_does_not_fit_its_field_is_named(engine: Engine) -> None:
    refused = engine.up(city(CENTURY, century="twelfth"), ok=False).errors[0]
    assert "metadata.heritage.century.value: A valid integer is required." in refused


def test_dataset_gets_values_again_if_a_template_is_replaced(engine: Engine, portal: Portal) -> None:
    engine.up(city(CENTURY, type="basic", allow_data_loss=True))
    replaced = city(CENTURY, type="admin", allow_data_loss=True)
    assert engine.up(replaced).steps["heritage"] == "replace"
    assert portal.dataset("air")["metadata"]["heritage"] == {"century": {"value": 12}}
    engine.is_settled(replaced)
