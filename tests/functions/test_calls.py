"""How functions find their portal, page, and fail."""

from __future__ import annotations

import json
from collections.abc import Callable

import pulumi
import pulumi_opendatasoft as ods
import pytest
from pulumi.runtime import set_all_config
from pulumi.runtime.config import CONFIG

from ..client.scripted import serving
from ..client.test_pagination import Long
from ..conftest import Portal


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ods.get_group(title="Nobody"), 'no object of /groups/ has title "Nobody"'),
        (lambda: ods.get_group("nobody"), "the portal has nothing there"),
        (lambda: ods.get_dataset_status("nothing"), 'no object of /datasets/ has dataset_id "nothing"'),
        (lambda: ods.get_image(filename="none.svg"), 'no object of /medias/images/ has filename "none.svg"'),
    ],
    ids=["title", "uid", "dataset_id", "file name"],
)
def test_object_that_is_not_there_is_not_found(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ods.errors.NotFound, match=message) as raised:
        call()

    assert isinstance(raised.value, pulumi.RunError), "a program ends with the message, without a traceback"


def test_several_objects_with_one_key_are_named(portal: Portal) -> None:
    made = [portal.post("/groups/", {"title": "Twins"})["uid"] for _ in range(2)]

    with pytest.raises(ods.errors.ResourceError, match=f"2 objects of /groups/ .*{', '.join(sorted(made))}"):
        ods.get_group(title="Twins")
    for uid in made:
        portal.delete(f"/groups/{uid}/")


def test_one_key_must_be_given_and_only_one() -> None:
    for given in ({}, {"uid": "editors", "title": "Editors"}):
        with pytest.raises(ods.errors.ArgumentError, match="get_group: give one of uid, title, and only one"):
            ods.get_group(**given)


def test_portal_that_is_not_configured_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENDATASOFT_DOMAIN")

    with pytest.raises(ods.errors.ConfigurationError, match="no portal is configured"):
        ods.list_groups()


def test_portal_is_found_by_its_name_in_the_configuration(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENDATASOFT_DOMAIN")
    portals = {"test": {"domain": portal.url, "apiKey": portal.key}}
    before = dict(CONFIG.get())
    set_all_config({"opendatasoft:portals": json.dumps(portals)})
    try:
        assert ods.get_group(title="Editors", portal="test").title == "Editors"
        with pytest.raises(ods.errors.ConfigurationError, match='portal="prod" has no domain'):
            ods.list_groups(portal="prod")
    finally:
        set_all_config(before)


def test_list_of_several_pages_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    long = Long(1500)

    with serving(long) as portal:
        monkeypatch.setenv("OPENDATASOFT_DOMAIN", portal.url)
        assert [dict(group) for group in ods.list_groups()] == long.rows
        assert len(portal.requests) == 2
