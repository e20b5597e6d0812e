"""The life of a dataset: made as a marked draft, filled section by section, published once, never lost by accident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import NotFound, PortalError, ResourceError
from ...lifecycle.context import Context
from ...lifecycle.finish import UNFINISHED, reason_of
from ...lifecycle.lifecycle import Lifecycle
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


class DatasetLife(Lifecycle):
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

    def refuses(self, prior: State, desired: State) -> list[Failure]:
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
        """Whether the public shall see it: as the program says, or without a word of it, as it is."""
        said = desired.get("published")
        return bool(prior.get(publication.IS_PUBLIC, True) if said is None else said)

    def drawn_in(self, changed: set[str], prior: State, desired: State) -> set[str]:
        """A link to a dataset of another portal brings that one's metadata along: ours are said again."""
        sources = [*(prior.get("sources") or {}).values(), *(desired.get("sources") or {}).values()]
        linked = "sources" in changed and any(map(is_federated, sources))
        return {"metadata"} if linked and "metadata" in desired else set()

    # ------------------------------------------------------------ create

    def existing(self, context: Context, desired: State) -> list[Mapping[str, Any]]:
        """The dataset with this dataset_id, as far as the key may edit it."""
        response = context.api.get("/datasets/", dataset_id=desired["dataset_id"], limit=2)
        return [d for d in response.get("results", []) if d.get("dataset_id") == desired["dataset_id"]]

    def is_unfinished_work_of(self, context: Context, found: Mapping[str, Any]) -> bool:
        """A draft with our own mark is what a dead run of this resource left."""
        return bool(context.urn) and _title(found) == mark_of(context.urn) and not found.get("is_published")

    def make(self, context: Context, desired: State, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """A draft under a marked title, with everything that the portal could refuse: then nothing was made yet."""
        metadata = self._metadata.body(desired.get("metadata") or {})
        title = mark_of(context.urn) if context.urn else str(desired["dataset_id"])
        metadata.setdefault("default", {})["title"] = {"value": title}
        # A draft is shown by no list: it becomes one when it need not be found any more.
        metadata.get("internal", {}).pop("draft", None)

        def look() -> Mapping[str, Any] | None:
            return next((d for d in self.existing(context, desired) if _title(d) == title), None)

        response: Mapping[str, Any] = context.api.post(
            "/datasets/", self.body(desired) | {"metadata": metadata}, look=look
        )
        if response.get("dataset_id") != desired["dataset_id"]:
            # Ours, a moment old and empty: nothing is lost with it.
            context.api.delete(self.place(str(response["uid"])))
            raise ResourceError(
                f'dataset_id "{desired["dataset_id"]}" is taken by a dataset that this API key may not edit, or by a '
                "draft: choose another, or adopt it with a key that may edit it"
            )
        return {**response, STATUS: {"status": "idle", "is_published": False}}

    def adopt(self, context: Context, id: str, found: Mapping[str, Any], desired: State) -> State:
        """Take over an existing dataset: only read it, and how its last publication ended."""
        return super().adopt(context, id, found, desired) | publication.outputs(publication.status_of(context, id))

    # ------------------------------------------------------------ read, update, delete

    def tell(self, context: Context, response: Mapping[str, Any], slot: Slot) -> Any:
        """`published` is the API's `is_published`; the address is where readers find the dataset."""
        if slot.name == "published":
            return response.get("is_published")
        if slot.name == "url":
            return f"{context.api.url}/explore/dataset/{response.get('dataset_id')}/"
        return super().tell(context, response, slot)

    def read(self, context: Context, id: str, state: State) -> State:
        """How a run ended that was still under way, or had failed, is looked up."""
        actual = super().read(context, id, state)
        if not state.get("domain") or state.get("status") in ("processing", "error", "limit_reached"):
            status = publication.status_of(context, id)
            busy = status.get("status") not in publication.SETTLED
            actual |= {"status": "processing"} if busy else publication.outputs(status)
            if busy and "published" in state:
                actual["published"] = state["published"]  # that is what is under way
        return {name: value for name, value in actual.items() if value is not None}

    def fetch_for_update(
        self, context: Context, id: str, changed: set[str], desired: State, prior: State
    ) -> Mapping[str, Any]:
        """The live dataset, once nothing is under way; what would lose records is refused before any write."""
        try:
            # Before it is looked at: whatever is under way may make it public, and others may edit it meanwhile.
            settled = publication.settle(context, id)
        except NotFound:
            settled = {}
        response = super().fetch_for_update(context, id, changed, desired, prior)
        renamed = "dataset_id" in changed and response.get("dataset_id") != desired["dataset_id"]
        if response.get("is_published") and (renamed or desired.get("published") is False):
            if not desired.get("allow_data_loss"):
                # What was adopted is only known to be another one, or public, now that it is looked at.
                found = f'it is "{response.get("dataset_id")}"' if renamed else "it is public"
                raise ResourceError(f"{id}: {found} on the portal, and nothing was written; {ALLOW}")
            what = "renaming the dataset" if renamed else "unpublishing the dataset"
            refuse_loss(context.api.all(f"/datasets/{id}/resources/"), desired, what)
        taken_off = prior.get(UNFINISHED) == PUBLIC
        was_public = taken_off and desired.get("published") is None
        is_public = bool(response.get("is_published") or was_public)
        return {**response, STATUS: settled, TAKEN_OFF: taken_off, "is_published": is_public}

    def write(
        self, context: Context, id: str, live: Mapping[str, Any], desired: State, prior: State
    ) -> Mapping[str, Any]:
        """Only the keys that differ; never the metadata, which have calls of their own."""
        body = {n: v for n, v in self.body(desired, prior).items() if n != "published"}
        shape = self.it.shape
        changed = {
            n: v
            for n, v in body.items()
            if not comparison.matches(shape[n], desired[n], self.tell(context, live, shape[n]))
        }
        if "dataset_id" in changed:
            if context.api.get("/datasets/", dataset_id=desired["dataset_id"], limit=1).get("results"):
                raise ResourceError(f'dataset_id "{desired["dataset_id"]}" is taken by another dataset of the portal')
            response = {**(self._rename(context, id, live, changed, prior) or {}), TAKEN_OFF: _was_public(live)}
        elif changed:
            response = publication.patiently(context, id, context.api.put, self.place(id), changed)
        else:
            return live
        # What `after` needs to know is how public it was, not that a new name took it off the portal meanwhile.
        return {**live, **(response or {}), "is_published": live.get("is_published")}

    def _rename(
        self, context: Context, id: str, live: Mapping[str, Any], changed: State, prior: State
    ) -> Mapping[str, Any]:
        """Another dataset_id, for which the dataset must not be public; how public it was is not forgotten."""
        try:
            if (live.get(STATUS) or live).get("is_published"):
                publication.unpublish(context, id)
            response: Mapping[str, Any] = publication.patiently(context, id, context.api.put, self.place(id), changed)
        except (PortalError, ResourceError) as error:
            left = self.left_open({**live, TAKEN_OFF: _was_public(live)})
            raise HalfMade(id, prior | {UNFINISHED: left}, [reason_of(error, "dataset_id")]) from error
        return response

    def body(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """The dataset itself on the wire: publication has calls of its own."""
        return {name: value for name, value in super().body(desired, prior).items() if name != "published"}

    def after(
        self, context: Context, id: str, response: Mapping[str, Any], changed: set[str], desired: State, prior: State
    ) -> State:
        """The real title, then at most one publication, of the cheapest kind that makes everything public."""
        if is_mark(_title(response)) and not self._metadata.says_title(desired):
            # Only a dataset that shows another one heeds the second word: it takes the title of that one.
            title = {"value": desired["dataset_id"], "override_remote_value": False}
            publication.patiently(context, id, context.api.put, f"/datasets/{id}/metadata/default/title/", title)
        status = response.get(STATUS) or publication.status_of(context, id)
        if desired.get("published") is False:
            return publication.unpublish(context, id) if response.get("is_published") else publication.outputs(status)
        if not (desired.get("published") or response.get("is_published")):
            return publication.outputs(status)
        needed = not response.get("is_published") or status.get("status") != "idle" or "dataset_id" in changed
        # What an earlier `up` wrote before it failed is no longer a change, but nobody has seen it yet.
        needed = needed or bool(prior.get(UNFINISHED))
        if needed or changed & DATA or self._reconsidered(changed, desired, prior):
            # Writes may move `since`, so that it is read again right before, unless there was no run yet.
            fresh = status if status.get("since") is None else publication.status_of(context, id)
            return publication.publish(context, id, fresh, metadata_only=False)
        if changed & SHOWN:
            return publication.publish(context, id, status, metadata_only=True)
        return publication.outputs(status)

    def last_step(self, response: Mapping[str, Any], desired: State) -> str:
        """A publication, or the end of one, where one is asked for or needed to show the changes."""
        return "published" if desired.get("published") is not None or response.get("is_published") else ""

    def left_open(self, response: Mapping[str, Any]) -> bool | str:
        """Whether it must become public again, though no program says so; whoever else took it off meant it."""
        return PUBLIC if response.get(TAKEN_OFF) else True

    @property
    def _metadata(self) -> MetadataSection:
        return next(s for s in self.sections if isinstance(s, MetadataSection))

    def _reconsidered(self, changed: set[str], desired: State, prior: State) -> bool:
        old, new = (s.get("metadata") or {} for s in (prior, desired))
        return "metadata" in changed and not equal(old.get(RECONSIDERED), new.get(RECONSIDERED))

    def remove(self, context: Context, id: str, state: State) -> None:
        """Delete the dataset once nothing is under way, unless pushed records would go with it."""
        try:
            status = publication.status_of(context, id)
        except NotFound:
            return
        if status.get("status") not in publication.SETTLED:
            publication.stop(context, id)
        if not state.get("allow_data_loss"):
            refuse_loss(context.api.all(f"/datasets/{id}/resources/"), state, "deleting the dataset")
        publication.patiently(context, id, context.api.delete, self.place(id))


def _lost_sources(prior: State, desired: State) -> list[tuple[str, str]]:
    """The realtime sources that would go: only the portal has what was pushed to them."""
    old, new = prior.get("sources"), desired.get("sources")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return []
    realtime = [name for name, source in old.items() if isinstance(source, Mapping) and is_realtime(source)]
    gone = [n for n in realtime if n not in new or (isinstance(new[n], Mapping) and not is_realtime(new[n]))]
    return [(name, "the records that were pushed to it would be lost for good") for name in gone]


def _was_public(live: Mapping[str, Any]) -> bool:
    return bool(live.get("is_published") or live.get(TAKEN_OFF))


def _title(dataset: Mapping[str, Any]) -> Any:
    entry = ((dataset.get("metadata") or {}).get("default") or {}).get("title")
    return entry.get("value") if isinstance(entry, Mapping) else None
