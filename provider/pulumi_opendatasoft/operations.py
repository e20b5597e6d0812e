"""The table of all 181 operations of the Automation API, and what of this package reaches each of them.

The functions, the commands with their help, and the page docs/reference/operations.md derive from it. A new function
or command is entered here by its name; `tests/operations.py` describes the test that each entry needs.
"""

from __future__ import annotations

import functools
from typing import Final, NamedTuple


class Operation(NamedTuple):
    """One operation of the API."""

    noun: str
    """The kind of object that it concerns, the table's heading."""

    method: str
    path: str
    """The path below the API's root, with names for its identifiers: `/groups/{group_uid}/`."""

    resources: tuple[str, ...]
    """The resource types whose life calls it, `Group`, or the property that does: `Group.members`.

    `Connection` is every type of connections.
    """

    functions: tuple[str, ...]
    """The functions that call it: `get_group`. Each has a form `get_group_output` beside it."""

    commands: tuple[str, ...]
    """The commands that call it, without `opendatasoft`: `feedback list`."""

    @property
    def name(self) -> str:
        """Method and path: `GET /groups/{group_uid}/`."""
        return f"{self.method} {self.path}"

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing on the portal: a GET, or a POST that only carries a question."""
        return self.method == "GET" or self.path.endswith(QUESTIONS)


QUESTIONS: Final = (
    "/guess_extractors/",
    "/guess_extractor_params/",
    "/preview/",
    "/unsaved_preview/",
    "/search_key/",
)
"""How the paths of those POSTs end that change nothing."""


@functools.cache
def operations() -> tuple[Operation, ...]:
    """Return every row of the table, in its order."""
    rows, noun = [], ""
    for line in _TABLE.splitlines():
        if line.startswith("#"):
            noun = line.removeprefix("#").strip()
        elif line:
            call, *cells = (cell.strip() for cell in line.split("|"))
            method, path = call.split()
            names = [tuple(name.strip() for name in cell.split(",") if name.strip()) for cell in cells]
            resources, functions, commands = [*names, (), (), ()][:3]
            rows.append(Operation(noun, method, path, resources, functions, commands))
    return tuple(rows)


def of_function(name: str) -> tuple[Operation, ...]:
    """Return the operations that a function calls."""
    return tuple(operation for operation in operations() if name in operation.functions)


def of_command(name: str) -> tuple[Operation, ...]:
    """Return the operations that a command calls."""
    return tuple(operation for operation in operations() if name in operation.commands)


# operation | resource types and their properties | functions | commands
_TABLE: Final = """
# Dataset
GET /datasets/ | Dataset | list_datasets, get_dataset
POST /datasets/ | Dataset
GET /datasets/{dataset_uid}/ | Dataset | get_dataset
PUT /datasets/{dataset_uid}/ | Dataset
DELETE /datasets/{dataset_uid}/ | Dataset
POST /datasets/{dataset_uid}/copy/ | | | copy
POST /datasets/{dataset_uid}/publish/ | Dataset.published | | publish
POST /datasets/{dataset_uid}/publish_metadata/ | Dataset.published | | publish
POST /datasets/{dataset_uid}/abort/ | Dataset | | abort
POST /datasets/{dataset_uid}/unpublish/ | Dataset.published | | unpublish
GET /datasets/{dataset_uid}/status/ | Dataset.published | get_dataset_status | status
GET /datasets/{dataset_uid}/fields/ | Dataset.fields | list_dataset_fields
POST /datasets/{dataset_uid}/fields/ | Dataset.fields
GET /datasets/{dataset_uid}/fields/{field_uid}/ | | get_dataset_field
PUT /datasets/{dataset_uid}/fields/{field_uid}/ | Dataset.fields
DELETE /datasets/{dataset_uid}/fields/{field_uid}/ | Dataset.fields
GET /datasets/{dataset_uid}/processors/ | Dataset.processors | list_dataset_processors
POST /datasets/{dataset_uid}/processors/ | Dataset.processors
GET /datasets/{dataset_uid}/processors/{processor_uid}/ | | get_dataset_processor
PUT /datasets/{dataset_uid}/processors/{processor_uid}/ | Dataset.processors
DELETE /datasets/{dataset_uid}/processors/{processor_uid}/ | Dataset.processors
GET /datasets/{dataset_uid}/resources/ | Dataset.sources | list_dataset_sources | source list
POST /datasets/{dataset_uid}/resources/ | Dataset.sources
POST /datasets/{dataset_uid}/resources/guess_extractors/ | | guess_extractors | source guess
POST /datasets/{dataset_uid}/resources/guess_extractor_params/ | | guess_extractor_params | source guess
POST /datasets/{dataset_uid}/resources/preview/ | | preview_source | source preview
GET /datasets/{dataset_uid}/resources/{resource_uid}/ | | get_dataset_source
PUT /datasets/{dataset_uid}/resources/{resource_uid}/ | Dataset.sources
DELETE /datasets/{dataset_uid}/resources/{resource_uid}/ | Dataset.sources
GET /datasets/{dataset_uid}/resources/{resource_uid}/guess_extractors/ | | guess_extractors | source guess
POST /datasets/{dataset_uid}/resources/{resource_uid}/clean_cache/ | | | source clean-cache
GET /datasets/{dataset_uid}/resources/{resource_uid}/guess_extractors_params/ | | guess_extractor_params | source guess
GET /datasets/{dataset_uid}/resources/{resource_uid}/preview/ | | preview_source | source preview
POST /datasets/{dataset_uid}/resources/{resource_uid}/recover/ | | | realtime recover
POST /datasets/{dataset_uid}/resources/{resource_uid}/delete_recover_data/ | | | realtime forget
POST /datasets/{dataset_uid}/resources/{resource_uid}/enable/ | Dataset.sources | | realtime enable
POST /datasets/{dataset_uid}/resources/{resource_uid}/disable/ | Dataset.sources | | realtime disable
POST /datasets/{dataset_uid}/resources/{resource_uid}/renew_api_key/ | | | realtime renew
POST /datasets/{dataset_uid}/resources/files/ | Dataset.sources
GET /datasets/{dataset_uid}/resources/files/{file_uid}/ | | get_dataset_file
GET /datasets/{dataset_uid}/resources/files/{file_uid}/download/ | | download_dataset_file | download file
GET /datasets/{dataset_uid}/attachments/ | Dataset.attachments | list_attachments
POST /datasets/{dataset_uid}/attachments/ | Dataset.attachments
GET /datasets/{dataset_uid}/attachments/{attachment_uid}/ | | get_attachment
DELETE /datasets/{dataset_uid}/attachments/{attachment_uid}/ | Dataset.attachments
GET /datasets/{dataset_uid}/attachments/{attachment_uid}/download/ | | download_attachment | download attachment
GET /datasets/{dataset_uid}/alternative_exports/ | Dataset.alternative_exports | list_alternative_exports
POST /datasets/{dataset_uid}/alternative_exports/ | Dataset.alternative_exports
GET /datasets/{dataset_uid}/alternative_exports/{export_uid}/ | | get_alternative_export
PUT /datasets/{dataset_uid}/alternative_exports/{export_uid}/ | Dataset.alternative_exports
DELETE /datasets/{dataset_uid}/alternative_exports/{export_uid}/ | Dataset.alternative_exports
GET /datasets/{dataset_uid}/alternative_exports/{export_uid}/download/ | | download_alternative_export | download export
GET /datasets/{dataset_uid}/security/users/ | Dataset.user_access | list_user_access
POST /datasets/{dataset_uid}/security/users/ | Dataset.user_access
GET /datasets/{dataset_uid}/security/users/{username}/ | | get_user_access
PUT /datasets/{dataset_uid}/security/users/{username}/ | Dataset.user_access
DELETE /datasets/{dataset_uid}/security/users/{username}/ | Dataset.user_access
GET /datasets/{dataset_uid}/security/groups/ | Dataset.group_access | list_group_access
POST /datasets/{dataset_uid}/security/groups/ | Dataset.group_access
GET /datasets/{dataset_uid}/security/groups/{group_uid}/ | | get_group_access
PUT /datasets/{dataset_uid}/security/groups/{group_uid}/ | Dataset.group_access
DELETE /datasets/{dataset_uid}/security/groups/{group_uid}/ | Dataset.group_access
GET /datasets/{dataset_uid}/schedules/ | Dataset.schedules | list_dataset_schedules
POST /datasets/{dataset_uid}/schedules/ | Dataset.schedules
GET /datasets/{dataset_uid}/schedules/{schedule_uid}/ | | get_dataset_schedule
PUT /datasets/{dataset_uid}/schedules/{schedule_uid}/ | Dataset.schedules
DELETE /datasets/{dataset_uid}/schedules/{schedule_uid}/ | Dataset.schedules
GET /datasets/{dataset_uid}/metadata/ | Dataset.metadata | get_dataset_metadata | metadata show
PUT /datasets/{dataset_uid}/metadata/ | | | metadata set
GET /datasets/{dataset_uid}/metadata/{template_name}/ | | get_dataset_metadata
PUT /datasets/{dataset_uid}/metadata/{template_name}/ | Dataset.metadata
GET /datasets/{dataset_uid}/metadata/{template_name}/{template_field_name}/ | | get_dataset_metadata
PUT /datasets/{dataset_uid}/metadata/{template_name}/{template_field_name}/ | Dataset.metadata
DELETE /datasets/{dataset_uid}/metadata/{template_name}/{template_field_name}/ | Dataset.metadata
# Feedback
GET /datasets/{dataset_uid}/feedbacks/ | | list_feedbacks | feedback list
GET /datasets/{dataset_uid}/feedbacks/{feedback_uid}/ | | get_feedback | feedback show
POST /datasets/{dataset_uid}/feedbacks/{feedback_uid}/archive/ | | | feedback archive

