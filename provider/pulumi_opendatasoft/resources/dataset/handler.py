"""The handler of datasets: they are created with a marked title, filled section by section, and published once."""

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
from ...schema.codec import members_of
from ...schema.failure import Failure
from ...schema.types import UNKNOWN, Slot
from . import publication
from .access import GroupAccessSection, UserAccessSection
from .files import AlternativeExportsSection, AttachmentsSection
from .list_sections import FieldsSection, ProcessorsSection, have_same_effect
from .metadata import MetadataSection
from .schedules import SchedulesSection
from .sources import SourcesSection, is_federated, is_realtime, refuse_data_loss

DATA = frozenset({"dataset_id", "is_restricted", "default_security", "sources", "fields", "processors"})
"""The properties whose change needs the records to be processed again."""

SHOWN = frozenset({"metadata", "group_access", "user_access", "attachments", "alternative_exports"})
"""The properties whose change becomes public by a publication of the metadata alone."""

REMEDY = "set allow_data_loss=True to do it all the same"
"""The remedy where records, or the public page, would be lost."""

PUBLIC = "public"
"""In the state of a dataset that an `up` unpublished for another `dataset_id`, and then failed to publish again."""

UNPUBLISHED = "_unpublished"
"""Added to a response: whether this provider unpublished the dataset, in this `up` or an earlier one."""

STATUS = "_status"
"""Added to a response: the dataset's status, so that it is requested once."""

FILTERS = "asset_content_configuration"
"""The template of the metadata whose change is published with all records, since less may not suffice for filters."""


