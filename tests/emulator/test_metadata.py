"""Tests of the metadata of a dataset: whole, by template and by field."""

import re

import httpx
import pytest

from .calls import Body, body_of, error_detail, new_dataset
from .conftest import Switch


@pytest.fixture
def metadata(api: httpx.Client) -> str:
    """The path of the metadata of a new dataset."""
    return f"/datasets/{new_dataset(api)}/metadata"


def put(api: httpx.Client, path: str, value: object) -> object:
    """Set one value; return its stored form."""
    return body_of(api.put(path, json={"value": value}))["value"]


def test_portal_fills_in_defaults(api: httpx.Client, metadata: str) -> None:
    metadata_of = body_of(api.get(f"{metadata}/"))

    assert metadata_of["visualization"] == {
        name: {"value": False}
        for name in (
            "analyze_disabled",
            "map_disabled",
            "map_marker_hidemarkershape",
            "map_tooltip_disabled",
            "map_tooltip_html_enabled",
            "images_disabled",
            "image_tooltip_html_enabled",
            "calendar_enabled",
            "calendar_tooltip_html_enabled",
            "custom_view_enabled",
        )
    }
    assert metadata_of["internal"] == {
        "draft": {"value": False},
        "category_id": {"value": "data"},
        "metadata_source_language": {"value": "en"},
    }
    assert metadata_of["asset_content_configuration"] == {"is_explore_data_with_ai_disabled": {"value": False}}
    default = metadata_of["default"]
    assert default["timezone"] == {"value": "Europe/Paris"}
    assert default["modified_updates_on_data_change"] == {"value": False}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", default["modified"]["value"])


def test_timezone_and_language_are_those_of_the_portal(api: httpx.Client, switch: Switch) -> None:
    switch(domain_timezone="Europe/Zurich", domain_language="de")

    path = f"/datasets/{new_dataset(api)}/metadata"

    assert body_of(api.get(f"{path}/default/timezone/")) == {"value": "Europe/Zurich"}
    assert body_of(api.get(f"{path}/internal/metadata_source_language/")) == {"value": "de"}


def test_unset_metadata_are_absent(api: httpx.Client, metadata: str) -> None:
    assert "publisher" not in body_of(api.get(f"{metadata}/default/"))
    assert api.get(f"{metadata}/default/publisher/").status_code == 404
    assert "custom" not in body_of(api.get(f"{metadata}/"))


def test_one_field_is_set_and_no_other_is_touched(api: httpx.Client, metadata: str) -> None:
    before = body_of(api.get(f"{metadata}/"))

    assert put(api, f"{metadata}/default/publisher/", "City") == "City"

    after = body_of(api.get(f"{metadata}/"))
    assert after["default"].pop("publisher") == {"value": "City"}
    assert after == before


def test_a_field_is_deleted(api: httpx.Client, metadata: str) -> None:
    put(api, f"{metadata}/default/publisher/", "City")

    assert api.delete(f"{metadata}/default/publisher/").status_code == 204
    assert api.get(f"{metadata}/default/publisher/").status_code == 404
    assert api.delete(f"{metadata}/default/publisher/").status_code == 404


def test_a_deleted_default_comes_back(api: httpx.Client, metadata: str, switch: Switch) -> None:
    path = f"{metadata}/visualization/map_disabled/"
    put(api, path, True)

    assert api.delete(path).status_code == 204
    assert body_of(api.get(path)) == {"value": False}
    switch(metadata_defaults_after_put="left_out")
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


def test_a_put_of_a_template_replaces_it_and_defaults_come_back(api: httpx.Client, metadata: str) -> None:
    put(api, f"{metadata}/default/publisher/", "City")
    put(api, f"{metadata}/default/timezone/", "Europe/Zurich")

    replaced = body_of(api.put(f"{metadata}/default/", json={"title": {"value": "Wind"}}))

    assert (replaced["title"], replaced["timezone"]) == ({"value": "Wind"}, {"value": "Europe/Paris"})
    assert "publisher" not in replaced
    assert "visualization" in body_of(api.get(f"{metadata}/"))


def test_a_put_of_all_metadata_replaces_all(api: httpx.Client, metadata: str, switch: Switch) -> None:
    put(api, f"{metadata}/custom/district/", "North")
    switch(metadata_defaults_after_put="left_out")

    replaced = body_of(api.put(f"{metadata}/", json={"default": {"title": {"value": "Wind"}}}))

    assert replaced == {"default": {"title": {"value": "Wind"}}}


