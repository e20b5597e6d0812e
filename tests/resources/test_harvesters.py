"""Harvesters: when they run, what is waited for, what is published, what a delete leaves; adoption and lost answers."""

from __future__ import annotations

import functools
from typing import Any

import pulumi
import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.client.client import Client
from pulumi_opendatasoft.lifecycle.context import Context

from ..conftest import Portal
from ..emulator.harvesting import INDEX, region_files
from ..engine_stub.engine import Engine
from .harvesters import schedule
from .observations import is_settled

ALL = "/harvesters/"
ONE = "/harvesters/the-region/"
START = f"POST {ONE}start/"
PUBLISH = f"POST {ONE}publish/"
LOST = {"method": "POST", "path": f"^{ALL}$", "nth": 1, "fault": "reset_after_commit"}


def source(**other: Any) -> ods.FTPCSVHarvest:
    """The files of `region_files`."""
    given = {
        "host": "files.region.example",
        "user": "city",
        "password": "canary-password",
        "directory": "/open",
        "metadata_file": "index.csv",
        **other,
    }
    return ods.FTPCSVHarvest(**given)


def region(**given: Any) -> None:
    """A program of one harvester."""
    usual = {"name": "The region", "source": source(), "delete_attached_datasets": False, "run": "create"}
    ods.Harvester("it", **{**usual, **given})


@pytest.fixture(autouse=True)
def files(portal: Portal) -> None:
    """The files of the region's server."""
    region_files(portal.emulator.portal.folder)


def titles(portal: Portal, *, published: bool | None = None) -> list[str]:
    """The titles of the datasets on the portal; only of those that are public, or are not."""
    found = [one for one in portal.all("/datasets/") if published in (None, one["is_published"])]
    return sorted(one["metadata"]["default"]["title"]["value"] for one in found)


def password(portal: Portal) -> str:
    """The password that the portal has."""
    kept = portal.emulator.portal.store.get("harvester", "the-region") or {}
    return str(kept["configuration"]["password"])


# ---------------------------------------------------------------- runs


def test_created_harvester_has_run_when_up_ends(engine: Engine, portal: Portal) -> None:
    portal.set(processing_ms=300, queued_after_ms=100)

    engine.up(region)

    assert titles(portal) == ["Schools", "Weather of the region"]
    outputs = engine.get("it").outputs
    assert (outputs["status"], outputs["has_error"]) == ("idle", False)
    assert outputs["last_success_at"] is not None
    assert portal.writes() == [f"POST {ALL}", START]
    is_settled(engine, portal, region)


def test_harvester_never_runs_unless_that_is_declared(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(run="never"))

    assert portal.writes() == [f"POST {ALL}"]
    assert engine.get("it").outputs["status"] == "new"


@pytest.mark.parametrize(("mode", "writes"), [("create", []), ("change", [START])])
def test_change_of_the_source_runs_it_where_that_is_declared(
    engine: Engine, portal: Portal, mode: str, writes: list[str]
) -> None:
    engine.up(lambda: region(run=mode))
    portal.forget()

    engine.up(lambda: region(run=mode, source=source(metadata_only=True)))

    assert portal.writes() == [f"PUT {ONE}", *writes]


def test_change_that_no_run_depends_on_starts_none(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(run="change"))
    portal.forget()

    engine.up(lambda: region(run="change", name="Region", schedules=[schedule()]))

    assert portal.writes() == [f"PUT {ONE}", f"POST {ONE}schedules/"]


def test_two_runs_in_one_second_are_told_apart(engine: Engine, portal: Portal) -> None:
    def of(publisher: str) -> None:
        region(run="change", forced_metas={"default": {"publisher": publisher}})

    for publisher in ("A", "B", "C"):
        engine.up(functools.partial(of, publisher))

        schools = portal.dataset("schools")["metadata"]["default"]
        assert schools["publisher"]["value"] == publisher


def test_failed_run_fails_the_up_and_the_next_one_repeats_it(engine: Engine, portal: Portal) -> None:
    failed = engine.up(lambda: region(source=source(directory="/none")), ok=False)

    assert "run: harvesting failed: A fatal error occured. There is no folder" in failed.errors[0]
    assert "canary-password" not in failed.errors[0]
    assert engine.get("it").outputs["has_error"] is True
    portal.forget()
    engine.up(region)
    assert portal.writes() == [f"PUT {ONE}", START]
    is_settled(engine, portal, region)


def test_failed_run_is_repeated_though_nothing_changed(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(source=source(metadata_file="later.csv")), ok=False)
    files = region_files(portal.emulator.portal.folder)
    (files / "later.csv").write_text(INDEX)
    portal.forget()

    engine.up(lambda: region(source=source(metadata_file="later.csv")))

    assert portal.writes() == [START]
    assert len(titles(portal)) == 2


