"""Tests of images: added, listed, shown to everybody, never deleted.

The numbers after `behaviour` are those of the fact in the list of what is known about the service.
"""

import httpx
from opendatasoft_emulator.server import Emulator

from .calls import Body, body_of, error_detail, key_with
from .conftest import Connect, Switch

IMAGES = "/medias/images/"


def add(api: httpx.Client, name: str = "logo.svg", content: bytes = b"<svg/>", status: int = 201) -> Body:
    """Add an image; return the response."""
    return body_of(api.post(IMAGES, files={"file": (name, content)}), status)


def test_image_is_added_listed_and_never_deleted(emulator: Emulator, api: httpx.Client) -> None:
    """Behaviour 13: a POST of multipart returns a 201 with the url; GET lists them; there is no delete."""
    assert add(api) == {"url": "/assets/theme_image/logo.svg"}

    listed = body_of(api.get(IMAGES))
    assert (listed["total_count"], listed["results"]) == (1, [{"url": "/assets/theme_image/logo.svg"}])
    assert api.delete(IMAGES).status_code == 405
    assert api.get(f"{IMAGES}logo.svg/").status_code == 404
    shown = httpx.get(f"{emulator.url}/assets/theme_image/logo.svg", verify=False, timeout=30)
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, b"<svg/>", "image/svg+xml")
    assert httpx.get(f"{emulator.url}/assets/theme_image/other.svg", verify=False, timeout=30).status_code == 404


def test_image_without_a_file_is_refused(api: httpx.Client) -> None:
    for response in (api.post(IMAGES), api.post(IMAGES, files={"other": ("a.svg", b"")})):
        assert error_detail(response) == {"file": ["This field is required"]}


def test_second_image_of_a_name_depends_on_the_switch(emulator: Emulator, api: httpx.Client, switch: Switch) -> None:
    add(api)
    assert add(api, content=b"<svg>2</svg>") == {"url": "/assets/theme_image/logo_1.svg"}
    switch(same_image_name="overwrite")
    assert add(api, content=b"<svg>3</svg>") == {"url": "/assets/theme_image/logo.svg"}
    switch(same_image_name="refuse")
    assert list(error_detail(api.post(IMAGES, files={"file": ("logo.svg", b"")}))) == ["file"]

    assert body_of(api.get(IMAGES))["total_count"] == 2
    assert httpx.get(f"{emulator.url}/assets/theme_image/logo.svg", verify=False, timeout=30).content == b"<svg>3</svg>"


def test_name_with_spaces_and_accents_is_an_address(emulator: Emulator, api: httpx.Client) -> None:
    url = add(api, "Été à la mer.png", b"png")["url"]

    assert url == "/assets/theme_image/%C3%89t%C3%A9%20%C3%A0%20la%20mer.png"
    assert httpx.get(f"{emulator.url}{url}", verify=False, timeout=30).content == b"png"


def test_images_are_listed_in_parts(api: httpx.Client) -> None:
    for name in ("a.png", "b.png", "c.png"):
        add(api, name)

    first = body_of(api.get(IMAGES, params={"limit": 2}))

    assert (len(first["results"]), first["total_count"]) == (2, 3)
    assert body_of(api.get(first["next"]))["results"] == [{"url": "/assets/theme_image/c.png"}]


def test_images_need_the_permission_for_themes(api: httpx.Client, connect: Connect) -> None:
    designer, other = connect(key_with(api, "edit_theme")), connect(key_with(api, "edit_page"))

    assert designer.get(IMAGES).status_code == 200
    assert [other.get(IMAGES).status_code, other.post(IMAGES, files={"file": ("a.png", b"")}).status_code] == [403] * 2


def test_reset_deletes_images(emulator: Emulator, api: httpx.Client, control: httpx.Client) -> None:
    add(api)
    control.post("/reset").raise_for_status()

    assert body_of(api.get(IMAGES))["total_count"] == 0
    assert not list((emulator.portal.folder / "files").glob("images/*"))