class DatasetHandler(Handler):
    """A dataset is identified by its `dataset_id`, and until it is finished by a mark in its title."""

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
        """Refuse the loss of records, and of the public page, unless the program allows it."""
        if not prior or desired.get("allow_data_loss"):
            return []
        failures = []
        old, new = prior.get("dataset_id"), desired.get("dataset_id")
        if old not in (None, UNKNOWN) and new not in (None, UNKNOWN) and old != new:
            failures.append(
                Failure(
                    "dataset_id",
                    f'"{old}" would become "{new}": the dataset is unpublished meanwhile, its records are made '
                    f'anew, and links to it break (if only the resource is renamed: dataset_id="{old}"); {REMEDY}',
                )
            )
        failures += [Failure(f"sources.{name}", f"{why}; {REMEDY}") for name, why in _lost_sources(prior, desired)]
        if prior.get("published") is True and desired.get("published") is False:
            failures.append(Failure("published", f"the dataset would be unpublished and its records deleted; {REMEDY}"))
        return failures

    def differs(self, slot: Slot, prior: State, desired: State) -> bool:
        """Whether a property differs. Rules in another order that has the same effect are equal."""
        if not super().differs(slot, prior, desired):
            return False
        if slot.name == "fields" and isinstance(prior.get("fields"), list) and isinstance(desired.get("fields"), list):
            return not have_same_effect(prior["fields"], desired["fields"])
        return True

    def is_unfinished(self, prior: State, desired: State) -> bool:
        """Whether a publication failed, or the create ended before it."""
        status = prior.get("status")
        return status is None or (status in publication.FAILED and self._is_public(prior, desired))

    @staticmethod
    def _is_public(prior: State, desired: State) -> bool:
        """Whether the dataset is to be public: as `published` declares or, if that is left out, as it is."""
        published = desired.get("published")
        return bool(prior.get(publication.IS_PUBLIC, True) if published is None else published)

    def dependents_of(self, changed: frozenset[str], prior: State, desired: State) -> set[str]:
        """The metadata depend on a federated source, which replaces them by those of the remote dataset."""
        sources = [*(prior.get("sources") or {}).values(), *(desired.get("sources") or {}).values()]
        is_linked = "sources" in changed and any(map(is_federated, sources))
        return {"metadata"} if is_linked and "metadata" in desired else set()

    # ------------------------------------------------------------ create

    def find(self, context: Context, desired: State) -> list[Response]:
        """The dataset with this `dataset_id`, if the API key may edit it."""
        response = context.api.get("/datasets/", dataset_id=desired["dataset_id"], limit=2)
        return [d for d in response.get("results", []) if d.get("dataset_id") == desired["dataset_id"]]

    def is_unfinished_work_of(self, context: Context, found: Response) -> bool:
        """Whether a dataset is one that an interrupted create of this resource left: unpublished, with its mark."""
        return bool(context.urn) and _title(found) == mark_of(context.urn) and not found.get("is_published")

    def create(self, creation: Creation) -> Response:
        """Create the dataset with a marked title and all metadata, which the portal refuses before anything exists."""
        context, desired = creation.context, creation.desired
        metadata = self._metadata.encode(desired.get("metadata") or {})
        title = mark_of(context.urn) if context.urn else str(desired["dataset_id"])
        metadata.setdefault("default", {})["title"] = {"value": title}
        # No list contains drafts, so that one could not be found again: `draft` is written with the other metadata.
        metadata.get("internal", {}).pop("draft", None)

        def find_lost() -> Response | None:
            return next((d for d in self.find(context, desired) if _title(d) == title), None)

        body = self.encode(desired) | {"metadata": metadata}
        response: Response = context.api.post("/datasets/", body, look=find_lost, is_usable=self.is_whole)
        if response.get("dataset_id") != desired["dataset_id"]:
            # This dataset was created a moment ago and is empty: nothing is lost with it.
            context.api.delete(self.endpoint(str(response["uid"])))
            raise ResourceError(
                f'dataset_id "{desired["dataset_id"]}" is taken by a dataset that this API key may not edit, or by a '
                "draft: choose another, or adopt it with a key that may edit it"
            )
        return {**response, STATUS: {"status": "idle", "is_published": False}}

    def after_adoption(self, reading: Reading, report: State) -> State:
        """Add the result of the last publication."""
        return report | publication.outputs(publication.status_of(reading.context, reading.id))

    # ------------------------------------------------------------ read, update, delete

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property. `published` is the API's `is_published`; `url` is not in the response."""
        if slot.name == "published":
            return response.get("is_published")
        if slot.name == "url":
            return f"{context.api.url}/explore/dataset/{response.get('dataset_id')}/"
        return super().decode(context, response, slot)

    def after_read(self, reading: Reading, report: State) -> State:
        """Add the present status, if by the state a publication was under way or had failed."""
        state = reading.prior
        if not state.get("domain") or state.get("status") in ("processing", "error", "limit_reached"):
            status = publication.status_of(reading.context, reading.id)
            is_busy = status.get("status") not in publication.SETTLED
            report |= {"status": "processing"} if is_busy else publication.outputs(status)
            if is_busy and "published" in state:
                report["published"] = state["published"]  # the publication under way brings this about
        return {name: value for name, value in report.items() if value is not None}

    def prepare(self, change: Change) -> Response:
        """Return the dataset once nothing is under way.

        Raises `ResourceError` where the change would lose records, before anything is written.
        """
        context, id, desired = change.context, change.id, change.desired
        try:
            # First, because a publication under way may make it public, and others may edit it during the wait.
            status = publication.settle(context, id)
        except NotFound:
            status = {}
        response = super().prepare(change)
        is_renamed = "dataset_id" in change.changed and response.get("dataset_id") != desired["dataset_id"]
        if response.get("is_published") and (is_renamed or desired.get("published") is False):
            if not desired.get("allow_data_loss"):
                # After an adoption, `check` does not know the dataset_id and that the dataset is public.
                found = f'it is "{response.get("dataset_id")}"' if is_renamed else "it is public"
                raise ResourceError(f"{id}: {found} on the portal, and nothing was written; {REMEDY}")
            what = "renaming the dataset" if is_renamed else "unpublishing the dataset"
            refuse_data_loss(context.api.all(f"/datasets/{id}/resources/"), desired, what)
        was_unpublished = change.prior.get(UNFINISHED) == PUBLIC
        was_public = was_unpublished and desired.get("published") is None
        is_public = bool(response.get("is_published") or was_public)
        return {**response, STATUS: status, UNPUBLISHED: was_unpublished, "is_published": is_public}

    def update(self, update: Update) -> Response:
        """Write the dataset's own properties that differ. The metadata are a section with calls of their own."""
        context, actual, desired = update.context, update.response, update.desired
        changed = {
            name: value
            for name, value in self.encode(desired, update.prior).items()
            if not comparison.matches(self.shape[name], desired[name], self.decode(context, actual, self.shape[name]))
        }
        if "dataset_id" in changed:
            if context.api.get("/datasets/", dataset_id=desired["dataset_id"], limit=1).get("results"):
                raise ResourceError(
                    f'dataset_id "{desired["dataset_id"]}" is taken by another dataset: choose another one'
                )
            response: Response = {**(self._rename(update, changed) or {}), UNPUBLISHED: _was_public(actual)}
        elif changed:
            response = publication.patiently(context, update.id, self.put, context, update.id, changed)
        else:
            return actual
        # `finish` needs to know whether the dataset was public before it was unpublished for another `dataset_id`.
        return {**actual, **(response or {}), "is_published": actual.get("is_published")}

    def _rename(self, update: Update, changed: State) -> Response:
        """Change the `dataset_id`, after unpublishing a public dataset. Raises `HalfMade` where that fails."""
        context, id, actual = update.context, update.id, update.response
        try:
            if (actual.get(STATUS) or actual).get("is_published"):
                publication.unpublish(context, id)
            renamed: Response = publication.patiently(context, id, self.put, context, id, changed)
            return renamed
        except (PortalError, ResourceError) as error:
            marker = self.unfinished_marker({**actual, UNPUBLISHED: _was_public(actual)})
            raise HalfMade(id, update.prior | {UNFINISHED: marker}, [reason_of(error, "dataset_id")]) from error

    def encode(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """The dataset itself on the wire, without `published`, which has calls of its own."""
        return {name: value for name, value in super().encode(desired, prior).items() if name != "published"}

    def finish(self, update: Update) -> State:
        """Replace the mark by a title, then publish at most once: the metadata alone, if that shows all changes."""
        context, id, desired, changed = update.context, update.id, update.desired, update.changed
        response = update.response
        if is_mark(_title(response)) and not self._metadata.has_title(desired):
            # The second member has an effect on a linked dataset alone, which so gets the title of the remote one.
            title = {"value": desired["dataset_id"], "override_remote_value": False}
            publication.patiently(context, id, context.api.put, f"/datasets/{id}/metadata/default/title/", title)
        status = response.get(STATUS) or publication.status_of(context, id)
        if desired.get("published") is False:
            return publication.unpublish(context, id) if response.get("is_published") else publication.outputs(status)
        if not (desired.get("published") or response.get("is_published")):
            return publication.outputs(status)
        is_needed = not response.get("is_published") or status.get("status") != "idle" or "dataset_id" in changed
        # The changes of an earlier `up` that failed are written but not published.
        is_needed = is_needed or bool(update.prior.get(UNFINISHED))
        if is_needed or changed & DATA or self._has_other_filters(update):
            # A write may change `since`, so it is read again right before, unless the dataset was never processed.
            fresh = status if status.get("since") is None else publication.status_of(context, id)
            return publication.publish(context, id, fresh, metadata_only=False)
        if changed & SHOWN:
            return publication.publish(context, id, status, metadata_only=True)
        return publication.outputs(status)

    def final_step(self, update: Update) -> str:
        """`published`, where the dataset is to be published or unpublished, or its changes are to become public."""
        is_needed = update.desired.get("published") is not None or update.response.get("is_published")
        return "published" if is_needed else ""

    def unfinished_marker(self, response: Response) -> bool | str:
        """`PUBLIC` where this provider unpublished the dataset, so that the next `up` publishes it again."""
        return PUBLIC if response.get(UNPUBLISHED) else True

    @property
    def _metadata(self) -> MetadataSection:
        return next(s for s in self.sections if isinstance(s, MetadataSection))

    @staticmethod
    def _has_other_filters(update: Update) -> bool:
        old, new = (s.get("metadata") or {} for s in (update.prior, update.desired))
        return "metadata" in update.changed and not equal(old.get(FILTERS), new.get(FILTERS))

    def delete(self, reading: Reading) -> None:
        """Delete the dataset, after stopping what is under way.

        Raises `ResourceError` where pushed records would be lost without `allow_data_loss`.
        """
        context, id, state = reading.context, reading.id, reading.prior
        try:
            status = publication.status_of(context, id)
        except NotFound:
            return
        if status.get("status") not in publication.SETTLED:
            publication.stop(context, id)
        if not state.get("allow_data_loss"):
            refuse_data_loss(context.api.all(f"/datasets/{id}/resources/"), state, "deleting the dataset")
        publication.patiently(context, id, super().delete, reading)


def _lost_sources(prior: State, desired: State) -> list[tuple[str, str]]:
    """The realtime sources that a change removes, each with the reason against it: nothing else has their records."""
    old, new = prior.get("sources"), desired.get("sources")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return []
    realtime = [name for name, source in old.items() if isinstance(source, Mapping) and is_realtime(source)]
    removed = [n for n in realtime if n not in new or (isinstance(new[n], Mapping) and not is_realtime(new[n]))]
    return [(name, "the records that were pushed to it would be lost for good") for name in removed]


def _was_public(response: Response) -> bool:
    return bool(response.get("is_published") or response.get(UNPUBLISHED))


def _title(dataset: Response) -> Any:
    entry = members_of(members_of(dataset.get("metadata")).get("default")).get("title")
    return entry.get("value") if isinstance(entry, Mapping) else None