@pytest.mark.reaches("Harvester", "GET /harvesters/{harvester_uid}/errors/")
def test_datasets_that_could_not_be_harvested_are_a_warning(engine: Engine, portal: Portal) -> None:
    (region_files(portal.emulator.portal.folder) / "weather.csv").unlink()

    done = engine.up(region)

    assert done.said() == [
        "harvested, but not every dataset: 1 failed. First: w1: Could not harvest the dataset. "
        "There is no file weather.csv that can be read."
    ]


def test_run_that_takes_too_long_goes_on(engine: Engine, portal: Portal) -> None:
    portal.set(processing_ms=2500)
    engine.config["opendatasoft:processingTimeout"] = "1"

    done = engine.up(region)

    assert done.said() == ["harvesting goes on after 1 s; `pulumi refresh` will tell how it ended"]
    assert engine.get("it").outputs["status"] == "processing"


def test_late_run_is_joined_before_its_datasets_are_published(engine: Engine, portal: Portal) -> None:
    portal.set(processing_ms=2000)
    engine.config["opendatasoft:processingTimeout"] = "1"
    failed = engine.up(lambda: region(published=True), ok=False)
    assert "its datasets are published after it: run `up` again" in failed.errors[0]
    engine.config["opendatasoft:processingTimeout"] = "60"
    portal.forget()

    engine.up(lambda: region(published=True))

    assert portal.writes() == [PUBLISH]


def test_start_whose_answer_is_lost_is_not_repeated(engine: Engine, portal: Portal) -> None:
    portal.fail({"method": "POST", "path": "/start/$", "nth": 1, "fault": "reset_after_commit"})

    engine.up(region)

    assert portal.writes() == [f"POST {ALL}", START]
    assert len(titles(portal)) == 2


def test_change_waits_for_a_run_that_is_under_way(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(run="never"))
    portal.set(processing_ms=700, write_while_busy="refuse")
    portal.post(f"{ONE}start/")

    engine.up(lambda: region(run="never", source=source(metadata_only=True), schedules=[schedule()]))

    assert portal.get(ONE)["metadata_only"] is True
    assert len(portal.all(f"{ONE}schedules/")) == 1


# ---------------------------------------------------------------- publication


def test_published_makes_the_datasets_of_a_run_public(engine: Engine, portal: Portal) -> None:
    done = engine.up(lambda: region(published=True))

    assert portal.writes() == [f"POST {ALL}", START, PUBLISH]
    assert done.said() == ["the portal publishes its datasets now: this goes on by itself"]
    while len(titles(portal, published=True)) < 2:
        pass
    is_settled(engine, portal, lambda: region(published=True))


def test_published_alone_is_one_call(engine: Engine, portal: Portal) -> None:
    engine.up(region)
    for published, action in ((True, "publish"), (False, "unpublish")):
        portal.forget()
        engine.up(functools.partial(region, published=published))
        assert portal.writes() == [f"POST {ONE}{action}/"]
        while len(titles(portal, published=published)) < 2:
            pass
    portal.forget()
    engine.up(region)
    assert portal.writes() == [], "no longer managed"


def test_new_harvester_without_a_run_publishes_nothing(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(run="never", published=True))

    assert portal.writes() == [f"POST {ALL}"]


# ---------------------------------------------------------------- delete


@pytest.mark.parametrize("with_datasets", [True, False])
def test_destroy_deletes_or_keeps_the_datasets_as_declared(engine: Engine, portal: Portal, with_datasets: bool) -> None:
    engine.up(lambda: region(delete_attached_datasets=with_datasets))
    portal.set(processing_ms=300)

    engine.destroy()

    assert portal.all(ALL) == []
    assert len(titles(portal)) == (0 if with_datasets else 2)


def test_fate_of_the_datasets_must_be_declared(outputs: None) -> None:
    with pytest.raises(TypeError, match="delete_attached_datasets"):
        ods.Harvester("it", name="x", source=source())  # type: ignore[call-arg]  # that is the mistake


@pytest.mark.reaches("Harvester", "POST /harvesters/{harvester_uid}/abort/")
def test_run_is_aborted_before_a_delete(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(run="never"))
    portal.set(processing_ms=60_000)
    portal.post(f"{ONE}start/")
    while portal.get(ONE)["status"] != "processing":
        pass
    portal.set(processing_ms=0)
    portal.forget()

    engine.destroy()

    assert portal.writes() == [f"POST {ONE}abort/", f"DELETE {ONE}"]
    assert portal.all(ALL) == []


def test_another_kind_of_source_replaces_the_harvester(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(delete_attached_datasets=True))
    portal.set(processing_ms=200)
    other = ods.WFSHarvest(url="https://geo.region.example/wfs")

    done = engine.up(lambda: region(source=other, run="never", delete_attached_datasets=True))

    assert done.steps == {"it": "replace"}
    assert (portal.get(ONE)["type"], titles(portal)) == ("wfs", [])


# ---------------------------------------------------------------- identity, secrets, neighbours


