"""The forms of the functions of `pages` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

import pulumi

from ..later import later
from ..pages import (
    CodeEditorPageInfo,
    ImageInfo,
    StudioPageInfo,
    get_code_editor_page,
    get_image,
    get_studio_page,
    list_code_editor_pages,
    list_images,
    list_studio_pages,
)


def get_code_editor_page_output(
    slug: pulumi.Input[str], *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[CodeEditorPageInfo]:
    """Return a code editor page by its slug.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_code_editor_page, {"slug": slug, "portal": portal})


def list_code_editor_pages_output(
    *, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[CodeEditorPageInfo]]:
    """Return the code editor pages.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_code_editor_pages, {"portal": portal})


def get_studio_page_output(
    uid: pulumi.Input[str | None] = None,
    *,
    slug: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[StudioPageInfo]:
    """Return a Studio page by its uid (`sp_…`) or its slug.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_studio_page, {"uid": uid, "slug": slug, "portal": portal})


def list_studio_pages_output(*, portal: pulumi.Input[str | None] = None) -> pulumi.Output[list[StudioPageInfo]]:
    """Return the Studio pages.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_studio_pages, {"portal": portal})


def get_image_output(
    url: pulumi.Input[str | None] = None,
    *,
    filename: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[ImageInfo]:
    """Return an image of the portal's library by its address or its file name, the last part of the address.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(get_image, {"url": url, "filename": filename, "portal": portal})


def list_images_output(*, portal: pulumi.Input[str | None] = None) -> pulumi.Output[list[ImageInfo]]:
    """Return the images of the portal's library.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_images, {"portal": portal})
