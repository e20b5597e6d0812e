"""The resource type `MetadataTemplate`: fields of metadata that the datasets of a portal can have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

from ..errors import NotFound, ResourceError
from ..lifecycle.context import Context
from ..lifecycle.handler import Handler
from ..lifecycle.operations import Creation, Reading, Response, Update
from ..lifecycle.results import Missing, State
from ..lifecycle.safeguards import Presence
from ..program.descriptors import ListMember, ListProp, MapMember, Member, Prop, computed, member, prop
from ..program.resource import Resource
from ..program.value import Value
from ..schema.canonical import is_known
from ..schema.codec import members_of
from ..schema.failure import Failure
from ..schema.property import NAME
from ..schema.types import Slot

READ_ONLY = ("is_hidden", "suggest_url")
"""The members of a field that only the portal sets."""

REMEDY = "set allow_data_loss=True to do it all the same"

FieldType = (
    Literal[
        "text",
        "longstring",
        "html",
        "multitext",
        "list",
        "date",
        "datetime",
        "boolean",
        "int",
        "double",
        "enum",
        "enumlist",
        "uri_enum",
        "uri_enumlist",
        "geo_shape",
        "geo_area",
    ]
    | str
)
"""The type of a field. A portal may have further ones."""


class MetadataField(Value):
    """A field of a metadata template. Its name and its type never change."""

    name: Member[str] = member()
    """The name, by which datasets give the field a value. Another name is another field."""

    type: Member[FieldType] = member(default="text")
    """The type of the values."""

    label: Member[str | None] = member(default=None)
    """The name that people see."""

    help_text: Member[str | None] = member(default=None)
    """A help for those who fill the field in."""

    self_suggest: Member[bool] = member(default=False)
    """Whether the values of other datasets are suggested."""

    is_filter: Member[bool] = member(default=False)
    """Whether readers can filter the catalogue by the field."""

    i18n: Member[bool] = member(default=False)
    """Whether the field can be translated."""

    choices: ListMember[str] = member(default=None)
    """The possible values, in this order. Left out, any value of the type is possible."""

    labels: MapMember[dict[str, str]] = member(default=None)
    """The labels of the choices: a mapping of choice to language to text."""

    requirement_level: Member[Literal["optional", "recommended", "mandatory"] | str] = member(default="optional")
    """How much the portal urges people to fill the field in."""


class MetadataTemplateHandler(Handler):
    """A template is known by its name. One of the portal's own can only be switched on and off."""

    presence = Presence.NONE
    kind_name = "metadata template"

    def endpoint(self, id: str) -> str:
        """The path of one template."""
        return f"{self.collection}{quote(id, safe='')}/"

    # ------------------------------------------------------------ in a preview

    def check(self, prior: State, desired: State) -> list[Failure]:
        """Refuse a name that two fields have, and the loss of values, unless the program allows it."""
        fields = _known_fields(desired)
        counts = Counter(field["name"] for field in fields or ())
        failures = [
            Failure(f"schema[{number}].name", f'"{field["name"]}" is the name of another field: give each its own')
            for number, field in enumerate(fields or ())
            if counts[field["name"]] > 1
        ]
        if failures or not prior or desired.get("allow_data_loss"):
            return failures
        for name in ("name", "type"):
            old, new = prior.get(name), desired.get(name)
            if old is not None and new is not None and old != new and is_known([old, new]):
                reason = (
                    f'"{old}" would become "{new}": the template is deleted and made anew, and datasets lose the '
                    f"values of its fields; {REMEDY}"
                )
                failures.append(Failure(name, reason))
        if fields is not None:
            failures += _losses(_known_fields(prior) or [], fields)
        return failures

    # ------------------------------------------------------------ create

    def find(self, context: Context, desired: State) -> list[Response]:
        """The template of this name, active or not."""
        try:
            return [context.api.get(self.endpoint(desired["name"]))]
        except NotFound:
            return []

    def create(self, creation: Creation) -> Response:
        """Create the template. Raises `ResourceError` for one without a title, which only an existing one may lack."""
        if creation.desired.get("title") is None:
            name = creation.desired["name"]
            raise ResourceError(
                f'the portal has no metadata template "{name}", and a new one needs a title: give `title`'
            )
        return super().create(creation)

    def defaults(self) -> State:
        """A new template is active and of the type `basic` unless the program says otherwise."""
        return {"type": "basic", "is_active": True, "schema": []}

    def defaults_for(self, changed: frozenset[str], desired: State) -> State:
        """Nothing: what the program no longer gives is no longer managed."""
        return {}

    # ------------------------------------------------------------ read

    def decode(self, context: Context, response: Response, slot: Slot) -> Any:
        """The actual value of one property; of the fields the members that are declared."""
        if slot.name == "schema" and isinstance(response.get("schema"), list):
            response = {"schema": [_declared(field) for field in _fields(response)]}
        return super().decode(context, response, slot)

    # ------------------------------------------------------------ update and delete

    def update(self, update: Update) -> Response:
        """Change the template. A field of another type is first removed, since the type of a field never changes.

        Raises `ResourceError` where datasets would lose values, before anything is written.
        """
        context, body = update.context, self.overlay(update)
        actual, desired = _fields(update.response), body.get("schema", [])
        losses = _losses(actual, desired)
        if losses and not update.desired.get("allow_data_loss"):
            raise ResourceError(f"{'; '.join(map(str, losses))}. Nothing was written")
        types = {field["name"]: field.get("type") for field in actual}
        retyped = [f["name"] for f in desired if types.get(f["name"], f.get("type")) != f.get("type")]
        if retyped:
            remaining = [field for field in _writable(update.response)["schema"] if field["name"] not in retyped]
            self.put(context, update.id, body | {"schema": remaining})
        return self.put(context, update.id, body) or update.response

    def overlay(self, update: Update) -> dict[str, Any]:
        """The body of a change: of the actual template only what can be written."""
        return _writable(update.response) | self.encode(update.desired, update.prior)

    def after_adoption(self, reading: Reading, report: State) -> State:
        """Add whether a template of the portal's own was active, so that the end of its management restores that.

        Raises `ResourceError` where the program adopts a template by a name that is not its own.
        """
        if reading.prior["name"] != reading.id:
            raise ResourceError(f'adopt: a template is known by its name: adopt=True, and name="{reading.id}"')
        if not report.get("is_system"):
            return report
        return report | {"is_active_before": self.read(reading).get("is_active")}

    def delete(self, reading: Reading) -> None:
        """Delete the template; one of the portal's own is as active as it was before."""
        if reading.prior.get("is_system"):
            self._restore(reading)
        else:
            super().delete(reading)

    def let_go(self, reading: Reading) -> None:
        """Restore whether an adopted template of the portal's own is active."""
        if reading.prior.get("is_system"):
            self._restore(reading)

    def _restore(self, reading: Reading) -> None:
        """Write `is_active` as it was before the adoption, if the program managed it."""
        context, state = reading.context, reading.prior
        before = state.get("is_active_before")
        if before is None or "is_active" not in state:
            return
        try:
            actual = self.read(reading)
        except Missing:
            return
        if actual.get("is_active") != before:
            self.put(context, reading.id, _writable(actual) | {"is_active": before})
            context.info(f"{reading.id} is {'active' if before else 'inactive'} again, as before it was managed")


