"""The contents of the city's program as plain data: at first 6 groups, 20 users, 10 connections, datasets, pages."""

from __future__ import annotations

import copy
import random
from typing import Any

City = dict[str, dict[str, dict[str, Any]]]
"""The properties of each resource, by kind (`groups`) and name."""

KINDS = (
    "groups",
    "users",
    "connections",
    "templates",
    "datasets",
    "harvesters",
    "pages",
    "studio_pages",
    "images",
)

EMPTY: City = {kind: {} for kind in KINDS}
"""A city without anything."""

FILES = {
    f"{rows}.csv": "place,day,value\n" + "".join(f"p{n},2026-01-0{n},{n}\n" for n in range(1, rows + 1))
    for rows in range(1, 7)
}
"""The city's files, each named after the number of its rows."""

REALTIME = "passages"
"""The dataset to which records are pushed."""

ON_DATASETS = ("edit_dataset", "explore_restricted_dataset", "manage_dataset", "publish_dataset")
ON_THE_PORTAL = ("create_dataset", "create_page", "edit_dataset", "edit_page", "publish_dataset")
ON_PAGES = ("edit_page", "manage_page")
RULES: tuple[dict[str, Any], ...] = (
    {"type": "type", "field": "day", "type_param": "date"},
    {"type": "description", "field": "value", "description": "What was measured"},
    {"type": "annotate", "field": "value", "annotation": "unit", "args": ["km"]},
    {"type": "description", "field": "place", "description": "Where it was measured"},
)


def some(rng: random.Random, of: tuple[str, ...]) -> list[str]:
    """One or two of these, sorted."""
    return sorted(rng.sample(of, rng.randint(1, 2)))


def group(rng: random.Random, name: str) -> dict[str, Any]:
    return {
        "title": f"The {name}",
        "description": f"Who belongs to {name}",
        "permissions": some(rng, ON_THE_PORTAL),
    }


def user(rng: random.Random, name: str, groups: list[str]) -> dict[str, Any]:
    return {
        "email": f"{name}@city.example",
        "permissions": some(rng, ON_THE_PORTAL),
        "groups": sorted(rng.sample(groups, rng.randint(0, 2))),
    }


def connection(name: str, url: str) -> dict[str, Any]:
    return {"url": url, "username": name, "password": f"password of {name}", "headers": {"X-Client": name}}


def dataset(rng: random.Random, name: str, city: City, **other: Any) -> dict[str, Any]:
    """A dataset with values in every section; some read their file from a server."""
    groups, users, servers = (list(city[kind]) for kind in ("groups", "users", "connections"))
    return {
        "dataset_id": name,
        "title": f"About {name}",
        "keyword": [name, "city"],
        "publisher": "The city",
        "file": rng.choice(list(FILES)),
        "connection": rng.choice([None, rng.choice(servers)]),
        "fields": rng.sample(RULES, rng.randint(1, 3)),
        "replacements": [{"field": "place", "old": old, "new": old.upper()} for old in ("p", "q")[: rng.randint(0, 2)]],
        "groups": {name: some(rng, ON_DATASETS) for name in rng.sample(groups, rng.randint(0, 2))},
        "users": {name: some(rng, ON_DATASETS) for name in rng.sample(users, rng.choice([0, 0, 1]))},
        "schedules": ["0 5 * * *"] if rng.random() < 0.3 else [],
        "office": rng.choice([None, "Parks", "Water"]),
        "is_restricted": rng.random() < 0.2,
        "published": rng.random() < 0.9,
        "may_be_lost": False,
        "formerly": [],
        **other,
    }


def page(rng: random.Random, name: str, city: City) -> dict[str, Any]:
    """A code editor page; the English text of some is in a file."""
    return {
        "title": {"en": f"About {name}"},
        "html": {"en": f"<h1>{name}</h1>\n", "fr": "<h1>Une page</h1>"},
        "in_file": rng.random() < 0.5,
        "tags": ["city", name],
        "is_restricted": rng.random() < 0.5,
        "is_archived": name == "page-1",
        "groups": {one: some(rng, ON_PAGES) for one in rng.sample(list(city["groups"]), rng.randint(0, 2))},
    }


def plan(rng: random.Random, url: str, datasets: int) -> City:
    """The city at the beginning, with so many datasets, and with its files on a server at `url`."""
    city = copy.deepcopy(EMPTY)
    city["groups"] = {name: group(rng, name) for name in (f"group-{n}" for n in range(1, 7))}
    names = list(city["groups"])
    city["users"] = {name: user(rng, name, names) for name in (f"user-{n}" for n in range(1, 21))}
    city["connections"] = {name: connection(name, url) for name in (f"server-{n}" for n in range(1, 11))}
    for n in range(1, datasets):
        city["datasets"][f"dataset-{n}"] = dataset(rng, f"dataset-{n}", city)
    about = {"file": None, "connection": None, "fields": [RULES[1]], "is_restricted": False, "published": True}
    city["datasets"][REALTIME] = dataset(rng, REALTIME, city, **about)
    fields = [{"name": "office", "label": "Office"}, {"name": "checked", "type": "date", "label": "Last check"}]
    city["templates"] = {"care": {"title": "Care", "schema": fields}}
    city["pages"] = {name: page(rng, name, city) for name in (f"page-{n}" for n in range(1, 9))}
    for name in ("budget", "council"):
        city["studio_pages"][name] = {"slug": name, "public": False, "published": rng.random() < 0.5, "groups": {}}
    region = {"name": "The region", "publisher": "The region", "schedules": ["0 4 * * *"]}
    city["harvesters"] = {"region": region, "canton": {"name": "The canton", "publisher": None, "schedules": []}}
    city["images"] = {"logo": {"file": "1.csv", "filename": "logo.svg"}}
    return city
