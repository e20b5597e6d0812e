"""The part of a dataset that a caller can read: by its default security, by access rules, by permissions.

By the service's description, a restricted dataset exists only for users who have a rule, directly or through a
group, and its default security has no effect. In any other dataset, users with rules read what these grant, and
everybody else what the default security grants.
"""

from dataclasses import dataclass
from typing import Any

from ..automation.access_rules import rules_for
from ..automation.auth import Caller
from ..odsql import QueryError, Settings, Statement, Table
from ..portal import Portal
from ..processing import Part
from ..state.public_view import PublishedDataset
from .errors import not_supported


@dataclass(frozen=True)
class Visibility:
    """The visible part of a dataset. `visible_fields` None is all fields; no query is every record."""

    is_data_visible: bool = True
    visible_fields: frozenset[str] | None = None
    filter_queries: tuple[str, ...] = ()

    def records(self, table: Table, settings: Settings) -> Part:
        """The condition of visible records. Raises ExploreError for a filter query that is not supported."""
        if not self.is_data_visible:
            return Part("FALSE")
        if not self.filter_queries:
            return Part("TRUE")
        try:
            parts = [Statement([query]).query(table, settings).where for query in self.filter_queries]
            values = tuple(value for part in parts for value in part.values)
            return Part(f"({' OR '.join(part.sql for part in parts)})", values)
        except QueryError as error:
            raise not_supported(f"The filter_query of this dataset ({error})") from None

    def fields(self, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The visible fields of a dataset."""
        if self.visible_fields is None:
            return fields
        return [field for field in fields if field["name"] in self.visible_fields]


def visibility_of(portal: Portal, caller: Caller | None, dataset: PublishedDataset) -> Visibility | None:
    """The visible part of a published dataset for a caller, or without one; None when it does not exist for them.

    A restricted dataset is readable only with a key that has `explore_restricted_dataset`.
    """
    if dataset.is_restricted:
        if caller is None or "explore_restricted_dataset" not in caller.key_permissions:
            return None
        return (
            Visibility() if caller.has("explore_restricted_dataset") else _union_of(_rules(portal, caller, dataset.uid))
        )
    if caller is not None:
        if caller.has("edit_dataset"):
            return Visibility()
        by_rules = _union_of(_rules(portal, caller, dataset.uid))
        if by_rules is not None:
            return by_rules
    return _union_of([dataset.default_security])


def _rules(portal: Portal, caller: Caller, dataset_uid: str) -> list[dict[str, Any]]:
    """The `security` of every rule for the caller or one of their groups."""
    return [rule["security"] for rule in rules_for(portal, caller, dataset_uid)]


def _union_of(rules: list[dict[str, Any]]) -> Visibility | None:
    """The union of what several rules grant; None without rules."""
    if not rules:
        return None
    named = [rule["visible_fields"] for rule in rules]
    queries = [rule["filter_query"].strip() for rule in rules if rule["is_data_visible"]]
    return Visibility(
        is_data_visible=bool(queries),
        visible_fields=None if None in named else frozenset(name for names in named for name in names),
        filter_queries=tuple(queries) if all(queries) else (),
    )
