"""The resource type `Harvester` under test: a sample for each kind of source, and another value for each property."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods
from pulumi_opendatasoft.program.value import Value

from .rows import Given, Properties, Row, changed
from .subject import Subject

if TYPE_CHECKING:
    from .bench import Bench

PUT = ("PUT /harvesters/region/",)
SCHEDULES = "/harvesters/region/schedules/"
OTHER_TYPE = "dcat_ap"

URL = {"url": ("https://data.example", "https://new.example")}
FILES = {"download_resources": (True, False), "metadata_only": (True, False)}
SERVER = {
    "host": ("files.example", "new.example"),
    "user": ("portal", "gate"),
    "password": ("a password", "another password"),
    "directory": ("/open", "/data"),
}
TABLE = {"metadata_file": ("index.csv", "list.csv")}

SECRETS = frozenset({"api_key", "auth_key", "password"})

KINDS: Mapping[type[Value], Mapping[str, tuple[Any, Any]]] = {
    ods.ArcgisHarvest: {**URL, **FILES},
    ods.ArcgisOpendataHarvest: {**URL, "compute_geo_area": (True, False), "fetch_data": (True, False), **FILES},
    ods.CKANHarvest: {
        **URL,
        "limit": (50, 60),
        "offset": (1, 2),
        "sort": ("name asc", "name desc"),
        "api_key": ("a key", "another key"),
        "group": ("health", "sport"),
        "language": ("fr", "en"),
        "query": ("water", "air"),
        **FILES,
    },
    ods.CSWHarvest: {
        **URL,
        "keywords_thesaurus": ("GEMET", "AGROVOC"),
        "theme_thesaurus": ("INSPIRE", "GEMET"),
        "insert_br_in_description": (True, False),
        "constraint_language": (True, False),
        "invert_coordinates": (True, False),
        "themes_mapping": ({"GEMET": {"water": "Environment"}}, {"GEMET": {"water": "Water"}}),
        "licenses_mapping": ({"open": "CC BY"}, {"open": "CC0"}),
        "metadata_only": (True, False),
    },
    ods.DatagouvHarvest: {
        "organization_id": ("5a", "6b"),
        "attachment": (True, False),
        "filter_name": ("tag", "zone"),
        "filter_value": ("x", "y"),
        **FILES,
    },
    ods.DatajsonHarvest: {**URL, "number_of_datasets": (5, 6), **FILES},
    ods.FTPHarvest: {**SERVER, "meta": ("a", "b"), **FILES},
    ods.FTPCSVHarvest: {**SERVER, **TABLE, "metadata_join_key": ("file", "path"), **FILES},
    ods.FTPWithMetaCSVHarvest: {
        **SERVER,
        **TABLE,
        "resource_location_column": ("file", "path"),
        "resource_schema_column": ("schema", "fields"),
        "csv_separator": (",", "|"),
        **FILES,
    },
    ods.JunarHarvest: {
        **URL,
        "auth_key": ("a key", "another key"),
        "query_string": ("water", "air"),
        "categories": ("a", "b"),
        **FILES,
    },
    ods.OMINodeHarvest: {**URL, "infoitems_limit": (5, 6), "omi_node_version": ("1.0", "1.1"), **FILES},
    ods.OpendatasoftHarvest: {
        "domain": ("region", "canton"),
        "refines": ("refine.theme=Health", "refine.theme=Sport"),
        "api_key": ("a key", "another key"),
    },
    ods.QuandlHarvest: {
        "database_code": ("ECMCI", "WIKI"),
        "api_key": ("a key", "another key"),
        "number_of_datasets": (5, 6),
        **FILES,
    },
    ods.SocrataHarvest: {**URL, **FILES},
    ods.WFSHarvest: {**URL, "metadata_only": (True, False)},
}
"""The members of each kind of source, with a value and another one."""


def type_of(kind: type[Value]) -> str:
    """The type of a kind of source in the API's spelling."""
    return str(kind.shape()["type"].behaviour.default)


def source(kind: type[Value], **other: Any) -> Value:
    """A source with all its members, some of them with other values."""
    return kind(**{**{name: values[0] for name, values in KINDS[kind].items()}, **other})


def other_source(**other: Any) -> ods.OtherHarvest:
    """A source of a kind that the description does not have."""
    given = {"type": OTHER_TYPE, "params": {"address": "a"}, "secret_params": {"access_token": "a token"}, **other}
    return ods.OtherHarvest(**given)


def schedule(**other: Any) -> ods.HarvesterSchedule:
    """A schedule."""
    return ods.HarvesterSchedule(**{"cron_schedule": "0 4 * * *", "timezone": "Europe/Berlin", **other})


def given(source: Any) -> Properties:
    """Every property of a harvester."""
    return {
        "name": "Region",
        "source": source,
        "delete_attached_datasets": True,
        "version": 1,
        "restrict_datasets_visibility": True,
        "delete_missing_datasets": True,
        "forced_metas": {"default": {"publisher": "The region"}},
        "schedules": [schedule()],
        "run": "never",
        "published": True,
    }


def sample(kind: type[Value]) -> Given:
    """The properties with one kind of source; those beside the source only with the first kind."""
    own = given if kind is ods.OpendatasoftHarvest else lambda source: {**_required(source)}
    return lambda _: own(source(kind))


def _required(source: Any) -> Properties:
    return {"name": "Region", "source": source, "delete_attached_datasets": False}


def name_of_sample(kind: type[Value]) -> str:
    """The name of the sample of a kind."""
    return "" if kind is ods.OpendatasoftHarvest else type_of(kind)


