"""The links of responses."""

from typing import Any
from urllib.parse import quote

from fastapi import Request

EXPLORE_ROOT = "/api/explore/v2.1"
"""The path of the Explore API on every portal."""


def address(request: Request, path: str) -> str:
    """The address of a path of the Explore API, on the host that the request names."""
    return f"{request.url.scheme}://{request.url.netloc}{EXPLORE_ROOT}{quote(path)}"


def page_links(request: Request, total: int | None, limit: int, offset: int) -> list[dict[str, Any]]:
    """The links from a page of a list to this, the first, the last and the next one."""
    pages = {"self": offset, "first": 0}
    if total is not None and limit > 0:
        pages["last"] = max(0, (total - 1) // limit * limit)
        if offset + limit < total:
            pages["next"] = offset + limit
    return [
        {"rel": rel, "href": str(request.url.include_query_params(offset=start, limit=limit))}
        for rel, start in pages.items()
    ]
