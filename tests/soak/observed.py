"""The contents of the portal in the plan's terms, read by an independent client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..conftest import Portal
from .plan import City


class Observed:
    """The contents of the portal at one time, with the names in the plan instead of uids."""

    def __init__(self, portal: Portal, city: City) -> None:
        self.portal, self.city = portal, city
        self.groups = portal.all("/groups/")
        self.users = portal.all("/users/")
        self.connections = portal.all("/datasource_connections/")
        self.pages = {page["slug"]: page for page in portal.all("/code_editor_pages/")}
        self.studio_pages = {page["slug"]: page for page in portal.all("/studio_pages/")}
        self.datasets = {d["dataset_id"]: d for d in portal.all("/datasets/")}
        titles: dict[str, str] = {about["title"]: name for name, about in city["groups"].items()}
        emails: dict[str, str] = {about["email"]: name for name, about in city["users"].items()}
        self._group: dict[str, str] = {g["uid"]: titles.get(g["title"]) or g["title"] for g in self.groups}
        self._user: dict[str, str] = {u["username"]: emails.get(u["email"]) or u["email"] for u in self.users}

    def others(self) -> dict[str, list[str]]:
        """The objects on the portal that are not of the city, by kind."""
        logins = {about["username"] for about in self.city["connections"].values()}
        ids = {about["dataset_id"] for about in self.city["datasets"].values()}
        return {
            "groups": sorted(name for name in self._group.values() if name not in self.city["groups"]),
            "users": sorted(name for name in self._user.values() if name not in self.city["users"]),
            "connections": [c["uid"] for c in self.connections if c["auth"]["username"] not in logins],
            "datasets": sorted(self.datasets.keys() - ids),
            "templates": sorted(t["name"] for t in self.portal.all("/metadata/templates/") if not t["is_system"]),
            "harvesters": sorted(harvester["name"] for harvester in self.portal.all("/harvesters/")),
            "pages": sorted([*self.pages, *self.studio_pages]),
        }

    def differences(self, datasets: Iterable[str]) -> list[str]:
        """A line for each member that is not as planned; only these datasets are compared."""
        found: dict[str, dict[str, Any]] = {
            **self._actual_pages(),
            **{f"templates.{t['name']}": self._actual_template(t) for t in self.portal.all("/metadata/templates/")},
            **{f"harvesters.{h['name']}": self._actual_harvester(h) for h in self.portal.all("/harvesters/")},
            **{f"images.{i['url'].rpartition('/')[2]}": {"there": True} for i in self.portal.all("/medias/images/")},
            **{f"groups.{self._group[g['uid']]}": g for g in self.groups},
            **{f"users.{self._user[u['username']]}": self._actual_user(u) for u in self.users},
            **{f"connections.{c['auth']['username']}": self._actual_connection(c) for c in self.connections},
        }
        expected = {
            **{f"pages.{name}": _expected_of_page(about) for name, about in self.city["pages"].items()},
            **{
                f"studio_pages.{about['slug']}": {"public": about["public"], "groups": about["groups"]}
                for about in self.city["studio_pages"].values()
            },
            **{f"templates.{name}": about for name, about in self.city["templates"].items()},
            **{f"harvesters.{about['name']}": about for about in self.city["harvesters"].values()},
            **{f"images.{about['filename']}": {"there": True} for about in self.city["images"].values()},
            **{f"groups.{name}": about for name, about in self.city["groups"].items()},
            **{f"users.{name}": about for name, about in self.city["users"].items()},
            **{f"connections.{about['username']}": about for about in self.city["connections"].values()},
        }
        for name in datasets:
            about = self.city["datasets"][name]
            expected[f"datasets.{name}"] = _expected_of_dataset(about)
            if about["dataset_id"] in self.datasets:
                found[f"datasets.{name}"] = self._actual_dataset(self.datasets[about["dataset_id"]])
        return [
            f"{path}.{member}: {found.get(path, {}).get(member)!r} instead of {value!r}"
            for path, about in expected.items()
            for member, value in about.items()
            if member != "password" and found.get(path, {}).get(member) != value
        ]

    def _actual_pages(self) -> dict[str, dict[str, Any]]:
        pages = {
            f"pages.{slug}": {
                **page,
                "html": page["content"]["html"],
                "tags": sorted(page["tags"]),
                "groups": self._rules(f"/code_editor_pages/{slug}"),
                "users": self.portal.all(f"/code_editor_pages/{slug}/security/users/"),
            }
            for slug, page in self.pages.items()
        }
        studio = {
            f"studio_pages.{slug}": {**page, "groups": self._rules(f"/studio_pages/{page['uid']}")}
            for slug, page in self.studio_pages.items()
        }
        return {**pages, **studio}

    def _rules(self, base: str) -> dict[str, list[str]]:
        """The permissions of groups for a page."""
        rules = self.portal.all(f"{base}/security/groups/")
        return {self._group[rule["group"]["uid"]]: sorted(rule["permissions"]) for rule in rules}

    def _actual_template(self, template: dict[str, Any]) -> dict[str, Any]:
        """A template, with the members of its fields that a plan has."""
        fields = [{name: field.get(name) for name in ("name", "type", "label")} for field in template["schema"]]
        return {**template, "schema": [field if field["type"] != "text" else _untyped(field) for field in fields]}

    def _actual_harvester(self, harvester: dict[str, Any]) -> dict[str, Any]:
        """A harvester, with the publisher of what it has harvested."""
        wells = self.datasets.get("wells-of-the-region", {}).get("metadata", {}).get("default", {})
        schedules = self.portal.all(f"/harvesters/{harvester['uid']}/schedules/")
        return {
            "name": harvester["name"],
            "publisher": wells.get("publisher", {}).get("value") if harvester["type"] == "ftp_csv" else None,
            "schedules": [schedule["cron_schedule"] for schedule in schedules],
        }

    def _actual_user(self, user: dict[str, Any]) -> dict[str, Any]:
        uids = [group["uid"] if isinstance(group, dict) else group for group in user["groups"]]
        return {**user, "groups": sorted(self._group[uid] for uid in uids)}

    def _actual_connection(self, connection: dict[str, Any]) -> dict[str, Any]:
        headers = {header["name"]: header["value"] for header in connection["headers"]}
        return {**connection, "username": connection["auth"]["username"], "headers": headers}

    def _actual_dataset(self, dataset: dict[str, Any]) -> dict[str, Any]:
        base = f"/datasets/{dataset['uid']}"
        default = {name: entry["value"] for name, entry in dataset["metadata"]["default"].items()}
        (source,) = self.portal.all(f"{base}/resources/")
        return {
            "title": default.get("title"),
            "keyword": sorted(default.get("keyword") or []),
            "publisher": default.get("publisher"),
            "office": dataset["metadata"].get("care", {}).get("office", {}).get("value"),
            "source": self._actual_source(source),
            "fields": _by_field(self.portal.all(f"{base}/fields/")),
            "replacements": [_params(entry) for entry in self.portal.all(f"{base}/processors/")],
            "groups": {
                self._group[rule["group"]["uid"]]: sorted(rule["permissions"])
                for rule in self.portal.all(f"{base}/security/groups/")
            },
            "users": {
                self._user[rule["user"]["username"]]: sorted(rule["permissions"])
                for rule in self.portal.all(f"{base}/security/users/")
            },
            "schedules": sorted(entry["cron_schedule"] for entry in self.portal.all(f"{base}/schedules/")),
            "is_restricted": dataset["is_restricted"],
            "published": dataset["is_published"],
            "records": len(records(self.portal, dataset["dataset_id"])) if dataset["is_published"] else None,
        }

    def _actual_source(self, source: dict[str, Any]) -> tuple[str | None, bool]:
        """The file of a source, and whether it is on a server."""
        datasource = source.get("datasource")
        if datasource is None:
            return None, False
        if datasource["type"] == "http":
            return datasource["relative_url"].removeprefix("/"), True
        uid: str = datasource["file"]["uid"]
        return f"{uid[0]}.csv", False


def _expected_of_dataset(about: dict[str, Any]) -> dict[str, Any]:
    file = about["file"]
    kept = ("title", "publisher", "replacements", "groups", "users", "is_restricted", "published")
    expected = {name: about[name] for name in kept} | {
        "keyword": sorted(about["keyword"]),
        "source": (file, about["connection"] is not None),
        "schedules": sorted(about["schedules"]),
    }
    if about["office"] is not None:
        expected["office"] = about["office"]
    if about["fields"] is not None:
        expected["fields"] = _by_field(about["fields"])
    if file is not None:
        expected["records"] = int(file[0]) if about["published"] else None
    return expected


def _expected_of_page(about: dict[str, Any]) -> dict[str, Any]:
    kept = ("title", "html", "is_restricted", "is_archived", "groups")
    return {name: about[name] for name in kept} | {"tags": sorted(about["tags"]), "users": []}


def _untyped(field: dict[str, Any]) -> dict[str, Any]:
    """A field without its type, which a plan leaves out where it is the usual one."""
    return {name: value for name, value in field.items() if name != "type"}


def _by_field(rules: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rules of each field in their order, which does not matter between fields."""
    by_field: dict[str, list[dict[str, Any]]] = {}
    for rule in rules:
        kept = {name: value for name, value in rule.items() if name not in ("uid", "label")}
        by_field.setdefault(rule["field"], []).append(kept)
    return by_field


def _params(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in ("uid", "type", "label")}


def records(portal: Portal, dataset_id: str) -> list[dict[str, Any]]:
    """The records of a public dataset, as the administrator sees them."""
    url = f"{portal.url}/api/explore/v2.1/catalog/datasets/{dataset_id}/records"
    found: list[dict[str, Any]] = portal.http.get(url, params={"limit": 100}).raise_for_status().json()["results"]
    return found
