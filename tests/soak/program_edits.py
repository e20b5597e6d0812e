"""Edits of the city's program. Each changes the plan at a random place, and says what it did."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from .plan import FILES, ON_DATASETS, ON_THE_PORTAL, REALTIME, RULES, City, connection, dataset, group, some, user

ProgramEdit = Callable[[random.Random, City], str]


def _any(rng: random.Random, city: City, noun: str) -> tuple[str, dict[str, Any]]:
    return rng.choice(list(city[noun].items()))


def _table(rng: random.Random, city: City) -> tuple[str, dict[str, Any]]:
    """A dataset whose records are in a file."""
    return rng.choice([(name, about) for name, about in city["datasets"].items() if about["file"] is not None])


def _other(rng: random.Random, of: tuple[str, ...], than: list[str]) -> list[str]:
    return rng.choice([[one] for one in of if [one] != than])


def group_is_described_anew(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "groups")
    about["description"] += ", and others"
    return name


def group_gets_another_title(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "groups")
    about["title"] += " anew"
    return name


def group_may_do_something_else(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "groups")
    about["permissions"] = _other(rng, ON_THE_PORTAL, about["permissions"])
    return name


def group_comes_with_a_user_and_a_rule(rng: random.Random, city: City) -> str:
    city["groups"]["newcomers"] = group(rng, "newcomers")
    member, about = _any(rng, city, "users")
    about["groups"] = sorted([*about["groups"], "newcomers"])
    seen, there = _any(rng, city, "datasets")
    there["groups"]["newcomers"] = some(rng, ON_DATASETS)
    return f"newcomers, {member} among them, see {seen}"


def group_goes(rng: random.Random, city: City) -> str:
    name, _ = _any(rng, city, "groups")
    del city["groups"][name]
    for about in city["users"].values():
        about["groups"] = [one for one in about["groups"] if one != name]
    for about in city["datasets"].values():
        about["groups"].pop(name, None)
    return name


def user_may_do_something_else(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "users")
    about["permissions"] = _other(rng, ON_THE_PORTAL, about["permissions"])
    return name


def user_changes_groups(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "users")
    about["groups"] = _other(rng, tuple(city["groups"]), about["groups"])
    return name


def user_comes(rng: random.Random, city: City) -> str:
    city["users"]["zoe"] = user(rng, "zoe", list(city["groups"]))
    return "zoe"


def user_goes(rng: random.Random, city: City) -> str:
    name, _ = _any(rng, city, "users")
    del city["users"][name]
    for about in city["datasets"].values():
        about["users"].pop(name, None)
    return name


def server_gets_another_password(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "connections")
    about["password"] += "!"
    return name


def server_is_told_something_else(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "connections")
    about["headers"] = {"X-City": "another"}
    return name


def server_comes_and_a_dataset_moves_to_it(rng: random.Random, city: City) -> str:
    url = next(iter(city["connections"].values()))["url"]
    city["connections"]["newer-server"] = connection("newer-server", url)
    name, about = _table(rng, city)
    about["connection"] = "newer-server"
    return name


def server_goes_and_its_datasets_move(rng: random.Random, city: City) -> str:
    name, _ = _any(rng, city, "connections")
    del city["connections"][name]
    for about in city["datasets"].values():
        if about["connection"] == name:
            about["connection"] = rng.choice([None, *city["connections"]])
    return name


def dataset_is_described_anew(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["title"] += ", revised"
    about["keyword"] = [*about["keyword"], "revised"]
    return name


def dataset_names_no_publisher(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["publisher"] = None
    return name


def rule_is_put_first(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    fresh = {"type": "description", "field": "value", "description": f"Told anew {rng.random():.6f}"}
    about["fields"] = [fresh, *(about["fields"] or [])]
    return name


def rules_are_turned_round(rng: random.Random, city: City) -> str:
    name, about = _table(rng, city)
    about["fields"] = list(reversed(RULES))
    return name


def rules_are_released(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["fields"] = None
    return name


def processor_is_put_first(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["replacements"] = [{"field": "place", "old": "x", "new": "y"}, *about["replacements"]]
    return name


def processors_go(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["replacements"] = []
    return name


def dataset_reads_another_file(rng: random.Random, city: City) -> str:
    name, about = _table(rng, city)
    about["file"] = rng.choice([file for file in FILES if file != about["file"]])
    return name


def dataset_is_seen_by_others(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["is_restricted"] = not about["is_restricted"]
    return name


def dataset_gets_other_rules(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["groups"] = {one: some(rng, ON_DATASETS) for one in rng.sample(list(city["groups"]), 2)}
    about["users"] = {rng.choice(list(city["users"])): some(rng, ON_DATASETS)}
    return name


def dataset_is_scheduled(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    about["schedules"] = ["0 5 * * *", "30 12 * * 1"]
    return name


def dataset_is_made_public_or_taken_back(rng: random.Random, city: City) -> str:
    name, about = _table(rng, city)
    about["published"], about["may_be_lost"] = not about["published"], about["published"]
    return name


def dataset_comes(rng: random.Random, city: City) -> str:
    city["datasets"]["fresh"] = dataset(rng, "fresh", city, published=True)
    return "fresh"


def dataset_goes(rng: random.Random, city: City) -> str:
    name, _ = _table(rng, city)
    del city["datasets"][name]
    return name


def resource_is_renamed(rng: random.Random, city: City) -> str:
    name, about = _any(rng, city, "datasets")
    new = f"{name}-renamed"
    about["formerly"] = [*about["formerly"], name]
    city["datasets"] = {new if one == name else one: told for one, told in city["datasets"].items()}
    return name


def pushed_dataset_is_changed_throughout(rng: random.Random, city: City) -> str:
    name, about = next((n, a) for n, a in city["datasets"].items() if a["dataset_id"] == REALTIME)
    about["title"] += ", as they pass"
    about["fields"] = [RULES[2], *(about["fields"] or [])]
    about["replacements"] = [*about["replacements"], {"field": "place", "old": "z", "new": "Z"}]
    about["is_restricted"] = not about["is_restricted"]
    return name


PROGRAM_EDITS: tuple[ProgramEdit, ...] = (
    group_is_described_anew,
    group_gets_another_title,
    group_may_do_something_else,
    group_comes_with_a_user_and_a_rule,
    group_goes,
    user_may_do_something_else,
    user_changes_groups,
    user_comes,
    user_goes,
    server_gets_another_password,
    server_is_told_something_else,
    server_comes_and_a_dataset_moves_to_it,
    server_goes_and_its_datasets_move,
    dataset_is_described_anew,
    dataset_names_no_publisher,
    rule_is_put_first,
    rules_are_turned_round,
    rules_are_released,
    processor_is_put_first,
    processors_go,
    dataset_reads_another_file,
    dataset_is_seen_by_others,
    dataset_gets_other_rules,
    dataset_is_scheduled,
    dataset_is_made_public_or_taken_back,
    dataset_comes,
    dataset_goes,
    resource_is_renamed,
    pushed_dataset_is_changed_throughout,
)
