"""The handler of datasets: made as a marked draft, filled section by section, published once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import NotFound, PortalError, ResourceError
from ...lifecycle.context import Context
from ...lifecycle.finish import UNFINISHED, reason_of
from ...lifecycle.handler import Handler
from ...lifecycle.operations import Change, Creation, Reading, Response, Update
from ...lifecycle.ownership import is_mark, mark_of
from ...lifecycle.results import HalfMade, State
from ...schema import comparison
from ...schema.canonical import equal
from ...schema.types import UNKNOWN, Slot
from ...schema.validation import Failure
from . import publication
from .access import GroupAccessSection, UserAccessSection
from .files import AlternativeExportsSection, AttachmentsSection
from .metadata import MetadataSection
from .schedules import SchedulesSection
from .sources import SourcesSection, is_federated, is_realtime, refuse_loss
from .stacks import FieldsSection, ProcessorsSection, same_order

DATA = frozenset({"dataset_id", "is_restricted", "default_security", "sources", "fields", "processors"})
"""What needs the records to be processed again."""

SHOWN = frozenset({"metadata", "group_access", "user_access", "attachments", "alternative_exports"})
"""What a publication of the metadata makes public."""

ALLOW = "set allow_data_loss=True to do it all the same"
"""The way on where records, or the public page, would go."""

PUBLIC = "public"
"""In the state of a dataset that an `up` took off the portal for another name, and failed before it was back."""

TAKEN_OFF = "_taken_off"
"""In an answer: whether it was ourselves who took the dataset off the portal."""

STATUS = "_status"
"""Where an answer carries the dataset's status along, so that it need not be asked for twice."""

RECONSIDERED = "asset_content_configuration"
"""Whether new filters need the records to be processed is not known: until it is, they are."""


