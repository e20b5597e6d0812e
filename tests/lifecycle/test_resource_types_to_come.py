"""Handlers as resource types to come need them: ids that the program gives, gone objects that stay listed."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.errors import ResourceError
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.handler import Handler
from pulumi_opendatasoft.lifecycle.operations import Change, Reading, Response
from pulumi_opendatasoft.lifecycle.results import Missing, State
from pulumi_opendatasoft.program.descriptors import Member, Prop, member, prop
from pulumi_opendatasoft.program.resource import Resource
from pulumi_opendatasoft.program.value import Value

from ..client import scripted
from ..client.conftest import KEY
from ..client.scripted import Reply, Request, refusal, serving

PAGE = {"slug": "home", "title": "Home", "is_archived": False, "layout": {"kind": "wide", "columns": 2}}


class Layout(Value):
    """How a page is laid out."""

    kind: Member[str] = member(immutable=True)
    columns: Member[int] = member(default=1)


class PageHandler(Handler):
    """Pages are known by a slug of the program; an archived one is taken out of the archive to be changed."""

    def find(self, context: Context, desired: State) -> list[Response]:
        return [page for page in context.api.all("/pages/") if page["slug"] == desired["slug"]]

    def is_gone(self, response: Response) -> bool:
        return bool(response.get("is_deleted"))

    def prepare(self, change: Change) -> Response:
        page = super().prepare(change)
        if page["is_archived"]:
            change.context.api.post(f"{self.endpoint(change.id)}unarchive/", repeatable=True)
        return page

    def refuse_delete(self, reading: Reading) -> None:
        if reading.id == "home":
            raise ResourceError("home is the portal's first page, and stays")


class Page(Resource, path="/pages/{slug}/", natural_key=("slug",), handler=PageHandler, abstract=True):
    """A page, as one may be declared."""

    slug: Prop[str] = prop(immutable=True)
    title: Prop[str] = prop()
    layout: Prop[Layout | None] = prop(default=None)
    rotate: Prop[str | None] = prop(default=None, local=True, immutable=True)


class Pages:
    """A portal that has pages."""

    def __init__(self, **pages: dict[str, Any]) -> None:
        self.pages = pages

    def __call__(self, request: Request) -> Reply:
        slug = request.path.removeprefix("/pages/").partition("/")[0]
        match request.method, request.path:
            case "GET", "/pages/":
                rows = list(self.pages.values())
                return scripted.Response({"total_count": len(rows), "results": rows, "links": []})
            case "POST", "/pages/":
                self.pages[request.json["slug"]] = {"is_archived": False, **request.json}
                return scripted.Response(self.pages[request.json["slug"]], 201)
            case _ if slug not in self.pages:
                return refusal(404, "NotFound")
            case "POST", path if path.endswith("/unarchive/"):
                self.pages[slug]["is_archived"] = False
            case "PUT", _:
                self.pages[slug] |= request.json
            case "DELETE", _:
                del self.pages[slug]
                return scripted.Response(None, 204)
        return scripted.Response(self.pages[slug])


LIFECYCLE = Page.lifecycle()


def check(**inputs: Any) -> State:
    desired, failures = LIFECYCLE.check({}, inputs)
    assert failures == []
    return desired


def test_id_that_the_program_gives_is_the_id_of_the_object() -> None:
    with serving(Pages()) as portal, Client(portal.url, KEY, retries=0) as client:
        context = Context(client, 'Page "home"')
        id, state = LIFECYCLE.create(context, check(slug="home", title="Home"))
        assert id == "home"
        assert LIFECYCLE.read(context, id, state) == state
        assert LIFECYCLE.diff(state, check(slug="start", title="Home")).replaces == ("slug",)


def test_step_before_the_write_is_taken_before_it() -> None:
    with serving(Pages(home=PAGE | {"is_archived": True})) as portal, Client(portal.url, KEY, retries=0) as client:
        state = {"slug": "home", "title": "Home", "domain": client.host}
        LIFECYCLE.update(Context(client, 'Page "home"'), "home", state, check(slug="home", title="Start"))
        writes = [call for call in portal.calls() if not call.startswith("GET")]
        assert writes == ["POST /pages/home/unarchive/", "PUT /pages/home/"]


@pytest.mark.parametrize("shared", [True, False], ids=["from the shared list", "by its own GET"])
def test_object_that_is_gone_but_still_returned_is_missing(shared: bool) -> None:
    page = PAGE | {"is_deleted": True}
    with serving(Pages(home=page)) as portal, Client(portal.url, KEY, retries=0) as client:
        context = Context(client, 'Page "home"', shared={"home": page}.get if shared else None)
        with pytest.raises(Missing):
            LIFECYCLE.read(context, "home", {"slug": "home", "title": "Home", "domain": client.host})


def test_object_that_must_stay_is_not_deleted() -> None:
    with serving(Pages(home=PAGE)) as portal, Client(portal.url, KEY, retries=0) as client:
        with pytest.raises(ResourceError, match="and stays"):
            LIFECYCLE.delete(Context(client, 'Page "home"'), "home", {"slug": "home"})
        assert [call for call in portal.calls() if call.startswith("DELETE")] == []


def test_immutable_member_of_a_value_replaces() -> None:
    prior = check(slug="home", title="Home", layout={"kind": "wide", "columns": 2})
    narrow = check(slug="home", title="Home", layout={"kind": "narrow", "columns": 2})
    fewer = check(slug="home", title="Home", layout={"kind": "wide", "columns": 1})
    assert LIFECYCLE.diff(prior, narrow).replaces == ("layout",)
    assert (LIFECYCLE.diff(prior, fewer).changed, LIFECYCLE.diff(prior, fewer).replaces) == (("layout",), ())


def test_local_property_replaces_when_changed_not_when_given() -> None:
    first, second = (check(slug="home", title="Home", rotate=when) for when in ("2026", "2027"))
    assert LIFECYCLE.diff(check(slug="home", title="Home"), first).replaces == ()
    assert LIFECYCLE.diff(first, second).replaces == ("rotate",)
