"""Small declared values for the tests, one member of each form."""

from __future__ import annotations

from typing import Any, Literal

from pulumi_opendatasoft.program.descriptors import ListMember, MapMember, Member, member
from pulumi_opendatasoft.program.value import Value
from pulumi_opendatasoft.schema.types import Shape


class Login(Value):
    type: Member[Literal["login"]] = member(default="login")
    name: Member[str] = member()
    password: Member[str] = member(secret=True, write_only=True)
    code: Member[str | None] = member(default=None, write_only=True, once=True)


class Token(Value):
    type: Member[Literal["token"]] = member(default="token")
    token: Member[str] = member(secret=True)


class OpenStep(Value):
    """The alternative for every `type` that was not declared."""

    type: Member[str] = member()
    params: Member[dict[str, Any] | None] = member(default=None, open=True)


class Limit(Value):
    calls: Member[int | None] = member(default=None, null=True)
    share: Member[float | None] = member(default=None)
    hard: Member[bool] = member(default=False)


class Rule(Value):
    group: Member[str] = member(refers_to="Group.uid")
    rights: ListMember[str] = member(default=[], unordered=True)
    limit: Member[Limit | None] = member(default=None)


class Everything(Value):
    """One member of each form that a declaration can have."""

    name: Member[str] = member()
    size: Member[int | None] = member(default=None)
    share: Member[float | None] = member(default=None)
    on: Member[bool | None] = member(default=None)
    either: Member[bool | str | None] = member(default=None)
    one_of_two: Member[Literal["a", "b"] | None] = member(default=None)
    suggested: Member[Literal["a", "b"] | str | None] = member(default=None)
    anything: Member[Any] = member(default=None)
    words: ListMember[str] = member(default=None)
    tags: ListMember[str] = member(default=None, unordered=True)
    labels: MapMember[str] = member(default=None)
    extra: Member[dict[str, Any] | None] = member(default=None, open=True)
    limit: Member[Limit | None] = member(default=None)
    limits: ListMember[Limit] = member(default=None)
    by_name: MapMember[Limit] = member(default=None)
    rules: ListMember[Rule] = member(default=None, unordered=True)
    auth: Member[Login | Token | None] = member(default=None, null=True)
    steps: ListMember[Login | OpenStep] = member(default=None)
    text: Member[str | list[str] | None] = member(default=None, loose=True)
    note: Member[str | None] = member(default=None, local=True)
    html: Member[str | None] = member(default=None, normalised=True, loose=True)
    clock: Member[str | None] = member(default=None, volatile=True)
    refers: ListMember[str] = member(default=None, refers_to="Group.uid", unordered=True)


EVERYTHING: Shape = Everything.shape()


class Door(Value):
    auth: Member[Login | Token] = member()


class Safe(Value):
    """Secrets of every form."""

    name: Member[str | None] = member(default=None)
    key: Member[str | None] = member(default=None, secret=True, write_only=True)
    headers: MapMember[str] = member(default=None, secret=True)
    open: MapMember[Any] = member(default=None, secret=True)
    by_name: MapMember[Door] = member(default=None)
