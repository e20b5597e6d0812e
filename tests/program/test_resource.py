"""Resources as a program declares them: their arguments, what the engine gets, and what is read back."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_opendatasoft as ods
import pytest
from pulumi.output import Unknown
from pulumi_opendatasoft.program.descriptors import Prop, member, with_secrets
from pulumi_opendatasoft.program.provider_string import provider_string
from pulumi_opendatasoft.program.resource import REGISTRY
from pulumi_opendatasoft.program.value import Value, docstrings
from pulumi_opendatasoft.schema.property import NAME
from pulumi_opendatasoft.schema.types import ListOf, Object

from ..samples import RECORDS, declare
from ..schema.declared import Login
from ..typing import program as everything
from .programs import is_secret, run

pytestmark = pytest.mark.usefixtures("outputs")

SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d"


# ---------------------------------------------------------------- resources in a program


def portal_as_code() -> dict[str, pulumi.Output[Any]]:
    editors = ods.Group("editors", title="Editors", permissions=["b", "a"])
    server = ods.HTTPConnection(
        "server",
        url="https://files.example",
        auth=ods.BasicAuth(username=editors.title, password="p4ss"),
        headers={"x-token": "t0ken"},
    )
    air = ods.Dataset(
        "air",
        sources={
            "day": ods.Source(type="csvfile", datasource=ods.HTTPDatasource(connection=server.uid), params={"a": 1.0})
        },
        fields=[ods.RenameField(from_name="a", to_name="b", field_label="B"), ods.Processor(type="new")],
        metadata=ods.Metadata(
            default=ods.DefaultMetadata(title="Air", keyword=["a"]),
            templates={"custom": ods.TemplateMetadata(fields={"a": [1.0]})},
        ),
        group_access=[ods.DatasetGroupAccess(group=editors.uid, security=ods.DatasetSecurity(visible_fields=["a"]))],
    )
    return {
        "permissions": editors.permissions,
        "user_count": editors.user_count,
        "auth": server.auth,
        "headers": server.headers,
        "is_reusable": server.is_reusable,
        "dataset_id": air.dataset_id,
        "sources": air.sources,
        "fields": air.fields,
        "metadata": air.metadata,
        "group_access": air.group_access,
        "processors": air.processors,
        "user_access": air.user_access,
        "uid": air.uid,
    }


def test_outputs_are_declared_values_at_every_depth() -> None:
    read, _ = run(portal_as_code, user_count=3.0)
    assert isinstance(read["user_count"], int)
    assert isinstance(read["auth"], ods.BasicAuth)
    assert read["auth"].username == "Editors"
    assert read["headers"] == {"x-token": "t0ken"}
    source = read["sources"]["day"]
    assert isinstance(source, ods.Source)
    assert isinstance(source.datasource, ods.HTTPDatasource)
    assert source.datasource.connection == "server-id"
    assert source.params is not None
    assert isinstance(source.params["a"], int)
    assert [type(rule) for rule in read["fields"]] == [ods.RenameField, ods.Processor]
    assert read["fields"][0].to_name == "b"
    metadata = read["metadata"]
    assert isinstance(metadata, ods.Metadata)
    assert isinstance(metadata.default, ods.DefaultMetadata)
    assert (metadata.default.keyword, metadata.default.attributions) == (["a"], [])
    assert metadata.templates["custom"].fields == {"a": [1]}
    assert metadata.internal is None
    assert isinstance(read["group_access"][0].security, ods.DatasetSecurity)
    assert read["group_access"][0].security.visible_fields == ["a"]


def test_what_is_not_managed_reads_as_empty_or_as_its_default() -> None:
    read, _ = run(portal_as_code)
    assert (read["processors"], read["user_access"], read["is_reusable"]) == ([], [], True)


def test_the_id_is_read_from_the_resource_so_that_it_stays_known() -> None:
    read, _ = run(portal_as_code, uid="something else")
    assert read["uid"] == "air-id"


def test_the_engine_gets_the_names_of_the_api() -> None:
    _, registered = run(portal_as_code)
    assert registered.types["air"] == "pulumi-python:dynamic/opendatasoft:Dataset"
    air = registered.inputs["air"]
    assert air["__provider"] == provider_string("Dataset")
    assert air["dataset_id"] == "air"
    assert air["sources"] == {
        "day": {"type": "csvfile", "datasource": {"type": "http", "connection": "server-id"}, "params": {"a": 1}}
    }
    assert "processors" not in air
    assert registered.inputs["editors"]["permissions"] == ["b", "a"]


def test_a_dataset_may_have_another_id_than_its_name() -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        return {
            "given": ods.Dataset("air", dataset_id="air-quality").dataset_id,
            "none": ods.Dataset("water", dataset_id=None).dataset_id,  # type: ignore[arg-type]  # seen in programs
        }

    read, registered = run(program)
    assert read == {"given": "air-quality", "none": "water"}
    assert registered.inputs["air"]["dataset_id"] == "air-quality"


def stands_only_in_secrets(text: str, value: Any) -> bool:
    """Whether a text is marked as secret wherever the engine gets it."""
    if isinstance(value, dict):
        return SECRET_SIGNATURE in value or all(stands_only_in_secrets(text, inner) for inner in value.values())
    if isinstance(value, list):
        return all(stands_only_in_secrets(text, inner) for inner in value)
    return bool(value != text)


@pytest.mark.parametrize(
    "auth",
    [
        ods.BasicAuth,
        functools.partial(dict, type="basic_auth"),
        lambda **members: pulumi.Output.from_input({"type": "basic_auth", **members}),
    ],
    ids=["declared", "a plain mapping", "an Output of a plain mapping"],
)
def test_a_secret_is_a_secret_however_it_is_given(auth: Callable[..., Any]) -> None:
    def program() -> None:
        login = auth(username="u", password="c4n4ry")
        ods.HTTPConnection("server", url="u", auth=login, headers={"x": "c4n4ry"})
        datasource = {"type": "http", "connection": "c", "headers": {"x": "c4n4ry"}}
        sources: Any = {"a": {"type": "csvfile", "datasource": datasource}}
        ods.Dataset("air", sources=sources)

    _, registered = run(program)
    assert str(registered.inputs).count("c4n4ry") == 3
    assert stands_only_in_secrets("c4n4ry", registered.inputs)


def test_a_secret_below_a_list_or_beside_another_form_is_found() -> None:
    plain = {"type": "login", "name": "n", "password": "p"}
    [login] = with_secrets(ListOf(Object(Login)), [plain], False)
    assert (login["type"], login["name"], is_secret(login["password"])) == ("login", "n", True)
    assert with_secrets(Object(Login), "text", False) == "text"


def test_an_incomplete_create_fails_the_program() -> None:
    def program() -> None:
        ods.Group("editors", title="Editors")

    reasons = ['Group "editors": members: refused', "still to do: party"]
    with pytest.raises(pulumi.RunError, match=r'^Group "editors": members: refused; still to do: party$'):
        run(program, incomplete=reasons)
    run(program, preview=True, incomplete=reasons)


def test_get_reads_by_the_id_and_sends_nothing_else() -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        found = ods.Group.get("editors", "editors-uid")
        return {"uid": found.uid, "title": found.title, "permissions": found.permissions}

    read, registered = run(program, title="From the portal", permissions=["a"])
    assert read == {"uid": "editors-uid", "title": "From the portal", "permissions": ["a"]}
    assert registered.inputs["editors"] == {"__provider": provider_string("Group")}


def test_get_may_read_from_another_portal() -> None:
    def program() -> None:
        ods.Group.get("editors", "editors-uid", portal="other")

    assert run(program)[1].inputs["editors"]["portal"] == "other"


def test_what_is_not_known_yet_may_be_given_in_any_position() -> None:
    def program() -> None:
        editors = ods.Group("editors", title="Editors")
        unknown: Any = editors.uid
        ods.User("ana", email=unknown, groups=[unknown], permissions=unknown)
        ods.HTTPConnection("one", url=unknown, auth=ods.BasicAuth(username=unknown, password=unknown), headers=unknown)
        ods.HTTPConnection("two", url="u", auth=unknown, headers={"x": unknown})
        ods.Dataset("air", sources={"a": unknown}, fields=[unknown], metadata=unknown, dataset_id=unknown)

    registered = run(program, preview=True)[1]
    assert registered.inputs.keys() == {"editors", "ana", "one", "two", "air"}
    assert registered.inputs["editors"]["title"] == "Editors"
    assert isinstance(registered.inputs["ana"]["email"], Unknown)
    assert isinstance(registered.inputs["air"]["dataset_id"], Unknown)


def test_program_with_every_resource_type_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "air.csv").write_text(RECORDS)
    monkeypatch.chdir(tmp_path)

    def program() -> None:
        everything.main()
        declare("http://files.example", variants=True)

    registered = run(program)[1]
    ours = {cls.__name__ for cls in REGISTRY.values() if hasattr(ods, cls.__name__)}
    assert {type.rpartition(":")[2] for type in registered.types.values()} >= ours


def test_a_property_cannot_be_set_on_a_resource() -> None:
    def program() -> None:
        editors = ods.Group("editors", title="Editors")
        server = ods.HTTPConnection("server", url="u")
        with pytest.raises(AttributeError, match=r"^title is set by its resource$"):
            editors.title = "Other"
        with pytest.raises(AttributeError, match=r"^permissions is set by its resource$"):
            editors.permissions = ["edit_page"]
        with pytest.raises(AttributeError, match=r"^headers is set by its resource$"):
            server.headers = {}

    run(program)


# ---------------------------------------------------------------- what a constructor refuses


def test_import_is_refused_with_the_remedy() -> None:
    def program() -> None:
        with pytest.raises(pulumi.RunError, match=r"""^Group "editors": import_ does not work .* adopt='e'"""):
            ods.Group("editors", title="Editors", opts=pulumi.ResourceOptions(import_="e"))

    assert run(program)[1].inputs == {}


def test_a_provider_object_is_refused_with_the_remedy() -> None:
    def program() -> None:
        opts = pulumi.ResourceOptions(provider=pulumi.ProviderResource("opendatasoft", "other-portal", {}))
        with pytest.raises(pulumi.RunError, match=r'^Group "editors": a dynamic provider .* portal="its name" instead'):
            ods.Group("editors", title="Editors", opts=opts)

    assert run(program)[1].inputs.keys() == {"other-portal"}


def test_options_of_the_program_are_kept_beside_our_own() -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        first = ods.Group("first", title="First")
        opts = pulumi.ResourceOptions(depends_on=[first], protect=True)
        return {"title": ods.Group("second", title="Second", opts=opts).title}

    assert run(program)[0] == {"title": "Second"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, r"^Group \"editors\": missing a required .*argument: 'title'$"),
        ({"titel": "E"}, r"^Group \"editors\" has no 'titel': did you mean 'title'\?$"),
        ({"title": "E", "uid": "e"}, r"^Group \"editors\" has no 'uid': it has .*title, .*members"),
    ],
)
def test_a_wrong_argument_is_refused_by_the_name_of_the_resource(given: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        ods.Group("editors", **given)


def test_the_signature_has_the_settable_properties() -> None:
    arguments = inspect.signature(ods.Group).parameters
    assert list(arguments)[:2] == ["resource_name", "opts"]
    assert arguments["title"].default is inspect.Parameter.empty
    assert arguments["permissions"].default is None
    assert arguments["title"].kind is inspect.Parameter.KEYWORD_ONLY
    assert "uid" not in arguments
    assert inspect.signature(ods.Dataset).parameters["dataset_id"].default is NAME


# ---------------------------------------------------------------- the declaration as data


def test_a_declaration_has_the_endpoint_and_the_natural_key() -> None:
    group = ods.Group.declaration()
    assert (group.name, group.path, group.natural_key) == ("Group", "/groups/{uid}/", ("title",))
    assert group.shape.id_name == "uid"
    assert ods.HTTPConnection.declaration().constants == {"type": "http"}
    assert group is ods.Group.declaration()


def test_a_resource_type_can_be_found_by_its_name() -> None:
    assert REGISTRY["Group"] is ods.Group
    assert ods.Group.lifecycle() is ods.Group.lifecycle()


def test_every_property_is_documented_where_it_is_declared() -> None:
    docs = docstrings(Documented)
    assert docs == {"first": "What comes first.", "second": "What comes\nsecond."}


class Documented:
    """A class whose body is read for its docstrings."""

    first: int = 1
    """What comes first."""

    second: int = 2
    """What comes
    second."""

    third: int = 3
    fourth = 4
    """Has no annotation."""


def test_a_slot_needs_an_annotation_that_names_its_container() -> None:
    with pytest.raises(TypeError, match=r"^Wrong\.name needs one of Member, ListMember, MapMember$"):

        class Wrong(Value):
            name: Prop[str] = member()
