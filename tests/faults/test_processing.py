"""Publications that fail, last too long, or meet somebody else's: nothing is lost, and the state says how it stands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine.stacks import eventually
from ..engine_stub.program import Program
from .conftest import City
from .gatekeeper import gate

GOOD = "station,value\nabbey,1\nbarn,2\n"


def air(city: City, file: str = "air.csv", **more: Any) -> Program:
    """A published dataset with one file of the city's web server."""
    datasource = ods.HTTPDatasource(connection=city.connection, relative_url=f"/{file}")
    sources = {"measures": ods.Source(type="csvfile", datasource=datasource)}
    return lambda: ods.Dataset("air", sources=sources, **{"published": True, **more})


def typed(type_param: str) -> list[Any]:
    return [ods.TypeField(field="value", type_param=type_param)]


def broken() -> list[Any]:
    """A processor that the portal cannot carry out: the emulator says so when it processes."""
    return [ods.Processor(type="string_replace", params={"field": "nowhere", "old": "a", "new": "b"})]


def status(city: City) -> dict[str, Any]:
    told: dict[str, Any] = city.portal.get(f"/datasets/{city.portal.dataset('air')['uid']}/status/")
    return told


def outputs(city: City) -> dict[str, Any]:
    return city.engine.get("air").outputs


def publications(city: City) -> int:
    return sum(call.endswith("/publish/") for call in city.portal.requests("POST"))


# ---------------------------------------------------------------- runs that end in error


def test_a_failed_first_publication_is_made_up_for(city: City) -> None:
    [told] = city.engine.up(air(city), ok=False).errors[:1]
    assert "Traceback" not in told

    dataset = city.portal.dataset("air")
    assert city.engine.get("air").id == dataset["uid"]
    assert outputs(city)["status"] == "error"
    assert outputs(city)["message"] == status(city)["message"]
    assert any(status(city)["message"].rstrip(".") in reason for reason in city.engine.get("air").unfinished)

    assert city.engine.preview(air(city)).steps == {"air": "update"}
    city.engine.up(air(city), ok=False)  # the file is still not there

    (city.folder / "air.csv").write_text(GOOD)
    city.engine.up(air(city))
    assert city.portal.dataset("air")["uid"] == dataset["uid"]
    assert city.portal.records("air")["total_count"] == 2
    assert outputs(city)["status"] == "idle"
    assert "message" not in outputs(city)
    assert city.engine.preview(air(city)).steps == {}
    assert city.engine.refresh().steps == {}


def test_a_failed_publication_stays_unfinished_after_a_refresh(city: City) -> None:
    city.engine.up(air(city), ok=False)
    city.engine.refresh()
    assert outputs(city)["status"] == "error"
    assert city.engine.preview(air(city)).steps == {"air": "update"}

    (city.folder / "air.csv").write_text(GOOD)
    city.engine.up(air(city))
    assert city.portal.records("air")["total_count"] == 2


def test_a_publication_again_that_fails_is_told_and_made_up_for(city: City) -> None:
    (city.folder / "air.csv").write_text(GOOD)
    city.engine.up(air(city))
    told = city.engine.up(air(city, processors=broken()), ok=False)
    assert any("nowhere" in reason for reason in city.engine.get("air").unfinished), told.errors
    assert outputs(city)["status"] == "error"
    assert city.portal.records("air")["total_count"] == 2  # the public still has the last good run

    city.engine.up(air(city, processors=[]))
    assert outputs(city)["status"] == "idle"
    assert status(city)["status"] == "idle"
    assert city.engine.preview(air(city, processors=[])).steps == {}


def test_a_failed_republication_is_repaired_by_reverting(city: City) -> None:
    (city.folder / "air.csv").write_text(GOOD)
    before = air(city, fields=typed("int"))
    city.engine.up(before)
    city.engine.up(air(city, fields=typed("int"), processors=broken()), ok=False)
    city.engine.up(before, ok=False)  # the processors are no longer managed, so the broken one stays
    assert outputs(city)["status"] == "error"
    uid = city.portal.dataset("air")["uid"]
    for processor in city.portal.all(f"/datasets/{uid}/processors/"):
        city.portal.delete(f"/datasets/{uid}/processors/{processor['uid']}/")
    city.engine.up(before)
    assert status(city)["status"] == outputs(city)["status"] == "idle"
    assert city.engine.preview(before).steps == {}