def rows_of(kind: type[Value]) -> list[Row]:
    """A row for each member of a kind of source."""

    def row(member: str, value: Any) -> Row:
        where = f"secrets.{member}" if member in SECRETS else member
        if isinstance(value, dict):
            (where,) = _leaves(value, member)
        return Row(
            f"source[{type_of(kind)}].{member}",
            lambda _: {"source": source(kind, **{member: value})},
            {where: _leaf(value)},
            PUT,
            drifts=member not in SECRETS,
            sample=name_of_sample(kind),
            keys=("GEMET", "water", "open"),
        )

    return [row(member, values[1]) for member, values in KINDS[kind].items()]


def _leaves(value: Any, at: str) -> list[str]:
    if not isinstance(value, dict):
        return [at]
    return [path for name, inner in value.items() for path in _leaves(inner, f"{at}.{name}")]


def _leaf(value: Any) -> Any:
    return _leaf(next(iter(value.values()))) if isinstance(value, dict) else value


OWN_ROWS = (
    Row("name", lambda _: {"name": "The region"}, {"name": "The region"}, PUT),
    Row("delete_attached_datasets", lambda _: {"delete_attached_datasets": False}, drifts=False, reads=0),
    Row("version", lambda _: {"version": 2}, {"version": 2}, PUT),
    Row(
        "restrict_datasets_visibility",
        lambda _: {"restrict_datasets_visibility": False},
        {"restrict_datasets_visibility": False},
        PUT,
    ),
    Row(
        "delete_missing_datasets", lambda _: {"delete_missing_datasets": False}, {"delete_missing_datasets": False}, PUT
    ),
    Row(
        "forced_metas",
        lambda _: {"forced_metas": {"default": {"publisher": "The canton"}}},
        {"forced_metas.default.publisher": "The canton"},
        PUT,
        keys=("default", "publisher"),
    ),
    Row(
        "schedules[].cron_schedule",
        lambda _: {"schedules": [schedule(cron_schedule="0 5 * * *")]},
        {"schedules[0].cron_schedule": "0 5 * * *"},
        (f"PUT {SCHEDULES}{{uid}}/",),
        reads=2,
    ),
    Row(
        "schedules[].timezone",
        lambda _: {"schedules": [schedule(timezone="Europe/Paris")]},
        {"schedules[0].timezone": "Europe/Paris"},
        (f"PUT {SCHEDULES}{{uid}}/",),
        reads=2,
    ),
    Row("run", lambda _: {"run": "change"}, drifts=False, reads=0),
    Row(
        "published",
        lambda _: {"published": False},
        {},
        ("POST /harvesters/region/unpublish/",),
        back=("POST /harvesters/region/publish/",),
        drifts=False,
    ),
    Row("adopt", lambda _: {"adopt": True}, drifts=False, reads=0),
    Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0),
)

OTHER_ROWS = (
    Row(
        "source[…].type",
        lambda _: {"source": other_source(type="sdmx")},
        {"type": "sdmx"},
        ("DELETE /harvesters/region/", "POST /harvesters/"),
        "replace",
        drifts=False,
        sample="other",
        reads=6,
    ),
    Row(
        "source[…].params",
        lambda _: {"source": other_source(params={"address": "b"})},
        {"address": "b"},
        PUT,
        sample="other",
        keys=("address",),
    ),
    Row(
        "source[…].secret_params",
        lambda _: {"source": other_source(secret_params={"access_token": "another"})},
        {"secrets.access_token": "another"},
        PUT,
        drifts=False,
        sample="other",
        keys=("access_token",),
    ),
)


def prepare(bench: Bench) -> dict[str, Any]:
    """Let the portal have further types of harvesters."""
    bench.portal.set(further_harvester_types=[OTHER_TYPE, "sdmx"])
    return {}


def seen(bench: Bench) -> Any:
    """The harvester, its schedules, and the secrets that the portal keeps and does not return."""
    harvester = bench.portal.get(f"/harvesters/{bench.id}/")
    kept = (bench.emulator.portal.store.get("harvester", bench.id) or {})["configuration"]
    return {
        **harvester,
        "schedules": bench.portal.all(f"/harvesters/{bench.id}/schedules/"),
        "secrets": {name: value for name, value in kept.items() if harvester.get(name) is None and value is not None},
    }


def disturb(bench: Bench, path: str, value: Any) -> None:
    """Change the harvester or its schedule."""
    if path.startswith("schedules["):
        endpoint = f"/harvesters/{bench.id}/schedules/"
        (old,) = bench.portal.all(endpoint)
        bench.portal.put(f"{endpoint}{old['uid']}/", {**old, path.rpartition(".")[2]: value})
        return
    endpoint = f"/harvesters/{bench.id}/"
    bench.portal.put(endpoint, changed(bench.portal.get(endpoint), path, value))


def remove(bench: Bench) -> None:
    """Delete the harvester, and wait until it is gone."""
    bench.portal.http.delete(f"/harvesters/{bench.id}/", params={"delete_attached_datasets": "true"}).raise_for_status()
    while bench.portal.all("/harvesters/"):
        pass


HARVESTER = Subject(
    ods.Harvester,
    {**{name_of_sample(kind): sample(kind) for kind in KINDS}, "other": lambda _: _required(other_source())},
    (*OWN_ROWS, *(row for kind in KINDS for row in rows_of(kind)), *OTHER_ROWS),
    seen,
    disturb,
    remove=remove,
    left=lambda bench: bench.portal.all("/harvesters/"),
    prepare=prepare,
)
