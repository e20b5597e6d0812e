"""Access rules of datasets, connections and pages, for users and for groups: how they are stored, and their routes.

A rule is identified by its object (a dataset, a connection or a page) and its target (a username, or the uid of a
group): there is at most one for each pair.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, create_model

from ..errors import invalid, not_found
from ..portal import Portal
from ..state.settings import Settings
from ..state.store import Document
from .auth import Caller, TheCaller, ThePortal
from .paging import Paginated, ThePage
from .schemas import RelatedGroup, RelatedUser, RequestBody

TargetKind = Literal["user", "group"]


@dataclass(frozen=True)
class _Target:
    """A kind of target: the member that identifies one, the model of that reference, and the parameter of a path."""

    kind: TargetKind
    id_member: str
    reference: type[RequestBody]
    path_parameter: str

    def id_in(self, rule: Document) -> str:
        """The username or the uid that a rule names."""
        return str(rule[self.kind][self.id_member])


_USER = _Target("user", "username", RelatedUser, "username")
_GROUP = _Target("group", "uid", RelatedGroup, "group_uid")
_TARGETS = (_USER, _GROUP)


@dataclass(frozen=True)
class RuleOwner:
    """The objects of one type that have access rules.

    `find` is the dependency that returns the object of the path, or raises a 404 or a 403; `change` is the block in
    which its rules are written; `created_status` is the status of the response to a new rule.
    """

    find: Callable[..., Document | Awaitable[Document]]
    change: Callable[[Portal, Document, Caller], AbstractContextManager[object]]
    created_status: Callable[[Settings], int]


def rules_of(portal: Portal, kind: TargetKind, object_uid: str) -> list[Document]:
    """The rules of an object for users, or for groups, the oldest first."""
    return portal.store.all(f"{kind}_rule", object_uid)


def rules_for(portal: Portal, caller: Caller, object_uid: str) -> list[Document]:
    """The rules of an object that apply to a caller: the one for the user, and those for the user's groups."""
    rules = [
        portal.store.get("user_rule", caller.username, object_uid),
        *(portal.store.get("group_rule", uid, object_uid) for uid in caller.groups),
    ]
    return [rule for rule in rules if rule is not None]


def permissions_on(portal: Portal, caller: Caller, object_uid: str) -> frozenset[str]:
    """The caller's permissions on one object: those on the portal, and those that the object's rules grant."""
    granted = set(caller.permissions)
    for rule in rules_for(portal, caller, object_uid):
        granted.update(caller.limited_to_key(rule["permissions"]))
    return frozenset(granted)


def put_rule(portal: Portal, object_uid: str, rule: Document) -> Document:
    """Write a rule, new or known, and return it."""
    target = _USER if rule.get("user") else _GROUP
    portal.store.put(f"{target.kind}_rule", target.id_in(rule), rule, parent=object_uid)
    return rule


def _rule_of(portal: Portal, target: _Target, object_uid: str, target_id: str) -> Document:
    rule = portal.store.get(f"{target.kind}_rule", target_id, object_uid)
    if rule is None:
        raise not_found()
    return rule


def _create(portal: Portal, target: _Target, object_uid: str, rule: Document) -> Document:
    """Write a new rule and return it.

    Args:
        portal: The portal.
        target: The kind of target, which the rule names.
        object_uid: The uid of the object.
        rule: The rule, whole.

    Raises:
        ApiError: A 400 for an unknown target or, unless a setting allows it, for a second rule.
    """
    target_id = target.id_in(rule)
    if portal.store.get(target.kind, target_id) is None:
        raise _invalid_target(target, f'{target.kind.title()} "{target_id}" does not exist.')
    taken = portal.store.get(f"{target.kind}_rule", target_id, object_uid) is not None
    if taken and portal.settings.second_rule == "refuse":
        raise _invalid_target(target, f"A ruleset for this {target.kind} already exists.")
    return put_rule(portal, object_uid, rule)


