"""The resource types of the lifecycle tests: groups of the portal, one property of which is a section."""

from __future__ import annotations

from typing import Any

from pulumi_opendatasoft.errors import ResourceError
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.handler import Handler
from pulumi_opendatasoft.lifecycle.operations import Reading, Response, Update
from pulumi_opendatasoft.lifecycle.ownership import mark_of
from pulumi_opendatasoft.lifecycle.results import State
from pulumi_opendatasoft.lifecycle.section import Progress, Section
from pulumi_opendatasoft.program.descriptors import ListProp, Prop, computed, prop
from pulumi_opendatasoft.program.resource import Resource
from pulumi_opendatasoft.schema.failure import Failure
from pulumi_opendatasoft.schema.types import Slot

MARK = "mark of "


class MottoSection(Section):
    """A motto in the group's description, by a PUT of its own; if it begins with "later", also by one at the end."""

    names = ("motto",)
    computes = ("motto_length",)

    def read(self, reading: Reading, response: Response) -> Any:
        return response.get("description") or None

    def apply(self, update: Update, progress: Progress) -> State:
        motto = update.desired["motto"]
        if motto == "a fault of ours":
            raise ValueError("not a motto")
        if self.read(update.reading, update.response) != motto:
            self._put(update, motto)
        if motto.startswith("later"):
            progress.last.append(("motto", lambda: self._put(update, motto)))
        return {"motto_length": len(motto)}

    @staticmethod
    def _put(update: Update, motto: str) -> None:
        update.context.api.put(f"/groups/{update.id}/", {"title": update.response["title"], "description": motto})


class HymnSection(Section):
    """A section without calls that is written after all others."""

    names = ("hymn",)
    is_last = True

    def read(self, reading: Reading, response: Response) -> Any:
        return reading.prior.get("hymn")

    def apply(self, update: Update, progress: Progress) -> State:
        if update.desired["hymn"] == "too loud":
            raise ResourceError("the hymn is too loud")
        return {}


class ClubHandler(Handler):
    section_types = (HymnSection, MottoSection)

    def find(self, context: Context, desired: State) -> list[Response]:
        titles = (desired["title"], MARK + mark_of(context.urn))
        return [g for g in context.api.all("/groups/") if g["title"] in titles]

    def is_unfinished_work_of(self, context: Context, found: Response) -> bool:
        return bool(found["title"] == MARK + mark_of(context.urn))

    def check(self, prior: State, desired: State) -> list[Failure]:
        return [Failure("title", "a club must not be secret")] if "secret" in desired["title"] else []

    def final_step(self, update: Update) -> str:
        return "party" if update.desired.get("motto") else ""

    def finish(self, update: Update) -> State:
        motto = update.desired.get("motto")
        if motto == "no party":
            raise ResourceError("nobody came", {"guests": 0})
        return {"guests": 3} if motto else {}


class Club(Resource, path="/groups/{uid}/", natural_key=("title",), handler=ClubHandler):
    """A group under another name."""

    title: Prop[str] = prop()
    permissions: ListProp[str] = prop(default=["edit_theme"], unordered=True)
    town: Prop[str | None] = prop(default=None, immutable=True, local=True)
    motto: Prop[str | None] = prop(default=None)
    hymn: Prop[str | None] = prop(default=None)
    uid: Prop[str] = computed(is_id=True)
    created_at: Prop[str] = computed()
    user_count: Prop[int] = computed(volatile=True)
    motto_length: Prop[int | None] = computed()
    guests: Prop[int | None] = computed()


class CrierHandler(Handler):
    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """Decode every title in capitals, as if the portal rewrote it."""
        actual = super().decode(context, response, slot)
        return actual.upper() if slot.name == "title" else actual


class Crier(Resource, path="/groups/{uid}/", handler=CrierHandler):
    """A group whose title comes back in capitals, and that has no natural key."""

    title: Prop[str] = prop(normalised=True)
    description: Prop[str | None] = prop(default=None)
    uid: Prop[str] = computed(is_id=True)
