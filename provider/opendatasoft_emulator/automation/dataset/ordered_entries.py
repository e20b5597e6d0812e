"""An ordered list of a dataset: field configurations, or processors. Entries are appended and keep their place.

The service treats both as objects of one type, with uids of one form.
"""

from ...errors import invalid, not_found
from ...portal import Portal
from ...state.identifiers import new_uid
from ...state.store import Document


def entry_of(portal: Portal, kind: str, dataset: Document, uid: str) -> Document:
    """One entry.

    Args:
        portal: The portal.
        kind: The kind of document, `field` or `processor`.
        dataset: The dataset.
        uid: The uid of the entry.

    Raises:
        ApiError: A 404 without such an entry.
    """
    entry = portal.store.get(kind, uid, dataset["uid"])
    if entry is None:
        raise not_found()
    return entry


def append(portal: Portal, kind: str, dataset: Document, stored: Document) -> Document:
    """Append an entry and return it.

    Args:
        portal: The portal.
        kind: The kind of document, `field` or `processor`.
        dataset: The dataset.
        stored: The entry without its uid.
    """
    entry = {"uid": new_uid("pr"), **stored}
    portal.store.put(kind, entry["uid"], entry, parent=dataset["uid"])
    return entry


def replace(portal: Portal, kind: str, dataset: Document, uid: str, stored: Document) -> Document:
    """Replace an entry in its place and return it.

    Args:
        portal: The portal.
        kind: The kind of document, `field` or `processor`.
        dataset: The dataset.
        uid: The uid of the entry.
        stored: The new entry without its uid.

    Raises:
        ApiError: A 404 without such an entry; a 400 for another type, unless the settings allow it.
    """
    old = entry_of(portal, kind, dataset, uid)
    if old["type"] != stored["type"] and portal.settings.type_of_entry == "fixed":
        raise invalid(type=f'The type cannot be changed from "{old["type"]}" to "{stored["type"]}".')
    entry = {"uid": uid, **stored}
    portal.store.put(kind, uid, entry, parent=dataset["uid"])
    return entry


def remove(portal: Portal, kind: str, dataset: Document, uid: str) -> None:
    """Delete an entry.

    Args:
        portal: The portal.
        kind: The kind of document, `field` or `processor`.
        dataset: The dataset.
        uid: The uid of the entry.

    Raises:
        ApiError: A 404 without such an entry.
    """
    if not portal.store.delete(kind, uid, dataset["uid"]):
        raise not_found()