def _replace(portal: Portal, target: _Target, object_uid: str, target_id: str, rule: Document) -> Document:
    """Replace a rule whole and return it. Its target stays.

    Args:
        portal: The portal.
        target: The kind of target.
        object_uid: The uid of the object.
        target_id: The username or the uid of the group.
        rule: The rule, whole; it may omit its target.

    Raises:
        ApiError: A 404 without such a rule, or a 400 when the rule names another target.
    """
    _rule_of(portal, target, object_uid, target_id)
    if rule.get(target.kind) and target.id_in(rule) != target_id:
        raise _invalid_target(target, f"The {target.kind} of a ruleset cannot be changed.")
    return put_rule(portal, object_uid, {**rule, target.kind: {target.id_member: target_id}})


def _invalid_target(target: _Target, message: str) -> Exception:
    return invalid(**{target.kind: {target.id_member: message}})


def add_rule_routes(router: APIRouter, granted: type[RequestBody], owner: RuleOwner) -> None:
    """Add the routes `/users/` and `/groups/`, with which the rules of an object are listed, read and written.

    Args:
        router: The router that lies at `…/security`.
        granted: The model of what a rule grants, without its target.
        owner: The objects that have the rules.
    """
    for target in _TARGETS:
        _add_routes(router, target, granted, owner)


def _add_routes(router: APIRouter, target: _Target, granted: type[RequestBody], owner: RuleOwner) -> None:
    kind = target.kind
    model = _model(f"{kind.title()}Rule", granted, {kind: (target.reference, ...)})
    replacement = _model(f"{kind.title()}RuleReplacement", granted, {kind: (target.reference | None, None)})
    every, one = f"/{kind}s/", f"/{kind}s/{{{target.path_parameter}}}/"
    target_id = Path(alias=target.path_parameter)

    @router.get(every, name=f"list_{kind}_rules", response_model=Paginated.__class_getitem__(model))
    def list_rules(document: Annotated[Document, Depends(owner.find)], page: ThePage, portal: ThePortal) -> Document:
        return page.render(rules_of(portal, kind, document["uid"]))

    @router.post(every, name=f"create_{kind}_rule", response_model=model, status_code=owner.created_status(Settings()))
    @_with_body(model)
    def create_rule(
        document: Annotated[Document, Depends(owner.find)],
        body: Any,
        caller: TheCaller,
        portal: ThePortal,
        response: Response,
    ) -> Document:
        response.status_code = owner.created_status(portal.settings)
        with owner.change(portal, document, caller):
            return _create(portal, target, document["uid"], body.model_dump())

    @router.get(one, name=f"get_{kind}_rule", response_model=model)
    def get_rule(
        document: Annotated[Document, Depends(owner.find)], id: Annotated[str, target_id], portal: ThePortal
    ) -> Document:
        return _rule_of(portal, target, document["uid"], id)

    @router.put(one, name=f"update_{kind}_rule", response_model=model)
    @_with_body(replacement)
    def update_rule(
        document: Annotated[Document, Depends(owner.find)],
        id: Annotated[str, target_id],
        body: Any,
        caller: TheCaller,
        portal: ThePortal,
    ) -> Document:
        with owner.change(portal, document, caller):
            return _replace(portal, target, document["uid"], id, body.model_dump())

    @router.delete(one, name=f"delete_{kind}_rule", status_code=204)
    def delete_rule(
        document: Annotated[Document, Depends(owner.find)],
        id: Annotated[str, target_id],
        caller: TheCaller,
        portal: ThePortal,
    ) -> None:
        with owner.change(portal, document, caller):
            if not portal.store.delete(f"{kind}_rule", id, document["uid"]):
                raise not_found()


def _model(name: str, base: type[RequestBody], members: dict[str, Any]) -> type[BaseModel]:
    return create_model(name, __base__=base, **members)


_Handler = TypeVar("_Handler", bound=Callable[..., Document])


def _with_body(model: type[BaseModel]) -> Callable[[_Handler], _Handler]:
    """Give the parameter `body` of a handler its model, which is known at run time only."""

    def annotate(handler: _Handler) -> _Handler:
        handler.__annotations__["body"] = model
        return handler

    return annotate