def test_a_run_broken_by_others_is_found_where_it_matters(city: City) -> None:
    """A dataset whose publication went well stays as it is when a later, scheduled run of the portal fails."""
    (city.folder / "air.csv").write_text(GOOD)
    city.engine.up(air(city))
    (city.folder / "air.csv").unlink()
    city.portal.post(f"/datasets/{city.portal.dataset('air')['uid']}/publish/")
    eventually(lambda: status(city)["status"] == "error")
    assert city.engine.refresh().steps == {}
    assert city.engine.preview(air(city)).steps == {}


# ---------------------------------------------------------------- runs that are not waited for


def test_a_run_that_is_not_waited_for_is_no_failure_and_no_drift(city: City) -> None:
    (city.folder / "air.csv").write_text(GOOD)
    city.portal.set(processing_ms=4000)
    city.engine.config["opendatasoft:processingTimeout"] = "0.2"
    told = city.engine.up(air(city))
    assert any("processing goes on" in line for line in told.said("INFO"))
    assert outputs(city)["status"] == "processing"

    assert city.engine.preview(air(city)).steps == {}
    assert city.engine.refresh().steps == {}
    assert status(city)["status"] != "idle"
    assert outputs(city)["status"] == "processing"
    assert city.engine.preview(air(city)).steps == {}

    eventually(lambda: status(city)["status"] == "idle")
    assert city.engine.refresh().steps == {}
    assert outputs(city)["status"] == "idle"
    assert city.engine.preview(air(city)).steps == {}
    assert publications(city) == 1


def test_a_failed_run_nobody_waited_for_is_made_up_for(city: City) -> None:
    city.portal.set(processing_ms=1500)
    city.engine.config["opendatasoft:processingTimeout"] = "0.2"
    city.engine.up(air(city))
    assert outputs(city)["status"] == "processing"
    eventually(lambda: status(city)["status"] == "error")
    city.engine.refresh()
    assert outputs(city)["status"] == "error"

    (city.folder / "air.csv").write_text(GOOD)
    city.portal.set(processing_ms=0)
    city.engine.config["opendatasoft:processingTimeout"] = "30"
    assert city.engine.preview(air(city)).steps == {"air": "update"}
    city.engine.up(air(city))
    assert outputs(city)["status"] == "idle"
    assert city.portal.records("air")["total_count"] == 2


@pytest.mark.parametrize("delay_ms", [pytest.param(0, marks=pytest.mark.trust), 400])
def test_ten_publications_in_a_row_are_each_waited_for(city: City, delay_ms: int) -> None:
    """`since` has only whole seconds, and a publication may show in the status some time after it was acknowledged."""
    city.portal.set(queued_after_ms=delay_ms)
    for n in range(1, 11):
        (city.folder / "air.csv").write_text("station,value\n" + "abbey,1\n" * n)
        city.engine.up(air(city, fields=typed("int" if n % 2 else "double")))
        assert outputs(city)["status"] == "idle"
        assert city.portal.records("air")["total_count"] == n
    assert publications(city) == 10


def test_each_run_has_its_own_second_though_clocks_differ(city: City) -> None:
    """A server may renew its `Date` once in a second: then it is up to two seconds behind what `since` says."""
    (city.folder / "air.csv").write_text(GOOD)
    seconds = []
    with gate(city.portal.url, behind=1) as seen:
        city.engine.config |= {"opendatasoft:domain": seen.url, "opendatasoft:processingTimeout": "3"}
        for n in range(6):
            city.engine.up(air(city, fields=typed("int" if n % 2 else "double")))
            seconds.append(status(city)["since"])
        city.engine.destroy()
    assert sorted(set(seconds)) == seconds


def test_published_metadata_do_not_end_the_wait_for_data(city: City) -> None:
    city.portal.set(queued_after_ms=1000, processing_ms=1000)
    title = ods.Metadata(default=ods.DefaultMetadata(title="Air"))
    (city.folder / "air.csv").write_text(GOOD)
    city.engine.up(air(city))
    city.engine.up(air(city, metadata=title))
    (city.folder / "air.csv").write_text(GOOD + "cabin,3\n")
    city.engine.up(air(city, metadata=title, fields=typed("int")))
    assert city.portal.records("air")["total_count"] == 3


# ---------------------------------------------------------------- another client is at work


@contextmanager
def meanwhile(portal: Portal, cue: str, call: str) -> Iterator[list[int]]:
    """As soon as a request with `cue` in it was made, POST `call`, once; yields the status of its answer, later on."""
    answers: list[int] = []
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.is_set():
            if any(cue in made for made in portal.requests()):
                answers.append(portal.http.post(call).status_code)
                return
            is_over.wait(0.005)

    thread = threading.Thread(target=watch)
    portal.forget()
    thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        thread.join()