# Version
GET /datasets/{dataset_uid}/versions/ | | list_versions | versions list
GET /datasets/{dataset_uid}/versions/{version_uid}/ | | get_version | versions show
POST /datasets/{dataset_uid}/versions/{version_uid}/restore/ | | | versions restore

# Catalogue
GET /extractors/ | | list_extractors
GET /processors/ | | list_processors
# Connection
GET /datasource_connections/ | Connection | list_connections, get_connection
POST /datasource_connections/ | Connection
GET /datasource_connections/{connection_uid}/ | Connection, AmazonS3ConnectionRole | get_connection
PUT /datasource_connections/{connection_uid}/ | Connection, AmazonS3ConnectionRole
DELETE /datasource_connections/{connection_uid}/ | Connection
GET /datasource_connections/{connection_uid}/security/users/ | Connection.user_access | list_user_access
POST /datasource_connections/{connection_uid}/security/users/ | Connection.user_access
GET /datasource_connections/{connection_uid}/security/users/{username}/ | | get_user_access
PUT /datasource_connections/{connection_uid}/security/users/{username}/ | Connection.user_access
DELETE /datasource_connections/{connection_uid}/security/users/{username}/ | Connection.user_access
GET /datasource_connections/{connection_uid}/security/groups/ | Connection.group_access | list_group_access
POST /datasource_connections/{connection_uid}/security/groups/ | Connection.group_access
GET /datasource_connections/{connection_uid}/security/groups/{group_uid}/ | | get_group_access
PUT /datasource_connections/{connection_uid}/security/groups/{group_uid}/ | Connection.group_access
DELETE /datasource_connections/{connection_uid}/security/groups/{group_uid}/ | Connection.group_access
# User
GET /users/ | User | list_users, get_user
GET /users/{username}/ | User | get_user
PUT /users/{username}/ | User
DELETE /users/{username}/ | User
GET /users/export/ | | export_users | users export
POST /users/invite/ | User
POST /users/provision/ | User
# Group
GET /groups/ | Group | list_groups, get_group
POST /groups/ | Group
GET /groups/{group_uid}/ | Group | get_group
PUT /groups/{group_uid}/ | Group
DELETE /groups/{group_uid}/ | Group
GET /groups/{group_uid}/users/ | Group.members | list_group_members
POST /groups/{group_uid}/users/ | Group.members
POST /groups/{group_uid}/users/batch/ | Group.members
DELETE /groups/{group_uid}/users/{username}/ | Group.members
# ApiKey
GET /apikeys/ | ApiKey | list_api_keys
POST /apikeys/ | ApiKey
GET /apikeys/{apikey_uid}/ | ApiKey | get_api_key
PUT /apikeys/{apikey_uid}/ | ApiKey
POST /apikeys/{apikey_uid}/revoke/ | ApiKey | | keys revoke
POST /apikeys/search_key/ | ApiKey | | keys search, doctor

