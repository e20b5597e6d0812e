"""The contents of the city's program as plain data: at first 6 groups, 20 users, 10 connections and many datasets."""

from __future__ import annotations

import random
from typing import Any

City = dict[str, dict[str, dict[str, Any]]]
"""The properties of each resource, by kind (`groups`) and name."""

FILES = {
    f"{rows}.csv": "place,day,value\n" + "".join(f"p{n},2026-01-0{n},{n}\n" for n in range(1, rows + 1))
    for rows in range(1, 7)
}
"""The city's files, each named after the number of its rows."""

REALTIME = "passages"
"""The dataset to which records are pushed."""

ON_DATASETS = ("edit_dataset", "explore_restricted_dataset", "manage_dataset", "publish_dataset")
ON_THE_PORTAL = ("create_dataset", "create_page", "edit_dataset", "edit_page", "publish_dataset")
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
        "is_restricted": rng.random() < 0.2,
        "published": rng.random() < 0.9,
        "may_be_lost": False,
        "formerly": [],
        **other,
    }


def plan(rng: random.Random, url: str, datasets: int) -> City:
    """The city at the beginning, with so many datasets, and with its files on a server at `url`."""
    city: City = {"groups": {}, "users": {}, "connections": {}, "datasets": {}}
    city["groups"] = {name: group(rng, name) for name in (f"group-{n}" for n in range(1, 7))}
    names = list(city["groups"])
    city["users"] = {name: user(rng, name, names) for name in (f"user-{n}" for n in range(1, 21))}
    city["connections"] = {name: connection(name, url) for name in (f"server-{n}" for n in range(1, 11))}
    for n in range(1, datasets):
        city["datasets"][f"dataset-{n}"] = dataset(rng, f"dataset-{n}", city)
    about = {"file": None, "connection": None, "fields": [RULES[1]], "is_restricted": False, "published": True}
    city["datasets"][REALTIME] = dataset(rng, REALTIME, city, **about)
    return city
