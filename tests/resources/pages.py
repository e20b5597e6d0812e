"""Pages under test, of the code editor and of Studio: samples, and another value for each property."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from .rows import Properties, Row, changed
from .subject import Subject

if TYPE_CHECKING:
    from ..engine_stub.engine import Engine
    from ..engine_stub.program import Program
    from .bench import Bench

HOME = "/code_editor_pages/home/"
PUT = (f"PUT {HOME}",)
TEXTS = {
    "home.html": "<h1>Welcome</h1>\n<p>to the city</p>\n",
    "moved/home.html": "<h1>Welcome</h1>\n<p>to the city</p>\n",
    "other.html": "<h1>Welcome</h1>\n<p>to the town</p>\n",
    "home.css": "h1 { color: black; }\n",
    "moved/home.css": "h1 { color: black; }\n",
    "other.css": "h1 { color: navy; }\n",
}
"""Texts in the program's folder: some equal ones in another folder, and some that differ in a word."""


def write_texts(folder: Path) -> None:
    """Write the texts into the program's folder."""
    for name, text in TEXTS.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)


def write(engine: Engine, text: str, name: str = "home.html") -> None:
    """Write a text into the program's folder."""
    (engine.folder / name).write_text(text)


def home(engine: Engine, **more: Any) -> Program:
    """A page with one text in a file."""

    def declared() -> None:
        content = ods.PageContent(html={"en": ods.TextFile(engine.folder / "home.html")})
        ods.CodeEditorPage("home", **{"content": content, **more})

    return declared


def content(facts: Mapping[str, Any], html: str = "home.html", css: str = "home.css", **texts: str) -> ods.PageContent:
    """A content with one language in files, and others in the program."""
    folder = facts["folder"]
    return ods.PageContent(
        html={"en": ods.TextFile(folder / html), "fr": "<h1>Bienvenue</h1>", **texts},
        css={"en": ods.TextFile(folder / css)},
    )


def given(facts: Mapping[str, Any]) -> Properties:
    """Every property of a page."""
    return {
        "slug": "home",
        "content": content(facts),
        "title": {"en": "Welcome", "fr": "Bienvenue"},
        "description": "The first page",
        "template": "custom.html",
        "tags": ["start", "city"],
        "is_restricted": True,
        "is_archived": False,
        "user_access": [ods.UserAccess(user="ana", permissions=["edit_page"])],
        "group_access": [ods.GroupAccess(group="readers", permissions=["edit_page", "manage_page"])],
    }


def rules(endpoint: str, granted: tuple[str, ...] = ("edit_page", "manage_page")) -> tuple[Row, ...]:
    """The rows of access rules, of a page with this address whose first group has some permissions."""
    users, groups = f"{endpoint}security/users/", f"{endpoint}security/groups/"
    return (
        Row(
            "user_access[].user",
            lambda _: {"user_access": [ods.UserAccess(user="ben", permissions=["edit_page"])]},
            {"users[0].user.username": "ben"},
            (f"POST {users}", f"DELETE {users}ana/"),
            back=(f"POST {users}", f"DELETE {users}ben/"),
            reads=2,
        ),
        Row(
            "user_access[].permissions",
            lambda _: {"user_access": [ods.UserAccess(user="ana")]},
            {"users[0].permissions": []},
            (f"PUT {users}ana/",),
            reads=2,
        ),
        Row(
            "group_access[].group",
            lambda _: {"group_access": [ods.GroupAccess(group="writers", permissions=list(granted))]},
            {"groups[0].group.uid": "writers"},
            (f"POST {groups}", f"DELETE {groups}readers/"),
            back=(f"POST {groups}", f"DELETE {groups}writers/"),
            reads=2,
        ),
        Row(
            "group_access[].permissions",
            lambda _: {"group_access": [ods.GroupAccess(group="readers")]},
            {"groups[0].permissions": []},
            (f"PUT {groups}readers/",),
            reads=2,
        ),
        Row("adopt", lambda _: {"adopt": True}, drifts=False, reads=0),
        Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0),
    )


ROWS = (
    Row(
        "slug",
        lambda _: {"slug": "welcome"},
        {"slug": "welcome"},
        (
            f"DELETE {HOME}",
            "POST /code_editor_pages/",
            "POST /code_editor_pages/welcome/security/users/",
            "POST /code_editor_pages/welcome/security/groups/",
        ),
        "replace",
        back=(
            "DELETE /code_editor_pages/welcome/",
            "POST /code_editor_pages/",
            f"POST {HOME}security/users/",
            f"POST {HOME}security/groups/",
        ),
        drifts=False,
        reads=3,
    ),
    Row(
        "content.html[…].sha256",
        lambda facts: {"content": content(facts, html="other.html")},
        {"content.html.en": TEXTS["other.html"]},
        PUT,
        keys=("en",),
    ),
    Row("content.html[…].path", lambda facts: {"content": content(facts, html="moved/home.html")}, step=None, reads=0),
    Row(
        "content.css[…].sha256",
        lambda facts: {"content": content(facts, css="other.css")},
        {"content.css.en": TEXTS["other.css"]},
        PUT,
        keys=("en",),
    ),
    Row("content.css[…].path", lambda facts: {"content": content(facts, css="moved/home.css")}, step=None, reads=0),
    Row("title", lambda _: {"title": {"en": "Hello", "fr": "Bienvenue"}}, {"title.en": "Hello"}, PUT, keys=("en",)),
    Row("description", lambda _: {"description": "The start"}, {"description": "The start"}, PUT),
    Row("template", lambda _: {"template": "wide.html"}, {"template": "wide.html"}, PUT),
    Row("tags", lambda _: {"tags": ["city"]}, {"tags": ["city"]}, PUT),
    Row("is_restricted", lambda _: {"is_restricted": False}, {"is_restricted": False}, PUT),
    *rules(HOME),
    # Last, because a page that is archived cannot be changed by another client either.
    Row(
        "is_archived",
        lambda _: {"is_archived": True},
        {"is_archived": True},
        (f"POST {HOME}archive/",),
        back=(f"POST {HOME}unarchive/",),
    ),
)