def _known_fields(state: State) -> list[Mapping[str, Any]] | None:
    """The fields of a schema; None where it is not managed, or where a name or a type is not known or no text."""
    fields = state.get("schema")
    if not isinstance(fields, list) or not all(isinstance(field, Mapping) for field in fields):
        return None
    named: list[Mapping[str, Any]] = [{"type": "text", **field} for field in fields]
    texts = [text for field in named for text in (field.get("name"), field["type"])]
    return named if all(isinstance(text, str) and is_known(text) for text in texts) else None


def _losses(actual: Sequence[Mapping[str, Any]], desired: Sequence[Mapping[str, Any]]) -> list[Failure]:
    """The fields whose values datasets would lose: those that go, and those that get another type."""
    remaining = {field["name"]: (number, field) for number, field in enumerate(desired)}
    failures = []
    for field in actual:
        name = field["name"]
        if name not in remaining:
            reason = f'the field "{name}" would be removed, and with it its values in all datasets; {REMEDY}'
            failures.append(Failure("schema", reason))
            continue
        number, other = remaining[name]
        if field.get("type", "text") != other.get("type", "text"):
            reason = (
                f'"{name}" would become {other.get("type", "text")} instead of {field.get("type", "text")}: the field '
                f"is removed and made anew, without its values in all datasets; {REMEDY}"
            )
            failures.append(Failure(f"schema[{number}].type", reason))
    return failures


