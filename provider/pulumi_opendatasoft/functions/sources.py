"""Functions that read the sources of a dataset, try sources that do not exist yet, and read the catalogues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .calls import Portal, exactly_one
from .connections import ConnectionInfo, HeaderInfo
from .files import DatasetFileInfo
from .info import Info, SecretText
from .related import RelatedUser

_REFERENCES = {"connection": "uid", "file": "uid", "domain": "domain_id", "dataset": "dataset_id"}
"""The members of a datasource that the API takes as an object, each with the member that identifies it."""


class LabelledType(Info):
    """A type with its label."""

    type: str | None
    label: str | None


class DatasourceInfo(Info):
    """The place from which a source takes its records; other members depend on its type."""

    type: str
    relative_url: str | None
    url: str | None
    headers: Sequence[HeaderInfo]
    connection: ConnectionInfo | None
    file: DatasetFileInfo | None
    parameters: Mapping[str, Any]
    permissions_user: RelatedUser | None


class DatasetSourceInfo(Info):
    """A source of a dataset; `url` is the push address of a realtime one, with its key."""

    uid: str
    type: str | None
    title: str | None
    display_name: str | None
    extraction_infos: LabelledType | None
    origin: LabelledType | None
    updated_at: str | None
    params: Mapping[str, Any]
    datasource: DatasourceInfo | None
    url: SecretText


class ExtractorParameter(Info):
    """A parameter of an extractor."""

    name: str
    type: str | None
    is_mandatory: bool | None
    label: str | None
    default: str | None
    description: str | None
    hidden: bool | None
    trim: str | None
    choices: Sequence[str]
    can_create_field: bool | None
    impacts_guessed_parameters: bool | None


class Extractor(Info):
    """A kind of extractor, the `type` of a source."""

    type: str
    label: str | None
    parameters: Sequence[ExtractorParameter]


class ProcessorType(Info):
    """A kind of processor."""

    type: str
    label: str | None


class GuessedParams(Info):
    """The parameters that the portal proposes for an extractor."""

    extractor: str | None
    params: Mapping[str, Any]


class PreviewField(Info):
    """A field of a previewed source."""

    name: str
    label: str | None
    type: str | None
    description: str | None
    original_name: str | None
    annotations: Sequence[Mapping[str, Any]]


class SourcePreview(Info):
    """The fields and the first records of a source."""

    fields: Sequence[PreviewField]
    records: Sequence[Mapping[str, Any]]


def list_extractors(*, portal: str | None = None) -> list[Extractor]:
    """Return the kinds of extractors that the portal has."""
    return Extractor.of(Portal(portal).catalogue("/extractors/"))


def list_processors(*, portal: str | None = None) -> list[ProcessorType]:
    """Return the kinds of processors that the portal has."""
    return ProcessorType.of(Portal(portal).catalogue("/processors/"))


def list_dataset_sources(
    dataset: str, *, expand: str | None = None, portal: str | None = None
) -> list[DatasetSourceInfo]:
    """Return the sources of a dataset.

    Args:
        dataset: its uid or its dataset_id.
        expand: a reference to return as a whole object: `datasource.connection` or `datasource.dataset`.
        portal: one of the portals under `opendatasoft:portals`.
    """
    at = Portal(portal)
    return DatasetSourceInfo.of(at.all("/datasets/{}/resources/", at.dataset(dataset), expand=expand))


def get_dataset_source(
    dataset: str,
    uid: str | None = None,
    *,
    title: str | None = None,
    expand: str | None = None,
    portal: str | None = None,
) -> DatasetSourceInfo:
    """Return a source of a dataset by its uid (`re_…`) or its title.

    Args:
        dataset: the uid or the dataset_id of the dataset.
        uid: the uid of the source.
        title: the title of the source, in the place of its uid.
        expand: a reference to return as a whole object: `datasource.connection` or `datasource.dataset`.
        portal: one of the portals under `opendatasoft:portals`.
    """
    name, value = exactly_one("get_dataset_source", uid=uid, title=title)
    at = Portal(portal)
    path, of = "/datasets/{}/resources/", at.dataset(dataset)
    if name == "uid":
        return DatasetSourceInfo(at.get(f"{path}{{}}/", of, value, expand=expand))
    found = [source for source in at.all(path, of, expand=expand) if source.get("title") == value]
    return DatasetSourceInfo(at.only(path.format(of), found, {"title": value}))


def guess_extractors(
    dataset: str, *, datasource: Mapping[str, Any] | None = None, source: str | None = None, portal: str | None = None
) -> list[Extractor]:
    """Return the extractors that fit a datasource or a source of the dataset, the likeliest first.

    Args:
        dataset: its uid or its dataset_id.
        datasource: a datasource, such as `ods.HTTPDatasource(…)`.
        source: the uid of a source (`re_…`), in the place of a datasource.
        portal: one of the portals under `opendatasoft:portals`.
    """
    name, _ = exactly_one("guess_extractors", datasource=datasource, source=source)
    at = Portal(portal)
    if name == "source":
        path = "/datasets/{}/resources/{}/guess_extractors/"
        return Extractor.of(at.catalogue(path, at.dataset(dataset), str(source)))
    body = {"datasource": on_the_wire(datasource or {})}
    return Extractor.of(at.question("/datasets/{}/resources/guess_extractors/", at.dataset(dataset), body=body) or [])


def guess_extractor_params(
    dataset: str,
    *,
    datasource: Mapping[str, Any] | None = None,
    type: str | None = None,
    source: str | None = None,
    portal: str | None = None,
) -> GuessedParams:
    """Return the parameters that the portal proposes for the extractor of a datasource or a source.

    Args:
        dataset: its uid or its dataset_id.
        datasource: a datasource, such as `ods.HTTPDatasource(…)`.
        type: the extractor, for a datasource: `csvfile`.
        source: the uid of a source (`re_…`), in the place of a datasource.
        portal: one of the portals under `opendatasoft:portals`.
    """
    name, _ = exactly_one("guess_extractor_params", datasource=datasource, source=source)
    at = Portal(portal)
    if name == "source":
        path = "/datasets/{}/resources/{}/guess_extractors_params/"  # the API's spelling, here in the plural
        return GuessedParams(at.get(path, at.dataset(dataset), str(source)))
    body = {"datasource": on_the_wire(datasource or {}), "type": type}
    return GuessedParams(at.question("/datasets/{}/resources/guess_extractor_params/", at.dataset(dataset), body=body))


def preview_source(
    dataset: str,
    *,
    datasource: Mapping[str, Any] | None = None,
    type: str | None = None,
    params: Mapping[str, Any] | None = None,
    source: str | None = None,
    portal: str | None = None,
) -> SourcePreview:
    """Return the fields and the first records of a source, or of one that does not exist yet.

    Args:
        dataset: its uid or its dataset_id.
        datasource: a datasource, such as `ods.HTTPDatasource(…)`.
        type: the extractor, for a datasource: `csvfile`.
        params: the parameters of the extractor, for a datasource.
        source: the uid of a source (`re_…`), in the place of a datasource.
        portal: one of the portals under `opendatasoft:portals`.
    """
    name, _ = exactly_one("preview_source", datasource=datasource, source=source)
    at = Portal(portal)
    if name == "source":
        return SourcePreview(at.get("/datasets/{}/resources/{}/preview/", at.dataset(dataset), str(source)))
    body = {"type": type, "params": params or {}, "datasource": on_the_wire(datasource or {})}
    return SourcePreview(at.question("/datasets/{}/resources/preview/", at.dataset(dataset), body=body))


def on_the_wire(datasource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a datasource as the API takes it; a value such as `ods.HTTPDatasource` has references as bare texts."""
    sent = {name: value for name, value in datasource.items() if value is not None}
    for name, key in _REFERENCES.items():
        if isinstance(sent.get(name), str):
            sent[name] = {key: sent[name]}
    if isinstance(sent.get("headers"), Mapping):
        sent["headers"] = [{"name": name, "value": value} for name, value in sent["headers"].items()]
    return sent
