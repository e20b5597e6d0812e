"""Changes that replace a resource: of immutable properties, and of immutable members at any depth."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pulumi_opendatasoft.program.descriptors import ListMember, MapMember, Member, member
from pulumi_opendatasoft.program.value import Value
from pulumi_opendatasoft.schema.codec import decode_members, encode_members
from pulumi_opendatasoft.schema.comparison import immutable_changes, matches
from pulumi_opendatasoft.schema.types import UNKNOWN, UNMANAGED


class Address(Value):
    host: Member[str] = member(immutable=True)
    port: Member[int | None] = member(default=None)


class Local(Value):
    type: Member[Literal["local"]] = member(default="local", immutable=True)
    folder: Member[str | None] = member(default=None)


class Remote(Value):
    type: Member[Literal["remote"]] = member(default="remote", immutable=True)
    address: Member[Address | None] = member(default=None)


class Thing(Value):
    """A resource, as far as its shape goes."""

    name: Member[str] = member(immutable=True)
    title: Member[str | None] = member(default=None)
    marks: Member[Address | None] = member(default=None, immutable=True)
    address: Member[Address | None] = member(default=None)
    place: Member[Local | Remote | None] = member(default=None)
    mirrors: MapMember[Address] = member(default=None)
    history: ListMember[Address] = member(default=None)
    rotate: Member[str | int | None] = member(default=None, local=True, immutable=True)


THING = Thing.shape()


@pytest.mark.parametrize(
    ("prior", "desired", "replaces"),
    [
        ({"name": "a", "title": "t"}, {"name": "a", "title": "u"}, ()),
        ({"name": "a"}, {"name": "b"}, ("name",)),
        ({"marks": {"host": "h", "port": 1}}, {"marks": {"host": "h", "port": 2}}, ("marks",)),
        ({"address": {"host": "h", "port": 1}}, {"address": {"host": "h", "port": 2}}, ()),
        ({"address": {"host": "h"}}, {"address": {"host": "i"}}, ("address",)),
        ({"place": {"type": "local"}}, {"place": {"type": "remote"}}, ("place",)),
        ({"place": {"type": "local", "folder": "f"}}, {"place": {"type": "local", "folder": "g"}}, ()),
        (
            {"place": {"type": "remote", "address": {"host": "h"}}},
            {"place": {"type": "remote", "address": {"host": "i"}}},
            ("place",),
        ),
        ({"mirrors": {"m": {"host": "h"}}}, {"mirrors": {"m": {"host": "i"}}}, ("mirrors",)),
        ({"mirrors": {"m": {"host": "h"}}}, {"mirrors": {"n": {"host": "i"}}}, ()),
        ({"history": [{"host": "h"}]}, {"history": [{"host": "i"}]}, ()),
        ({"name": "a", "address": {"host": "h"}}, {"name": "b", "address": {"host": "i"}}, ("name", "address")),
    ],
)
def test_a_change_of_something_immutable_replaces(prior: Any, desired: Any, replaces: tuple[str, ...]) -> None:
    assert immutable_changes(THING, prior, desired) == replaces
    assert immutable_changes(THING, desired, desired) == ()


@pytest.mark.parametrize("value", [None, UNMANAGED, UNKNOWN])
def test_what_is_not_managed_or_not_known_never_replaces(value: Any) -> None:
    known = {"name": "a", "address": {"host": "h"}, "place": {"type": "local"}, "mirrors": {"m": {"host": "h"}}}
    assert immutable_changes(THING, known, dict.fromkeys(known, value)) == ()
    inside = {"address": {"host": value}, "mirrors": {"m": {"host": value}}, "place": {"type": value}}
    assert immutable_changes(THING, known, inside) == ()


@pytest.mark.parametrize("missing", [None, UNMANAGED])
def test_naming_an_immutable_value_first_never_replaces(missing: Any) -> None:
    desired = {"name": "a", "address": {"host": "h"}, "place": {"type": "local"}, "rotate": 1}
    assert immutable_changes(THING, {}, desired) == ()
    assert immutable_changes(THING, dict.fromkeys(desired, missing), desired) == ()
    assert immutable_changes(THING, {"address": {"port": 1}}, {"address": {"host": "h", "port": 1}}) == ()


@pytest.mark.parametrize(
    ("prior", "desired", "replaces"),
    [({}, {"rotate": 1}, ()), ({"rotate": 1}, {"rotate": 1}, ()), ({"rotate": 1}, {"rotate": 2}, ("rotate",))],
)
def test_a_local_property_may_exist_only_to_replace(prior: Any, desired: Any, replaces: tuple[str, ...]) -> None:
    assert immutable_changes(THING, prior, desired) == replaces
    assert matches(THING["rotate"], desired["rotate"], None)
    assert encode_members(THING, {"name": "n", **desired}, {}) == {"name": "n"}
    assert decode_members(THING, {"name": "n", "rotate": 3}) == {"name": "n"}
