"""Edits of the city's program. Each changes a random part of the plan, and returns what it changed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from .plan import FILES, ON_DATASETS, ON_THE_PORTAL, REALTIME, RULES, City, connection, dataset, group, some, user

ProgramEdit = Callable[[random.Random, City], str]


def _any(rng: random.Random, city: City, kind: str) -> tuple[str, dict[str, Any]]:
    return rng.choice(list(city[kind].items()))


def _table(rng: random.Random, city: City) -> tuple[str, dict[str, Any]]:
    """A dataset whose records are in a file."""
    return rng.choice([(name, about) for name, about in city["datasets"].items() if about["file"] is not None])


def _other(rng: random.Random, of: tuple[str, ...], than: list[str]) -> list[str]:
    return rng.choice([[one] for one in of if [one] != than])


def group_description_changes(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "groups")
    about["description"] += ", and others"
    return name


def group_title_changes(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "groups")
    about["title"] += " anew"
    return name


def group_permissions_change(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "groups")
    about["permissions"] = _other(rng, ON_THE_PORTAL, about["permissions"])
    return name


def group_is_added_with_a_user_and_a_rule(rng: random.Random, city: City) -> str:
    city["groups"]["newcomers"] = group(rng, "newcomers")
    member, about = _any(rng, city, "users")
    about["groups"] = sorted([*about["groups"], "newcomers"])
    dataset_name, dataset_plan = _any(rng, city, "datasets")
    dataset_plan["groups"]["newcomers"] = some(rng, ON_DATASETS)
    return f"newcomers, {member} among them, see {dataset_name}"


def group_is_dropped(rng: random.Random, city: City) -> str:
    name, _ = _any(rng, city, "groups")
    del city["groups"][name]
    for about in city["users"].values():
        about["groups"] = [one for one in about["groups"] if one != name]
    for kind in ("datasets", "pages", "studio_pages"):
        for about in city[kind].values():
            about["groups"].pop(name, None)
    return name


def user_permissions_change(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "users")
    about["permissions"] = _other(rng, ON_THE_PORTAL, about["permissions"])
    return name


def user_groups_change(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "users")
    about["groups"] = _other(rng, tuple(city["groups"]), about["groups"])
    return name


def user_is_added(rng: random.Random, city: City) -> str:
    city["users"]["zoe"] = user(rng, "zoe", list(city["groups"]))
    return "zoe"


def user_is_dropped(rng: random.Random, city: City) -> str:
    name, _ = _any(rng, city, "users")
    del city["users"][name]
    for about in city["datasets"].values():
        about["users"].pop(name, None)
    return name


def server_password_changes(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "connections")
    about["password"] += "!"
    return name


def server_headers_change(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "connections")
    about["headers"] = {"X-City": "another"}
    return name


def server_is_added_for_a_dataset(rng: random.Random, city: City) -> str:
    url = next(iter(city["connections"].values()))["url"]
    city["connections"]["newer-server"] = connection("newer-server", url)
    name, about = _table(rng, city)
    about["connection"] = "newer-server"
    return name


def server_is_dropped_and_its_datasets_move(rng: random.Random, city: City) -> str:
    name, _ = _any(rng, city, "connections")
    del city["connections"][name]
    for about in city["datasets"].values():
        if about["connection"] == name:
            about["connection"] = rng.choice([None, *city["connections"]])
    return name


def dataset_metadata_change(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["title"] += ", revised"
    about["keyword"] = [*about["keyword"], "revised"]
    return name


def dataset_publisher_is_dropped(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["publisher"] = None
    return name


def rule_is_inserted_first(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    fresh = {"type": "description", "field": "value", "description": f"Told anew {rng.random():.6f}"}
    about["fields"] = [fresh, *(about["fields"] or [])]
    return name


def rules_are_reversed(rng: random.Random, city: City) -> str:
    name, about = _table(rng, city)
    about["fields"] = list(reversed(RULES))
    return name


def rules_are_released(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["fields"] = None
    return name


def processor_is_inserted_first(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["replacements"] = [{"field": "place", "old": "x", "new": "y"}, *about["replacements"]]
    return name


def processors_are_dropped(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["replacements"] = []
    return name


def dataset_reads_another_file(rng: random.Random, city: City) -> str:
    name, about = _table(rng, city)
    about["file"] = rng.choice([file for file in FILES if file != about["file"]])
    return name


def dataset_restriction_changes(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["is_restricted"] = not about["is_restricted"]
    return name


def dataset_access_changes(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["groups"] = {one: some(rng, ON_DATASETS) for one in rng.sample(list(city["groups"]), 2)}
    about["users"] = {rng.choice(list(city["users"])): some(rng, ON_DATASETS)}
    return name


def dataset_schedules_change(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["schedules"] = ["0 5 * * *", "30 12 * * 1"]
    return name


def dataset_is_published_or_unpublished(rng: random.Random, city: City) -> str:
    name, about = _table(rng, city)
    about["published"], about["may_be_lost"] = not about["published"], about["published"]
    return name


def dataset_is_added(rng: random.Random, city: City) -> str:
    city["datasets"]["fresh"] = dataset(rng, "fresh", city, published=True)
    return "fresh"


def dataset_is_dropped(rng: random.Random, city: City) -> str:
    name, _ = _table(rng, city)
    del city["datasets"][name]
    return name


def resource_is_renamed(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    new = f"{name}-renamed"
    about["formerly"] = [*about["formerly"], name]
    city["datasets"] = {new if one == name else one: about for one, about in city["datasets"].items()}
    return name


def realtime_dataset_changes_in_every_section(rng: random.Random, city: City) -> str:
    name, about = next((n, a) for n, a in city["datasets"].items() if a["dataset_id"] == REALTIME)
    about["title"] += ", as they pass"
    about["fields"] = [RULES[2], *(about["fields"] or [])]
    about["replacements"] = [*about["replacements"], {"field": "place", "old": "z", "new": "Z"}]
    about["is_restricted"] = not about["is_restricted"]
    return name


PROGRAM_EDITS: tuple[ProgramEdit, ...] = (
    group_description_changes,
    group_title_changes,
    group_permissions_change,
    group_is_added_with_a_user_and_a_rule,
    group_is_dropped,
    user_permissions_change,
    user_groups_change,
    user_is_added,
    user_is_dropped,
    server_password_changes,
    server_headers_change,
    server_is_added_for_a_dataset,
    server_is_dropped_and_its_datasets_move,
    dataset_metadata_change,
    dataset_publisher_is_dropped,
    rule_is_inserted_first,
    rules_are_reversed,
    rules_are_released,
    processor_is_inserted_first,
    processors_are_dropped,
    dataset_reads_another_file,
    dataset_restriction_changes,
    dataset_access_changes,
    dataset_schedules_change,
    dataset_is_published_or_unpublished,
    dataset_is_added,
    dataset_is_dropped,
    resource_is_renamed,
    realtime_dataset_changes_in_every_section,
)