def test_metadata_read_can_be_written_back_changed(api: httpx.Client, metadata: str) -> None:
    put(api, f"{metadata}/custom/district/", "North")
    whole = body_of(api.get(f"{metadata}/"))
    whole["default"]["title"]["value"] = "Wind"

    assert body_of(api.put(f"{metadata}", json=whole)) == whole


@pytest.mark.parametrize(
    ("path", "value", "stored"),
    [
        ("default/description", "Plain text.", "<p>Plain text.</p>"),
        ("default/description", "<div>Own</div><script>steal()</script>", "<div>Own</div>"),
        ("default/modified", "2024-05-01", "2024-05-01T00:00:00Z"),
        ("default/modified", "2024-05-01T10:00:00.123+00:00", "2024-05-01T10:00:00Z"),
        ("default/modified", "2024-05-01T01:30:00+02:00", "2024-04-30T23:30:00Z"),
        ("default/modified", "2024-05-01 10:00", "2024-05-01T10:00:00Z"),
        ("default/modified", "2024-05-01T10:00:00.0000000Z", "2024-05-01T10:00:00Z"),
        ("default/modified", "2024-05-01T10:00:00.1Z", "2024-05-01T10:00:00Z"),
        ("default/modified", "2024-05-01t10:00:00z", "2024-05-01T10:00:00Z"),
        ("dcat/created", "2024-05-01", "2024-05-01T00:00:00Z"),
        ("dcat/created", "in spring", "in spring"),
        ("asset_content_configuration/facets", [{"field_name": "a", "disjunctive": True}], None),
        ("dcat/issued", "2024-05-01", "2024-05-01"),
        ("custom/publizierende-organisation", "Amt", "Amt"),
        ("visualization/image_tooltip_html", ["<b>a</b>"], ["<b>a</b>"]),
        ("asset_content_configuration/records_search_boosts", {"name": 2}, {"name": 2}),
    ],
)
def test_value_is_stored_in_the_form_of_the_portal(
    api: httpx.Client, metadata: str, path: str, value: object, stored: object
) -> None:
    stored = value if stored is None else stored
    assert put(api, f"{metadata}/{path}/", value) == stored
    assert body_of(api.get(f"{metadata}/{path}/")) == {"value": stored}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("default/keyword", "air"),
        ("default/title", ["Air"]),
        ("default/language", "xx"),
        ("internal/draft", "false"),
        ("asset_content_configuration/facets", {}),
        ("default/title", ""),
        ("default/keyword", []),
        ("default/publisher", None),
        ("default/keyword", [""]),
        ("default/keyword", ["air", 5]),
        ("visualization/image_tooltip_html", ["<b>a</b>", ""]),
        ("asset_content_configuration/fields_displayed_in_specific_languages", {"name": [""]}),
        ("asset_content_configuration/facets", [{"field_name": "a", "disjunctive": "yes"}]),
        ("asset_content_configuration/facets", [{"field_name": "a", "timerange_filter": 1}]),
        ("default/modified", "not a date"),
        ("default/modified", "2024-13-45"),
        ("default/modified", "0001-01-01T00:00:00+02:00"),
        ("default/modified", "20240501"),
        ("default/modified", "2024-05-01T10:00:00.Z"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(api: httpx.Client, metadata: str, path: str, value: object) -> None:
    detail = error_detail(api.put(f"{metadata}/{path}/", json={"value": value}))

    assert list(detail) == ["value"]


def test_invalid_template_is_refused_by_path(api: httpx.Client, metadata: str) -> None:
    body: Body = {"default": {"title": {"value": "Air"}, "keyword": {"value": "air"}}}

    whole = error_detail(api.put(f"{metadata}/", json=body))
    template = error_detail(api.put(f"{metadata}/default/", json=body["default"]))
    no_value = error_detail(api.put(f"{metadata}/default/", json={"title": {}}))

    assert whole == {"default": {"keyword": {"value": ["Expected a list of items."]}}}
    assert template == {"keyword": {"value": ["Expected a list of items."]}}
    assert no_value == {"title": {"value": ["This field is required"]}}


@pytest.mark.parametrize("path", ["fantasy/", "fantasy/title/", "default/fantasy/"])
def test_an_unknown_template_or_field_is_not_found_or_invalid(
    api: httpx.Client, metadata: str, switch: Switch, path: str
) -> None:
    body = {"title": {"value": "x"}} if path == "fantasy/" else {"value": "x"}

    assert body_of(api.put(f"{metadata}/{path}", json=body), 404)["error_code"] == "not_found"
    switch(unknown_metadata="invalid")
    assert list(error_detail(api.put(f"{metadata}/{path}", json=body))) == ["fantasy"]


def test_portal_can_have_more_templates(api: httpx.Client, metadata: str, switch: Switch) -> None:
    switch(open_templates=["heritage"])

    assert put(api, f"{metadata}/heritage/century/", 12) == 12
    assert api.put(f"{metadata}/custom/x/", json={"value": "y"}).status_code == 404


def test_a_template_without_values_is_not_found_or_empty(api: httpx.Client, metadata: str, switch: Switch) -> None:
    assert api.get(f"{metadata}/custom/").status_code == 404
    switch(empty_template="empty")
    assert body_of(api.get(f"{metadata}/custom/")) == {}
    assert api.get(f"{metadata}/fantasy/").status_code == 404


def test_custom_metadata_at_creation_are_ignored_or_kept(api: httpx.Client, switch: Switch) -> None:
    body = {"custom": {"district": {"value": "North"}}}

    ignored = body_of(api.get(f"/datasets/{new_dataset(api, 'a', metadata=body)}/"))
    switch(custom_metadata_at_creation="kept")
    stored = body_of(api.get(f"/datasets/{new_dataset(api, 'b', metadata=body)}/"))

    assert "custom" not in ignored["metadata"]
    assert stored["metadata"]["custom"] == {"district": {"value": "North"}}


def test_the_licence_has_a_label_that_follows_its_id(api: httpx.Client, metadata: str) -> None:
    put(api, f"{metadata}/internal/license_id/", "cc_by")
    assert body_of(api.get(f"{metadata}/default/license/")) == {"value": "CC BY 4.0"}

    put(api, f"{metadata}/internal/license_id/", "5sylls5")
    assert body_of(api.get(f"{metadata}/default/license/")) == {"value": "5sylls5"}

    assert api.delete(f"{metadata}/internal/license_id/").status_code == 204
    assert api.get(f"{metadata}/default/license/").status_code == 404


def test_a_licence_may_be_written_beside_the_title_as_well(api: httpx.Client, metadata: str) -> None:
    put(api, f"{metadata}/default/license_id/", "cc_zero")

    assert body_of(api.get(f"{metadata}/internal/license_id/")) == {"value": "cc_zero"}
    assert body_of(api.get(f"{metadata}/default/license/")) == {"value": "CC0 1.0"}
    put(api, f"{metadata}/default/license_id/", "cc_by")
    assert body_of(api.get(f"{metadata}/internal/license_id/")) == {"value": "cc_by"}
    assert body_of(api.get(f"{metadata}/default/license/")) == {"value": "CC BY 4.0"}


def test_modified_moves_if_so_configured(api: httpx.Client, metadata: str) -> None:
    put(api, f"{metadata}/default/modified/", "2020-01-01T00:00:00Z")
    put(api, f"{metadata}/default/publisher/", "City")
    assert body_of(api.get(f"{metadata}/default/modified/")) == {"value": "2020-01-01T00:00:00Z"}

    put(api, f"{metadata}/default/modified_updates_on_metadata_change/", True)

    assert body_of(api.get(f"{metadata}/default/modified/"))["value"] > "2020-01-01T00:00:00Z"


def test_override_of_a_remote_value_is_ignored_elsewhere(api: httpx.Client, metadata: str) -> None:
    body = {"value": "Wind", "override_remote_value": True, "remote_value": "Breeze"}

    assert body_of(api.put(f"{metadata}/default/title/", json=body)) == {"value": "Wind"}


def test_a_write_of_metadata_updates_the_dataset(api: httpx.Client, metadata: str) -> None:
    dataset = metadata.removesuffix("/metadata")

    put(api, f"{metadata}/default/title/", "Wind")

    assert body_of(api.get(f"{dataset}/"))["metadata"]["default"]["title"] == {"value": "Wind"}
