"""How a resource type is declared: one class, one annotated line and one docstring per property.

A type checker reads `Prop[T]` twice: what is assigned is an `Input[T]`, what is read is an `Output[T]`. The
constructor's keyword arguments therefore need not be written a second time.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self, dataclass_transform

import pulumi

from .. import configuration
from ..lifecycle.declaration import Declaration
from ..lifecycle.handler import Handler
from ..lifecycle.lifecycle import Lifecycle
from ..schema.property import NAME, REQUIRED
from .descriptors import ListProp, MapProp, Prop, PropSlot, computed, prop, with_secrets
from .inputs import Refusal, checked_name, sendable
from .provider_string import PROVIDER_KEY, TYPE_PREFIX, provider_string
from .value import install, read_shape, refuse_unknown_arguments, revive

REGISTRY: Final[dict[str, type[Resource]]] = {}
"""Every resource type by its name, for the provider process to look up."""


def _argument(*, default: Any = REQUIRED, kw_only: bool = True) -> Any:
    return default


@dataclass_transform(kw_only_default=True, field_specifiers=(prop, computed, _argument))
class _DeclaredResource(pulumi.CustomResource):
    pass


class Resource(_DeclaredResource):
    """The base of all resource types."""

    resource_name: str = _argument(kw_only=False)
    opts: pulumi.ResourceOptions | None = _argument(default=None)

    adopt: Prop[bool | str] = prop(default=False, local=True)
    """Take over the object if it exists already: `True` finds it by its natural key, a string by its uid.

    The `up` that adopts only reads the object; the next one applies the program. Until an `up` without `adopt`,
    deleting the resource leaves the object on the portal. If there is nothing to adopt, the object is created. `False`
    itself ends the adoption of an exported object, which `opendatasoft:keepAdopted` would continue.
    """

    portal: Prop[str | None] = prop(default=None, local=True, immutable=True)
    """Which of the portals under `opendatasoft:portals` has it; left out, the one of `opendatasoft:domain`."""

    domain: Prop[str] = computed()
    """The host of the portal that has the object."""

    adopted: Prop[bool] = computed()
    """Whether the object was taken over rather than created by this resource."""

    incomplete: ListProp[str] = computed()
    """The steps that failed after the object was created; if there are any, the program fails with them."""

    _hints: ClassVar[dict[str, Any]] = {}
    _path: ClassVar[str] = ""
    _constants: ClassVar[Mapping[str, Any]]
    _natural_key: ClassVar[tuple[str, ...]]
    _handler: ClassVar[type[Handler]] = Handler

    def __init_subclass__(
        cls,
        *,
        path: str | None = None,
        abstract: bool = False,
        constants: Mapping[str, Any] | None = None,
        natural_key: tuple[str, ...] = (),
        handler: type[Handler] | None = None,
    ) -> None:
        """Read the class body as a declaration.

        Args:
            path: The endpoint of one object, with its id: `/groups/{uid}/`.
            abstract: Whether it is only the base of several resource types.
            constants: The members that every body has.
            natural_key: The properties by which an existing object is found.
            handler: The class of its handler.
        """
        cls._hints = install(cls, (Prop, ListProp, MapProp))
        cls._path, cls._handler = path or cls._path, handler or cls._handler
        cls._constants, cls._natural_key = constants or {}, natural_key
        cls.__annotations__ = {}  # Pulumi would take them for output types, and print what does not fit.
        cls.__signature__ = _signature(cls)  # type: ignore[attr-defined]  # read by inspect, unknown to typeshed
        if not abstract:
            REGISTRY[cls.__name__] = cls

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **given: Any) -> None:
        checked_name(type(self).__name__, resource_name)
        label, shape = f'{type(self).__name__} "{resource_name}"', type(self).declaration().shape
        settable = [s.name for s in shape if not s.behaviour.computed]
        refuse_unknown_arguments(label, given, settable)
        try:
            inspect.signature(type(self)).bind(resource_name, opts=opts, **given)
        except TypeError as error:
            raise TypeError(f"{label}: {error}") from None
        named = {s.name: resource_name for s in shape if s.behaviour.default is NAME and given.get(s.name) is None}
        self._register(resource_name, given | named, opts)

    def _register(self, name: str, given: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        cls = type(self)
        who = f'{cls.__name__} "{name}"'
        _refuse_dropped_options(who, opts)
        portal = given.get("portal")
        configuration.check_program(portal if isinstance(portal, str) else None)
        props: dict[str, Any] = {}
        for slot in cls.declaration().shape:
            value = None if slot.behaviour.computed else sendable(given.get(slot.name), who, (slot.name,))
            props[slot.name] = with_secrets(slot.kind, value, slot.behaviour.secret)
        props[PROVIDER_KEY] = provider_string(cls.__name__)
        own = pulumi.ResourceOptions(
            # Where two objects may have one key, the new one is created first, so that its users change over to it.
            delete_before_replace=True if cls._natural_key and not cls._handler.adopts_by_id else None,
            additional_secret_outputs=[s.name for s in cls.declaration().shape.computed if s.behaviour.secret],
        )
        super().__init__(TYPE_PREFIX + cls.__name__, name, props, pulumi.ResourceOptions.merge(own, opts))
        incomplete: pulumi.Output[Any] = self.__dict__["incomplete"]
        incomplete.apply(_fail_if_incomplete)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        portal: pulumi.Input[str | None] = None,
    ) -> Self:
        """Read an object that this program does not manage, by its id; nothing is ever written to it."""
        checked_name(cls.__name__, resource_name)
        found = cls.__new__(cls)
        id = sendable(id, f'{cls.__name__} "{resource_name}"', ("id",))
        by_id = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        found._register(resource_name, {"portal": portal}, by_id)
        return found

    @classmethod
    @functools.cache
    def declaration(cls) -> Declaration:
        """The class body as data."""
        owners = [c for c in reversed(cls.__mro__) if "_hints" in vars(c)]
        return Declaration(cls.__name__, cls._path, read_shape(cls, owners), cls._constants, cls._natural_key)

    @classmethod
    @functools.cache
    def lifecycle(cls) -> Lifecycle:
        """The lifecycle of the resource type."""
        return Lifecycle(cls._handler(cls.declaration()))

    @classmethod
    def revive(cls, name: str, raw: Any) -> Any:
        """The engine's value of the property `name` as its declared type."""
        slot = cls.declaration().shape[name]
        if raw is None and slot.behaviour.default not in (REQUIRED, NAME, None):
            return slot.behaviour.default
        return revive(slot.kind, raw)


