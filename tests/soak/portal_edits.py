"""Edits of the city's portal by another client. Each returns the changes that a refresh must show."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ..conftest import Portal
from ..engine.stacks import eventually
from .plan import FILES, RULES, City

Shown = dict[str, Literal["updated", "deleted"]]
"""The names of resources, and the change of each that a refresh shows."""


@dataclass
class EditedPortal:
    """The portal, the plan of its contents, and the source of randomness."""

    portal: Portal
    city: City
    rng: random.Random
    others: dict[str, list[str]]
    """The objects on the portal that are not of the city, by kind."""

    touched: set[str] = field(default_factory=set)
    """The resources that were edited since the last refresh: a second edit might undo the first."""

    def pick(self, kind: str, where: Callable[[dict[str, Any]], Any] = lambda _: True) -> tuple[str, dict[str, Any]]:
        """A resource of the program that was not edited yet."""
        found = [(n, a) for n, a in self.city[kind].items() if n not in self.touched and where(a)]
        name, about = self.rng.choice(found)
        self.touched.add(name)
        return name, about

    def dataset(self, where: Callable[[dict[str, Any]], Any] = lambda _: True) -> tuple[str, str, dict[str, Any]]:
        """A dataset: its name in the program, its endpoint, and its plan."""
        name, about = self.pick("datasets", where)
        return name, f"/datasets/{self.portal.dataset(about['dataset_id'])['uid']}", about

    def group(self) -> tuple[str, dict[str, Any]]:
        """A group: its name in the program, and the group as the API returns it."""
        name, about = self.pick("groups")
        return name, next(g for g in self.portal.all("/groups/") if g["title"] == about["title"])

    def user(self, where: Callable[[dict[str, Any]], Any] = lambda _: True) -> tuple[str, str]:
        """A user: the name in the program, and the username."""
        name, about = self.pick("users", where)
        return name, next(u["username"] for u in self.portal.all("/users/") if u["email"] == about["email"])

    def server(self) -> tuple[str, dict[str, Any]]:
        """A connection: its name in the program, and the connection as the API returns it."""
        name, about = self.pick("connections")
        every = self.portal.all("/datasource_connections/")
        return name, next(c for c in every if c["auth"]["username"] == about["username"])

    def naming(self, kind: str, member: str, name: str) -> Iterator[str]:
        """The resources whose access rules or memberships refer to another one."""
        for one, about in self.city[kind].items():
            if name in about[member]:
                self.touched.add(one)
                yield one


PortalEdit = Callable[[EditedPortal], Shown]


def is_table(about: dict[str, Any]) -> bool:
    """Whether the records are in a file, so that they can be read again."""
    return about["file"] is not None


def group_description_changes(at: EditedPortal) -> Shown:
    name, group = at.group()
    at.portal.put(f"/groups/{group['uid']}/", {**group, "description": "by hand"})
    return {name: "updated"}


def group_permission_is_added(at: EditedPortal) -> Shown:
    name, group = at.group()
    at.portal.put(f"/groups/{group['uid']}/", {**group, "permissions": [*group["permissions"], "edit_reuse"]})
    return {name: "updated"}


def group_is_deleted(at: EditedPortal) -> Shown:
    name, group = at.group()
    at.portal.delete(f"/groups/{group['uid']}/")
    kinds = ("users", "datasets", "pages", "studio_pages")
    lost = [one for kind in kinds for one in at.naming(kind, "groups", name)]
    return {name: "deleted", **dict.fromkeys(lost, "updated")}


def user_permission_is_added(at: EditedPortal) -> Shown:
    name, username = at.user()
    user = at.portal.get(f"/users/{username}/")
    at.portal.put(f"/users/{username}/", {**user, "permissions": [*user["permissions"], "edit_theme"]})
    return {name: "updated"}


def user_leaves_a_group(at: EditedPortal) -> Shown:
    name, username = at.user(lambda about: about["groups"])
    group = at.portal.get(f"/users/{username}/")["groups"][0]
    uid = group["uid"] if isinstance(group, dict) else group
    at.portal.delete(f"/groups/{uid}/users/{username}/")
    return {name: "updated"}


def user_is_deleted(at: EditedPortal) -> Shown:
    name, username = at.user()
    at.portal.delete(f"/users/{username}/")
    return {name: "deleted", **dict.fromkeys(at.naming("datasets", "users", name), "updated")}


def server_url_changes(at: EditedPortal) -> Shown:
    name, server = at.server()
    at.portal.put(f"/datasource_connections/{server['uid']}/", {**server, "url": "http://127.0.0.1:9/elsewhere"})
    return {name: "updated"}


def server_header_is_added(at: EditedPortal) -> Shown:
    name, server = at.server()
    headers = [{"name": "X-Hand", "value": "by hand"}]
    at.portal.put(f"/datasource_connections/{server['uid']}/", {**server, "headers": headers})
    return {name: "updated"}


def dataset_title_changes(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset()
    at.portal.put(f"{base}/metadata/default/title/", {"value": "By hand"})
    return {name: "updated"}


def keywords_are_removed(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset()
    at.portal.delete(f"{base}/metadata/default/keyword/")
    return {name: "updated"}


def unmanaged_field_is_written(at: EditedPortal) -> Shown:
    _, base, _ = at.dataset()
    at.portal.put(f"{base}/metadata/default/references/", {"value": "https://by.hand.example"})
    return {}


def rule_is_removed(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset(lambda about: about["fields"])
    at.portal.delete(f"{base}/fields/{at.portal.all(f'{base}/fields/')[0]['uid']}/")
    return {name: "updated"}


def rule_is_added(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset(lambda about: about["fields"] is not None)
    at.portal.post(f"{base}/fields/", {**RULES[3], "label": "by hand", "description": "By hand"})
    return {name: "updated"}


def processor_is_added(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset()
    body = {"type": "string_replace", "label": "by hand", "field": "place", "old": "h", "new": "H"}
    at.portal.post(f"{base}/processors/", body)
    return {name: "updated"}


def processor_is_changed(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset(lambda about: about["replacements"])
    processor = at.portal.all(f"{base}/processors/")[0]
    at.portal.put(f"{base}/processors/{processor['uid']}/", {**processor, "new": "by hand"})
    return {name: "updated"}


def source_reads_another_file(at: EditedPortal) -> Shown:
    name, base, about = at.dataset(lambda about: about["connection"])
    (source,) = at.portal.all(f"{base}/resources/")
    other = at.rng.choice([file for file in FILES if file != about["file"]])
    connection = {"uid": source["datasource"]["connection"]["uid"]}
    datasource = {**source["datasource"], "connection": connection, "relative_url": f"/{other}"}
    at.portal.put(f"{base}/resources/{source['uid']}/", {**source, "datasource": datasource})
    return {name: "updated"}


def source_is_removed(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset(is_table)
    at.portal.delete(f"{base}/resources/{at.portal.all(f'{base}/resources/')[0]['uid']}/")
    return {name: "updated"}


def access_rule_is_deleted(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset(lambda about: about["groups"])
    rule = at.portal.all(f"{base}/security/groups/")[0]
    at.portal.delete(f"{base}/security/groups/{rule['group']['uid']}/")
    return {name: "updated"}


def access_rule_is_added(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset(lambda about: not about["users"])
    user = {"username": at.user()[1]}
    at.portal.post(f"{base}/security/users/", {"user": user, "permissions": ["edit_dataset"]})
    return {name: "updated"}


def dataset_restriction_changes(at: EditedPortal) -> Shown:
    name, base, about = at.dataset()
    at.portal.put(f"{base}/", {"is_restricted": not about["is_restricted"]})
    return {name: "updated"}


def dataset_is_unpublished(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset(lambda about: is_table(about) and about["published"])
    at.portal.post(f"{base}/unpublish/")
    eventually(lambda: not at.portal.get(f"{base}/status/")["is_published"])
    return {name: "updated"}


def dataset_is_deleted(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset(is_table)
    at.portal.delete(f"{base}/")
    return {name: "deleted"}


def schedule_is_added(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset()
    at.portal.post(f"{base}/schedules/", {"cron_schedule": "15 3 * * *"})
    return {name: "updated"}


def other_objects_are_created(at: EditedPortal) -> Shown:
    default = {"title": {"value": "By hand"}}
    at.portal.post("/groups/", {"title": "By hand", "permissions": []})
    at.portal.post("/datasets/", {"dataset_id": "by-hand", "metadata": {"default": default}})
    at.others["groups"].append("By hand")
    at.others["datasets"].append("by-hand")
    return {}


PORTAL_EDITS: tuple[PortalEdit, ...] = (
    group_description_changes,
    group_permission_is_added,
    group_is_deleted,
    user_permission_is_added,
    user_leaves_a_group,
    user_is_deleted,
    server_url_changes,
    server_header_is_added,
    dataset_title_changes,
    keywords_are_removed,
    unmanaged_field_is_written,
    rule_is_removed,
    rule_is_added,
    processor_is_added,
    processor_is_changed,
    source_reads_another_file,
    source_is_removed,
    access_rule_is_deleted,
    access_rule_is_added,
    dataset_restriction_changes,
    dataset_is_unpublished,
    dataset_is_deleted,
    schedule_is_added,
    other_objects_are_created,
)
