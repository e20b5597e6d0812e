"""Access rules of an object, for users and for groups: what datasets and connections have in common.

A rule is found by its target, a username or the uid of a group; there is at most one for each.
"""

from ..errors import invalid, not_found
from ..portal import Portal
from ..state.store import Document

TARGETS = {"user": "username", "group": "uid"}
"""The two kinds of target, and by which member each is named."""


def rules_of(portal: Portal, target: str, parent: str) -> list[Document]:
    """The rules of an object for users, or for groups, the oldest first."""
    return portal.store.all(f"{target}_rule", parent)


def rule_of(portal: Portal, target: str, parent: str, id: str) -> Document:
    """One rule, or a 404."""
    rule = portal.store.get(f"{target}_rule", id, parent)
    if rule is None:
        raise not_found()
    return rule


def create(portal: Portal, target: str, parent: str, rule: Document) -> Document:
    """A new rule. Raises a 400 when its target is unknown or, unless the settings say otherwise, has one already."""
    member = TARGETS[target]
    id = rule[target][member]
    if portal.store.get(target, id) is None:
        raise invalid(**{target: {member: f'{target.title()} "{id}" does not exist.'}})
    taken = portal.store.get(f"{target}_rule", id, parent) is not None
    if taken and portal.settings.second_rule == "refuse":
        raise invalid(**{target: {member: f"A ruleset for this {target} already exists."}})
    return _put(portal, target, parent, id, rule)


def replace(portal: Portal, target: str, parent: str, id: str, rule: Document) -> Document:
    """Replace a rule whole; its target stays."""
    rule_of(portal, target, parent, id)
    member = TARGETS[target]
    if rule.get(target) and rule[target][member] != id:
        raise invalid(**{target: {member: f"The {target} of a ruleset cannot be changed."}})
    return _put(portal, target, parent, id, {**rule, target: {member: id}})


def _put(portal: Portal, target: str, parent: str, id: str, rule: Document) -> Document:
    portal.store.put(f"{target}_rule", id, rule, parent=parent)
    return rule


def remove(portal: Portal, target: str, parent: str, id: str) -> None:
    """Delete a rule."""
    if not portal.store.delete(f"{target}_rule", id, parent):
        raise not_found()