Resource._hints = install(Resource, (Prop, ListProp, MapProp))
Resource.__annotations__ = {}


def _signature(cls: type[Resource]) -> inspect.Signature:
    keyword = inspect.Parameter.KEYWORD_ONLY
    arguments = [
        inspect.Parameter("resource_name", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        inspect.Parameter("opts", keyword, default=None),
    ]
    slots = {k: v for c in reversed(cls.__mro__) for k, v in vars(c).items() if isinstance(v, PropSlot)}
    for name, slot in slots.items():
        if not slot.behaviour.computed:
            default = inspect.Parameter.empty if slot.behaviour.required else slot.behaviour.default
            arguments.append(inspect.Parameter(name, keyword, default=default))
    return inspect.Signature(arguments)


def _fail_if_incomplete(reasons: Any) -> None:
    """Fail the program. With public means alone a create cannot fail and yet record the object that it made."""
    if reasons and not pulumi.runtime.is_dry_run():
        raise Refusal("; ".join(map(str, reasons)))


def _refuse_dropped_options(label: str, opts: pulumi.ResourceOptions | None) -> None:
    """Raise `pulumi.RunError` for options that a dynamic provider would silently drop."""
    if opts is None:
        return
    if opts.import_ is not None:
        raise Refusal(
            f"{label}: import_ does not work with a dynamic provider. Write adopt=True (or adopt={opts.import_!r}) "
            "instead: the next `up` takes the object over, reading only."
        )
    if opts.provider is not None:
        raise Refusal(
            f"{label}: a dynamic provider takes no provider object. Name the portal under opendatasoft:portals and "
            'write portal="its name" instead.'
        )