# MetadataTemplate
GET /metadata/templates/ | MetadataTemplate | list_metadata_templates
POST /metadata/templates/ | MetadataTemplate
GET /metadata/templates/{template_name}/ | MetadataTemplate | get_metadata_template
PUT /metadata/templates/{template_name}/ | MetadataTemplate
DELETE /metadata/templates/{template_name}/ | MetadataTemplate
GET /metadata/templates/{template_name}/fields/ | | list_metadata_fields
GET /metadata/templates/{template_name}/fields/{template_field_name}/ | | get_metadata_field
GET /metadata/templates/{template_name}/fields/{template_field_name}/suggest/ | | suggest_metadata_values
# CodeEditorPage
GET /code_editor_pages/ | CodeEditorPage | list_code_editor_pages
POST /code_editor_pages/ | CodeEditorPage
DELETE /code_editor_pages/ | | | page delete
GET /code_editor_pages/{page_slug}/ | CodeEditorPage | get_code_editor_page
PUT /code_editor_pages/{page_slug}/ | CodeEditorPage
DELETE /code_editor_pages/{page_slug}/ | CodeEditorPage | | page delete
POST /code_editor_pages/{page_slug}/archive/ | CodeEditorPage.is_archived | | page archive
POST /code_editor_pages/{page_slug}/unarchive/ | CodeEditorPage.is_archived | | page unarchive
GET /code_editor_pages/{page_slug}/security/groups/ | CodeEditorPage.group_access | list_group_access
POST /code_editor_pages/{page_slug}/security/groups/ | CodeEditorPage.group_access
GET /code_editor_pages/{page_slug}/security/groups/{group_uid}/ | | get_group_access
PUT /code_editor_pages/{page_slug}/security/groups/{group_uid}/ | CodeEditorPage.group_access
DELETE /code_editor_pages/{page_slug}/security/groups/{group_uid}/ | CodeEditorPage.group_access
GET /code_editor_pages/{page_slug}/security/users/ | CodeEditorPage.user_access | list_user_access
POST /code_editor_pages/{page_slug}/security/users/ | CodeEditorPage.user_access
GET /code_editor_pages/{page_slug}/security/users/{username}/ | | get_user_access
PUT /code_editor_pages/{page_slug}/security/users/{username}/ | CodeEditorPage.user_access
DELETE /code_editor_pages/{page_slug}/security/users/{username}/ | CodeEditorPage.user_access
# StudioPage
GET /studio_pages/ | StudioPage | list_studio_pages, get_studio_page
POST /studio_pages/ | StudioPage
GET /studio_pages/{studio_page_uid}/ | StudioPage | get_studio_page
PUT /studio_pages/{studio_page_uid}/ | StudioPage
DELETE /studio_pages/{studio_page_uid}/ | StudioPage
POST /studio_pages/{studio_page_uid}/publish/ | StudioPage.published | | studio publish
POST /studio_pages/{studio_page_uid}/unpublish/ | StudioPage.published | | studio unpublish
GET /studio_pages/{studio_page_uid}/security/groups/ | StudioPage.group_access | list_group_access
POST /studio_pages/{studio_page_uid}/security/groups/ | StudioPage.group_access
GET /studio_pages/{studio_page_uid}/security/groups/{group_uid}/ | | get_group_access
PUT /studio_pages/{studio_page_uid}/security/groups/{group_uid}/ | StudioPage.group_access
DELETE /studio_pages/{studio_page_uid}/security/groups/{group_uid}/ | StudioPage.group_access
GET /studio_pages/{studio_page_uid}/security/users/ | StudioPage.user_access | list_user_access
POST /studio_pages/{studio_page_uid}/security/users/ | StudioPage.user_access
GET /studio_pages/{studio_page_uid}/security/users/{username}/ | | get_user_access
PUT /studio_pages/{studio_page_uid}/security/users/{username}/ | StudioPage.user_access
DELETE /studio_pages/{studio_page_uid}/security/users/{username}/ | StudioPage.user_access
# Harvester
GET /harvesters/ | Harvester | list_harvesters, get_harvester
POST /harvesters/ | Harvester
GET /harvesters/{harvester_uid}/ | Harvester | get_harvester
PUT /harvesters/{harvester_uid}/ | Harvester
DELETE /harvesters/{harvester_uid}/ | Harvester
POST /harvesters/{harvester_uid}/abort/ | Harvester | | harvest abort
POST /harvesters/{harvester_uid}/start/ | Harvester.run | | harvest start
POST /harvesters/{harvester_uid}/publish/ | Harvester.published | | harvest publish
POST /harvesters/{harvester_uid}/unpublish/ | Harvester.published | | harvest unpublish
GET /harvesters/{harvester_uid}/errors/ | Harvester | get_harvester_errors | harvest errors
GET /harvesters/{harvester_uid}/preview/ | | preview_harvester | harvest preview
POST /harvesters/{harvester_uid}/unsaved_preview/ | | preview_harvester | harvest preview
GET /harvesters/{harvester_uid}/schedules/ | Harvester.schedules | list_harvester_schedules
POST /harvesters/{harvester_uid}/schedules/ | Harvester.schedules
GET /harvesters/{harvester_uid}/schedules/{schedule_uid}/ | | get_harvester_schedule
PUT /harvesters/{harvester_uid}/schedules/{schedule_uid}/ | Harvester.schedules
DELETE /harvesters/{harvester_uid}/schedules/{schedule_uid}/ | Harvester.schedules
# Image
GET /medias/images/ | Image | list_images, get_image
POST /medias/images/ | Image
"""