def test_a_dataset_that_somebody_else_processes_is_waited_for(city: City) -> None:
    (city.folder / "air.csv").write_text(GOOD)
    city.engine.up(air(city))
    city.portal.set(processing_ms=1200, write_while_busy="refuse")
    city.portal.post(f"/datasets/{city.portal.dataset('air')['uid']}/publish/")
    (city.folder / "air.csv").write_text(GOOD + "cabin,3\n")
    city.engine.up(air(city, fields=typed("double")))
    assert city.portal.records("air")["total_count"] == 3


@pytest.mark.parametrize("cue", ["PUT /datasets/", "GET /datasets/{uid}/resources/", "GET /datasets/{uid}/fields/"])
def test_writes_are_repeated_after_a_foreign_publication(city: City, cue: str) -> None:
    """On a portal that refuses changes of a dataset that is being processed."""
    (city.folder / "air.csv").write_text(GOOD)
    city.engine.up(air(city))
    uid = city.portal.dataset("air")["uid"]
    city.portal.set(processing_ms=700, write_while_busy="refuse", latency_ms=20)
    (city.folder / "air.csv").write_text(GOOD + "cabin,3\n")
    uploaded = ods.UploadedFileDatasource(file=ods.File(city.folder / "stations.csv"))
    with meanwhile(city.portal, cue.format(uid=uid), f"/datasets/{uid}/publish/") as answers:
        city.engine.up(
            lambda: ods.Dataset(
                "air",
                is_restricted=True,
                sources={
                    "measures": ods.Source(
                        type="csvfile",
                        datasource=ods.HTTPDatasource(connection=city.connection, relative_url="/air.csv"),
                        params={"separator": ","},
                    ),
                    "stations": ods.Source(type="csvfile", datasource=uploaded),
                },
                fields=typed("double"),
                processors=[ods.Processor(type="string_replace", params={"field": "station", "old": "a", "new": "A"})],
                metadata=ods.Metadata(
                    default=ods.DefaultMetadata(title="Air", keyword=["air"]),
                    templates={"custom": ods.TemplateMetadata(fields={"owner": "air"})},
                ),
                group_access=[ods.DatasetGroupAccess(group="readers", permissions=["edit_dataset"])],
                published=True,
            )
        )
    assert answers == [200]
    city.portal.set(latency_ms=0)
    url = f"{city.portal.url}/api/explore/v2.1/catalog/datasets/air/records"
    assert city.portal.http.get(url).raise_for_status().json()["total_count"] == 4
    assert len(city.portal.all(f"/datasets/{uid}/resources/")) == 2
    assert len(city.portal.all(f"/datasets/{uid}/fields/")) == 1


def test_a_second_publication_waits_for_both(city: City) -> None:
    (city.folder / "air.csv").write_text(GOOD)
    city.engine.up(air(city))
    uid = city.portal.dataset("air")["uid"]
    city.portal.set(processing_ms=700, latency_ms=20)
    (city.folder / "air.csv").write_text(GOOD + "cabin,3\n")
    with meanwhile(city.portal, f"POST /datasets/{uid}/fields/", f"/datasets/{uid}/publish/") as answers:
        city.engine.up(air(city, fields=typed("double")))
    assert answers == [200]
    assert outputs(city)["status"] == "idle"
    told = city.portal.records("air")
    assert told["total_count"] == 3
    assert isinstance(told["results"][0]["value"], float)
    assert publications(city) >= 2


def test_a_dataset_is_deleted_although_it_is_being_processed(city: City) -> None:
    (city.folder / "air.csv").write_text(GOOD)
    city.engine.up(air(city))
    city.portal.set(processing_ms=20_000)
    city.portal.post(f"/datasets/{city.portal.dataset('air')['uid']}/publish/")
    city.engine.destroy()
    assert city.portal.all("/datasets/") == []


def test_a_file_is_repeated_after_a_foreign_publication(city: City) -> None:
    def stations(name: str) -> Program:
        file = ods.File(city.folder / name, filename="stations.csv")
        source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=file))
        return lambda: ods.Dataset("air", sources={"stations": source}, published=True)

    city.engine.up(stations("stations.csv"))
    uid = city.portal.dataset("air")["uid"]
    city.portal.set(processing_ms=700, write_while_busy="refuse", latency_ms=20)
    with meanwhile(city.portal, f"GET /datasets/{uid}/resources/", f"/datasets/{uid}/publish/") as answers:
        city.engine.up(stations("more.csv"))
    assert answers == [200]
    assert city.portal.records("air")["total_count"] == 3
