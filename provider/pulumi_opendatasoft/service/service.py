"""The engine's calls for one resource type as steps of its lifecycle: plain values in, plain results out.

This module imports nothing of Pulumi's, so that a dynamic provider and a native plugin can both use it. Values contain
`UNKNOWN` where the engine does not know them yet.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from .. import resources  # noqa: F401  # fills the registry
from ..client.list_cache import ListCache
from ..configuration import Get, Settings, from_config
from ..errors import ConfigurationError, ResourceError
from ..lifecycle.context import Context
from ..lifecycle.finish import UNFINISHED, reason_of
from ..lifecycle.intents import Intent
from ..lifecycle.lifecycle import INCOMPLETE
from ..lifecycle.results import HalfMade, Missing, State
from ..lifecycle.safeguards import check_domain
from ..lifecycle.texts import TextChange
from ..program.resource import REGISTRY
from ..schema import secrets
from ..schema.canonical import canonical_members, equal
from ..schema.types import UNKNOWN
from ..schema.typos import mistyped
from . import last_up
from .engine_call import EngineCall
from .ignore_changes import keep_ignored
from .process import PROCESS


@dataclass(frozen=True)
class Checked:
    """The result of a check."""

    inputs: State
    """The inputs in their canonical form."""

    failures: list[str]
    """Every mistake, with its property path."""


@dataclass(frozen=True)
class Difference:
    """The result of a diff."""

    is_changed: bool
    replaces: tuple[str, ...] = ()
    """The properties whose change replaces the resource."""

    is_in_inputs: bool = False
    """Whether the inputs differ from those of the last `up`: the engine can then print the changed paths itself."""


@dataclass(frozen=True)
class Read:
    """The result of a read of an object that exists."""

    state: State
    inputs: State | None
    """The managed properties; None where the program only reads the object (`get`)."""


class Service:
    """The calls of the engine for one resource type, in the process that the engine starts for all of them.

    Every method raises an `OpendatasoftError` for an expected failure; `failure` is the message for the user.
    """

    def __init__(self, kind: str) -> None:
        if kind not in REGISTRY:
            raise ResourceError(
                f"this version of pulumi-opendatasoft has no resource type {kind}: install the one that made the stack"
            )
        self.kind = kind
        self._lifecycle = REGISTRY[kind].lifecycle()
        self._shape = self._lifecycle.shape
        self._handler = self._lifecycle.handler
        self._get: Get = lambda _: None

    def configure(self, get: Get) -> None:
        """Remember how to read the configuration. No I/O."""
        self._get = get

    # ------------------------------------------------------------ the engine's calls

    def check(self, call: EngineCall, olds: State, news: State) -> Checked:
        """Canonical inputs, and every mistake with its path."""
        PROCESS.has_checked = True
        prior = canonical_members(self._shape, olds)
        if prior and call.urn:
            PROCESS.recorded.add(call.urn)
        desired, failures = self._lifecycle.check(prior, news)
        sets = {s.name: news[s.name] for s in self._shape.settable if s.behaviour.unordered and s.name in news}
        if sets and call.urn:
            PROCESS.in_order[call.urn] = sets
        for warning in mistyped(self._shape, desired) if not failures else []:
            call.warn(warning)
        return Checked(desired, [str(failure) for failure in failures])

    def diff(self, call: EngineCall, id: str, olds: State, news: State) -> Difference:
        """Compare the program's inputs with the state.

        Args:
            call: the call of the engine.
            id: the id of the object.
            olds: the outputs of the last `up`.
            news: the checked inputs.

        Returns:
            Whether they differ, and the properties whose difference replaces the resource.
        """
        prior, desired = self._prior_and_desired(call, olds, news)
        settings = self._settings(desired)
        domain = PROCESS.client(settings).host
        if prior.get("portal") == desired.get("portal"):
            check_domain(prior.get("domain"), domain, settings.moved_from)
        self._intent(call, domain).recorded(id)
        is_deleted = functools.partial(PROCESS.ownership.is_deleted, domain)
        diff = self._lifecycle.diff(
            prior,
            desired,
            adopt_all=settings.adopt,
            keep_adopted=settings.keep_adopted,
            is_deleted=is_deleted,
            texts=PROCESS.texts,
        )
        for note in diff.notes:
            call.info(note)
        self._show_texts(call, diff.texts)
        if not diff:
            if call.urn:  # without it, the resource's own delete would pass for that of its older name
                for owned_as in self._handler.owned_kinds(desired):
                    PROCESS.ownership.record(domain, owned_as, id, call.urn)
            return Difference(False)
        is_elsewhere = prior.get("domain") not in (None, domain, *settings.moved_from)
        replaces = [name for name in diff.replaces if name != "portal"]
        # Another name of the same portal replaces nothing; another portal always replaces the resource.
        if is_elsewhere and "portal" in diff.changed and desired.get("portal") is not UNKNOWN:
            replaces.append("portal")
        return Difference(True, tuple(replaces), self._is_in_inputs(call, self._state(news)))

    def _show_texts(self, call: EngineCall, changes: Iterable[TextChange]) -> None:
        """Print the texts that change, each once: the engine compares a resource several times in a run.

        The lines of a text that several resources share, such as a style sheet, are printed for the first one.
        """
        for change in changes:
            if not call.urn or (call.urn, change) in PROCESS.shown:
                continue
            PROCESS.shown.add((call.urn, change))
            first = PROCESS.shown_lines.setdefault(change.lines, call.urn) if change.lines else call.urn
            if first == call.urn:
                call.info(change.head, [PROCESS.redact(line) for line in change.lines])
            else:
                call.info(f"{change.head}, as in {first.rpartition('::')[2]}")

    def create(self, call: EngineCall, inputs: State) -> tuple[str, State]:
        """Create the object; returns its id and state. Raises `HalfMade` for one that exists but is not finished."""
        desired = self._state(inputs)
        context = self._context(call, desired)
        try:
            with self._writing(desired):
                return self._lifecycle.create(context, desired)
        except HalfMade as half:
            half.reasons.append(f"{half.id} is kept as it is; the next `up` goes on from there")
            raise self._named(half, context) from half

    def read(self, call: EngineCall, id: str, outputs: State) -> Read | None:
        """The object as the portal has it; None where it no longer exists."""
        state = self._state(outputs)
        is_remembered = bool(state.get("domain"))
        with self._perhaps_of_last_up(state):
            context = self._context(call, state)
            if is_remembered:
                self._check_domain(context, state)
                context.intent.recorded(id)
            try:
                report = self._lifecycle.read(context, id, state)
            except Missing:
                if not is_remembered:
                    what = f"{self._handler.kind_name} with the {self._handler.id_label} {id}"
                    raise ResourceError(f"{context.domain} has no {what} that could be read") from None
                return None
        if "portal" in state:
            report["portal"] = state["portal"]
        inputs = {s.name: report[s.name] for s in self._shape.settable if s.name in report}
        return Read(report, inputs if is_remembered and self._is_managed(call) else None)

    def update(self, call: EngineCall, id: str, olds: State, news: State) -> State:
        """Change the object as desired.

        Args:
            call: the call of the engine.
            id: the id of the object.
            olds: the outputs of the last `up`.
            news: the checked inputs.

        Returns:
            The state of the object.

        Raises:
            HalfMade: the change was begun and not finished.
        """
        prior, desired = self._prior_and_desired(call, olds, news)
        context = self._context(call, desired)
        self._check_domain(context, prior)
        try:
            with self._writing(desired):
                return self._lifecycle.update(context, id, prior, desired)
        except HalfMade as half:
            raise self._named(half, context) from half

    def delete(self, call: EngineCall, id: str, outputs: State) -> None:
        """Delete the object, or stop managing it."""
        state = self._state(outputs)
        with self._perhaps_of_last_up(state):
            context = self._context(call, state)
            self._check_domain(context, state)
            context.intent.recorded(id)
            with self._writing(state):
                self._lifecycle.delete(context, id, state)

    def failure(self, call: EngineCall, error: Exception) -> str:
        """The message for a call that failed: the resource and the reason, without any secret."""
        is_configuration = isinstance(error, ConfigurationError)  # its text names keys, and contains none
        reason = str(error) if is_configuration else PROCESS.redact(reason_of(error))
        return f"{self._who(call)}: {last_up.with_notes(reason, error)}"

    # ------------------------------------------------------------ what they share

    @staticmethod
    def _named(half: HalfMade, context: Context) -> HalfMade:
        reasons = [f"{context.who}: {PROCESS.redact(reason)}" for reason in half.reasons]
        return HalfMade(half.id, half.state, reasons)

    def _perhaps_of_last_up(self, state: State) -> AbstractContextManager[None]:
        """Explain failures of a step of a refresh or destroy, whose configuration may be that of the last `up`."""
        if PROCESS.has_checked or not state.get("domain"):
            return nullcontext()
        return last_up.explained(is_key_from_environment=not state.get("portal") and not self._get("apiKey"))

    @contextmanager
    def _writing(self, inputs: State) -> Iterator[None]:
        """Discard the shared list after a write, whether it succeeded or not, so that later reads request it anew."""
        try:
            yield
        finally:
            self._list_cache(self._settings(inputs)).invalidate()

    def _list_cache(self, settings: Settings) -> ListCache:
        return PROCESS.list_cache(settings, self._handler.collection, self._handler.list_key)

    def _who(self, call: EngineCall) -> str:
        name = call.urn.rpartition("::")[2]
        return f'{self.kind} "{name}"' if name else self.kind

    def _settings(self, inputs: Mapping[str, Any]) -> Settings:
        portal = inputs.get("portal")
        return from_config(self._get, portal if isinstance(portal, str) else None)

    def _context(self, call: EngineCall, inputs: State) -> Context:
        settings = self._settings(inputs)
        client = PROCESS.client(settings)
        client.add_secrets(*secrets.secret_texts(self._shape, inputs))
        return Context(
            api=client,
            who=self._who(call),
            urn=call.urn,
            is_recorded=call.urn in PROCESS.recorded,
            ownership=PROCESS.ownership,
            in_order=PROCESS.in_order.get(call.urn, {}),
            census=PROCESS.census[client.host],
            intent=self._intent(call, client.host),
            texts=PROCESS.texts,
            is_in_state=call.is_in_state,
            was_begun=call.was_begun,
            resume=settings.resume,
            adopt_all=settings.adopt,
            keep_adopted=settings.keep_adopted,
            moved_from=settings.moved_from,
            processing_timeout=call.timeout or settings.processing_timeout,
            info=lambda text: call.info(client.redact(text)),
            warn=lambda text: call.warn(client.redact(text)),
            progress=lambda text: call.progress(client.redact(text)),
            shared=self._list_cache(settings).get,
            survey=functools.partial(PROCESS.survey, settings),
        )

    @staticmethod
    def _intent(call: EngineCall, host: str) -> Intent:
        return PROCESS.journal.entry(host, call.urn, call.warn)

    @staticmethod
    def _check_domain(context: Context, state: State) -> None:
        check_domain(state.get("domain"), context.domain, context.moved_from)

    def _state(self, values: Mapping[str, Any]) -> State:
        return {n: v for n, v in canonical_members(self._shape, values).items() if v is not None}

    def _prior_and_desired(self, call: EngineCall, olds: State, news: State) -> tuple[State, State]:
        prior, desired = self._state(olds), self._state(news)
        is_whole = not (prior.get(INCOMPLETE) or prior.get(UNFINISHED))
        return prior, keep_ignored(desired, prior, call.ignored, is_whole=is_whole)

    def _is_managed(self, call: EngineCall) -> bool:
        """Whether the program gives the resource's properties, rather than only reads the object (`get`)."""
        old = call.old_inputs()
        return old is None or any(s.name in old for s in self._shape.settable if not s.behaviour.local)

    def _is_in_inputs(self, call: EngineCall, desired: State) -> bool:
        old = call.old_inputs()
        return old is None or not equal(canonical_members(self._shape, old), desired)
