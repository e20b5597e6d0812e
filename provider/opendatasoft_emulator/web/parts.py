"""The parts of a dataset for its page, as tables of plain texts: sources, rules, access, schedules, files, versions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..processing import public_address
from ..state.public_view import DatasetView

Document = Mapping[str, Any]

_OWN_COLUMNS = frozenset({"uid", "type", "label"})
"""The members of a rule or processor that have columns of their own."""


@dataclass(frozen=True)
class Table:
    """A table with a title; `note` stands in the place of one without rows."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str


def tables(dataset: DatasetView, parts: Mapping[str, list[Any]]) -> list[Table]:
    """Return the tables of a dataset; `parts` as `PublicView.parts` returns them."""
    steps = ("", "Type", "Label", "Parameters")
    return [
        Table("Sources", ("Title", "Type", "From", "Parameters"), [_source(one) for one in parts["resource"]], "None."),
        Table("Processors", steps, list(_steps(parts["processor"])), "None."),
        Table("Field configurations", steps, list(_steps(parts["field"])), "None."),
        Table(
            "Access", ("Who", "Permissions", "Data", "Fields", "Records", "Calls"), list(_access(dataset, parts)), ""
        ),
        Table("Schedules", ("Cron expression",), [(one["cron_schedule"],) for one in parts["schedule"]], "None."),
        Table("Attachments", ("File", "Type"), [_file(one) for one in parts["attachment"]], "None."),
        Table(
            "Alternative exports",
            ("Title", "File", "Type"),
            [(str(one.get("title") or ""), *_file(one)) for one in parts["alternative_export"]],
            "None.",
        ),
        Table(
            "Versions",
            ("Version", "Before a change at", "By", "Of"),
            [
                (one["uid"], one["created_at"], one["created_by"], ", ".join(one["sections"]) or "settings")
                for one in reversed(parts["version"])
            ],
            "None.",
        ),
    ]


def _source(resource: Document) -> tuple[str, ...]:
    return (
        str(resource["title"]),
        str(resource["type"]),
        _origin(resource.get("datasource")),
        _members(resource.get("params") or {}),
    )


def _origin(datasource: Document | None) -> str:
    """Where a source comes from, without anything secret."""
    if not datasource or "type" not in datasource:
        return "what is pushed"
    kind = str(datasource["type"])
    if kind == "uploaded_file":
        return str(datasource["file"]["uid"])
    if kind == "federated":
        domain = (datasource.get("domain") or {}).get("domain_id")
        return f"{(datasource.get('dataset') or {}).get('dataset_id')} of {domain}"
    connection = datasource.get("connection") or {}
    place = f"{connection.get('url') or kind}{datasource.get('relative_url') or datasource.get('path') or ''}"
    return public_address(place)


def _steps(entries: Iterable[Document]) -> Iterator[tuple[str, ...]]:
    for number, entry in enumerate(entries, 1):
        parameters = {name: value for name, value in entry.items() if name not in _OWN_COLUMNS}
        yield str(number), str(entry["type"]), str(entry.get("label") or ""), _members(parameters)


def _members(members: Document) -> str:
    return "; ".join(f"{name}: {_text(value)}" for name, value in members.items() if value not in (None, "", [], {}))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return _members(value) if isinstance(value, dict) else str(value)


def _access(dataset: DatasetView, parts: Mapping[str, list[Any]]) -> Iterator[tuple[str, ...]]:
    if dataset.is_restricted:
        yield "everybody else", "none: the dataset is restricted", "no", "", "", ""
    else:
        yield "everybody else", "read", *_security(dataset.default_security)
    for kind in ("user", "group"):
        for rule in parts[f"{kind}_rule"]:
            who = rule[kind]["username"] if kind == "user" else f"group {rule[kind]['uid']}"
            yield who, ", ".join(rule["permissions"]) or "read", *_security(rule["security"])


def _security(security: Document) -> tuple[str, ...]:
    fields, quota = security.get("visible_fields"), security.get("api_calls_quota")
    return (
        "yes" if security.get("is_data_visible") else "no",
        "all" if fields is None else ", ".join(fields) or "none",
        str(security.get("filter_query") or "all"),
        f"{quota['limit']:g} a {quota['unit']}" if quota else "unlimited",
    )


def _file(document: Document) -> tuple[str, ...]:
    return str(document.get("filename") or document.get("uid")), str(document.get("mimetype") or "")
