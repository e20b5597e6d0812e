"""A noun of the tests' own: a group of the portal, of which one property is a section with calls of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_opendatasoft.errors import ResourceError
from pulumi_opendatasoft.lifecycle.context import Context
from pulumi_opendatasoft.lifecycle.lifecycle import Lifecycle
from pulumi_opendatasoft.lifecycle.ownership import mark_of
from pulumi_opendatasoft.lifecycle.results import State
from pulumi_opendatasoft.lifecycle.section import Section, Work
from pulumi_opendatasoft.program.descriptors import ListProp, Prop, computed, prop
from pulumi_opendatasoft.program.resource import Resource
from pulumi_opendatasoft.schema.types import Slot
from pulumi_opendatasoft.schema.validation import Failure

MARK = "mark of "


class MottoSection(Section):
    """Kept in the group's description, by a PUT of its own. A motto that begins with "later" is repeated at the end."""

    names = ("motto",)
    learns = ("motto_length",)

    def live(self, run: Context, id: str, answer: Mapping[str, Any], state: State) -> Any:
        return answer.get("description") or None

    def apply(self, run: Context, id: str, answer: Mapping[str, Any], asked: State, before: State, work: Work) -> State:
        motto = asked["motto"]
        if motto == "a fault of ours":
            raise ValueError("not a motto")
        if self.live(run, id, answer, work.state) != motto:
            self._say(run, id, answer, motto)
        if motto.startswith("later"):
            work.later.append(("motto", lambda: self._say(run, id, answer, motto)))
        return {"motto_length": len(motto)}

    def _say(self, run: Context, id: str, answer: Mapping[str, Any], motto: str) -> None:
        run.api.put(f"/groups/{id}/", {"title": answer["title"], "description": motto})


class HymnSection(Section):
    """Written after all others, and never anywhere: for the order of the steps."""

    names = ("hymn",)
    is_last = True

    def live(self, run: Context, id: str, answer: Mapping[str, Any], state: State) -> Any:
        return state.get("hymn")

    def apply(self, run: Context, id: str, answer: Mapping[str, Any], asked: State, before: State, work: Work) -> State:
        if asked["hymn"] == "too loud":
            raise ResourceError("the hymn is too loud")
        return {}


class ClubLife(Lifecycle):
    section_types = (HymnSection, MottoSection)

    def existing(self, run: Context, asked: State) -> list[Mapping[str, Any]]:
        wanted = (asked["title"], MARK + mark_of(run.urn))
        return [g for g in run.api.all("/groups/") if g["title"] in wanted]

    def is_unfinished_work_of(self, run: Context, found: Mapping[str, Any]) -> bool:
        return bool(found["title"] == MARK + mark_of(run.urn))

    def refuses(self, before: State, asked: State) -> list[Failure]:
        return [Failure("title", "a club must not be secret")] if "secret" in asked["title"] else []

    def last_step(self, answer: Mapping[str, Any], asked: State) -> str:
        return "party" if asked.get("motto") else ""

    def after(
        self, run: Context, id: str, answer: Mapping[str, Any], changed: set[str], asked: State, before: State
    ) -> State:
        if asked.get("motto") == "no party":
            raise ResourceError("nobody came", {"guests": 0})
        return {"guests": 3} if asked.get("motto") else {}


class Club(Resource, path="/groups/{uid}/", natural_key=("title",), lifecycle=ClubLife):
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


class CrierLife(Lifecycle):
    def tell(self, run: Context, answer: Mapping[str, Any], slot: Slot) -> Any:
        """As if the portal wrote every title in capitals."""
        told = super().tell(run, answer, slot)
        return told.upper() if slot.name == "title" else told


class Crier(Resource, path="/groups/{uid}/", lifecycle=CrierLife):
    """A group whose title comes back in capitals, and that has no natural key."""

    title: Prop[str] = prop(normalised=True)
    description: Prop[str | None] = prop(default=None)
    uid: Prop[str] = computed(is_id=True)