def prepare(bench: Bench) -> dict[str, Any]:
    """Create users and groups for access rules, and write the texts."""
    prepare_targets(bench)
    write_texts(bench.engine.folder)
    return {"folder": bench.engine.folder}


def with_rules(bench: Bench, endpoint: str) -> Any:
    """A page and its rules."""
    rules = {kind: bench.portal.all(f"{endpoint}security/{kind}/") for kind in ("users", "groups")}
    return {**bench.portal.get(endpoint), **rules}


def disturb_rules(bench: Bench, endpoint: str, path: str, value: Any) -> None:
    """Replace the rule of the first user or group."""
    kind, _, member = path.partition("[0].")
    (rule,) = bench.portal.all(f"{endpoint}security/{kind}/")
    target = rule["user"]["username"] if kind == "users" else rule["group"]["uid"]
    bench.portal.delete(f"{endpoint}security/{kind}/{target}/")
    bench.portal.post(f"{endpoint}security/{kind}/", changed(rule, member, value))


def disturb(bench: Bench, path: str, value: Any) -> None:
    """Change the page, archive it, or change its rules."""
    endpoint = f"/code_editor_pages/{bench.id}/"
    if path == "is_archived":
        bench.portal.post(f"{endpoint}{'archive' if value else 'unarchive'}/")
    elif path.startswith(("users", "groups")):
        disturb_rules(bench, endpoint, path, value)
    else:
        steps = path.split(".")
        body = bench.portal.get(endpoint)
        inner = body
        for step in steps[:-1]:
            inner = inner[step]
        inner[steps[-1]] = value
        bench.portal.put(endpoint, body)


def prepare_targets(bench: Bench) -> dict[str, Any]:
    """Create users and groups for access rules."""
    bench.portal.post("/users/invite/", [{"email": "ana@example.com"}, {"email": "ben@example.com"}])
    for title in ("Readers", "Writers"):
        bench.portal.post("/groups/", {"title": title, "permissions": []})
    return {}


CODE_EDITOR_PAGE = Subject(
    ods.CodeEditorPage,
    {"": given},
    ROWS,
    seen=lambda bench: with_rules(bench, f"/code_editor_pages/{bench.id}/"),
    disturb=disturb,
    remove=lambda bench: bench.portal.delete(HOME),
    left=lambda bench: bench.portal.all("/code_editor_pages/"),
    prepare=prepare,
)


STUDIO_PUT = ("PUT /studio_pages/{uid}/",)
STUDIO_ROWS = (
    Row("slug", lambda _: {"slug": "begin"}, {"slug": "begin"}, STUDIO_PUT),
    Row("public", lambda _: {"public": True}, {"public": True}, STUDIO_PUT),
    Row(
        "published",
        lambda _: {"published": False},
        {"is_published": False},
        ("POST /studio_pages/{uid}/unpublish/",),
        back=("POST /studio_pages/{uid}/publish/",),
        drifts=False,
    ),
    *rules("/studio_pages/{uid}/", ("edit_page",)),
)


def studio_page(facts: Mapping[str, Any]) -> Properties:
    """Every property of a Studio page."""
    return {
        "slug": "start",
        "public": False,
        "published": True,
        "user_access": [ods.UserAccess(user="ana", permissions=["edit_page"])],
        "group_access": [ods.GroupAccess(group="readers", permissions=["edit_page"])],
    }


def seen_studio_page(bench: Bench) -> Any:
    """A Studio page, its rules, and whether it is published, which the API does not return; without its draft."""
    stored: Mapping[str, Any] = bench.emulator.portal.store.get("studio_page", bench.id) or {}
    page = {**with_rules(bench, f"/studio_pages/{bench.id}/"), "is_published": stored["is_published"]}
    return {name: value for name, value in page.items() if name not in ("contents", "first_published_at")}


def disturb_studio_page(bench: Bench, path: str, value: Any) -> None:
    """Change the page or its rules."""
    endpoint = f"/studio_pages/{bench.id}/"
    if path.startswith(("users", "groups")):
        disturb_rules(bench, endpoint, path, value)
    else:
        bench.portal.put(endpoint, {path: value})


STUDIO_PAGE = Subject(
    ods.StudioPage,
    {"": studio_page},
    STUDIO_ROWS,
    seen_studio_page,
    disturb_studio_page,
    remove=lambda bench: bench.portal.delete(f"/studio_pages/{bench.id}/"),
    left=lambda bench: bench.portal.all("/studio_pages/"),
    prepare=prepare_targets,
)
