"""The Pulumi dynamic provider: the engine's calls become steps of a life, and their ends answers.

It is loaded by name from the string that states hold (`_provider.load`); nothing of it is ever stored.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

import pulumi.resource  # noqa: F401  # the names of pulumi.dynamic need it loaded first
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import UNKNOWN as _PULUMI_UNKNOWN
from pulumi.output import Unknown

from .. import resources  # noqa: F401  # fills the registry
from ..client.list_cache import ListCache
from ..configuration import NAMESPACE, Settings, from_config
from ..errors import ConfigurationError, PortalError, ResourceError
from ..lifecycle.context import Context
from ..lifecycle.finish import UNFINISHED
from ..lifecycle.lifecycle import INCOMPLETE
from ..lifecycle.results import HalfMade, Missing, State
from ..lifecycle.safeguards import check_domain
from ..program.provider_string import PROVIDER_KEY
from ..program.resource import REGISTRY
from ..schema import secrets
from ..schema.canonical import canonical_members, equal
from ..schema.types import UNKNOWN
from ..service.ignore_changes import as_before
from ..service.process import PORTALS
from .frame import Call, leave_with_the_engine, widen


class DynamicProvider(ResourceProvider):
    """The provider of one resource type, in the process that the engine starts for all of them."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        if kind not in REGISTRY:
            raise RuntimeError(
                f"this version of pulumi-opendatasoft has no resource type {kind}: install the one that made the stack"
            )
        self.kind = kind
        self._life = REGISTRY[kind].life()
        self._get: Callable[[str], Any] = lambda _: None

    def configure(self, req: ConfigureRequest) -> None:
        """Remember how to read the configuration. No I/O: the dynamic server holds a lock meanwhile."""
        self._get = lambda name: req.config.get(f"{NAMESPACE}:{name}")
        widen()
        leave_with_the_engine()

    # ------------------------------------------------------------ the engine's calls

    def check(self, _olds: Mapping[str, Any], news: Mapping[str, Any]) -> CheckResult:
        """Canonical inputs, and every mistake with its path."""
        call = Call()
        with self._answering(call):
            before = canonical_members(self._life.it.shape, _inward(_olds or {}))
            if before and call.urn:
                PORTALS.recorded.add(call.urn)
            asked, failures = self._life.check(before, _inward(news))
            for remark in self._life.remarks(before, asked) if not failures else []:
                call.warn(remark)
            # The path stands in the reason: for a `property` the engine would print the value, perhaps a secret.
            return CheckResult(_outward(asked), [CheckFailure("", str(failure)) for failure in failures])

    def diff(self, _id: str, _olds: Mapping[str, Any], _news: Mapping[str, Any]) -> DiffResult:
        """What changed. The engine itself compares the checked inputs, and so prints only the changed paths."""
        call = Call()
        with self._answering(call):
            before, asked = self._before_and_asked(call, _olds, _news)
            settings = self._settings(asked)
            domain = _host(settings)
            if before.get("portal") == asked.get("portal"):
                check_domain(before.get("domain"), domain, settings.moved_from)
            is_lost = functools.partial(PORTALS.held.is_lost, domain)
            diff = self._life.diff(before, asked, adopt_all=settings.adopt, is_lost=is_lost)
            for note in diff.notes:
                call.say(note)
            if not diff:
                if call.urn:  # a refresh asks as well: nameless, its own delete would be taken for an older name's
                    for word in self._life.holds(asked):
                        PORTALS.held.hold(domain, word, _id, call.urn)
                return DiffResult(False)
            elsewhere = before.get("domain") not in (None, domain, *settings.moved_from)
            replaces = [name for name in diff.replaces if name != "portal"]
            # Another name for the portal on which the object lives moves nothing; another portal always does.
            if elsewhere and "portal" in diff.changed and asked.get("portal") is not UNKNOWN:
                replaces.append("portal")
            return DiffResult(None if self._engine_sees(call, self._state(_news)) else True, replaces)

    def create(self, props: Mapping[str, Any]) -> CreateResult:
        """Make the object; one that exists but is not finished is recorded as such."""
        call = Call()
        with self._answering(call):
            asked = self._state(props)
            run = self._run(call, asked)
            try:
                with self._writing(asked):
                    id, state = self._life.create(run, asked)
            except HalfMade as half:
                half.reasons.append(f"{half.id} is kept as it is; the next `up` goes on from there")
                return CreateResult(half.id, self._half_made(call, run, half, props))
            return CreateResult(id, _outward(state))

    def read(self, id_: str, props: Mapping[str, Any]) -> ReadResult:
        """What the portal has. Inputs are told as well, so that drift shows as a diff against the program."""
        call = Call()
        with self._answering(call):
            state = self._state(props)
            run = self._run(call, state)
            is_remembered = bool(state.get("domain"))
            if is_remembered:
                self._check_domain(run, state)
            try:
                told = self._life.read(run, id_, state)
            except Missing:
                if not is_remembered:
                    what = f"{self._life.noun} with the {self._life.id_word} {id_}"
                    raise ResourceError(f"{run.domain} has no {what} that could be read") from None
                return ReadResult("", {})
            if "portal" in state:
                told["portal"] = state["portal"]
            inputs = {s.name: told[s.name] for s in self._life.it.shape.settable if s.name in told}
            is_ours = is_remembered and self._was_asked_for(call)
            return ReadResult(id_, _outward(told), _outward(inputs) if is_ours else None)

    def update(self, _id: str, _olds: Mapping[str, Any], _news: Mapping[str, Any]) -> UpdateResult:
        """Make the live object what the program asks."""
        call = Call()
        with self._answering(call):
            before, asked = self._before_and_asked(call, _olds, _news)
            run = self._run(call, asked)
            self._check_domain(run, before)
            try:
                with self._writing(asked):
                    return UpdateResult(_outward(self._life.update(run, _id, before, asked)))
            except HalfMade as half:
                return UpdateResult(self._half_made(call, run, half, _news))

    def delete(self, _id: str, _props: Mapping[str, Any]) -> None:
        """Delete the object, or let go of it."""
        call = Call()
        with self._answering(call):
            state = self._state(_props)
            run = self._run(call, state)
            self._check_domain(run, state)
            with self._writing(state):
                self._life.delete(run, _id, state)

    # ------------------------------------------------------------ what they have in common

    @contextmanager
    def _answering(self, call: Call) -> Iterator[None]:
        """Whatever goes wrong reaches the person as one message with the resource's name, without a traceback."""
        try:
            yield
        except ConfigurationError as error:
            self._fail(call, str(error))
        except (ResourceError, PortalError) as error:
            self._fail(call, PORTALS.masked(str(error)))
        except Exception as error:
            if call.ended:
                raise
            call.debug(PORTALS.masked(traceback.format_exc()))
            said = PORTALS.masked(str(error))
            self._fail(call, f"{type(error).__name__}: {said} (a fault of pulumi-opendatasoft: please report it)")

    def _half_made(self, call: Call, run: Context, half: HalfMade, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Let the engine record what was done; returns the outputs that say so, where it cannot be told otherwise."""
        outputs: dict[str, Any] = _outward({**half.state, PROVIDER_KEY: inputs[PROVIDER_KEY]})
        reasons = [f"{run.who}: {PORTALS.masked(reason)}" for reason in half.reasons]
        call.half_made(half.id, outputs, reasons)
        return outputs | {INCOMPLETE: reasons}

    def _fail(self, call: Call, reason: str) -> NoReturn:
        message = f"{self._who(call)}: {reason}"
        call.fail(message)
        raise RuntimeError(message)

    @contextmanager
    def _writing(self, inputs: Mapping[str, Any]) -> Iterator[None]:
        """After a write, well or not, no read is answered from a listing of before."""
        try:
            yield
        finally:
            self._listing(self._settings(inputs)).invalidate()

    def _listing(self, settings: Settings) -> ListCache:
        return PORTALS.listing(settings, self._life.collection, self._life.listed_by)

    def _who(self, call: Call) -> str:
        name = call.urn.rpartition("::")[2]
        return f'{self.kind} "{name}"' if name else self.kind

    def _settings(self, inputs: Mapping[str, Any]) -> Settings:
        portal = inputs.get("portal")
        return from_config(self._get, portal if isinstance(portal, str) else None)

    def _run(self, call: Call, inputs: Mapping[str, Any]) -> Context:
        settings = self._settings(inputs)
        client = PORTALS.client(settings)
        client.add_secrets(*secrets.secret_texts(self._life.it.shape, inputs))
        return Context(
            api=client,
            who=self._who(call),
            urn=call.urn,
            is_recorded=call.urn in PORTALS.recorded,
            held=PORTALS.held,
            census=PORTALS.census[client.host],
            adopt_all=settings.adopt,
            moved_from=settings.moved_from,
            processing_timeout=call.timeout or settings.processing_timeout,
            say=lambda text: call.say(client.redact(text)),
            warn=lambda text: call.warn(client.redact(text)),
            progress=lambda text: call.progress(client.redact(text)),
            shared=self._listing(settings).get,
            look_around=functools.partial(PORTALS.shown, settings),
        )

    def _check_domain(self, run: Context, state: State) -> None:
        check_domain(state.get("domain"), run.domain, run.moved_from)

    def _state(self, told: Mapping[str, Any]) -> State:
        state = _inward(told)
        known = canonical_members(self._life.it.shape, state)
        return {n: v for n, v in known.items() if v is not None}

    def _before_and_asked(self, call: Call, olds: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[State, State]:
        before, asked = self._state(olds), self._state(news)
        is_whole = not (before.get(INCOMPLETE) or before.get(UNFINISHED))
        return before, as_before(asked, before, call.ignored, is_whole=is_whole)

    def _was_asked_for(self, call: Call) -> bool:
        """Whether the program gives the resource's properties, rather than only reads it (`get`)."""
        old = call.old_inputs()
        return old is None or any(s.name in old for s in self._life.it.shape.settable if not s.behaviour.local)

    def _engine_sees(self, call: Call, asked: State) -> bool:
        """Whether the engine's own comparison of the inputs finds a change, and so can show just what changed."""
        old = call.old_inputs()
        return old is None or not equal(canonical_members(self._life.it.shape, _inward(old)), asked)


def _host(settings: Settings) -> str:
    return PORTALS.client(settings).host


def _inward(value: Any) -> Any:
    """What the engine says, with the kernel's own word for what is unknown and without what is Pulumi's alone."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {k: _inward(v) for k, v in value.items() if k != PROVIDER_KEY}
    if isinstance(value, list | tuple):
        return [_inward(v) for v in value]
    return value


def _outward(value: Any) -> Any:
    if value is UNKNOWN:
        return _PULUMI_UNKNOWN
    if isinstance(value, Mapping):
        return {k: _outward(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_outward(v) for v in value]
    return value
