"""The handler of harvesters: their source lies flat on the wire, and their runs are ordered and waited for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import ResourceError
from ...lifecycle.context import Context
from ...lifecycle.finish import UNFINISHED
from ...lifecycle.handler import Handler
from ...lifecycle.operations import Reading, Response, Update
from ...lifecycle.results import State
from ...schema import codec
from ...schema.codec import members_of
from ...schema.types import Slot
from . import run
from .schedules import ScheduleSection

RUN_BY = frozenset({"source", "version", "restrict_datasets_visibility", "delete_missing_datasets", "forced_metas"})
"""The properties whose change starts a run, where the program declares `run="change"`."""

READ_ONLY = frozenset(
    {
        "uid",
        "status",
        "remote_datasets_count",
        "harvested_datasets_count",
        "published_datasets_count",
        "attached_datasets_count",
        "has_error",
        "resource_errors_count",
        "created_at",
        "updated_at",
        "updated_by",
        "last_started_at",
        "last_success_at",
    }
)
"""The members of a harvester that only the portal sets."""


class HarvesterHandler(Handler):
    """A harvester is known by its name; its uid is made from the first one and stays."""

    section_types = (ScheduleSection,)

    def find(self, context: Context, desired: State) -> list[Response]:
        """The harvesters with exactly this name, without those that are being deleted."""
        every = context.api.all(self.collection)
        return [one for one in every if one.get("name") == desired.get("name") and not self.is_gone(one)]

    def is_gone(self, response: Response) -> bool:
        """A harvester that is being deleted counts as deleted."""
        return response.get("status") == "deleting"

    # ------------------------------------------------------------ update

    def update(self, update: Update) -> Response:
        """Change the harvester itself; `published` alone needs no PUT."""
        if update.changed and not update.changed - {"published"} - self._local:
            return update.response
        return super().update(update)

    @property
    def _local(self) -> set[str]:
        return {slot.name for slot in self.shape.settable if slot.behaviour.local}

    def overlay(self, update: Update) -> dict[str, Any]:
        """The body of a change: of the actual harvester only what may be written, and no secret, which is null."""
        kept = {n: v for n, v in update.response.items() if n not in READ_ONLY and v is not None}
        body = kept | self.encode(update.desired, update.prior)
        if "forced_metas" in update.desired:
            body["forced_metas"] = _with_unmanaged(
                members_of(kept.get("forced_metas")), update.prior.get("forced_metas") or {}, body["forced_metas"]
            )
        return body

    def put(self, context: Context, id: str, body: Mapping[str, Any]) -> Response:
        """Send the body of a change; where a run holds it up, that is waited for."""
        response: Response = run.Harvesting(context, id).when_settled(context.api.put, self.endpoint(id), body)
        return response

    def finish(self, update: Update) -> State:
        """Run the harvester, and publish or unpublish its datasets, as far as the program declares it.

        Raises `ResourceError` for a run that failed, or that must be over before the datasets can be published.
        """
        context, id, published = update.context, update.id, update.desired.get("published")
        outputs: State = {}
        has_run = self._is_run_due(update)
        if has_run:
            joins = bool(update.prior.get(UNFINISHED)) and not update.changed & RUN_BY
            ended = run.run(context, id, update.response, joins=joins)
            if ended is None:
                self._report_late(update)
                return {"status": "processing"}
            outputs = ended
        if self._is_publication_due(update, has_run=has_run):
            (run.publish if published else run.unpublish)(context, id)
            context.info(
                f"the portal {'publishes' if published else 'unpublishes'} its datasets now: this goes on by itself"
            )
        return outputs

    def final_step(self, update: Update) -> str:
        """`run` or `published`, whichever comes first; empty where neither is due."""
        if self._is_run_due(update):
            return "run"
        return "published" if self._is_publication_due(update, has_run=False) else ""

    @staticmethod
    def _is_run_due(update: Update) -> bool:
        mode = update.desired.get("run") or "never"
        if mode == "never":
            return False
        if update.prior.get(UNFINISHED) and run.is_stale(update.response):
            return True
        return not update.prior or (mode == "change" and bool(update.changed & RUN_BY))

    @staticmethod
    def _is_publication_due(update: Update, *, has_run: bool) -> bool:
        published = update.desired.get("published")
        if published is None or (not update.prior and not has_run):
            return False  # a new harvester that has not run has no datasets
        is_new_wish = bool(update.prior) and ("published" in update.changed or bool(update.prior.get(UNFINISHED)))
        return is_new_wish or (bool(published) and has_run)

    @staticmethod
    def _report_late(update: Update) -> None:
        context = update.context
        waited = f"harvesting goes on after {context.processing_timeout:.0f} s"
        if update.desired.get("published"):
            raise ResourceError(
                f"{waited}, and its datasets are published after it: run `up` again, or raise "
                "opendatasoft:processingTimeout",
                {"status": "processing"},
            )
        context.info(f"{waited}; `pulumi refresh` will tell how it ended")

    # ------------------------------------------------------------ delete

    def delete(self, reading: Reading) -> None:
        """Delete the harvester, with its datasets where the program declares that, and wait until it is gone."""
        run.delete(reading.context, reading.id, with_datasets=bool(reading.prior.get("delete_attached_datasets")))

    # ------------------------------------------------------------ between a program and the API

    def encode(self, desired: State, prior: State | None = None) -> dict[str, Any]:
        """The harvester on the wire: the members of its source are beside its own. `published` is an action."""
        body = super().encode(desired, prior)
        body.pop("published", None)
        source = dict(body.pop("source", None) or {})
        for name in ("params", "secret_params"):
            source |= source.pop(name, None) or {}
        return body | source

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property; the source consists of the members that are not the harvester's own."""
        if slot.name != "source":
            return super().decode(context, response, slot)
        own = READ_ONLY | {"name", "schedules"} | RUN_BY
        members = {n: v for n, v in response.items() if n not in own and v is not None}
        if not isinstance(members.get("type"), str):
            return None
        if slot.kind.pick(members) == slot.kind.open:  # type: ignore[union-attr]
            return {"type": members.pop("type"), "params": members}
        return codec.decode(slot, members)


def _with_unmanaged(
    actual: Mapping[str, Any], prior: Mapping[str, Any], desired: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """The desired metadata by template and field, with the actual ones that the program neither names nor named."""
    whole: dict[str, dict[str, Any]] = {}
    for template in {**actual, **desired}:
        named = members_of(prior.get(template)).keys()
        others = {n: v for n, v in members_of(actual.get(template)).items() if n not in named}
        if fields := others | dict(members_of(desired.get(template))):
            whole[template] = fields
    return whole
