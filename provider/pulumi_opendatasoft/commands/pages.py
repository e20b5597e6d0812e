"""The commands of pages: page archive, unarchive, delete, and studio publish, unpublish."""

from __future__ import annotations

import click

from ..errors import NotFound
from . import targets
from .exit_codes import Absent, EndedBadly
from .group import PASS_SESSION, Command
from .session import Session

PAGES = "/code_editor_pages/"


@click.group(help="Archive and delete the pages of the code editor.")
def page() -> None:
    """The group of these commands."""


def _title(session: Session, slug: str) -> str:
    """The title of a page, in one of its languages. Raises Absent where there is no such page."""
    try:
        found = session.client.get(f"{PAGES}{targets.step(slug)}/")
    except NotFound:
        raise Absent(f'{session.client.host} has no page of the code editor with the slug "{slug}"') from None
    titles = found.get("title")
    return str(next(iter(titles.values()), "")) if isinstance(titles, dict) else str(titles or "")


@page.command(cls=Command, example="opendatasoft page archive old-home")
@click.argument("slug")
@PASS_SESSION
def archive(session: Session, slug: str) -> None:
    """Archive the page with this SLUG: nobody reads it, and it cannot be edited, until it is unarchived."""
    _title(session, slug)
    session.client.post(f"{PAGES}{targets.step(slug)}/archive/", repeatable=True)
    session.done(f"archived page {slug}", {"slug": slug, "is_archived": True})


@page.command(cls=Command, example="opendatasoft page unarchive old-home")
@click.argument("slug")
@PASS_SESSION
def unarchive(session: Session, slug: str) -> None:
    """Bring the archived page with this SLUG back."""
    _title(session, slug)
    session.client.post(f"{PAGES}{targets.step(slug)}/unarchive/", repeatable=True)
    session.done(f"brought page {slug} back", {"slug": slug, "is_archived": False})


@page.command(cls=Command, asks=True, example="opendatasoft page delete old-home older-home")
@click.argument("slugs", metavar="SLUG...", nargs=-1, required=True)
@PASS_SESSION
def delete(session: Session, slugs: tuple[str, ...]) -> None:
    """Delete the pages with these slugs, for good. If one of them does not exist, none is deleted."""
    client = session.client
    for slug in slugs:
        if not slug.strip() or "," in slug:  # an empty one may select every page, and a comma separates two
            raise click.BadParameter(f'"{slug}" is no slug', param_hint="SLUG")
    titles = {slug: _title(session, slug) for slug in slugs}
    named = ", ".join(f'{slug} ("{title}")' for slug, title in titles.items())
    number = "a page" if len(titles) == 1 else f"{len(titles)} pages"
    session.confirm(f"Delete {number} of {client.host} for good: {named}?")
    if len(titles) == 1:
        client.delete(f"{PAGES}{targets.step(slugs[0])}/")
    else:
        client.delete(PAGES, slug=list(titles))
    left = sorted({str(entry.get("slug")) for entry in client.all(PAGES)} & titles.keys())
    if left:
        raise EndedBadly(f"{client.host} accepted the call and still has {', '.join(left)}", {"left": left})
    session.done(f"deleted {', '.join(titles)}", {"deleted": list(titles)})


@click.group(help="Publish and unpublish the pages of the Studio.")
def studio() -> None:
    """The group of these commands."""


@studio.command(cls=Command, example="opendatasoft studio publish budget")
@click.argument("page", metavar="PAGE")
@PASS_SESSION
def publish(session: Session, page: str) -> None:
    """Publish the draft of PAGE, which is a slug or a uid."""
    found = targets.studio_page(session.client, page)
    session.client.post(f"/studio_pages/{targets.step(str(found['uid']))}/publish/", repeatable=True)
    session.done(f"published Studio page {found.get('slug')}", {"uid": found["uid"], "slug": found.get("slug")})


@studio.command(cls=Command, example="opendatasoft studio unpublish budget")
@click.argument("page", metavar="PAGE")
@PASS_SESSION
def unpublish(session: Session, page: str) -> None:
    """Withdraw PAGE, which is a slug or a uid, from its readers. Its draft stays."""
    found = targets.studio_page(session.client, page)
    session.client.post(f"/studio_pages/{targets.step(str(found['uid']))}/unpublish/", repeatable=True)
    session.done(f"unpublished Studio page {found.get('slug')}", {"uid": found["uid"], "slug": found.get("slug")})
