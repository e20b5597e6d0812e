"""The clauses of one request, compiled together to a query of records."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..processing import Group, Part, RecordQuery
from .compiler import Compiler, name_of
from .errors import Malformed
from .expressions import SHAPES, Expression, Settings
from .grammar import Clause, parse, text_of
from .in_clause import in_clause
from .table import Table

if TYPE_CHECKING:
    from lark import Token, Tree

Field = dict[str, Any]


class Statement:
    """The parsed clauses `where`, `select`, `group_by` and `order_by`. Raises ClauseError for one that is malformed."""

    def __init__(
        self,
        where: Sequence[str] = (),
        select: str | None = None,
        group_by: str | None = None,
        order_by: str | None = None,
    ) -> None:
        self._texts: dict[str, str] = {"select": select or "", "group_by": group_by or "", "order_by": order_by or ""}
        self._where = [(text, _parsed("where", text)) for text in where]
        self._select = _parsed("select", select) if select is not None else None
        self._groups = _parsed("group_by", group_by) if group_by is not None else None
        self._order = _parsed("order_by", order_by) if order_by is not None else None

    @property
    def is_grouped(self) -> bool:
        """Whether the records of the result are groups."""
        return self._groups is not None

    def query(self, table: Table, settings: Settings, *conditions: Part) -> RecordQuery:
        """The query for a table, of records that meet further conditions as well. Raises ClauseError."""
        build = _Builder(table, settings, self._texts)
        where = [*conditions, *(build.condition(text, tree) for text, tree in self._where)]
        with in_clause("group_by"):
            groups = build.groups(self._groups) if self._groups is not None else []
        with in_clause("select"):
            selected = build.selected(self._select, is_grouped=self.is_grouped)
        with in_clause("order_by"):
            order = build.order(self._order, is_grouped=self.is_grouped)
        return RecordQuery(
            where=_all(where),
            fields=tuple(field for field, _ in [*groups, *selected]),
            columns=tuple(Part(found.sql, found.values) for _, found in selected),
            groups=tuple(_group(found) for _, found in groups) if self.is_grouped else None,
            order=order,
            is_total=not self.is_grouped and _is_total(selected),
            has_aggregated_order=build.has_aggregated_order,
        )


class _Builder:
    """Compiles the clauses for one table."""

    def __init__(self, table: Table, settings: Settings, texts: dict[str, str]) -> None:
        self._table = table
        self._settings = settings
        self._texts = texts
        self._keys: dict[str, int] = {}
        self._groups: list[Expression] = []
        self._aliases: dict[str, Expression] = {}
        self._names_of_keys: dict[str, Expression] = {}
        self.has_aggregated_order = False

    def condition(self, text: str, tree: "Tree[Token]") -> Part:
        """The condition of one where clause."""
        if not tree.children:
            return Part("TRUE")
        with in_clause("where"):
            found = Compiler(self._table, self._settings, "where", text).condition(_first(tree))
        return Part(found.sql, found.values)

    def groups(self, tree: "Tree[Token]") -> list[tuple[Field, Expression]]:
        """The keys of the groups, with the fields of the result."""
        found = []
        for item in _trees(tree):
            name, label, key = self._item("group_by", item)
            if key.type in SHAPES:
                raise Malformed(
                    "Aggregation on geo point field is not possible. "
                    f"Use the geo_cluster({name}, int_precision) aggregation function instead"
                )
            for text in {name, label or name}:
                self._keys[text] = len(self._groups)
            self._groups.append(key)
            found.append((_field(label or name, key, is_labelled=label is not None, is_key=True), key))
        return found

    def selected(self, tree: "Tree[Token] | None", *, is_grouped: bool) -> list[tuple[Field, Expression]]:
        """The selected expressions with the fields of the result, each name once; those beside the keys of groups."""
        if tree is None:
            return [] if is_grouped else self._everything()
        items = _trees(tree)
        found: dict[str, tuple[Field, Expression]] = {}
        if all(_is_exclusion(item) for item in items):
            found = _by_name(self._everything())
        for item in items:
            if item.data == "everything":
                found |= _by_name([] if is_grouped else self._everything())
            elif item.data == "inclusion":
                matching = _by_name(self._everything(str(item.children[1]).strip("`")))
                found = (
                    {n: f for n, f in found.items() if n not in matching} if _is_exclusion(item) else found | matching
                )
            else:
                self._select(item, found, is_grouped=is_grouped)
        selected = list(found.values())
        if not is_grouped and any(one.is_aggregate for _, one in selected) and not _is_total(selected):
            raise Malformed("An aggregation beside fields needs a group_by")
        return selected

    def _select(self, item: Any, found: dict[str, tuple[Field, Expression]], *, is_grouped: bool) -> None:
        name, label, expression = self._item("select", item)
        if is_grouped and not expression.is_aggregate and expression.literal is None:
            if label is None and name in self._keys:
                return
            position = self._position(expression)
            if position is None:
                raise Malformed(f"{name} is neither aggregated nor in group_by")
            key = Expression(f"g{position}", expression.type, column=expression.column)
            if label is not None:
                self._names_of_keys[label] = key
            # A function that is grouped by has no value under a second name: this was measured.
            expression = key if expression.column else Expression("NULL", expression.type)
        if label is not None:
            if label in self._keys or label in self._aliases:
                raise Malformed(f"Alias '{label}' is declared several times")
            self._aliases[label] = expression
        found[label or name] = (_field(label or name, expression, is_labelled=label is not None), expression)

    def order(self, tree: "Tree[Token] | None", *, is_grouped: bool) -> tuple[Part, ...]:
        """The order of the result; empty values come last."""
        parts = []
        is_plain_before = False
        for item in _trees(tree) if tree is not None else []:
            found = self._sorted(_first(item), is_grouped=is_grouped)
            if found.literal is not None:
                continue
            if found.is_aggregate and not is_grouped:
                raise Malformed("An aggregation in order_by needs a group_by")
            if found.is_aggregate and is_plain_before:
                raise Malformed("Aggregations must come before fields")
            is_plain_before = is_plain_before or not found.is_aggregate
            self.has_aggregated_order = self.has_aggregated_order or found.is_aggregate
            words = {token.lower() for token in item.children[1:] if isinstance(token, str)}
            if item.data == "reversed_order":
                words = {"asc"} if "desc" in words else {"desc"}
            parts.append(Part(f"{found.sql} {'DESC' if 'desc' in words else 'ASC'} NULLS LAST", found.values))
        return tuple(parts)

    def _sorted(self, tree: Any, *, is_grouped: bool) -> Expression:
        text = text_of(tree, self._texts["order_by"]).strip("`")
        if text in self._keys:
            return Expression(f"g{self._keys[text]}", "text")
        if text in self._names_of_keys:
            return self._names_of_keys[text]
        if text in self._aliases:
            return self._aliases[text]
        found = Compiler(self._table, self._settings, "order_by", self._texts["order_by"]).expression(tree)
        if found.type in SHAPES:
            raise Malformed(f"{found.name} of type {found.type} cannot be sorted")
        if is_grouped and not found.is_aggregate and not text.lower().startswith("random"):
            position = self._position(found)
            if position is None:
                raise Malformed(f"{text} is neither aggregated nor in group_by")
            return Expression(f"g{position}", found.type)
        return found

    def _item(self, clause: Clause, item: Any) -> tuple[str, str | None, Expression]:
        """The name, the label and the expression of one part of a clause."""
        text = self._texts[clause]
        tree = _first(item)
        if item.data in ("everything", "inclusion"):
            raise Malformed("* and include() belong to select")
        label = name_of(item.children[1]) if len(item.children) > 1 else None
        expression = Compiler(self._table, self._settings, clause, text).expression(tree)
        return text_of(tree, text).strip("`"), label, expression

    def _position(self, expression: Expression) -> int | None:
        """The position of an expression among the keys of groups."""
        keys = [(key.sql, key.values) for key in self._groups]
        one = (expression.sql, expression.values)
        return keys.index(one) if one in keys else None

    def _everything(self, pattern: str = "*") -> list[tuple[Field, Expression]]:
        return [
            (column.field, Expression(column.sql, column.type, column=column))
            for column in self._table.columns
            if column.name == pattern or (pattern.endswith("*") and column.name.startswith(pattern[:-1]))
        ]


def _parsed(clause: Clause, text: str) -> "Tree[Token]":
    with in_clause(clause):
        return parse(clause, text)


def _trees(tree: "Tree[Token]") -> list[Any]:
    return list(tree.children)


def _first(tree: Any) -> Any:
    """The first tree in a tree: a sign may stand before it."""
    return next((child for child in tree.children if not isinstance(child, str)), None)


def _is_exclusion(item: Any) -> bool:
    return bool(item.data == "inclusion" and item.children[0].lower() == "exclude")


def _is_total(selected: Sequence[tuple[Field, Expression]]) -> bool:
    """Whether a selection without groups consists of aggregates."""
    return (
        bool(selected)
        and all(one.is_aggregate or one.literal for _, one in selected)
        and any(one.is_aggregate for _, one in selected)
    )


def _by_name(fields: list[tuple[Field, Expression]]) -> dict[str, tuple[Field, Expression]]:
    return {field["name"]: (field, expression) for field, expression in fields}


def _field(name: str, expression: Expression, *, is_labelled: bool, is_key: bool = False) -> Field:
    """The field of the result."""
    if expression.column is None:
        return {"name": name, "label": name, "type": expression.type, "description": None, "annotations": {}}
    field: Field = expression.column.field | {"name": name}
    if is_labelled:
        field["label"] = name
    if is_key:
        field["annotations"] = {k: v for k, v in field["annotations"].items() if k != "multivalued"}
    return field


def _group(key: Expression) -> Group:
    column = key.column
    if column is not None and column.separator is not None:
        values = Part(f"unnest(coalesce(string_split({column.sql}, ?), [NULL]))", (column.separator,))
        return Group(values, Part(key.shown, key.shown_values))
    return Group(Part(key.sql, key.values), Part(key.shown, key.shown_values), drops_empty=key.drops_empty)


def _all(conditions: Sequence[Part]) -> Part:
    wanted = [condition for condition in conditions if condition.sql != "TRUE"]
    if not wanted:
        return Part("TRUE")
    return Part(
        " AND ".join(condition.sql for condition in wanted),
        tuple(value for condition in wanted for value in condition.values),
    )