def _writable(response: Response) -> dict[str, Any]:
    """The members of a template on the portal that a PUT may contain."""
    own = {name: response[name] for name in ("name", "title", "type", "is_active") if response.get(name) is not None}
    if not isinstance(response.get("schema"), list):
        return own
    fields = [{n: v for n, v in f.items() if n not in READ_ONLY and v is not None} for f in _fields(response)]
    return own | {"schema": fields}


def _fields(response: Response) -> list[Mapping[str, Any]]:
    """The fields of a template on the portal."""
    fields = response.get("schema")
    items = fields if isinstance(fields, list) else []
    return [field for field in items if isinstance(field, Mapping) and isinstance(field.get("name"), str)]


def _declared(field: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a field on the portal that are declared."""
    known = {slot.name: field.get(slot.name) for slot in MetadataField.shape().settable}
    labels = {choice: members_of(texts) for choice, texts in members_of(known["labels"]).items()}
    labels = {choice: {n: t for n, t in texts.items() if isinstance(t, str)} for choice, texts in labels.items()}
    known["labels"] = {choice: texts for choice, texts in labels.items() if texts} or None
    return {name: value for name, value in known.items() if value is not None}


class MetadataTemplate(
    Resource, path="/metadata/templates/{name}/", natural_key=("name",), handler=MetadataTemplateHandler
):
    """A metadata template: further fields for the metadata of all datasets.

    A dataset gives them values by `templates` of its metadata. A template of the portal's own, such as `dcat`, can be
    adopted to switch it on or off; instead of deleting it, a destroy restores what it was.
    """

    name: Prop[str] = prop(default=NAME, immutable=True)
    """The name, by which datasets refer to the template. Left out, it is the name of the resource."""

    title: Prop[str | None] = prop(default=None)
    """The title in the back office. A new template needs one."""

    type: Prop[Literal["basic", "admin", "interop", "extra"] | str | None] = prop(default=None, immutable=True)
    """`"basic"`, or `"admin"` for fields that only the back office shows. Left out at creation, `"basic"`.

    Templates of the other types are the portal's own.
    """

    is_active: Prop[bool | None] = prop(default=None)
    """Whether datasets can use the template. Left out at creation, they can."""

    schema: ListProp[MetadataField] = prop(default=None)
    """The fields, in this order, each with a name of its own. Left out at creation, there are none.

    To remove a field, or to give it another type, needs `allow_data_loss`.
    """

    allow_data_loss: Prop[bool] = prop(default=False, local=True)
    """Allow changes that delete values in datasets: without it, such a change is refused."""

    is_system: Prop[bool] = computed()
    """Whether it is the portal's own, of which only `is_active` can be changed."""

    is_always_active: Prop[bool] = computed()
    """Whether it cannot be switched off."""

    is_active_before: Prop[bool | None] = computed()
    """(a template of the portal's own) Whether it was active when it was adopted."""
