"""The resource type `Harvester`: its properties."""

from __future__ import annotations

from typing import Any, Literal

from ...program.descriptors import ListProp, MapProp, Prop, computed, prop
from ...program.resource import Resource
from .handler import HarvesterHandler
from .schedules import HarvesterSchedule
from .server_sources import (
    CSWHarvest,
    FTPCSVHarvest,
    FTPHarvest,
    FTPWithMetaCSVHarvest,
    OMINodeHarvest,
    WFSHarvest,
)
from .sources import (
    ArcgisHarvest,
    ArcgisOpendataHarvest,
    CKANHarvest,
    DatagouvHarvest,
    DatajsonHarvest,
    JunarHarvest,
    OpendatasoftHarvest,
    OtherHarvest,
    QuandlHarvest,
    SocrataHarvest,
)


class Harvester(Resource, path="/harvesters/{uid}/", natural_key=("name",), handler=HarvesterHandler):
    """A harvester: it makes datasets on this portal from those of another one, and keeps them up to date."""

    name: Prop[str] = prop()
    """The name in the back office. An existing harvester is recognised by it."""

    source: Prop[
        ArcgisHarvest
        | ArcgisOpendataHarvest
        | CKANHarvest
        | CSWHarvest
        | DatagouvHarvest
        | DatajsonHarvest
        | FTPHarvest
        | FTPCSVHarvest
        | FTPWithMetaCSVHarvest
        | JunarHarvest
        | OMINodeHarvest
        | OpendatasoftHarvest
        | QuandlHarvest
        | SocrataHarvest
        | WFSHarvest
        | OtherHarvest
    ] = prop()
    """The portal that is harvested. One of another kind replaces the harvester."""

    delete_attached_datasets: Prop[bool] = prop(local=True)
    """Whether deleting the harvester deletes its datasets too. If not, they stay on the portal as ordinary datasets,
    with the metadata that they have then.
    """

    version: Prop[int | None] = prop(default=None, normalised=True)
    """The version of the harvester's software."""

    restrict_datasets_visibility: Prop[bool | None] = prop(default=None)
    """Whether new datasets are restricted. Left out at creation, as the portal restricts its own new datasets."""

    delete_missing_datasets: Prop[bool] = prop(default=False)
    """Whether a run deletes the datasets that the other portal no longer has."""

    forced_metas: MapProp[dict[str, Any]] = prop(default=None, open=True)
    """Metadata of every harvested dataset, in the place of those of the other portal: bare values by template and
    field, for example `{"default": {"publisher": "The region"}}`. Only the fields that the program names are managed.
    """

    schedules: ListProp[HarvesterSchedule] = prop(default=None)
    """When it runs by itself: a list of one schedule at most."""

    run: Prop[Literal["never", "create", "change"]] = prop(default="never", local=True)
    """When `up` runs it and waits for the end: `"never"`, after its creation (`"create"`), or also after each change of
    the source, of the forced metadata and of the other properties that a run depends on (`"change"`).

    A run that fails fails the `up`, and the next one repeats it.
    """

    published: Prop[bool | None] = prop(default=None, write_only=True)
    """Whether the datasets are public. New ones are not, until they are published: `True` publishes all of them when
    the program first declares it and after each run of an `up`, `False` unpublishes them, which deletes their records.

    The portal does not return it. Left out, the datasets stay as they are; a run publishes those again that are public.
    """

    uid: Prop[str] = computed(is_id=True)
    """The id of the harvester, made from its first name."""

    created_at: Prop[str] = computed()
    """The time of creation."""

    status: Prop[str] = computed(volatile=True)
    """The present work: `new`, `idle`, `queued`, `processing`, `aborting`."""

    has_error: Prop[bool] = computed(volatile=True)
    """Whether the last run failed."""

    last_success_at: Prop[str | None] = computed(volatile=True)
    """The end of the last run that did not fail."""
