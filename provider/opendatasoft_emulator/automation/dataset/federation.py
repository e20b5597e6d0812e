"""Federated datasets: their metadata follow those of a dataset of another portal, unless overridden."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from ...metadata.field_types import DATETIME, as_datetime
from ...metadata.templates import TEMPLATES, Metadata
from ...portal import Portal
from ...state.store import Document
from .schemas import MetadataValue

_NEVER_REMOTE = frozenset(
    {"modified_updates_on_metadata_change", "modified_updates_on_data_change", "geographic_reference_auto"}
)


def is_federated(resource: Document) -> bool:
    """Whether the data of a resource comes from a dataset of another portal."""
    return resource["datasource"] is not None and resource["datasource"]["type"] == "federated"


def remote_metadata(portal: Portal, datasource: Document | None) -> Metadata | None:
    """The metadata of the dataset of a federated datasource; None for other datasources and unknown portals."""
    if datasource is None or datasource["type"] != "federated":
        return None
    base = portal.settings.federated_domains.get(datasource["domain"]["domain_id"])
    if base is None:
        return None
    dataset_id = quote(datasource["dataset"]["dataset_id"])
    try:
        response = httpx.get(f"{base}/api/explore/v2.1/catalog/datasets/{dataset_id}", timeout=10)
        metas = response.json()["metas"]["default"] if response.is_success else {}
    except (httpx.HTTPError, ValueError, KeyError):
        return {}
    known = TEMPLATES["default"].keys() - _NEVER_REMOTE
    named = {name: value for name, value in metas.items() if name in known and value is not None}
    return {"default": {name: _in_this_form(name, value) for name, value in named.items()}}


def _in_this_form(field: str, value: Any) -> Any:
    """A remote value in this API's form: the Explore API writes a datetime with an offset."""
    return as_datetime(value) if TEMPLATES["default"][field] is DATETIME else value


def link(dataset: Document, remote: Metadata | None) -> None:
    """Link a dataset to remote metadata, which replace its own values of the same fields."""
    if remote is None:
        return
    dataset.update(remote=remote, overridden={}, asset_type="federated_dataset")
    dataset["metadata"] = effective_metadata(dataset, dataset["metadata"])


def unlink(dataset: Document) -> None:
    """Unlink a dataset. It keeps its current metadata."""
    if "remote" in dataset:
        del dataset["remote"], dataset["overridden"]
        dataset["asset_type"] = "dataset"


def override(dataset: Document, body: Mapping[str, Mapping[str, MetadataValue]], *, whole: bool) -> None:
    """Update which remote values are overridden. A `whole` write determines it for every field of its templates."""
    if "remote" not in dataset:
        return
    for template, fields in body.items():
        before = set() if whole else set(dataset["overridden"].get(template, ()))
        before -= fields.keys()
        now = {field for field, one in fields.items() if one.override_remote_value is True}
        dataset["overridden"][template] = sorted(before | now)


def follow_remote(dataset: Document, template: str, field: str) -> None:
    """Let one field follow its remote value again."""
    if "remote" in dataset:
        stored = set(dataset["overridden"].get(template, ())) - {field}
        dataset["overridden"][template] = sorted(stored)


def effective_metadata(dataset: Document, metadata: Metadata) -> Metadata:
    """The metadata in effect: a remote value wherever one exists that is not overridden."""
    effective = {template: dict(fields) for template, fields in metadata.items()}
    for template, fields in dataset.get("remote", {}).items():
        overridden = dataset["overridden"].get(template, ())
        current = effective.setdefault(template, {})
        current.update(
            {field: value for field, value in fields.items() if field not in overridden or field not in current}
        )
    return effective


def show(dataset: Document) -> Document:
    """The metadata in a response: each value in an object, templates without values omitted."""
    metadata: Metadata = dataset["metadata"]
    return {
        template: {field: show_value(dataset, template, field) for field in fields}
        for template, fields in metadata.items()
        if fields
    }


def show_value(dataset: Document, template: str, field: str) -> Document:
    """One value in a response; in a federated dataset with its remote value, and whether it is overridden."""
    response: dict[str, Any] = {"value": dataset["metadata"][template][field]}
    remote = dataset.get("remote", {}).get(template, {})
    if field in remote:
        response["remote_value"] = remote[field]
        response["override_remote_value"] = field in dataset["overridden"].get(template, ())
    return response
