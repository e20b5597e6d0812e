"""The life of a dataset: made as a marked draft, filled section by section, published once, never lost by accident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...client.errors import NotFound, PortalError
from ...errors import Problem
from ...lifecycle.context import Run
from ...lifecycle.finish import UNFINISHED, reason_of
from ...lifecycle.lifecycle import Lifecycle
from ...lifecycle.ownership import is_mark, mark_of
from ...lifecycle.results import HalfMade, State
from ...schema import comparison
from ...schema.canonical import same_text
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

    def refuses(self, before: State, asked: State) -> list[Failure]:
        """The loss of records, and of the public page, unless the program says that it may be."""
        if not before or asked.get("allow_data_loss"):
            return []
        failures = []
        remedy = ALLOW
        old, new = before.get("dataset_id"), asked.get("dataset_id")
        if old not in (None, UNKNOWN) and new not in (None, UNKNOWN) and old != new:
            failures.append(
                Failure(
                    "dataset_id",
                    f'"{old}" would become "{new}": the dataset is unpublished meanwhile, its records are made '
                    f'anew, and links to it break (if only the resource is renamed: dataset_id="{old}"); {remedy}',
                )
            )
        failures += [Failure(f"sources.{name}", f"{why}; {remedy}") for name, why in _lost_sources(before, asked)]
        if before.get("published") is True and asked.get("published") is False:
            failures.append(Failure("published", f"the dataset would be unpublished and its records deleted; {remedy}"))
        return failures

    def differs(self, slot: Slot, before: State, asked: State) -> bool:
        """Rules in another order that does the same are the same."""
        if not super().differs(slot, before, asked):
            return False
        if slot.name == "fields" and isinstance(before.get("fields"), list) and isinstance(asked.get("fields"), list):
            return not same_order(before["fields"], asked["fields"])
        return True

    def is_unfinished(self, before: State, asked: State) -> bool:
        """A publication that failed, or that a create did not come to, is made up for."""
        status = before.get("status")
        return status is None or (status in publication.FAILED and self._is_public(before, asked))

    @staticmethod
    def _is_public(before: State, asked: State) -> bool:
        """Whether the public shall see it: as the program says, or without a word of it, as it is."""
        said = asked.get("published")
        return bool(before.get(publication.IS_PUBLIC, True) if said is None else said)

    def drawn_in(self, changed: set[str], before: State, asked: State) -> set[str]:
        """A link to a dataset of another portal brings that one's metadata along: ours are said again."""
        sources = [*(before.get("sources") or {}).values(), *(asked.get("sources") or {}).values()]
        linked = "sources" in changed and any(map(is_federated, sources))
        return {"metadata"} if linked and "metadata" in asked else set()

    # ------------------------------------------------------------ create

    def existing(self, run: Run, asked: State) -> list[Mapping[str, Any]]:
        """The dataset with this dataset_id, as far as the key may edit it."""
        answer = run.api.get("/datasets/", dataset_id=asked["dataset_id"], limit=2)
        return [d for d in answer.get("results", []) if d.get("dataset_id") == asked["dataset_id"]]

    def is_unfinished_work_of(self, run: Run, found: Mapping[str, Any]) -> bool:
        """A draft with our own mark is what a dead run of this resource left."""
        return bool(run.urn) and _title(found) == mark_of(run.urn) and not found.get("is_published")

    def make(self, run: Run, asked: State, known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """A draft under a marked title, with everything that the portal could refuse: then nothing was made yet."""
        metadata = self._metadata.body(asked.get("metadata") or {})
        title = mark_of(run.urn) if run.urn else str(asked["dataset_id"])
        metadata.setdefault("default", {})["title"] = {"value": title}
        # A draft is shown by no list: it becomes one when it need not be found any more.
        metadata.get("internal", {}).pop("draft", None)

        def look() -> Mapping[str, Any] | None:
            return next((d for d in self.existing(run, asked) if _title(d) == title), None)

        answer: Mapping[str, Any] = run.api.post("/datasets/", self.body(asked) | {"metadata": metadata}, look=look)
        if answer.get("dataset_id") != asked["dataset_id"]:
            # Ours, a moment old and empty: nothing is lost with it.
            run.api.delete(self.place(str(answer["uid"])))
            raise Problem(
                f'dataset_id "{asked["dataset_id"]}" is taken by a dataset that this API key may not edit, or by a '
                "draft: choose another, or adopt it with a key that may edit it"
            )
        return {**answer, STATUS: {"status": "idle", "is_published": False}}

    def adopt(self, run: Run, id: str, found: Mapping[str, Any], asked: State) -> State:
        """Take over an existing dataset: only read it, and how its last publication ended."""
        return super().adopt(run, id, found, asked) | publication.outputs(publication.status_of(run, id))

    # ------------------------------------------------------------ read, update, delete

    def tell(self, run: Run, answer: Mapping[str, Any], slot: Slot) -> Any:
        """`published` is the API's `is_published`; the address is where readers find the dataset."""
        if slot.name == "published":
            return answer.get("is_published")
        if slot.name == "url":
            return f"{run.api.url}/explore/dataset/{answer.get('dataset_id')}/"
        return super().tell(run, answer, slot)

    def read(self, run: Run, id: str, state: State) -> State:
        """How a run ended that was still under way, or had failed, is looked up."""
        told = super().read(run, id, state)
        if not state.get("domain") or state.get("status") in ("processing", "error", "limit_reached"):
            status = publication.status_of(run, id)
            busy = status.get("status") not in publication.SETTLED
            told |= {"status": "processing"} if busy else publication.outputs(status)
            if busy and "published" in state:
                told["published"] = state["published"]  # that is what is under way
        return {name: value for name, value in told.items() if value is not None}

    def fetch_for_update(self, run: Run, id: str, changed: set[str], asked: State, before: State) -> Mapping[str, Any]:
        """The live dataset, once nothing is under way; what would lose records is refused before any write."""
        try:
            # Before it is looked at: whatever is under way may make it public, and others may edit it meanwhile.
            settled = publication.settle(run, id)
        except NotFound:
            settled = {}
        answer = super().fetch_for_update(run, id, changed, asked, before)
        renamed = "dataset_id" in changed and answer.get("dataset_id") != asked["dataset_id"]
        if answer.get("is_published") and (renamed or asked.get("published") is False):
            if not asked.get("allow_data_loss"):
                # What was adopted is only known to be another one, or public, now that it is looked at.
                found = f'it is "{answer.get("dataset_id")}"' if renamed else "it is public"
                raise Problem(f"{id}: {found} on the portal, and nothing was written; {ALLOW}")
            what = "renaming the dataset" if renamed else "unpublishing the dataset"
            refuse_loss(run.api.all(f"/datasets/{id}/resources/"), asked, what)
        taken_off = before.get(UNFINISHED) == PUBLIC
        was_public = taken_off and asked.get("published") is None
        is_public = bool(answer.get("is_published") or was_public)
        return {**answer, STATUS: settled, TAKEN_OFF: taken_off, "is_published": is_public}

    def write(self, run: Run, id: str, live: Mapping[str, Any], asked: State, before: State) -> Mapping[str, Any]:
        """Only the keys that differ; never the metadata, which have calls of their own."""
        body = {n: v for n, v in self.body(asked, before).items() if n != "published"}
        shape = self.it.shape
        changed = {
            n: v for n, v in body.items() if not comparison.holds(shape[n], asked[n], self.tell(run, live, shape[n]))
        }
        if "dataset_id" in changed:
            if run.api.get("/datasets/", dataset_id=asked["dataset_id"], limit=1).get("results"):
                raise Problem(f'dataset_id "{asked["dataset_id"]}" is taken by another dataset of the portal')
            answer = {**(self._rename(run, id, live, changed, before) or {}), TAKEN_OFF: _was_public(live)}
        elif changed:
            answer = publication.patiently(run, id, run.api.put, self.place(id), changed)
        else:
            return live
        # What `after` needs to know is how public it was, not that a new name took it off the portal meanwhile.
        return {**live, **(answer or {}), "is_published": live.get("is_published")}

    def _rename(self, run: Run, id: str, live: Mapping[str, Any], changed: State, before: State) -> Mapping[str, Any]:
        """Another dataset_id, for which the dataset must not be public; how public it was is not forgotten."""
        try:
            if (live.get(STATUS) or live).get("is_published"):
                publication.unpublish(run, id)
            answer: Mapping[str, Any] = publication.patiently(run, id, run.api.put, self.place(id), changed)
        except (PortalError, Problem) as error:
            left = self.left_open({**live, TAKEN_OFF: _was_public(live)})
            raise HalfMade(id, before | {UNFINISHED: left}, [reason_of(error, "dataset_id")]) from error
        return answer

    def body(self, asked: State, before: State | None = None) -> dict[str, Any]:
        """The dataset itself on the wire: publication has calls of its own."""
        return {name: value for name, value in super().body(asked, before).items() if name != "published"}

    def after(
        self, run: Run, id: str, answer: Mapping[str, Any], changed: set[str], asked: State, before: State
    ) -> State:
        """The real title, then at most one publication, of the cheapest kind that makes everything public."""
        if is_mark(_title(answer)) and not self._metadata.says_title(asked):
            # Only a dataset that shows another one heeds the second word: it takes the title of that one.
            title = {"value": asked["dataset_id"], "override_remote_value": False}
            publication.patiently(run, id, run.api.put, f"/datasets/{id}/metadata/default/title/", title)
        status = answer.get(STATUS) or publication.status_of(run, id)
        if asked.get("published") is False:
            return publication.unpublish(run, id) if answer.get("is_published") else publication.outputs(status)
        if not (asked.get("published") or answer.get("is_published")):
            return publication.outputs(status)
        needed = not answer.get("is_published") or status.get("status") != "idle" or "dataset_id" in changed
        # What an earlier `up` wrote before it failed is no longer a change, but nobody has seen it yet.
        needed = needed or bool(before.get(UNFINISHED))
        if needed or changed & DATA or self._reconsidered(changed, asked, before):
            # Writes may move `since`, so that it is read again right before, unless there was no run yet.
            fresh = status if status.get("since") is None else publication.status_of(run, id)
            return publication.publish(run, id, fresh, metadata_only=False)
        if changed & SHOWN:
            return publication.publish(run, id, status, metadata_only=True)
        return publication.outputs(status)

    def last_step(self, answer: Mapping[str, Any], asked: State) -> str:
        """A publication, or the end of one, where one is asked for or needed to show the changes."""
        return "published" if asked.get("published") is not None or answer.get("is_published") else ""

    def left_open(self, answer: Mapping[str, Any]) -> bool | str:
        """Whether it must become public again, though no program says so; whoever else took it off meant it."""
        return PUBLIC if answer.get(TAKEN_OFF) else True

    @property
    def _metadata(self) -> MetadataSection:
        return next(s for s in self.sections if isinstance(s, MetadataSection))

    def _reconsidered(self, changed: set[str], asked: State, before: State) -> bool:
        old, new = (s.get("metadata") or {} for s in (before, asked))
        return "metadata" in changed and not same_text(old.get(RECONSIDERED), new.get(RECONSIDERED))

    def remove(self, run: Run, id: str, state: State) -> None:
        """Delete the dataset once nothing is under way, unless pushed records would go with it."""
        try:
            status = publication.status_of(run, id)
        except NotFound:
            return
        if status.get("status") not in publication.SETTLED:
            publication.stop(run, id)
        if not state.get("allow_data_loss"):
            refuse_loss(run.api.all(f"/datasets/{id}/resources/"), state, "deleting the dataset")
        publication.patiently(run, id, run.api.delete, self.place(id))


def _lost_sources(before: State, asked: State) -> list[tuple[str, str]]:
    """The realtime sources that would go: only the portal has what was pushed to them."""
    old, new = before.get("sources"), asked.get("sources")
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
