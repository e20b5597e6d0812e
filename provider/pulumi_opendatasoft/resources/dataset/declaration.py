"""The declaration of a dataset: its sections and what the portal tells of it."""

from __future__ import annotations

from typing import Any

from ...program.descriptors import ListProp, MapProp, Prop, computed, prop
from ...program.file import File
from ...program.resource import Resource
from ...schema.property import NAME
from .access import DatasetGroupAccess, DatasetSecurity, DatasetUserAccess
from .files import AlternativeExport
from .handler import DatasetHandler
from .rules import AnnotateField, DeleteField, DescribeField, OrderFields, Processor, RenameField, TypeField
from .sources import Source
from .templates import Metadata


class Dataset(Resource, path="/datasets/{uid}/", natural_key=("dataset_id",), handler=DatasetHandler):
    """A dataset: where its records come from, what is done to them, what is said about them, and who may see them.

    A section that is left out is not managed: never read, never changed. An empty one is managed and empty.
    """

    dataset_id: Prop[str] = prop(default=NAME)
    """The name in the dataset's address. Left out, it is the name of the resource."""

    is_restricted: Prop[bool | None] = prop(default=None)
    """Whether only those who were given access see the dataset; left out, the portal's own setting holds."""

    default_security: Prop[DatasetSecurity | None] = prop(default=None)
    """What everybody sees who has no rule of their own."""

    metadata: Prop[Metadata | None] = prop(default=None)
    """What the portal says about the dataset. Only the fields that are named are managed."""

    sources: MapProp[Source] = prop(default=None)
    """Where the records come from, under names of the program, which are the titles on the portal."""

    fields: ListProp[
        RenameField | TypeField | AnnotateField | DescribeField | OrderFields | DeleteField | Processor
    ] = prop(default=None)
    """What the fields are called, what they hold, and in which order they stand. Applied first to last."""

    processors: ListProp[Processor] = prop(default=None)
    """What is done to the records, first to last."""

    group_access: ListProp[DatasetGroupAccess] = prop(default=None, unordered=True)
    """What the members of groups may do with the dataset; a group that is not named has no rule."""

    user_access: ListProp[DatasetUserAccess] = prop(default=None, unordered=True)
    """What users may do with the dataset; a user who is not named has no rule."""

    attachments: MapProp[File] = prop(default=None)
    """Files beside the dataset, under the names that readers see: `{"guide.pdf": ods.File("docs/guide.pdf")}`."""

    alternative_exports: MapProp[AlternativeExport] = prop(default=None)
    """Exports made elsewhere, under the titles that readers see."""

    schedules: ListProp[str] = prop(default=None, unordered=True)
    """When the dataset is processed by itself, as cron lines such as `"0 6 * * *"`, in the time of Paris."""

    published: Prop[bool | None] = prop(default=None)
    """Whether the dataset is public. Left out, it stays as it is: what is public gets its changes published."""

    allow_data_loss: Prop[bool] = prop(default=False, local=True)
    """Whether this resource may do what loses records: unpublish, rename, or delete what was pushed to it."""

    uid: Prop[str] = computed(is_id=True)
    """The portal's own identifier, `da_` and six characters."""

    url: Prop[str] = computed()
    """Where readers find the dataset."""

    created_at: Prop[str] = computed()
    """When the dataset was made."""

    status: Prop[str] = computed(volatile=True)
    """How the last publication ended: `idle`, `error`, `limit_reached`, or `processing` if it was not waited for."""

    message: Prop[str | None] = computed(volatile=True)
    """What the portal said about the last publication."""

    records_errors: Prop[list[dict[str, Any]] | None] = computed(volatile=True)
    """The first ten records that could not be processed as they should, with the portal's messages."""

    source_uids: Prop[dict[str, str] | None] = computed()
    """The portal's identifier of each source, by its name."""

    push_urls: MapProp[str] = computed(secret=True)
    """Where records are pushed to each realtime source, by its name. Each address holds a key, so it is secret."""

    file_uids: Prop[dict[str, str] | None] = computed()
    """Under which name the portal keeps the uploaded file of each source."""

    attachment_uids: Prop[dict[str, str] | None] = computed()
    """The portal's identifier of each attachment, by its name."""

    export_uids: Prop[dict[str, str] | None] = computed()
    """The portal's identifier of each alternative export, by its title."""
