"""Rules: which declared property writes a writable property of the official description, or why none does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..resources import test_files, test_groups_and_users, test_sources

PLACES = ("/datasets/", "/datasource_connections/", "/users/", "/groups/")
"""The endpoints of the four resource types."""

KINDS = {
    "http": "HTTPConnection",
    "ftp": "FTPConnection",
    "sharepoint": "SharepointConnection",
    "google_drive": "GoogleDriveConnection",
    "amazon_s3": "AmazonS3Connection",
    "azure_blob_storage": "AzureBlobStorageConnection",
}
"""The class of each kind of connection."""


@dataclass(frozen=True)
class Writes:
    """Official properties that declared ones write: two patterns that match whole, and `Class:path`."""

    operation: str
    path: str
    by: str

    def writer(self, operation: str, path: str) -> tuple[str, str] | None:
        """Class and declared path for an official property, if it is one of these."""
        match = re.fullmatch(self.path, path) if re.fullmatch(self.operation, operation) else None
        if match is None:
            return None
        noun, _, declared = match.expand(self.by).partition(":")
        return KINDS.get(noun, noun), declared


@dataclass(frozen=True)
class Unwritten:
    """Official properties that no declared one writes, and why."""

    operation: str
    path: str
    reason: str

    def covers(self, operation: str, path: str) -> bool:
        """Whether an official property is one of these."""
        return bool(re.fullmatch(self.operation, operation) and re.fullmatch(self.path, path))


DATASET = r"(?:POST|PUT) /datasets/(?:\{dataset_uid\}/)?"
METADATA = rf"{DATASET}(?:metadata/)?"
TEMPLATE = r"PUT /datasets/\{dataset_uid\}/metadata/\{template_name\}/"
FIELD = rf"{TEMPLATE}\{{template_field_name\}}/"
SECTION = r"(?:POST|PUT) /datasets/\{dataset_uid\}/"
SOURCE = rf"{SECTION}resources/(?:\{{resource_uid\}}/)?"
CONNECTION = r"(?:POST|PUT) /datasource_connections/(?:\{connection_uid\}/)?"
USER = r"(?:POST /users/(?:invite|provision)/|PUT /users/\{username\}/)"
GROUP = r"(?:POST|PUT) /groups/(?:\{group_uid\}/)?"

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
        Writes(rf"{CONNECTION}security/{target}s/(?:\{{\w+\}}/)?", path, rf"{noun}:{target}_access[].{member}")
        for noun in ("HTTPConnection",)
        for target, key in (("user", "username"), ("group", "uid"))
        for path, member in (("permissions", "permissions"), (rf"{target}\.{key}", target))
    ),
    # Users and groups
    Writes(USER, r"(first_name|last_name|email|permissions|explore_limits\..+)", r"User:\1"),
    Writes(USER, r"groups\[\]\.uid", "User:groups"),
    Writes(USER, r"identity_provider\.uid", "User:identity_provider"),
    Writes(USER, r"identity_provider_attributes", "User:identity_provider_attributes"),
    Writes(GROUP, r"(title|description|permissions|explore_limits\..+)", r"Group:\1"),
    Writes(r"POST /groups/\{group_uid\}/users/(?:batch/)?", "username", "Group:members"),
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
    Unwritten(USER, "username", "chosen by the portal; it need not exist before the user accepts the invitation"),
    Unwritten(
        USER,
        r"groups\[\]\.(title|description|permissions|management_limits|explore_limits\..+)",
        "only the uid of a group that is sent is used",
    ),
    Unwritten(f"{USER}|{GROUP}", "management_limits", "deprecated, and has no members"),
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
    ("User", "first_name"): test_groups_and_users.test_names_are_written_to_a_portal_that_keeps_them,
    ("User", "last_name"): test_groups_and_users.test_names_are_written_to_a_portal_that_keeps_them,
    ("User", "identity_provider_attributes"): (test_groups_and_users.test_identity_provider_attributes_are_sent),
}
"""The test of each declared property that no row of a sample changes and reads back alone."""
