"""Functions that read pages and images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .calls import Portal, exactly_one
from .info import Info
from .related import RelatedUser


class PageContentInfo(Info):
    """The content of a code editor page, by language."""

    html: Mapping[str, str]
    css: Mapping[str, str]


class CodeEditorPageInfo(Info):
    """A code editor page."""

    slug: str
    title: Mapping[str, str]
    description: str | None
    content: PageContentInfo | None
    template: str | None
    tags: Sequence[str]
    is_restricted: bool | None
    is_archived: bool | None
    has_subdomain_copies: bool | None
    is_pushed_by_parent: bool | None
    created_at: str | None
    created_by: RelatedUser | None
    updated_at: str | None
    updated_by: RelatedUser | None


class StudioPageVersion(Info):
    """A version of the content of a Studio page."""

    version_name: str | None
    title: str | None
    description: str | None
    created_at: str | None
    updated_at: str | None
    updated_by: RelatedUser | None


class StudioPageInfo(Info):
    """A Studio page."""

    uid: str
    slug: str | None
    public: bool | None
    contents: Sequence[StudioPageVersion]
    first_published_at: str | None
    created_at: str | None
    created_by: RelatedUser | None
    updated_at: str | None


class ImageInfo(Info):
    """An image of the portal's library."""

    url: str


def get_code_editor_page(slug: str, *, portal: str | None = None) -> CodeEditorPageInfo:
    """Return a code editor page by its slug."""
    return CodeEditorPageInfo(Portal(portal).get("/code_editor_pages/{}/", slug))


def list_code_editor_pages(*, portal: str | None = None) -> list[CodeEditorPageInfo]:
    """Return the code editor pages."""
    return CodeEditorPageInfo.of(Portal(portal).all("/code_editor_pages/"))


def get_studio_page(uid: str | None = None, *, slug: str | None = None, portal: str | None = None) -> StudioPageInfo:
    """Return a Studio page by its uid (`sp_…`) or its slug."""
    name, value = exactly_one("get_studio_page", uid=uid, slug=slug)
    at = Portal(portal)
    if name == "slug":
        found = [page for page in at.all("/studio_pages/") if page.get("slug") == value]
        value = str(at.only("/studio_pages/", found, {"slug": value})["uid"])
    return StudioPageInfo(at.get("/studio_pages/{}/", value))


def list_studio_pages(*, portal: str | None = None) -> list[StudioPageInfo]:
    """Return the Studio pages."""
    return StudioPageInfo.of(Portal(portal).all("/studio_pages/"))


def get_image(url: str | None = None, *, filename: str | None = None, portal: str | None = None) -> ImageInfo:
    """Return an image of the portal's library by its address or its file name, the last part of the address."""
    name, value = exactly_one("get_image", url=url, filename=filename)
    at = Portal(portal)
    addresses = [(image, str(image.get("url"))) for image in at.all("/medias/images/")]
    found = [image for image, address in addresses if (address if name == "url" else _filename(address)) == value]
    return ImageInfo(at.only("/medias/images/", found, {name: value}, id="url"))


def list_images(*, portal: str | None = None) -> list[ImageInfo]:
    """Return the images of the portal's library."""
    return ImageInfo.of(Portal(portal).all("/medias/images/"))


def _filename(address: str) -> str:
    return address.rpartition("/")[2]
