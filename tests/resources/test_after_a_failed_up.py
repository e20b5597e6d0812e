"""The next `up` does what a failed one left undone, also for properties that the program no longer names."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .observations import is_settled, sources
from .rows import nameless
from .sources import write_files
from .test_datasets import dataset, described, endpoint, values


@pytest.fixture
def facts(engine: Engine, portal: Portal) -> dict[str, Any]:
    """Files to upload."""
    write_files(engine.folder)
    return {"folder": engine.folder}


def failing(portal: Portal, engine: Engine, method: str, path: str, program: Any) -> None:
    """Run an `up` in which one kind of call fails."""
    portal.fail({"method": method, "path": path, "fault": "status:500"})
    assert engine.up(program, ok=False).errors
    portal.fail()


# ---------------------------------------------------------------- metadata


def custom(**fields: Any) -> ods.Metadata:
    """Metadata in two templates."""
    templates = {"custom": ods.TemplateMetadata(fields=fields)} if fields else {}
    return ods.Metadata(default=ods.DefaultMetadata(title="Air"), templates=templates)


def test_field_dropped_in_a_failed_up_is_removed_by_the_next(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: described(publisher="The city", language="en"))
    failing(portal, engine, "PUT", "/metadata/default/$", lambda: described(language="de", keyword=["air"]))
    assert "publisher" in values(portal)

    engine.up(lambda: described(language="de", keyword=["air"]))

    assert "publisher" not in values(portal)
    assert values(portal)["language"] == "de"
    is_settled(engine, portal, lambda: described(language="de", keyword=["air"]))


def test_field_whose_removal_failed_is_removed_by_a_later_up(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: ods.Dataset("air", metadata=custom(contact="Ana", phone="1")))
    for _ in range(2):
        failing(portal, engine, "DELETE", "/metadata/custom/", lambda: ods.Dataset("air", metadata=custom(phone="1")))
        engine.refresh()
    engine.up(lambda: ods.Dataset("air", metadata=custom(phone="1")))
    assert values(portal, "custom") == {"phone": "1"}


def test_field_of_a_failed_create_is_removed_when_dropped(engine: Engine, portal: Portal) -> None:
    failing(portal, engine, "PUT", "/metadata/", lambda: described(publisher="The city", language="en"))
    assert "publisher" in values(portal)
    engine.up(lambda: described(language="en"))
    assert "publisher" not in values(portal)


def test_field_of_a_create_failed_before_metadata_is_removed(
    facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    def program(**fields: Any) -> None:
        dataset(facts, metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air", **fields)), published=None)

    failing(portal, engine, "POST", "/resources/$", lambda: program(publisher="The city"))
    assert values(portal)["publisher"] == "The city"
    engine.up(program)
    assert "publisher" not in values(portal)
    is_settled(engine, portal, program)


def test_field_of_a_failed_up_may_become_unmanaged(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: described(publisher="The city"))
    failing(portal, engine, "PUT", "/metadata/", lambda: described(language="de", keyword=["air"]))
    engine.up(lambda: described(language="de", keyword=["air"], publisher=ods.UNMANAGED))
    assert values(portal)["publisher"] == "The city"


def test_metadata_unmanaged_after_a_failed_up_stay(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: described(publisher="The city"))
    failing(portal, engine, "PUT", "/metadata/", lambda: described(language="de", keyword=["air"]))
    engine.up(lambda: ods.Dataset("air"))
    engine.up(described)
    assert values(portal)["publisher"] == "The city"


# ---------------------------------------------------------------- sources


def pushed(**given: Any) -> None:
    """An unpublished dataset with a source to which records are pushed."""
    ods.Dataset("air", sources={"sensor": ods.Source(type="realtime", **given)})


def accepts(portal: Portal) -> bool:
    """Whether records may be pushed to the source."""
    (source,) = [s for s in sources(portal) if s.get("url")]
    return portal.http.post(source["url"], json=[{"pm10": 3}]).is_success


def test_source_not_disabled_in_a_failed_up_is_by_the_next(engine: Engine, portal: Portal) -> None:
    failing(portal, engine, "POST", "/disable/", lambda: pushed(enabled=False))
    assert accepts(portal)
    engine.up(lambda: pushed(enabled=False))
    assert not accepts(portal)
    is_settled(engine, portal, lambda: pushed(enabled=False))


def test_disabled_source_created_anew_is_disabled_again(facts: dict[str, Any], engine: Engine, portal: Portal) -> None:
    def program(separator: str = ",") -> None:
        file = ods.UploadedFileDatasource(file=ods.File(facts["folder"] / "stations.csv"))
        sources = {
            "sensor": ods.Source(type="realtime", enabled=False),
            "file": ods.Source(type="csvfile", datasource=file, params={"separator": separator}),
        }
        ods.Dataset("air", sources=sources)

    engine.up(program)
    sensor = next(s for s in sources(portal) if s.get("url"))
    portal.delete(endpoint(portal, f"resources/{sensor['uid']}/"))
    engine.up(lambda: program(";"))
    assert not accepts(portal)


def test_fingerprint_of_an_earlier_value_does_not_hide_drift(
    facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    """A portal rewrites an encoding: the fingerprint of one value proves nothing about another value."""
    portal.set(encoding_told="lower")

    def program(encoding: str) -> None:
        file = ods.UploadedFileDatasource(file=ods.File(facts["folder"] / "stations.csv"))
        source = ods.Source(type="csvfile", datasource=file, params={"encoding": encoding})
        ods.Dataset("air", sources={"file": source})

    def encoding() -> Any:
        (source,) = sources(portal)
        return source["params"]["encoding"]

    engine.up(lambda: program("UTF-8"))
    is_settled(engine, portal, lambda: program("UTF-8"))
    failing(portal, engine, "PUT", "/resources/", lambda: program("ISO-8859-1"))
    engine.up(lambda: program("ISO-8859-1"))
    assert encoding() == "iso-8859-1"

    engine.up(lambda: ods.Dataset("air"))
    engine.up(lambda: program("UTF-8"))
    assert encoding() == "utf-8"
    is_settled(engine, portal, lambda: program("UTF-8"))


# ---------------------------------------------------------------- publication

BROKEN = [ods.TypeField(field="nowhere", type_param="date")]


def test_failed_publication_no_longer_desired_is_no_change(
    facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    def program(**given: Any) -> None:
        dataset(facts, sources={"file": ods.Source(type="nosuch", datasource=_file(facts))}, **given)

    assert engine.up(program, ok=False).errors
    engine.up(lambda: program(published=None))
    is_settled(engine, portal, lambda: program(published=None))


def test_unpublished_dataset_in_error_is_adopted_and_left_so(
    facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    sources = {"file": ods.Source(type="nosuch", datasource=_file(facts))}
    assert engine.up(lambda: ods.Dataset("air", sources=sources, published=True), ok=False).errors
    engine.resources.clear()
    engine.up(lambda: ods.Dataset("air", adopt=True))
    assert engine.get("air").outputs["status"] == "error"
    is_settled(engine, portal, lambda: ods.Dataset("air", adopt=True))


def test_failed_publication_of_a_public_dataset_is_repeated(
    facts: dict[str, Any], engine: Engine, portal: Portal
) -> None:
    engine.up(lambda: dataset(facts))
    nosuch = {"file": ods.Source(type="nosuch", datasource=_file(facts))}
    assert engine.up(lambda: dataset(facts, published=None, sources=nosuch), ok=False).errors
    again = engine.up(lambda: dataset(facts, published=None, sources=nosuch), ok=False)
    assert again.steps == {"air": "update"}
    assert "nosuch" in again.errors[0]
    portal.forget()
    engine.up(lambda: dataset(facts, published=None))
    assert "POST /datasets/{uid}/publish/" in nameless(portal.writes())
    is_settled(engine, portal, lambda: dataset(facts, published=None))


def _file(facts: dict[str, Any]) -> ods.UploadedFileDatasource:
    return ods.UploadedFileDatasource(file=ods.File(facts["folder"] / "stations.csv"))
