"""Calls made by a library from the official description, to a portal that has one object of every kind."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from .official import official_description

Call = Callable[[str, str, dict[str, Any]], None]
"""Makes one call: the operation, the path, and the arguments of httpx."""

NOT_CALLED = ("POST /users/", "PUT /users/", "DELETE /users/")
"""Calls that change or delete users: the administrator, who makes the calls, is one of them."""


def operations() -> Iterator[Any]:
    """Every operation that is called, reads before writes, and deletions last."""
    # The library takes half a second to load, in each process that collects tests.
    import schemathesis
    from schemathesis.core.result import Ok

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_dict(_for_library())
        found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    order = ("GET", "PUT", "POST", "DELETE")
    found.sort(key=lambda operation: (order.index(operation.method.upper()), operation.path))
    if len(found) != sum(map(len, official_description()["paths"].values())):
        raise ValueError("the library cannot read every operation of the official description")
    return (operation for operation in found if not operation.label.startswith(NOT_CALLED))


def calls_of(operation: Any, ids: dict[str, str], count: int, call: Call) -> None:
    """Make calls of one operation, always the same ones: three of four name objects that exist.

    Args:
        operation: the operation, as the library has it.
        ids: the identifier for each parameter of a path, by its name, or `path name` for one path.
        count: how many calls at most.
        call: makes a call.
    """
    from hypothesis import HealthCheck, Phase, given, settings

    made = 0

    @settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(case=operation.as_strategy())
    def make(case: Any) -> None:
        nonlocal made
        made += 1
        path = operation.path
        for name, value in (case.path_parameters or {}).items():
            known = ids.get(f"{path} {name}", ids.get(name, "missing"))
            path = path.replace(f"{{{name}}}", known if made % 4 else quote(str(value), safe=""))
        query = {name: value for name, value in (case.query or {}).items() if name != "apikey"}
        call(operation.label, path, {"params": query, **_body(case)})

    make()


def _body(case: Any) -> dict[str, Any]:
    from schemathesis.core import NotSet

    if isinstance(case.body, NotSet):
        return {}
    if case.media_type == "application/json":
        return {"content": json.dumps(case.body), "headers": {"content-type": "application/json"}}
    return {"files": {"file": ("data.csv", b"a,b\n1,2\n", "text/csv")}}


def _for_library() -> dict[str, Any]:
    """The official description as the library needs it: with a title, and with unions in place of discriminators."""
    document: dict[str, Any] = _repaired(official_description())
    document["info"] = {"title": "Automation API", "version": "1.0"}
    schemas = document["components"]["schemas"]
    for name in [name for name, schema in schemas.items() if "discriminator" in schema]:
        discriminator = schemas[name].pop("discriminator")
        base, mark = f"{name}_base", discriminator["propertyName"]
        schemas[base] = schemas[name]
        alternatives = []
        for word, reference in discriminator["mapping"].items():
            alternative = schemas[reference.rpartition("/")[2]]
            for part in alternative.get("allOf", ()):
                if part.get("$ref", "").endswith(f"/{name}"):
                    part["$ref"] = part["$ref"] + "_base"
            fixed = {"type": "object", "properties": {mark: {"const": word}}, "required": [mark]}
            alternatives.append({"allOf": [{"$ref": reference}, fixed]})
        schemas[name] = {"anyOf": alternatives}
    return document


def _repaired(node: Any) -> Any:
    """A copy in which one list of types has no bare null."""
    if isinstance(node, dict):
        found = {name: _repaired(inner) for name, inner in node.items()}
        if isinstance(node.get("type"), list):
            found["type"] = [word or "null" for word in node["type"]]
        return found
    return [_repaired(inner) for inner in node] if isinstance(node, list) else node


_OIDC = {"type": "oidc", "grant_type": "authorization_code", "code": "used once", "nonce": "used once"}

CONNECTIONS: tuple[dict[str, Any], ...] = (
    {"type": "http", "url": "https://a.example"},
    {"type": "ftp", "url": "ftp://a.example", "auth": {"type": "basic_auth", "username": "ana", "password": "secret"}},
    {"type": "sharepoint", "auth": _OIDC},
    {"type": "google_drive", "auth": _OIDC},
    {"type": "amazon_s3", "auth": {"type": "iam_role", "region": "eu-west-1", "role_arn": ""}},
    {
        "type": "azure_blob_storage",
        "url": "https://a.example",
        "auth": {"type": "shared_key", "account_name": "a", "shared_key": "secret"},
    },
)
"""A connection of each kind."""


def calls_of_known_differences(ids: dict[str, str], call: Call, uid_of: Callable[[str], str]) -> None:
    """Make the calls that show what is known to differ in calls alone.

    Args:
        ids: the identifiers of a portal on which nothing has been published yet.
        call: makes a call.
        uid_of: the uid of the connection of a kind.
    """
    at = f"/datasets/{ids['dataset_uid']}"
    call("POST /datasets/{dataset_uid}/publish_metadata/", f"{at}/publish_metadata/", {})
    for action in ("recover", "delete_recover_data"):
        name = f"POST /datasets/{{dataset_uid}}/resources/{{resource_uid}}/{action}/"
        call(name, f"{at}/resources/{ids['resource_uid']}/{action}/", {})
    for body in CONNECTIONS:
        call("POST /datasource_connections/", "/datasource_connections/", {"json": body})
        path = f"/datasource_connections/{uid_of(body['type'])}/"
        call("GET /datasource_connections/{connection_uid}/", path, {})
        call("PUT /datasource_connections/{connection_uid}/", path, {"json": body})
    call("GET /datasource_connections/", "/datasource_connections/", {})
