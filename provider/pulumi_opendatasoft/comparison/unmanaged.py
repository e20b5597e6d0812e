"""The objects of a portal that no stack manages."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .. import resources  # noqa: F401  # fills the registry
from ..client.client import Client
from ..dry_run.preview import Step
from ..errors import NotFound, NotPermitted
from ..export.pruning import is_harvested
from ..program.resource import REGISTRY
from ..schema.codec import members_of
from .nouns import NOUNS, Noun, Row


@dataclass(frozen=True)
class Unmanaged:
    """An object of the portal that is in no state."""

    noun: str
    key: str
    """The name by which people know it: the dataset_id, the title of a group, the slug of a page."""

    title: str
    id: str
    """The id by which a state would know it; an adoption takes it."""


@dataclass
class Survey:
    """The objects of a portal, held against the states."""

    found: list[Unmanaged] = field(default_factory=list)
    managed: int = 0
    """How many objects of the portal are in a state."""

    ignored: int = 0
    """How many objects a pattern left out."""

    harvested: int = 0
    """How many datasets a harvester made: they belong to it, whether it is managed or not."""

    unseen: dict[str, str] = field(default_factory=dict)
    """The kinds that the API key may not list, each with the portal's reason."""


def survey(
    client: Client,
    states: Iterable[Step],
    *,
    nouns: Sequence[Noun] = NOUNS,
    ignore: Sequence[str] = (),
    moved_from: Sequence[str] = (),
) -> Survey:
    """List what a portal holds, and find what is in no state.

    Args:
        client: The portal.
        states: The resources of all states; those of other portals are passed over.
        nouns: The kinds to list.
        ignore: Patterns as of a shell, for `noun/key`, or for the key alone: `datasets/test-*`.
        moved_from: The former hosts of the portal.

    Raises:
        PortalError: A list could not be read, for another reason than a missing permission.
    """
    hosts = (client.host, *moved_from)
    known = {_identity(one) for one in states if one.outputs.get("domain") in hosts}
    result = Survey()
    caller = _caller(client)
    for noun in nouns:
        try:
            rows = client.all(noun.path)
        except (NotPermitted, NotFound) as error:
            result.unseen[noun.name] = error.message or str(error)
            continue
        for row in rows:
            if not noun.is_made(row) or caller.is_in(noun, row):
                continue
            if (noun.path, _folded(row.get(noun.id))) in known:
                result.managed += 1
            elif noun.name == "datasets" and _is_harvested(client, row):
                result.harvested += 1
            elif is_ignored(noun.name, str(row.get(noun.key) or ""), ignore):
                result.ignored += 1
            else:
                key = str(row.get(noun.key) or "")
                result.found.append(Unmanaged(noun.name, key, noun.title(row), str(row.get(noun.id) or "")))
    result.found.sort(key=lambda one: ([noun.name for noun in NOUNS].index(one.noun), one.key, one.id))
    return result


def _is_harvested(client: Client, row: Row) -> bool:
    """Whether a harvester made a dataset. Only one whose metadata follow a remote dataset costs a call."""
    if not is_harvested(row, {}):
        return False
    sources = client.all(f"/datasets/{row.get('uid')}/resources/")
    return is_harvested(row, {str(number): source for number, source in enumerate(sources)})


def is_ignored(noun: str, key: str, patterns: Sequence[str]) -> bool:
    """Whether a pattern fits an object: `datasets/test-*`, or `test-*` for every kind."""
    return any(fnmatch.fnmatchcase(f"{noun}/{key}", p) or fnmatch.fnmatchcase(key, p) for p in patterns)


def _identity(one: Step) -> tuple[str, str]:
    """The list and the id of the object that a state contains."""
    cls = REGISTRY.get(one.kind)
    return (cls.lifecycle().handler.collection if cls else "", _folded(one.id))


def _folded(id: object) -> str:
    """An id in lower case, as the e-mail addresses of users are compared."""
    return str(id).lower()


@dataclass(frozen=True)
class _Caller:
    """Who calls the portal: no stack can manage what it is run with."""

    username: object = None
    key: object = None
    """The uid of the API key in use; None where the portal does not show which one it is."""

    def is_in(self, noun: Noun, row: Row) -> bool:
        """Whether an object is the API key in use, or its owner."""
        if noun.name == "api-keys":
            return self.key is not None and row.get("uid") == self.key
        return noun.name == "users" and self.username is not None and row.get("username") == self.username


def _caller(client: Client) -> _Caller:
    try:
        own = [key for key in client.all("/apikeys/") if not key.get("is_revoked")]
    except (NotPermitted, NotFound):
        return _Caller()
    exact = own if len(own) == 1 else [k for k in own if k.get("key") and client.is_own_key(str(k["key"]))]
    if not exact:
        try:
            exact = [dict(members_of(members_of(client.post_own_key("/apikeys/search_key/")).get("result")))]
        except (NotPermitted, NotFound):
            exact = [{}]
    owner = members_of(own[0].get("user")).get("username") if own else None
    return _Caller(owner, exact[0].get("uid"))
