"""Reads a portal as the inputs of a program: every object with its sections, side by side within the rate limiter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent import futures
from typing import Any

from ..client.client import Client
from ..errors import NotPermitted
from ..lifecycle.context import Context
from ..lifecycle.operations import Reading
from ..lifecycle.results import Missing
from ..schema import codec
from ..schema.types import MapOf
from . import adjusting
from .files import Fetch, unread
from .found import CONNECTIONS, FilledIn, Found, Portal, Selection
from .listing import listing
from .naming import named
from .pruning import pruned
from .reads import Reads, Recording

SIDE_BY_SIDE = 8
"""So many objects are read at the same time; the client limits the calls."""

UNMANAGED_SECTIONS = {"Group": frozenset({"members"})}
"""The sections that are not read: the users say the same by their `groups`."""

ALWAYS_LEFT_OUT = (
    "drafts: no list of the portal contains them",
    "API keys: a portal returns their secrets once; make new ones with ods.ApiKey",
    "records that were pushed to realtime sources, and passwords",
)
"""The kinds of things that no export contains."""


def read_portal(
    client: Client,
    selection: Selection | None = None,
    *,
    fetch: Fetch = unread,
    recording: Recording | None = None,
    expect: Callable[[int], None] = lambda objects: None,
    progress: Callable[[Found], None] = lambda found: None,
) -> Portal:
    """Read the objects of a portal as a program would declare them; nothing is written.

    Args:
        client: the portal, called with one API key: what that may not see is left out.
        selection: which objects are read; by default all.
        fetch: returns the value of a `File` for an uploaded file. By default none is downloaded, and the values have no
            hash: for a comparison of properties.
        recording: keeps the reads, so that an interrupted export goes on.
        expect: called with the number of objects that are read next, once or more.
        progress: called after each object, from several threads.

    Returns:
        The portal. Each of its `found` has `inputs` (what a program declares), `outputs` (the state that this has), and
        a `name` that is the same for an equal object of another portal; references are ids, and `Portal.target` finds
        the object of one.

    Raises:
        PortalError: the portal cannot be reached, does not accept the key, or failed.
    """
    chosen = selection or Selection()
    listed = listing(Reads(client, recording))
    filled_in = _filled_in(listed.found)
    portal = Portal(client.host, listed.seen_as, [], [], listed.found)
    done: dict[int, Found] = {}
    left_out = list(listed.left_out)
    waiting = [one for one in listed.found if chosen.has(one)]

    def read(found: Found) -> str:
        reason = _read(found, client, chosen, filled_in, portal, fetch, recording)
        progress(found)
        return reason

    with futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while waiting:
            done |= {id(one): one for one in waiting}
            batch, waiting = waiting, []
            expect(len(batch))
            reasons = list(pool.map(read, batch))
            left_out += [f"{one.label}: {reason}" for one, reason in zip(batch, reasons, strict=True) if reason]
            for one, reason in zip(batch, reasons, strict=True):
                if reason:
                    one.inputs.clear()
            if chosen.with_dependencies:
                waiting = [one for one in _dependencies(batch, portal) if id(one) not in done and _may(one, chosen)]
    everything = named(listed.found, _uses(listed.found, portal))
    found = [one for one in everything if id(one) in done and one.outputs]
    others = [one for one in everything if not (id(one) in done and one.outputs)]
    return Portal(client.host, listed.seen_as, found, [*left_out, *ALWAYS_LEFT_OUT], others)


def _may(found: Found, selection: Selection) -> bool:
    return selection.users or found.kind != "User"


def _dependencies(found: Iterable[Found], portal: Portal) -> list[Found]:
    """The objects that others refer to, each once."""
    targets = [
        portal.target(refers_to, id)
        for one in found
        for name, value in one.inputs.items()
        for refers_to, id in codec.references(one.lifecycle.shape[name], value)
    ]
    return list({id(one): one for one in targets if one is not None}.values())


def _uses(found: Iterable[Found], portal: Portal) -> dict[str, list[str]]:
    """The objects that refer to each group and connection, by its id."""
    uses: dict[str, list[str]] = {}
    for one in found:
        for target in _dependencies([one], portal):
            if target.kind == "Group" or target.kind in CONNECTIONS:
                uses.setdefault(target.id, []).append(one.label)
    return {id: sorted(labels) for id, labels in uses.items()}


def _filled_in(found: Iterable[Found]) -> FilledIn:
    zones = set[Any]()
    for one in found:
        if one.kind == "Dataset":
            default = codec.members_of(codec.members_of(one.row.get("metadata")).get("default"))
            zones.add(codec.members_of(default.get("timezone")).get("value"))
    return FilledIn(timezone=zones.pop() if len(zones) == 1 else None)


def _read(
    found: Found,
    client: Client,
    selection: Selection,
    filled_in: FilledIn,
    portal: Portal,
    fetch: Fetch,
    recording: Recording | None,
) -> str:
    """Read one object.

    Args:
        found: the object, which gets its inputs and outputs.
        client: the portal.
        selection: what is read.
        filled_in: what the portal writes into all datasets.
        portal: all listed objects.
        fetch: returns the value of a `File`.
        recording: keeps the reads.

    Returns:
        The reason for which it is left out; empty where it is not.
    """
    context = Context(api=Reads(client, recording), who=found.label, shared=lambda key: found.row)
    handler, shape = found.lifecycle.handler, found.lifecycle.shape
    learned = adjusting.learned(found)
    reading = Reading(context, found.id, learned, fresh=False)
    try:
        response = handler.read(reading)
    except Missing:
        return "it is no longer on the portal"
    own = [s for s in shape.settable if s.name not in handler.section_names and not s.behaviour.local]
    actual = {slot.name: handler.decode(context, response, slot) for slot in own}
    for section in handler.sections:
        if section.names[0] in UNMANAGED_SECTIONS.get(found.kind, ()):
            continue
        try:
            actual |= section.read_unmanaged(reading, response)
        except NotPermitted:
            found.remarks.append(f"{section.names[0]}: the API key may not read them")
    kept = adjusting.KEPT_EMPTY & actual.keys() if selection.empty else frozenset[str]()
    for name in kept:
        actual[name] = actual[name] or ({} if isinstance(shape[name].kind, MapOf) else [])
    try:
        learned |= adjusting.adjust(found, actual, adjusting.Surroundings(context, portal, filled_in, fetch))
    except adjusting.LeftOut as reason:
        return str(reason)
    desired = adjusting.finish(found, pruned(shape, actual, sections=kept), portal)
    found.inputs, failures = found.lifecycle.check(desired, desired)
    if failures:
        return f"a program could not declare it: {'; '.join(map(str, failures))}"
    state = {**found.inputs, **learned, "domain": context.domain, "adopted": True}
    report = found.lifecycle.read(context, found.id, state)
    outputs = handler.after_adoption(Reading(context, found.id, state), report)
    found.outputs = {name: value for name, value in outputs.items() if value is not None}
    adjusting.settle(found)
    different = found.lifecycle.diff(found.outputs, found.inputs, keep_adopted=True)
    if different:
        names = ", ".join(different.changed) or "it is not finished"
        found.remarks.append(f"the first preview shows a change ({names})")
    return ""