def test_existing_harvester_is_refused_and_adopted(engine: Engine, portal: Portal) -> None:
    theirs = {"type": "ods", "name": "The region", "domain": "region", "api_key": "k"}
    portal.post(ALL, {**theirs, "type": "ftp_csv", "host": "h", "user": "u", "password": "p", "metadata_file": "m"})
    portal.forget()
    assert 'a harvester with name "The region"' in engine.up(region, ok=False).errors[0]

    adopted = engine.up(lambda: region(adopt=True, published=True))

    assert portal.writes() == []
    assert adopted.said() == ["adopted the-region, only read; the next `up` changes: source, published"]
    engine.up(lambda: region(adopt=True, published=True))
    assert portal.writes() == [f"PUT {ONE}", PUBLISH]
    assert password(portal) == "canary-password"
    engine.destroy()
    assert len(portal.all(ALL)) == 1


@pytest.mark.parametrize("switch", ["accept", "refuse"])
def test_lost_answer_of_a_create_makes_no_second_harvester(engine: Engine, portal: Portal, switch: str) -> None:
    portal.set(duplicate_harvester_name=switch)
    portal.fail(LOST)

    engine.up(region)

    assert [one["uid"] for one in portal.all(ALL)] == ["the-region"]
    is_settled(engine, portal, region)


def test_harvester_of_others_is_read_without_its_secret(portal: Portal) -> None:
    portal.post(ALL, {"type": "ods", "name": "The region", "domain": "region", "api_key": "canary-key"})

    with Client(portal.url, portal.key) as client:
        state = ods.Harvester.lifecycle().read(Context(client, "Harvester.get"), "the-region", {})

    assert state["source"] == {"type": "ods", "domain": "region", "refines": ""}
    assert (state["name"], state["status"]) == ("The region", "new")


def test_deleting_harvester_counts_as_deleted(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(run="never"))
    portal.set(processing_ms=1000)
    portal.http.delete(ONE, params={"delete_attached_datasets": "false"}).raise_for_status()
    assert portal.get(ONE)["status"] == "deleting"

    assert engine.refresh().steps == {"it": "delete"}


@pytest.mark.parametrize("switch", [{"harvester_secret_left_out": "cleared"}, {"omitted_in_put": "clear"}, {}], ids=str)
def test_every_write_contains_the_secret(engine: Engine, portal: Portal, switch: dict[str, str]) -> None:
    portal.set(**switch)
    engine.up(lambda: region(run="never"))

    def renamed(password: str) -> None:
        region(run="never", name="Region", source=source(password=password))

    for given in ("canary-password", "another"):
        engine.up(functools.partial(renamed, given))
        assert password(portal) == given
        is_settled(engine, portal, functools.partial(renamed, given))


def test_key_that_is_no_longer_given_is_removed(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(run="never", source=ods.OpendatasoftHarvest(domain="region", api_key="k")))
    assert portal.get(ONE)["api_key"] is None

    engine.up(lambda: region(run="never", source=ods.OpendatasoftHarvest(domain="region")))

    assert portal.get(ONE)["api_key"] == ""


def test_forced_metadata_that_others_added_stay(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: region(run="never", forced_metas={"default": {"publisher": "A", "license": "CC0"}}))
    live = portal.get(ONE)
    theirs = {"default": {**live["forced_metas"]["default"], "keyword": ["x"]}, "internal": {"theme_id": ["y"]}}
    portal.put(ONE, {**live, "forced_metas": theirs})
    engine.up(lambda: region(run="never", forced_metas={"default": {"publisher": "B"}}))

    found = portal.get(ONE)["forced_metas"]
    assert found == {"default": {"publisher": "B", "keyword": ["x"]}, "internal": {"theme_id": ["y"]}}


def test_second_schedule_is_refused_in_the_preview(engine: Engine, portal: Portal) -> None:
    two = [schedule(), schedule(cron_schedule="0 5 * * *")]

    failed = engine.preview(lambda: region(schedules=two), ok=False)

    assert "schedules[1]: a harvester can only have one schedule" in failed.errors[0]
    assert portal.requests() == []


def test_schedules_are_emptied_and_respelled_ones_are_equal(engine: Engine, portal: Portal) -> None:
    portal.set(cron_told="normal")
    spaced = [schedule(cron_schedule="0  4 * * *")]
    engine.up(lambda: region(run="never", schedules=spaced))
    is_settled(engine, portal, lambda: region(run="never", schedules=spaced))

    engine.up(lambda: region(run="never", schedules=[]))

    assert portal.all(f"{ONE}schedules/") == []


def test_dataset_of_a_harvester_is_adopted_and_overridden(engine: Engine, portal: Portal) -> None:
    def program() -> None:
        harvester = ods.Harvester("it", name="The region", source=source(), run="change", delete_attached_datasets=True)
        ods.Dataset(
            "schools",
            adopt=True,
            metadata=ods.Metadata(default=ods.DefaultMetadata(title="Our schools")),
            opts=pulumi.ResourceOptions(depends_on=[harvester]),
        )

    engine.up(program)
    engine.up(program)

    title = portal.dataset("schools")["metadata"]["default"]["title"]
    assert title == {"value": "Our schools", "remote_value": "Schools", "override_remote_value": True}
    assert engine.preview(program).steps == {}
