"""Realtime sources: their push addresses, and that no records are lost unless the program allows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine.stacks import eventually
from ..engine_stub.engine import Engine
from .observations import Program, is_settled, records, sources

PUSHED = [{"pm10": 12}, {"pm10": 14}]


@dataclass
class Sensors:
    """A public dataset with a realtime source, to which records were pushed."""

    engine: Engine
    portal: Portal

    @staticmethod
    def program(**other: Any) -> Program:
        """The dataset, with other values of some properties."""

        def declare() -> None:
            given = {
                "metadata": ods.Metadata(default=ods.DefaultMetadata(title="Air")),
                "sources": {"sensor": ods.Source(type="realtime")},
                "published": True,
                **{name: value() if callable(value) else value for name, value in other.items()},
            }
            ods.Dataset("air", **given)

        return declare

    @property
    def url(self) -> str:
        """The address for pushing records."""
        return str(self.engine.get("air").outputs["push_urls"]["sensor"])

    def hold(self, expected: list[dict[str, Any]] = PUSHED) -> bool:
        """Whether the pushed records are public."""
        return [{"pm10": record["pm10"]} for record in records(self.portal)] == expected


@pytest.fixture
def sensors(engine: Engine, portal: Portal) -> Sensors:
    pushed = Sensors(engine, portal)
    engine.up(pushed.program())
    for record in PUSHED:
        httpx.post(pushed.url, json=record, timeout=30).raise_for_status()
    eventually(pushed.hold)
    return pushed


def test_push_url_is_an_output_for_other_resources(sensors: Sensors) -> None:
    def program() -> None:
        air = ods.Dataset("air", sources={"sensor": ods.Source(type="realtime")}, published=True)
        ods.Group("readers", title="Readers", description=air.push_urls.apply(lambda urls: urls["sensor"]))

    sensors.engine.up(program)

    (source,) = sources(sensors.portal)
    assert sensors.portal.get("/groups/readers/")["description"] == source["url"] == sensors.url
    assert sensors.hold()
    is_settled(sensors.engine, sensors.portal, program)


def test_renewed_push_url_is_read_and_is_no_change(sensors: Sensors) -> None:
    before, (source,) = sensors.url, sources(sensors.portal)
    uid = sensors.portal.dataset("air")["uid"]
    sensors.portal.post(f"/datasets/{uid}/resources/{source['uid']}/renew_api_key/")

    assert sensors.engine.refresh().steps == {}

    assert sensors.url != before
    assert httpx.post(before, json={"pm10": 1}, timeout=30).status_code == 401
    assert httpx.post(sensors.url, json={"pm10": 16}, timeout=30).status_code == 200
    eventually(lambda: sensors.hold([*PUSHED, {"pm10": 16}]))


def test_pushing_is_disabled_and_enabled(sensors: Sensors) -> None:
    def switched(enabled: bool) -> Program:
        return sensors.program(sources=lambda: {"sensor": ods.Source(type="realtime", enabled=enabled)})

    assert sensors.engine.up(switched(enabled=False)).steps == {"air": "update"}
    assert httpx.post(sensors.url, json={"pm10": 1}, timeout=30).status_code == 403
    is_settled(sensors.engine, sensors.portal, switched(enabled=False))

    assert sensors.engine.up(switched(enabled=True)).steps == {"air": "update"}
    assert httpx.post(sensors.url, json={"pm10": 16}, timeout=30).status_code == 200
    eventually(lambda: sensors.hold([*PUSHED, {"pm10": 16}]))


SPARING: dict[str, dict[str, Any]] = {
    "metadata": {"metadata": lambda: ods.Metadata(default=ods.DefaultMetadata(title="The air", keyword=["air"]))},
    "the parameters of the source": {
        "sources": lambda: {"sensor": ods.Source(type="realtime", params={"unique_by": "id"})}
    },
    "fields": {"fields": lambda: [ods.TypeField(field="pm10", type_param="double")]},
    "processors": {"processors": lambda: [ods.Processor(type="fold_field", params={"field": "none"})]},
    "schedules": {"schedules": lambda: ["0 6 * * *"]},
    "access": {"default_security": lambda: ods.DatasetSecurity(is_data_visible=True, visible_fields=["pm10"])},
    "no more sources managed": {"sources": None},
    "no more publication managed": {"published": None},
    "permission to lose": {"allow_data_loss": True},
}


def test_pushed_records_survive_a_change_of_anything_else(sensors: Sensors) -> None:
    (before,) = sources(sensors.portal)

    for title, other in SPARING.items():
        assert sensors.engine.up(sensors.program(**other)).steps == {"air": "update"}, title
        assert sensors.hold(), title
        with sensors.engine.together():
            assert sensors.engine.refresh().steps == {}, title
            assert sensors.engine.up(sensors.program()).steps == {"air": "update"}, title

        assert sensors.hold(), title
        (after,) = sources(sensors.portal)
        assert (after["uid"], after["url"]) == (before["uid"], before["url"]), title


def refused(sensors: Sensors, other: dict[str, Any], message: str) -> None:
    """Check that a preview and an `up` are refused, and that neither writes."""
    sensors.portal.forget()
    with sensors.engine.together():
        for command in (sensors.engine.preview, sensors.engine.up):
            failed = command(sensors.program(**other), ok=False)
            assert message in failed.errors[0], failed.errors
        assert sensors.engine.preview(sensors.program()).steps == {}
    assert sensors.portal.writes() == []
    assert sensors.hold()


LOST = "the records that were pushed to it would be lost"
LOSING: list[tuple[dict[str, Any], str]] = [
    ({"published": False}, "published: the dataset would be unpublished"),
    ({"dataset_id": "luft"}, 'dataset_id: "air" would become "luft"'),
    ({"sources": lambda: {}}, f"sources.sensor: {LOST}"),
    ({"sources": lambda: {"sensor 1": ods.Source(type="realtime")}}, f"sources.sensor: {LOST}"),
    (
        {"sources": lambda: {"sensor": ods.Source(type="ods_form", datasource=ods.OtherDatasource(type="ods_form"))}},
        f"sources.sensor: {LOST}",
    ),
]


def test_loss_of_pushed_records_is_refused_before_any_write(sensors: Sensors) -> None:
    for other, message in LOSING:
        refused(sensors, other, message)


def test_removal_of_other_sources_keeps_pushed_records(sensors: Sensors) -> None:
    sensors.engine.folder.joinpath("a.csv").write_text("pm10\n30\n")

    def two() -> dict[str, Any]:
        file = ods.UploadedFileDatasource(file=ods.File(sensors.engine.folder / "a.csv"))
        return {"sensor": ods.Source(type="realtime"), "file": ods.Source(type="csvfile", datasource=file)}

    sensors.engine.up(sensors.program(sources=two))
    eventually(lambda: sorted(record["pm10"] for record in records(sensors.portal)) == [12, 14, 30])

    sensors.engine.up(sensors.program())

    eventually(sensors.hold)
    assert [source["title"] for source in sources(sensors.portal)] == ["sensor"]


def test_realtime_dataset_is_destroyed_only_if_allowed(sensors: Sensors) -> None:
    sensors.portal.forget()
    failed = sensors.engine.destroy(ok=False)
    assert 'the records that were pushed to "sensor" would be lost for good' in failed.errors[0]
    assert sensors.portal.writes() == []
    failed = sensors.engine.up(lambda: None, ok=False)
    assert 'the records that were pushed to "sensor" would be lost for good' in failed.errors[0]
    assert sensors.hold()

    sensors.engine.up(sensors.program(allow_data_loss=True))
    assert sensors.hold()
    assert sensors.engine.destroy().steps == {"air": "delete"}
    assert sensors.portal.all("/datasets/") == []


def test_realtime_dataset_is_unpublished_if_allowed(sensors: Sensors) -> None:
    assert sensors.engine.up(sensors.program(published=False, allow_data_loss=True)).steps == {"air": "update"}

    assert sensors.portal.dataset("air")["is_published"] is False
    is_settled(sensors.engine, sensors.portal, sensors.program(published=False, allow_data_loss=True))


def test_realtime_source_added_by_hand_is_not_removed(sensors: Sensors) -> None:
    uid = sensors.portal.dataset("air")["uid"]
    source = sensors.portal.post(f"/datasets/{uid}/resources/", {"type": "realtime", "title": "by hand"})
    httpx.post(source["url"], json={"pm10": 16}, timeout=30).raise_for_status()
    sensors.engine.refresh()

    failed = sensors.engine.up(sensors.program(), ok=False)

    assert "by hand" in failed.errors[0]
    assert "would be lost for good" in failed.errors[0]
    assert {found["title"] for found in sources(sensors.portal)} == {"sensor", "by hand"}


def test_second_realtime_source_is_removed_only_if_allowed(sensors: Sensors) -> None:
    def two() -> dict[str, Any]:
        return {"sensor": ods.Source(type="realtime"), "second": ods.Source(type="realtime")}

    sensors.engine.up(sensors.program(sources=two))
    assert sensors.hold()

    failed = sensors.engine.up(sensors.program(), ok=False)
    assert "sources.second: the records that were pushed to it would be lost" in failed.errors[0]

    sensors.engine.up(sensors.program(allow_data_loss=True))
    assert sensors.hold()
    assert [source["title"] for source in sources(sensors.portal)] == ["sensor"]
