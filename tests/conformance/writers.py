"""Rules: which declared property writes a writable property of the official description, or why none does."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from ..resources import test_files, test_sources
from ..samples import samples
from .rules import Unwritten, Writes

COLLECTIONS = tuple(sorted({sample.kind.lifecycle().handler.collection for sample in samples().values()}))
"""The endpoints of the resource types."""


def _test(name: str) -> Callable[..., Any]:
    """The test `module::function` of tests/resources."""
    module, _, function = name.partition("::")
    found: Callable[..., Any] = getattr(importlib.import_module(f"tests.resources.{module}"), function)
    return found


DATASET = r"(?:POST|PUT) /datasets/(?:\{dataset_uid\}/)?"
METADATA = rf"{DATASET}(?:metadata/)?"
TEMPLATE = r"PUT /datasets/\{dataset_uid\}/metadata/\{template_name\}/"
FIELD = rf"{TEMPLATE}\{{template_field_name\}}/"
SECTION = r"(?:POST|PUT) /datasets/\{dataset_uid\}/"
SOURCE = rf"{SECTION}resources/(?:\{{resource_uid\}}/)?"
CONNECTION = r"(?:POST|PUT) /datasource_connections/(?:\{connection_uid\}/)?"

WRITERS = (
    # Datasets
    Writes(DATASET, r"(dataset_id|is_restricted|default_security\..+)", r"Dataset:\1"),
    Writes(
        METADATA,
        r"(?:metadata\.)?(default|visualization|internal|asset_content_configuration)\.(?!facets)(\w+)\.value(?:\.\*)?",
        r"Dataset:metadata.\1.\2",
    ),
    Writes(
        METADATA,
        r"(?:metadata\.)?asset_content_configuration\.facets\.value\[\](\.\w+)",
        r"Dataset:metadata.asset_content_configuration.facets[]\1",
    ),
    # The list itself, which the description names in addition to its members.
    Writes(
        f"{METADATA}|{TEMPLATE}",
        r"(.*\.)?(?:\[\w+\]|asset_content_configuration)\.facets\.value",
        "Dataset:metadata.asset_content_configuration.facets[].field_name",
    ),
    Writes(METADATA, r"(?:metadata\.)?custom_template_name\.\*\.value", "Dataset:metadata.templates[].fields"),
    Writes(f"{METADATA}|{TEMPLATE}|{FIELD}", r"(.*\.)?override_remote_value", "Dataset:metadata.follow_remote"),
    *(
        Writes(TEMPLATE, rf"\[{schema}\]\.(?!facets)(\w+)\.value(?:\.\*)?", rf"Dataset:metadata.{template}.\1")
        for schema, template in (
            ("DatasetMetadataDefault", "default"),
            ("DatasetMetadataVisualization", "visualization"),
            ("DatasetMetadataInternal", "internal"),
            ("DatasetMetadataAssetContentConfiguration", "asset_content_configuration"),
        )
    ),
    Writes(
        TEMPLATE,
        r"\[DatasetMetadataAssetContentConfiguration\]\.facets\.value\[\](\.\w+)",
        r"Dataset:metadata.asset_content_configuration.facets[]\1",
    ),
    Writes(TEMPLATE, r"\[DatasetMetadataCustom\]\.\*\.value", "Dataset:metadata.templates[].fields"),
    Writes(FIELD, "value", "Dataset:metadata.templates[].fields"),
    Writes(SOURCE, r"(type|params)", r"Dataset:sources[].\1"),
    Writes(SOURCE, "title", "Dataset:sources (the name)"),
    Writes(SOURCE, r"(datasource\[\w+\]\.connection)\.uid", r"Dataset:sources[].\1"),
    Writes(SOURCE, r"(datasource\[\w+\]\.headers)\[\]\.(?:name|value)", r"Dataset:sources[].\1"),
    Writes(
        SOURCE,
        r"(datasource\[\w+\]\.(?:relative_url|url|drive_id|file_id|parameters|impersonate_permissions))",
        r"Dataset:sources[].\1",
    ),
    Writes(SOURCE, r"(datasource\[federated\]\.domain)\.domain_id", r"Dataset:sources[].\1"),
    Writes(SOURCE, r"(datasource\[federated\]\.dataset)(?:\[FederatedDataset\])?\.dataset_id", r"Dataset:sources[].\1"),
    Writes(
        rf"{SOURCE}(?:files/)?",
        r"file|datasource\[uploaded_file\]\.file\.uid",
        "Dataset:sources[].datasource[uploaded_file].file.sha256",
    ),
    Writes(rf"{SECTION}fields/(?:\{{field_uid\}}/)?", r"\[order\]\.args", "Dataset:fields[order].order"),
    Writes(
        rf"{SECTION}fields/(?:\{{field_uid\}}/)?", r"(\[\w+\]\.(?!args)\w+|\[annotate\]\.args)", r"Dataset:fields\1"
    ),
    Writes(rf"{SECTION}processors/(?:\{{processor_uid\}}/)?", r"(type|label)", r"Dataset:processors[].\1"),
    Writes(rf"{SECTION}processors/(?:\{{processor_uid\}}/)?", r"\*", "Dataset:processors[].params"),
    Writes(rf"{SECTION}attachments/", "file", "Dataset:attachments[].sha256"),
    Writes(rf"{SECTION}alternative_exports/(?:\{{export_uid\}}/)?", "title", "Dataset:alternative_exports (the name)"),
    Writes(rf"{SECTION}alternative_exports/", "file", "Dataset:alternative_exports[].file.sha256"),
    Writes(
        rf"{SECTION}alternative_exports/(?:\{{export_uid\}}/)?",
        "description",
        "Dataset:alternative_exports[].description",
    ),
    Writes(rf"{SECTION}schedules/(?:\{{schedule_uid\}}/)?", "cron_schedule", "Dataset:schedules"),
    Writes(
        rf"{SECTION}security/users/(?:\{{username\}}/)?", r"(permissions|security\..+)", r"Dataset:user_access[].\1"
    ),
    Writes(rf"{SECTION}security/users/(?:\{{username\}}/)?", r"user\.username", "Dataset:user_access[].user"),
    Writes(
        rf"{SECTION}security/groups/(?:\{{group_uid\}}/)?", r"(permissions|security\..+)", r"Dataset:group_access[].\1"
    ),
    Writes(rf"{SECTION}security/groups/(?:\{{group_uid\}}/)?", r"group\.uid", "Dataset:group_access[].group"),
    # Connections
    Writes(CONNECTION, r"\[(\w+)\]\.(is_reusable|url)", r"\1:\2"),
    Writes(CONNECTION, r"\[(\w+)\]\.headers\[\]\.(?:name|value)", r"\1:headers"),
    Writes(CONNECTION, r"\[(http|amazon_s3)\]\.(auth\[\w+\]\.\w+)", r"\1:\2"),
    Writes(CONNECTION, r"\[(ftp|sharepoint|google_drive|azure_blob_storage)\]\.auth\[\w+\]\.(\w+)", r"\1:auth.\2"),
    *(
        Writes(rf"{CONNECTION}security/{target}s/(?:\{{\w+\}}/)?", path, rf"{kind}:{target}_access[].{member}")
        for kind in ("HTTPConnection",)
        for target, key in (("user", "username"), ("group", "uid"))
        for path, member in (("permissions", "permissions"), (rf"{target}\.{key}", target))
    ),
    *(rule for sample in samples().values() for rule in sample.writes),
)

UNWRITTEN = (
    Unwritten(
        rf"{SECTION}resources/(guess_extractors|guess_extractor_params|preview)/",
        ".*",
        "these calls store nothing",
    ),
    Unwritten(
        f"{METADATA}|{TEMPLATE}", r".*\.remote_value(\[\].*|\.\*)?", "read-only in the value that these schemas refine"
    ),
    Unwritten(
        SOURCE,
        r"datasource\[\w+\]\.connection\[\w+\]\..*",
        "a connection is a resource of its own: one created as part of a source could not be found again",
    ),
    Unwritten(
        SOURCE,
        r"datasource\[federated\]\.dataset\[FederatedDataset\]\.(metas|fields)",
        "read from the other portal's dataset with `expand`",
    ),
    Unwritten(
        rf"{SECTION}alternative_exports/(\{{export_uid\}}/)?",
        "type",
        "`uploaded_file` is the only kind that can be created",
    ),
    *(rule for sample in samples().values() for rule in sample.unwritten),
)

PROOFS: dict[tuple[str, str], Callable[..., Any]] = {
    ("Dataset", "metadata.follow_remote"): (test_sources.test_field_in_follow_remote_follows_the_remote_one_again),
    ("Dataset", "sources (the name)"): test_sources.test_source_under_another_name_is_another_source,
    ("Dataset", "sources[].datasource[uploaded_file].file.sha256"): (
        test_sources.test_other_content_of_a_file_makes_other_records
    ),
    ("Dataset", "attachments[].sha256"): test_files.test_attachments_are_added_changed_and_deleted,
    ("Dataset", "alternative_exports (the name)"): test_files.test_another_title_is_another_export,
    ("Dataset", "alternative_exports[].file.sha256"): test_files.test_exports_are_added_changed_and_deleted,
    **{(kind, path): _test(name) for kind, sample in samples().items() for path, name in sample.proofs.items()},
}
"""The test of each declared property that no row of a sample changes and reads back alone."""