class DatasetHandler(Handler):
    """A dataset is known by its `dataset_id`, and while it is unfinished by a mark in its title."""

    section_types = (
        SourcesSection,
        FieldsSection,
        ProcessorsSection,
        AttachmentsSection,
        AlternativeExportsSection,
        SchedulesSection,
        UserAccessSection,
        GroupAccessSection,
        MetadataSection,
    )

    # ------------------------------------------------------------ in a preview

    def check(self, prior: State, desired: State) -> list[Failure]:
        """The loss of records, and of the public page, unless the program says that it may be."""
        if not prior or desired.get("allow_data_loss"):
            return []
        failures = []
        remedy = ALLOW
        old, new = prior.get("dataset_id"), desired.get("dataset_id")
        if old not in (None, UNKNOWN) and new not in (None, UNKNOWN) and old != new:
            failures.append(
                Failure(
                    "dataset_id",
                    f'"{old}" would become "{new}": the dataset is unpublished meanwhile, its records are made '
                    f'anew, and links to it break (if only the resource is renamed: dataset_id="{old}"); {remedy}',
                )
            )
        failures += [Failure(f"sources.{name}", f"{why}; {remedy}") for name, why in _lost_sources(prior, desired)]
        if prior.get("published") is True and desired.get("published") is False:
            failures.append(Failure("published", f"the dataset would be unpublished and its records deleted; {remedy}"))
        return failures

    def differs(self, slot: Slot, prior: State, desired: State) -> bool:
        """Rules in another order that does the same are the same."""
        if not super().differs(slot, prior, desired):
            return False
        if slot.name == "fields" and isinstance(prior.get("fields"), list) and isinstance(desired.get("fields"), list):
            return not same_order(prior["fields"], desired["fields"])
        return True

    def is_unfinished(self, prior: State, desired: State) -> bool:
        """A publication that failed, or that a create did not come to, is made up for."""
        status = prior.get("status")
        return status is None or (status in publication.FAILED and self._is_public(prior, desired))

    @staticmethod
    def _is_public(prior: State, desired: State) -> bool:
        """Whether the dataset shall be public: as the program says, or if it does not, as it is."""
        published = desired.get("published")
        return bool(prior.get(publication.IS_PUBLIC, True) if published is None else published)

    def dependents_of(self, changed: frozenset[str], prior: State, desired: State) -> set[str]:
        """A link to a dataset of another portal brings that one's metadata along: ours are written again."""
        sources = [*(prior.get("sources") or {}).values(), *(desired.get("sources") or {}).values()]
        linked = "sources" in changed and any(map(is_federated, sources))
        return {"metadata"} if linked and "metadata" in desired else set()

    # ------------------------------------------------------------ create

    def find(self, context: Context, desired: State) -> list[Response]:
        """The dataset with this dataset_id, as far as the key may edit it."""
        response = context.api.get("/datasets/", dataset_id=desired["dataset_id"], limit=2)
        return [d for d in response.get("results", []) if d.get("dataset_id") == desired["dataset_id"]]

    def is_unfinished_work_of(self, context: Context, found: Response) -> bool:
        """A draft with our own mark is what an interrupted create of this resource left."""
        return bool(context.urn) and _title(found) == mark_of(context.urn) and not found.get("is_published")

    def create(self, creation: Creation) -> Response:
        """A draft under a marked title, with everything that the portal could refuse: then nothing was made yet."""
        context, desired = creation.context, creation.desired
        metadata = self._metadata.encode(desired.get("metadata") or {})
        title = mark_of(context.urn) if context.urn else str(desired["dataset_id"])
        metadata.setdefault("default", {})["title"] = {"value": title}
        # A draft is in no list: it becomes one when it need not be found any more.
        metadata.get("internal", {}).pop("draft", None)

        def look() -> Response | None:
            return next((d for d in self.find(context, desired) if _title(d) == title), None)

        body = self.encode(desired) | {"metadata": metadata}
        response: Response = context.api.post("/datasets/", body, look=look)
        if response.get("dataset_id") != desired["dataset_id"]:
            # Ours, a moment old and empty: nothing is lost with it.
            context.api.delete(self.endpoint(str(response["uid"])))
            raise ResourceError(
                f'dataset_id "{desired["dataset_id"]}" is taken by a dataset that this API key may not edit, or by a '
                "draft: choose another, or adopt it with a key that may edit it"
            )
        return {**response, STATUS: {"status": "idle", "is_published": False}}

    def after_adoption(self, reading: Reading, report: State) -> State:
        """How the last publication ended."""
        return report | publication.outputs(publication.status_of(reading.context, reading.id))

    # ------------------------------------------------------------ read, update, delete

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """`published` is the API's `is_published`; the address is where readers find the dataset."""
        if slot.name == "published":
            return response.get("is_published")
        if slot.name == "url":
            return f"{context.api.url}/explore/dataset/{response.get('dataset_id')}/"
        return super().decode(context, response, slot)

    def after_read(self, reading: Reading, report: State) -> State:
        """How a publication ended that was still under way, or had failed, is looked up."""
        state = reading.prior
        if not state.get("domain") or state.get("status") in ("processing", "error", "limit_reached"):
            status = publication.status_of(reading.context, reading.id)
            busy = status.get("status") not in publication.SETTLED
            report |= {"status": "processing"} if busy else publication.outputs(status)
            if busy and "published" in state:
                report["published"] = state["published"]  # that is what is under way
        return {name: value for name, value in report.items() if value is not None}

    def prepare(self, change: Change) -> Response:
        """The live dataset, once nothing is under way; what would lose records is refused before any write."""
        context, id, desired = change.context, change.id, change.desired
        try:
            # Before it is read: whatever is under way may make it public, and others may edit it meanwhile.
            settled = publication.settle(context, id)
        except NotFound:
            settled = {}
        response = super().prepare(change)
        renamed = "dataset_id" in change.changed and response.get("dataset_id") != desired["dataset_id"]
        if response.get("is_published") and (renamed or desired.get("published") is False):
            if not desired.get("allow_data_loss"):
                # What was adopted is only known to be another one, or public, now that it is read.
                found = f'it is "{response.get("dataset_id")}"' if renamed else "it is public"
                raise ResourceError(f"{id}: {found} on the portal, and nothing was written; {ALLOW}")
            what = "renaming the dataset" if renamed else "unpublishing the dataset"
            refuse_loss(context.api.all(f"/datasets/{id}/resources/"), desired, what)
        taken_off = change.prior.get(UNFINISHED) == PUBLIC
        was_public = taken_off and desired.get("published") is None
        is_public = bool(response.get("is_published") or was_public)
        return {**response, STATUS: settled, TAKEN_OFF: taken_off, "is_published": is_public}

    def update(self, update: Update) -> Response:
        """Only the keys that differ; never the metadata, which have calls of their own."""
        context, live, desired = update.context, update.response, update.desired
        changed = {
            name: value
            for name, value in self.encode(desired, update.prior).items()
            if not comparison.matches(self.shape[name], desired[name], self.decode(context, live, self.shape[name]))
        }
        if "dataset_id" in changed:
            if context.api.get("/datasets/", dataset_id=desired["dataset_id"], limit=1).get("results"):
                raise ResourceError(f'dataset_id "{desired["dataset_id"]}" is taken by another dataset of the portal')
            response: Response = {**(self._rename(update, changed) or {}), TAKEN_OFF: _was_public(live)}
        elif changed:
            response = publication.patiently(context, update.id, self.put, context, update.id, changed)
        else:
            return live
        # What `finish` needs to know is how public it was, not that a new name took it off the portal meanwhile.
        return {**live, **(response or {}), "is_published": live.get("is_published")}

    def _rename(self, update: Update, changed: State) -> Response:
        """Another dataset_id, for which the dataset must not be public; how public it was is not forgotten."""
        context, id, live = update.context, update.id, update.response
        try:
            if (live.get(STATUS) or live).get("is_published"):
                publication.unpublish(context, id)
            renamed: Response = publication.patiently(context, id, self.put, context, id, changed)
            return renamed
        except (PortalError, ResourceError) as error:
            marker = self.unfinished_marker({**live, TAKEN_OFF: _was_public(live)})
            raise HalfMade(id, update.prior | {UNFINISHED: marker}, [reason_of(error, "dataset_id")]) from error

    def encode(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """The dataset itself on the wire: publication has calls of its own."""
        return {name: value for name, value in super().encode(desired, prior).items() if name != "published"}

    def finish(self, update: Update) -> State:
        """The real title, then at most one publication, of the cheapest kind that makes everything public."""
        context, id, desired, changed = update.context, update.id, update.desired, update.changed
        response = update.response
        if is_mark(_title(response)) and not self._metadata.has_title(desired):
            # Only a dataset that links to another one heeds the second member: it takes the title of that one.
            title = {"value": desired["dataset_id"], "override_remote_value": False}
            publication.patiently(context, id, context.api.put, f"/datasets/{id}/metadata/default/title/", title)
        status = response.get(STATUS) or publication.status_of(context, id)
        if desired.get("published") is False:
            return publication.unpublish(context, id) if response.get("is_published") else publication.outputs(status)
        if not (desired.get("published") or response.get("is_published")):
            return publication.outputs(status)
        needed = not response.get("is_published") or status.get("status") != "idle" or "dataset_id" in changed
        # What an earlier `up` wrote before it failed is no longer a change, but it was not published yet.
        needed = needed or bool(update.prior.get(UNFINISHED))
        if needed or changed & DATA or self._reconsidered(update):
            # Writes may move `since`, so that it is read again right before, unless there was no run yet.
            fresh = status if status.get("since") is None else publication.status_of(context, id)
            return publication.publish(context, id, fresh, metadata_only=False)
        if changed & SHOWN:
            return publication.publish(context, id, status, metadata_only=True)
        return publication.outputs(status)

    def final_step(self, update: Update) -> str:
        """A publication, or the end of one, where one is desired or needed to show the changes."""
        is_needed = update.desired.get("published") is not None or update.response.get("is_published")
        return "published" if is_needed else ""

    def unfinished_marker(self, response: Response) -> bool | str:
        """Whether it must become public again, though no program says so; what others took off stays so."""
        return PUBLIC if response.get(TAKEN_OFF) else True

    @property
    def _metadata(self) -> MetadataSection:
        return next(s for s in self.sections if isinstance(s, MetadataSection))

    @staticmethod
    def _reconsidered(update: Update) -> bool:
        old, new = (s.get("metadata") or {} for s in (update.prior, update.desired))
        return "metadata" in update.changed and not equal(old.get(RECONSIDERED), new.get(RECONSIDERED))

    def delete(self, reading: Reading) -> None:
        """Delete the dataset once nothing is under way, unless pushed records would go with it."""
        context, id, state = reading.context, reading.id, reading.prior
        try:
            status = publication.status_of(context, id)
        except NotFound:
            return
        if status.get("status") not in publication.SETTLED:
            publication.stop(context, id)
        if not state.get("allow_data_loss"):
            refuse_loss(context.api.all(f"/datasets/{id}/resources/"), state, "deleting the dataset")
        publication.patiently(context, id, super().delete, reading)


def _lost_sources(prior: State, desired: State) -> list[tuple[str, str]]:
    """The realtime sources that would go: only the portal has what was pushed to them."""
    old, new = prior.get("sources"), desired.get("sources")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return []
    realtime = [name for name, source in old.items() if isinstance(source, Mapping) and is_realtime(source)]
    gone = [n for n in realtime if n not in new or (isinstance(new[n], Mapping) and not is_realtime(new[n]))]
    return [(name, "the records that were pushed to it would be lost for good") for name in gone]


def _was_public(live: Response) -> bool:
    return bool(live.get("is_published") or live.get(TAKEN_OFF))


def _title(dataset: Response) -> Any:
    entry = ((dataset.get("metadata") or {}).get("default") or {}).get("title")
    return entry.get("value") if isinstance(entry, Mapping) else None
