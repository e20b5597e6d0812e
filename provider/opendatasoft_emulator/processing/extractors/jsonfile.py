"""The extractor of JSON documents."""

from collections.abc import Iterator
from typing import Any

from ..columns import Record
from ..files import Member, UnreadableFile
from ..ijson import values_at
from ..parameters import Parameter
from .json_records import Objects, document
from .loading import EXTRACT_FILENAME, Loading, Params

PARAMETERS = (
    EXTRACT_FILENAME,
    Parameter(
        "json_root",
        "string",
        "JSON root",
        description="Dotted path to the list whose objects become the records; `item` steps into a list",
    ),
    Parameter(
        "json_object",
        "string",
        "JSON object",
        description="Dotted path, within each of them, to the object that is the record",
    ),
)
"""Parameters as in the service's description."""


def rows(file: Member, params: Params, loading: Loading) -> Iterator[tuple[int, Record]]:
    """Read the records of the document: the objects of a list, or those of the list at `json_root` of an object.

    Without a root, the records of an object are its `items`, else its only list. Other items are skipped, and added to
    the problems. Raises UnreadableFile.
    """
    objects = Objects(loading.columns, joins_texts=True)
    for position, found in enumerate(_found(document(file.path), params["json_root"]), start=1):
        for member in values_at(found, params["json_object"]):
            if isinstance(member, dict):
                yield position, objects.record(member)
            else:
                loading.problems.add(f"Item {position} is not an object, it is left out")


def _found(whole: Any, root: str | None) -> list[Any]:
    """The list of the records."""
    if root:
        found = list(values_at(whole, root))
        if not found:
            raise UnreadableFile(f"there is nothing at the JSON root {root}")
        return [member for part in found for member in (part if isinstance(part, list) else [part])]
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict):
        if isinstance(whole.get("items"), list):
            return list(whole["items"])
        lists = [value for value in whole.values() if isinstance(value, list)]
        if len(lists) == 1:
            return list(lists[0])
    raise UnreadableFile('it is not a list, say with "json_root" where in it the list of records is')
