"""The life of a dataset: samples with every section, and how an independent client sees and disturbs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from . import metadata, rules, sources
from .life import Life
from .rows import Properties, Row, changed

if TYPE_CHECKING:
    from .home import Home

READS = 3
"""The dataset, its status, and the section."""

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
    """An export that was made elsewhere."""
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
    for member, (other, there) in rules.OTHER_SECURITY.items():
        yield Row(
            f"default_security.{member}",
            partial(_with_security, other),
            {f"dataset.default_security.{member}": there},
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
        # Readers see the name under which it stands in the program.
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


# ---------------------------------------------------------------- how a client sees and disturbs them


def prepare(home: Home) -> dict[str, Any]:
    """Connections to read through, people to give rights to, files to send."""
    home.portal.post("/users/invite/", [{"email": "ana@example.com"}, {"email": "ben@example.com"}])
    for title in ("Readers", "Writers"):
        home.portal.post("/groups/", {"title": title, "permissions": []})
    sources.write_files(home.engine.folder)
    facts: dict[str, Any] = {"folder": home.engine.folder}
    for type, own in CONNECTIONS.items():
        for name, host in ((type, "one"), (f"{type}_2", "two")):
            body = {"type": type, "url": f"https://{host}.example.com", **own}
            facts[name] = home.portal.post("/datasource_connections/", body)["uid"]
    return facts


CONNECTIONS: dict[str, Properties] = {
    "http": {},
    "ftp": {},
    "sharepoint": {"auth": {"type": "oidc", "grant_type": "authorization_code", "nonce": "n", "code": "c"}},
    "google_drive": {"auth": {"type": "oidc", "grant_type": "authorization_code", "nonce": "n", "code": "c"}},
    "amazon_s3": {},
    "azure_blob_storage": {},
}


def seen(home: Home) -> Any:
    """The dataset and all its sections; sources by title, stacks in their order."""
    place = f"/datasets/{home.id}/"
    dataset = home.portal.get(place)
    told = {template: {n: v["value"] for n, v in fields.items()} for template, fields in dataset["metadata"].items()}
    resources = {_key(one): one for one in home.portal.all(f"{place}resources/")}
    return {
        "dataset": {name: value for name, value in dataset.items() if name != "metadata"},
        "metadata": told,
        "resources": resources,
        "enabled": {key: _is_enabled(home, one) for key, one in resources.items()},
        "fields": _bare(home, f"{place}fields/"),
        "processors": _bare(home, f"{place}processors/"),
        "groups": home.portal.all(f"{place}security/groups/"),
        "users": home.portal.all(f"{place}security/users/"),
        "attachments": _bare(home, f"{place}attachments/"),
        "exports": _bare(home, f"{place}alternative_exports/"),
        "schedules": _bare(home, f"{place}schedules/"),
    }


def _key(source: Mapping[str, Any]) -> str:
    """A source's title; a federated one has none of its own."""
    is_linked = (source.get("datasource") or {}).get("type") == "federated"
    return "linked" if is_linked else str(source["title"])


def _is_enabled(home: Home, source: Mapping[str, Any]) -> bool:
    """Whether records may be pushed to a source, which the portal keeps and does not tell."""
    kept = home.emulator.portal.store.get("resource", source["uid"], home.id) or {}
    return kept.get("is_enabled") is not False


def _bare(home: Home, place: str) -> list[Any]:
    return [{n: v for n, v in one.items() if n != "uid"} for one in home.portal.all(place)]


def disturb(home: Home, path: str, value: Any) -> None:
    """Change one thing of one section."""
    place = f"/datasets/{home.id}/"
    section, _, rest = path.partition(".") if "." in path.partition("[")[0] else (path.partition("[")[0], "", path)
    if section == "dataset":
        home.portal.put(place, changed({"default_security": home.portal.get(place)["default_security"]}, rest, value))
    elif section == "metadata":
        _disturb_metadata(home, f"{place}metadata/", rest, value)
    elif section == "resources":
        key, _, member = rest.partition(".")
        one = next(r for r in home.portal.all(f"{place}resources/") if _key(r) == key)
        home.portal.put(f"{place}resources/{one['uid']}/", changed(one, member, value))
    elif section in ("groups", "users"):
        _disturb_rule(home, f"{place}security/{section}/", rest.removeprefix(section), value)
    else:
        collection = {"exports": "alternative_exports"}.get(section, section)
        entries = home.portal.all(f"{place}{collection}/")
        number = int(re.findall(r"\[(\d+)\]", rest)[0])
        one = changed(entries, rest.removeprefix(section), value)[number]
        home.portal.put(f"{place}{collection}/{one['uid']}/", one)


def _disturb_metadata(home: Home, place: str, path: str, value: Any) -> None:
    template, field, inner = re.findall(r"^(\w+)\.([\w-]+)(.*)$", path)[0]
    live = home.portal.get(f"{place}{template}/{field}/")["value"]
    home.portal.put(f"{place}{template}/{field}/", {"value": changed({field: live}, f"{field}{inner}", value)[field]})


def _disturb_rule(home: Home, place: str, path: str, value: Any) -> None:
    old = home.portal.all(place)[0]
    new = changed([old], path, value)[0]
    target = "group" if "group" in old else "user"
    (name,) = old[target].values()
    if new[target] == old[target]:
        home.portal.put(f"{place}{name}/", new)
    else:
        home.portal.delete(f"{place}{name}/")
        home.portal.post(place, new)


DATASET = Life(
    ods.Dataset,
    SAMPLES,
    tuple(rows()),
    seen,
    disturb,
    remove=lambda home: home.portal.delete(f"/datasets/{home.id}/"),
    left=lambda home: home.portal.all("/datasets/"),
    prepare=prepare,
)
