"""The resource type `Dataset`: its own properties, its sections, and the properties that the portal sets."""

from __future__ import annotations

from typing import Any

from ...program.descriptors import ListProp, MapProp, Prop, computed, prop
from ...program.file import File
from ...program.resource import Resource
from ...schema.property import NAME
from .access import DatasetGroupAccess, DatasetSecurity, DatasetUserAccess
from .datasources import Source
from .files import AlternativeExport
from .handler import DatasetHandler
from .rules import AnnotateField, DeleteField, DescribeField, OrderFields, Processor, RenameField, TypeField
from .templates import Metadata


class Dataset(Resource, path="/datasets/{uid}/", natural_key=("dataset_id",), handler=DatasetHandler):
    """A dataset: its sources, the processing of its records, its metadata, and who may see it.

    A section that is left out is not managed: it is never read and never changed. An empty one is managed and empty.
    """

    dataset_id: Prop[str] = prop(default=NAME)
    """The name in the dataset's address. Left out, it is the name of the resource."""

    is_restricted: Prop[bool | None] = prop(default=None)
    """Whether only users and groups with access see the dataset. Left out at creation, the portal's own setting
    applies.
    """

    default_security: Prop[DatasetSecurity | None] = prop(default=None)
    """The part of the dataset that everyone sees who has no access rule."""

    metadata: Prop[Metadata | None] = prop(default=None)
    """The metadata. Only the fields that the program names are managed."""

    sources: MapProp[Source] = prop(default=None)
    """The sources of the records, by names of your choice, which are their titles on the portal."""

    fields: ListProp[
        RenameField | TypeField | AnnotateField | DescribeField | OrderFields | DeleteField | Processor
    ] = prop(default=None)
    """The rules for the names, types and order of the fields. They are applied in this order."""

    processors: ListProp[Processor] = prop(default=None)
    """The processors, which change the records. They are applied in this order."""

    group_access: ListProp[DatasetGroupAccess] = prop(default=None, unordered=True)
    """The permissions of groups for the dataset. A rule that the program does not list is deleted."""

    user_access: ListProp[DatasetUserAccess] = prop(default=None, unordered=True)
    """The permissions of users for the dataset. A rule that the program does not list is deleted."""

    attachments: MapProp[File] = prop(default=None)
    """Files for readers, by the names that they see: `{"guide.pdf": ods.File("docs/guide.pdf")}`."""

    alternative_exports: MapProp[AlternativeExport] = prop(default=None)
    """Files that readers may download instead of the portal's own exports, by the titles that they see."""

    schedules: ListProp[str] = prop(default=None, unordered=True)
    """The times at which the dataset is processed, as cron expressions such as `"0 6 * * *"`, in the time zone of
    Paris.
    """

    published: Prop[bool | None] = prop(default=None)
    """Whether the dataset is public. Left out, it stays as it is, and changes of a public dataset are published."""

    allow_data_loss: Prop[bool] = prop(default=False, local=True)
    """Whether an update or a destroy may delete records: by unpublishing, by another `dataset_id`, or together with a
    realtime source.
    """

    uid: Prop[str] = computed(is_id=True)
    """The id of the dataset, `da_` and six characters."""

    url: Prop[str] = computed()
    """The address of the dataset for readers."""

    created_at: Prop[str] = computed()
    """The time of creation."""

    status: Prop[str] = computed(volatile=True)
    """The result of the last publication: `idle`, `error` or `limit_reached`; or `processing`, if it has not ended."""

    message: Prop[str | None] = computed(volatile=True)
    """The portal's message about the last publication."""

    records_errors: Prop[list[dict[str, Any]] | None] = computed(volatile=True)
    """The first ten records with processing errors, and the portal's messages."""

    source_uids: Prop[dict[str, str] | None] = computed()
    """The id of each source, by its name."""

    push_urls: MapProp[str] = computed(secret=True)
    """The address for pushing records to each realtime source, by its name. It contains a key, so it is secret."""

    file_uids: Prop[dict[str, str] | None] = computed()
    """The id of the uploaded file of each source, by the name of the source."""

    attachment_uids: Prop[dict[str, str] | None] = computed()
    """The id of each attachment, by its name."""

    export_uids: Prop[dict[str, str] | None] = computed()
    """The id of each alternative export, by its title."""
