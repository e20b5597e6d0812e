"""The options of a declaration: the behaviour of a property in the API, beyond its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypedDict


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED: Final = _Required()
"""The default of a property that must be given."""


class _Name:
    def __repr__(self) -> str:
        return "the resource's name"


NAME: Final = _Name()
"""The default of a property that is the resource's own name unless another is given."""


@dataclass(frozen=True)
class Behaviour:
    """The behaviour of one property, or one member of a value, in the API.

    Raises `TypeError` for options that contradict each other, when the class that declares them is made.
    """

    default: Any = REQUIRED
    """The value that leaving it out stands for; `None` is "not managed"."""

    computed: bool = False
    """Only the portal sets it."""

    is_id: bool = False
    """It is the resource's id, and is read from there so that it stays known in previews."""

    immutable: bool = False
    """A change replaces the resource, also of a member of a value. Naming it for the first time never does, an unknown
    value neither, nor a change inside an item of a list: items have nothing by which they are known again."""

    secret: bool = False
    """It is encrypted in the state, and masked in messages and logs."""

    write_only: bool = False
    """The portal never returns it: it is kept from what was sent, and sent again with every write."""

    once: bool = False
    """(write-only) It is sent when the program changes it, and not with other writes."""

    unordered: bool = False
    """It is a set, written as a list; `check` sorts it."""

    normalised: bool = False
    """The portal may rewrite it: it differs only if the program's value or the portal's form of it changed."""

    volatile: bool = False
    """It changes by itself on the portal, and is never a difference."""

    local: bool = False
    """It is for the provider alone: never sent, never compared with the portal."""

    null: bool = False
    """Left out, it is sent as `null`, which means something to the API."""

    open: bool = False
    """It is a mapping of which only the keys that the program names are compared."""

    loose: bool = False
    """(member of a value) Left out, it is not managed: the portal's value is not compared."""

    refers_to: str | None = None
    """It is the id of another resource, written `Type.key`; on the wire it is `{key: id}`."""

    flat: bool = False
    """On the wire its members are not under its name but in the object that it belongs to, beside the others."""

    absent: str | None = None
    """The message where it must be given and is not: for a reference to something that may have no such id yet."""

    def __post_init__(self) -> None:
        if self.computed and (self.default is not None or self.immutable or self.write_only or self.local):
            raise TypeError("a computed property is never given: it has no default, immutable, write_only or local")
        if self.is_id and not self.computed:
            raise TypeError("only a computed property can be the id")
        if self.once and not self.write_only:
            raise TypeError("only what is write-only can be sent once")
        if self.local and (self.secret or self.write_only or self.null or self.refers_to):
            raise TypeError("what is local is never sent: it has no secret, write_only, null or refers_to")
        if self.flat and (self.local or self.write_only or self.null or self.refers_to or self.unordered):
            raise TypeError("what lies flat is an object or a mapping that is returned, never sent as null")
        if self.secret and self.unordered:
            raise TypeError("no secret may be reachable through a list")

    @property
    def required(self) -> bool:
        """Whether the program must give it."""
        return self.default is REQUIRED

    @property
    def wire_key(self) -> str | None:
        """The key under which the API wraps the id of another resource, if it refers to one."""
        return self.refers_to.rpartition(".")[2] if self.refers_to else None


class Options(TypedDict, total=False):
    """The options of `prop()`, typed for checkers and editors; their meaning stands in `Behaviour`."""

    default: Any
    immutable: bool
    secret: bool
    write_only: bool
    unordered: bool
    normalised: bool
    volatile: bool
    local: bool
    null: bool
    open: bool
    refers_to: str
    flat: bool
    absent: str


class MemberOptions(Options, total=False):
    """The options of `member()`: those of `prop()`, and those that only a member of a value can have."""

    once: bool
    loose: bool
