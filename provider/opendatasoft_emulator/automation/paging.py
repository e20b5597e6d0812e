"""Lists in pages, and the sorting and filtering of lists."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from ..errors import invalid
from ..state.request_log import without_keys
from ..state.store import Document
from .auth import ThePortal

Item = TypeVar("Item")


class Paginated(BaseModel, Generic[Item]):
    """One page. `next` and `previous` are absolute URLs; `total_count` counts the items of all pages."""

    total_count: int
    next: str | None
    previous: str | None
    results: list[Item]


class Page:
    """The page of a list that a request is for."""

    def __init__(self, limit: int, offset: int, address: str, query: str) -> None:
        self.limit = limit
        self.offset = offset
        self._address = address
        self._query = query

    def render(self, items: Sequence[Document], show: Callable[[Document], Document] | None = None) -> Document:
        """The response body with this page of the items; `show` makes the body of an item."""
        part = items[self.offset : self.offset + self.limit]
        more = self.limit > 0 and self.offset + self.limit < len(items)
        return {
            "total_count": len(items),
            "next": self._link(self.offset + self.limit) if more else None,
            "previous": self._link(max(0, self.offset - self.limit)) if self.offset and self.limit else None,
            "results": [show(item) for item in part] if show else list(part),
        }

    def _link(self, offset: int) -> str:
        rest = "&".join(
            pair for pair in self._query.split("&") if pair and pair.split("=")[0] not in ("limit", "offset")
        )
        own = f"limit={self.limit}&offset={offset}"
        return f"{self._address}?{rest}&{own}" if rest else f"{self._address}?{own}"


async def _page(
    request: Request,
    portal: ThePortal,
    limit: Annotated[int, Query(description="At most so many results, 0 to 1000.")] = 20,
    offset: Annotated[int, Query(description="So many results are left out at the beginning.")] = 0,
) -> Page:
    if portal.settings.limit_out_of_range == "clamp":
        limit, offset = min(1000, max(0, limit)), max(0, offset)
    if not 0 <= limit <= 1000:
        raise invalid(limit="Ensure this value is between 0 and 1000.")
    if offset < 0:
        raise invalid(offset="Ensure this value is greater than or equal to 0.")
    address = str(request.url.replace(query=""))
    return Page(limit, offset, address, without_keys(request.url.query))


ThePage = Annotated[Page, Depends(_page)]
"""The page that a request is for: `limit` (20, at most 1000) and `offset` (0)."""

Order = Mapping[str, Callable[[Document], Any]]
"""The sort keys of a list by their name in the parameter `sort`."""


def ordered(items: Sequence[Document], sort: Sequence[str], order: Order) -> list[Document]:
    """The items sorted by each of the names in turn. A minus before a name reverses the order."""
    found = list(items)
    if sort and sort[0].startswith("-"):
        found.reverse()
    for name in reversed(sort):
        by = order.get(name.removeprefix("-"))
        if by is None:
            raise invalid(sort=f'"{name}" is not a valid choice.')
        found.sort(key=by, reverse=name.startswith("-"))
    return found


def matches(search: str, *texts: str) -> bool:
    """Full-text search: whether each of its words is somewhere in the texts, in any case."""
    whole = "\n".join(texts).lower()
    return all(word in whole for word in search.lower().split())


TextList = Annotated[list[str] | None, Query()]
"""A parameter that is a list: repeated, or separated by commas."""


def split_list(values: Sequence[str] | None) -> list[str]:
    """The items of such a parameter; none when it is omitted."""
    return [word for value in values or () for word in value.split(",") if word]
