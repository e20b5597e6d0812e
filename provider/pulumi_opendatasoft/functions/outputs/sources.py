"""The forms of the functions of `sources` that return Outputs. Made by `make docs`: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from ..later import later
from ..sources import (
    DatasetSourceInfo,
    Extractor,
    GuessedParams,
    ProcessorType,
    SourcePreview,
    get_dataset_source,
    guess_extractor_params,
    guess_extractors,
    list_dataset_sources,
    list_extractors,
    list_processors,
    preview_source,
)


def list_extractors_output(*, portal: pulumi.Input[str | None] = None) -> pulumi.Output[list[Extractor]]:
    """Return the kinds of extractors that the portal has.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_extractors, {"portal": portal})


def list_processors_output(*, portal: pulumi.Input[str | None] = None) -> pulumi.Output[list[ProcessorType]]:
    """Return the kinds of processors that the portal has.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.
    """
    return later(list_processors, {"portal": portal})


def list_dataset_sources_output(
    dataset: pulumi.Input[str], *, expand: pulumi.Input[str | None] = None, portal: pulumi.Input[str | None] = None
) -> pulumi.Output[list[DatasetSourceInfo]]:
    """Return the sources of a dataset.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: its uid or its dataset_id.
        expand: a reference to return as a whole object: `datasource.connection` or `datasource.dataset`.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(list_dataset_sources, {"dataset": dataset, "expand": expand, "portal": portal})


def get_dataset_source_output(
    dataset: pulumi.Input[str],
    uid: pulumi.Input[str | None] = None,
    *,
    title: pulumi.Input[str | None] = None,
    expand: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[DatasetSourceInfo]:
    """Return a source of a dataset by its uid (`re_…`) or its title.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: the uid or the dataset_id of the dataset.
        uid: the uid of the source.
        title: the title of the source, in the place of its uid.
        expand: a reference to return as a whole object: `datasource.connection` or `datasource.dataset`.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        get_dataset_source, {"dataset": dataset, "uid": uid, "title": title, "expand": expand, "portal": portal}
    )


def guess_extractors_output(
    dataset: pulumi.Input[str],
    *,
    datasource: pulumi.Input[Mapping[str, Any] | None] = None,
    source: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[Extractor]]:
    """Return the extractors that fit a datasource or a source of the dataset, the likeliest first.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: its uid or its dataset_id.
        datasource: a datasource, such as `ods.HTTPDatasource(…)`.
        source: the uid of a source (`re_…`), in the place of a datasource.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(guess_extractors, {"dataset": dataset, "datasource": datasource, "source": source, "portal": portal})


def guess_extractor_params_output(
    dataset: pulumi.Input[str],
    *,
    datasource: pulumi.Input[Mapping[str, Any] | None] = None,
    type: pulumi.Input[str | None] = None,
    source: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[GuessedParams]:
    """Return the parameters that the portal proposes for the extractor of a datasource or a source.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: its uid or its dataset_id.
        datasource: a datasource, such as `ods.HTTPDatasource(…)`.
        type: the extractor, for a datasource: `csvfile`.
        source: the uid of a source (`re_…`), in the place of a datasource.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        guess_extractor_params,
        {"dataset": dataset, "datasource": datasource, "type": type, "source": source, "portal": portal},
    )


def preview_source_output(
    dataset: pulumi.Input[str],
    *,
    datasource: pulumi.Input[Mapping[str, Any] | None] = None,
    type: pulumi.Input[str | None] = None,
    params: pulumi.Input[Mapping[str, Any] | None] = None,
    source: pulumi.Input[str | None] = None,
    portal: pulumi.Input[str | None] = None,
) -> pulumi.Output[SourcePreview]:
    """Return the fields and the first records of a source, or of one that does not exist yet.

    The arguments may be Outputs. While one is unknown, the portal is not called and the result is unknown too.

    Args:
        dataset: its uid or its dataset_id.
        datasource: a datasource, such as `ods.HTTPDatasource(…)`.
        type: the extractor, for a datasource: `csvfile`.
        params: the parameters of the extractor, for a datasource.
        source: the uid of a source (`re_…`), in the place of a datasource.
        portal: one of the portals under `opendatasoft:portals`.
    """
    return later(
        preview_source,
        {
            "dataset": dataset,
            "datasource": datasource,
            "type": type,
            "params": params,
            "source": source,
            "portal": portal,
        },
    )
