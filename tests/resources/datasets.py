"""The resource type `Dataset` under test: samples with every section, and how another client reads and changes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from . import metadata, rules, sources
from .rows import Properties, Row, changed
from .subject import Subject

if TYPE_CHECKING:
    from .bench import Bench

READS = 3
"""The reads of an update: the dataset, its status, and the section."""

PUT = ("PUT /datasets/{uid}/",)
EXPORTS = "/datasets/{uid}/alternative_exports/"
ATTACHMENTS = "/datasets/{uid}/attachments/"


def whole(facts: Mapping[str, Any]) -> Properties:
    """Every section."""
    return {
        "dataset_id": "air",
        "is_restricted": True,
        "default_security": rules.security(),
        "metadata": metadata.metadata(),
        "sources": sources.sources(facts),
        "fields": rules.fields(),
        "processors": [rules.replace(), rules.skip()],
        "group_access": [rules.group()],
        "user_access": [rules.user()],
        "attachments": {"guide.csv": sources.stations(facts)},
        "alternative_exports": {"All years": export(facts)},
        "schedules": ["0 6 * * *"],
        "published": False,
        "allow_data_loss": True,
    }


def export(facts: Mapping[str, Any], name: str = "stations.csv", **other: Any) -> ods.AlternativeExport:
    """An alternative export."""
    filename = other.pop("filename", None)
    file = sources.stations(facts, name, filename=filename)
    return ods.AlternativeExport(**{"file": file, "description": "Everything", **other})


def small(facts: Mapping[str, Any]) -> Properties:
    """A dataset that can be published."""
    file = ods.UploadedFileDatasource(file=sources.stations(facts))
    return {
        "dataset_id": "air",
        "metadata": ods.Metadata(default=ods.DefaultMetadata(title="Air")),
        "sources": {"file": ods.Source(type="csvfile", datasource=file)},
        "published": False,
        "allow_data_loss": True,
    }


SAMPLES = {
    "": whole,
    "small": small,
    "linked": lambda facts: {**small(facts), "sources": sources.linked(facts)},
    "realtime": lambda facts: {**small(facts), "sources": sources.pushed(enabled=True)},
}


# ---------------------------------------------------------------- rows


def rows() -> Iterator[Row]:
    """A row for every property."""
    yield Row(
        "dataset_id",
        lambda _: {"dataset_id": "clean-air"},
        {"dataset.dataset_id": "clean-air"},
        PUT,
        reads=3,
    )
    yield Row("is_restricted", lambda _: {"is_restricted": False}, {"dataset.is_restricted": False}, PUT, reads=2)
    for member, (other, actual) in rules.OTHER_SECURITY.items():
        yield Row(
            f"default_security.{member}",
            partial(_with_security, other),
            {f"dataset.default_security.{member}": actual},
            PUT,
            reads=2,
        )
    yield from metadata.rows()
    yield from sources.rows()
    yield from rules.rows()
    yield from _of_files()
    yield Row(
        "schedules",
        lambda _: {"schedules": ["0 7 * * *"]},
        {"schedules[0].cron_schedule": "0 7 * * *"},
        ("PUT /datasets/{uid}/schedules/{uid}/",),
        reads=READS,
    )
    yield Row(
        "published",
        lambda _: {"published": True},
        {"dataset.is_published": True},
        ("POST /datasets/{uid}/publish/",),
        back=("POST /datasets/{uid}/unpublish/",),
        reads=20,  # it waits
        sample="small",
        drifts=False,
    )
    yield Row("allow_data_loss", lambda _: {"allow_data_loss": False}, drifts=False, reads=0)
    yield Row("adopt", lambda _: {"adopt": True}, drifts=False, reads=0)
    yield Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0)


def _with_security(other: Mapping[str, Any], facts: Mapping[str, Any]) -> Properties:
    return {"default_security": rules.security(**other)}


def _with_attachment(name: str, facts: Mapping[str, Any]) -> Properties:
    return {"attachments": {"guide.csv": sources.stations(facts, name)}}


def _with_export(name: str, facts: Mapping[str, Any]) -> Properties:
    return {"alternative_exports": {"All years": export(facts, name)}}


def _of_files() -> Iterator[Row]:
    for member, name in (("sha256", "same_size/stations.csv"), ("size", "longer/stations.csv")):
        yield Row(
            f"attachments[].{member}",
            partial(_with_attachment, name),
            {},
            (f"POST {ATTACHMENTS}", f"DELETE {ATTACHMENTS}{{uid}}/"),
            reads=READS,
            drifts=False,
        )
        yield Row(
            f"alternative_exports[].file.{member}",
            partial(_with_export, name),
            {},
            (f"POST {EXPORTS}", f"DELETE {EXPORTS}{{uid}}/"),
            reads=READS,
            drifts=False,
        )
    elsewhere = "elsewhere/stations.csv"
    yield Row(
        "attachments[].path",
        partial(_with_attachment, elsewhere),
        step=None,
        reads=0,
        drifts=False,
    )
    yield Row(
        "attachments[].filename",
        # Readers see the key in the program.
        lambda facts: {"attachments": {"guide.csv": sources.stations(facts, filename="renamed.csv")}},
        reads=READS,
        drifts=False,
    )
    yield Row(
        "alternative_exports[].file.path",
        partial(_with_export, elsewhere),
        step=None,
        reads=0,
        drifts=False,
    )
    yield Row(
        "alternative_exports[].file.filename",
        lambda facts: {"alternative_exports": {"All years": export(facts, filename="renamed.csv")}},
        {"exports[0].filename": "renamed.csv"},
        (f"POST {EXPORTS}", f"DELETE {EXPORTS}{{uid}}/"),
        reads=READS,
        drifts=False,
    )
    yield Row(
        "alternative_exports[].description",
        lambda facts: {"alternative_exports": {"All years": export(facts, description="Everything there is")}},
        {"exports[0].description": "Everything there is"},
        (f"PUT {EXPORTS}{{uid}}/",),
        reads=READS,
        keys=("All years",),
    )


# ---------------------------------------------------------------- how another client reads and changes them


def prepare(bench: Bench) -> dict[str, Any]:
    """Create connections for sources, users and groups for access rules, and files to upload."""
    bench.portal.post("/users/invite/", [{"email": "ana@example.com"}, {"email": "ben@example.com"}])
    for title in ("Readers", "Writers"):
        bench.portal.post("/groups/", {"title": title, "permissions": []})
    sources.write_files(bench.engine.folder)
    facts: dict[str, Any] = {"folder": bench.engine.folder}
    for type, own in CONNECTIONS.items():
        for name, host in ((type, "one"), (f"{type}_2", "two")):
            body = {"type": type, "url": f"https://{host}.example.com", **own}
            facts[name] = bench.portal.post("/datasource_connections/", body)["uid"]
    return facts


CONNECTIONS: dict[str, Properties] = {
    "http": {},
    "ftp": {},
    "sharepoint": {"auth": {"type": "oidc", "grant_type": "authorization_code", "nonce": "n", "code": "c"}},
    "google_drive": {"auth": {"type": "oidc", "grant_type": "authorization_code", "nonce": "n", "code": "c"}},
    "amazon_s3": {},
    "azure_blob_storage": {},
}


def seen(bench: Bench) -> Any:
    """The dataset and all its sections: the sources by title, the lists in their order."""
    endpoint = f"/datasets/{bench.id}/"
    dataset = bench.portal.get(endpoint)
    metadata = {template: {n: v["value"] for n, v in f.items()} for template, f in dataset["metadata"].items()}
    resources = {_key(one): one for one in bench.portal.all(f"{endpoint}resources/")}
    return {
        "dataset": {name: value for name, value in dataset.items() if name != "metadata"},
        "metadata": metadata,
        "resources": resources,
        "enabled": {key: _is_enabled(bench, one) for key, one in resources.items()},
        "fields": _bare(bench, f"{endpoint}fields/"),
        "processors": _bare(bench, f"{endpoint}processors/"),
        "groups": bench.portal.all(f"{endpoint}security/groups/"),
        "users": bench.portal.all(f"{endpoint}security/users/"),
        "attachments": _bare(bench, f"{endpoint}attachments/"),
        "exports": _bare(bench, f"{endpoint}alternative_exports/"),
        "schedules": _bare(bench, f"{endpoint}schedules/"),
    }


def _key(source: Mapping[str, Any]) -> str:
    """The title of a source; "linked" for a federated one, whose title is its uid."""
    is_linked = (source.get("datasource") or {}).get("type") == "federated"
    return "linked" if is_linked else str(source["title"])


def _is_enabled(bench: Bench, source: Mapping[str, Any]) -> bool:
    """Whether records may be pushed to a source, which the portal keeps and does not return."""
    kept = bench.emulator.portal.store.get("resource", source["uid"], bench.id) or {}
    return kept.get("is_enabled") is not False


def _bare(bench: Bench, endpoint: str) -> list[Any]:
    return [{n: v for n, v in one.items() if n != "uid"} for one in bench.portal.all(endpoint)]


def disturb(bench: Bench, path: str, value: Any) -> None:
    """Change one value of one section."""
    endpoint = f"/datasets/{bench.id}/"
    section, _, rest = path.partition(".") if "." in path.partition("[")[0] else (path.partition("[")[0], "", path)
    if section == "dataset":
        bench.portal.put(
            endpoint, changed({"default_security": bench.portal.get(endpoint)["default_security"]}, rest, value)
        )
    elif section == "metadata":
        _disturb_metadata(bench, f"{endpoint}metadata/", rest, value)
    elif section == "resources":
        key, _, member = rest.partition(".")
        one = next(r for r in bench.portal.all(f"{endpoint}resources/") if _key(r) == key)
        bench.portal.put(f"{endpoint}resources/{one['uid']}/", changed(one, member, value))
    elif section in ("groups", "users"):
        _disturb_rule(bench, f"{endpoint}security/{section}/", rest.removeprefix(section), value)
    else:
        collection = {"exports": "alternative_exports"}.get(section, section)
        entries = bench.portal.all(f"{endpoint}{collection}/")
        number = int(re.findall(r"\[(\d+)\]", rest)[0])
        one = changed(entries, rest.removeprefix(section), value)[number]
        bench.portal.put(f"{endpoint}{collection}/{one['uid']}/", one)


def _disturb_metadata(bench: Bench, endpoint: str, path: str, value: Any) -> None:
    template, field, inner = re.findall(r"^(\w+)\.([\w-]+)(.*)$", path)[0]
    actual = bench.portal.get(f"{endpoint}{template}/{field}/")["value"]
    body = {"value": changed({field: actual}, f"{field}{inner}", value)[field]}
    bench.portal.put(f"{endpoint}{template}/{field}/", body)


def _disturb_rule(bench: Bench, endpoint: str, path: str, value: Any) -> None:
    old = bench.portal.all(endpoint)[0]
    new = changed([old], path, value)[0]
    target = "group" if "group" in old else "user"
    (name,) = old[target].values()
    if new[target] == old[target]:
        bench.portal.put(f"{endpoint}{name}/", new)
    else:
        bench.portal.delete(f"{endpoint}{name}/")
        bench.portal.post(endpoint, new)


DATASET = Subject(
    ods.Dataset,
    SAMPLES,
    tuple(rows()),
    seen,
    disturb,
    remove=lambda bench: bench.portal.delete(f"/datasets/{bench.id}/"),
    left=lambda bench: bench.portal.all("/datasets/"),
    prepare=prepare,
)
