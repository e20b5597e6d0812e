"""The stub of the engine: which calls it makes to the provider, in which order, and what it keeps in its state.

It follows the real engine's rules (read in its step generator, compared side by side in `test_engine.py`) for what the
lifecycles of single resources need: no components, no aliases, no targets. Resources that do not depend on each other
are worked on at the same time, a few of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent import futures
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc
import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from .program import Program, run
from .servers import Diff, Failed, Provider, Servers, Unfinished
from .state import Line, Outcome, Registration, Resource, differing, name_of, with_ignored

PROVIDER_KEY = "__provider"


class _Log(engine_pb2_grpc.EngineServicer):
    """The lines that providers log, in order."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        severity = engine_pb2.LogSeverity.Name(request.severity)
        self.lines.append(Line(severity, name_of(request.urn), request.message, request.ephemeral))
        return empty_pb2.Empty()


@dataclass
class _Up:
    """One `up` or `preview` under way."""

    provider: Provider
    olds: Mapping[str, Resource]
    preview: bool
    outcome: Outcome
    continue_on_error: bool = False
    news: dict[str, Resource] = field(default_factory=dict)
    condemned: list[Resource] = field(default_factory=list)
    """Replaced resources that are still to be deleted."""


class Engine:
    """One stack of one portal. Every command starts a provider of its own, as the real engine does."""

    def __init__(
        self, servers: Servers, folder: Path, *, domain: str, key: str, project: str = "city", stack: str = "dev"
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._servers, self.folder = servers, folder
        self.project, self.stack = project, stack
        self.config = {
            "opendatasoft:domain": domain,
            "opendatasoft:apiKey": key,
            "opendatasoft:maxRetries": "0",
        }
        self.resources: dict[str, Resource] = {}
        """The state, by URN, in the order of registration."""
        self._noise = folder / "stderr"
        self._noise.write_text("")
        self._shared: Provider | None = None

    def __enter__(self) -> Self:
        self._log = _Log()
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
        engine_pb2_grpc.add_EngineServicer_to_server(self._log, self._server)
        self._address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop(None).wait()

    # ------------------------------------------------------------ commands

    def up(self, program: Program, *, ok: bool | None = True, continue_on_error: bool = False) -> Outcome:
        """Make everything so. `ok` says how it must end, None that it does not matter."""
        return self._checked(self._run(program, preview=False, continue_on_error=continue_on_error), ok)

    def preview(self, program: Program, *, ok: bool | None = True) -> Outcome:
        """What an `up` would do."""
        return self._checked(self._run(program, preview=True), ok)

    def refresh(self, *, ok: bool | None = True) -> Outcome:
        """Take over into the state what the portal has."""
        outcome = Outcome()
        with self._provider(outcome) as provider:
            for resource in list(self.resources.values()):
                try:
                    self._refresh(provider, resource, outcome)
                except Failed as error:
                    outcome.errors.append(str(error))
        return self._checked(outcome, ok)

    def destroy(self, *, ok: bool | None = True) -> Outcome:
        """Delete everything, the last first."""
        outcome = Outcome()
        with self._provider(outcome) as provider:
            self._delete(provider, list(self.resources.values()), outcome)
        return self._checked(outcome, ok)

    @contextmanager
    def together(self) -> Iterator[Provider]:
        """Commands that share one provider. Only for previews beside an `up`, which call nothing: to save time."""
        with Provider(self._servers, self._address, self.folder, self._noise, self.config) as provider:
            self._shared = provider
            try:
                yield provider
            finally:
                self._shared = None

    def is_settled(self, program: Program) -> None:
        """Assert that neither a preview nor a refresh shows a change; the state stays as it is."""
        kept = dict(self.resources)
        assert self.preview(program).steps == {}
        refreshed = self.refresh()
        assert (refreshed.steps, refreshed.changed) == ({}, {})
        assert self.preview(program).steps == {}
        self.resources = kept

    def ids(self) -> dict[str, str]:
        """Return the id of each resource of the state, by name."""
        return {resource.name: resource.id for resource in self.resources.values()}

    def get(self, name: str) -> Resource:
        """A resource of the state by its name."""
        return next(r for r in self.resources.values() if r.name == name)

    # ------------------------------------------------------------ up and preview

    def _run(self, program: Program, *, preview: bool, continue_on_error: bool = False) -> Outcome:
        outcome = Outcome()
        with self._provider(outcome) as provider:
            at = _Up(provider, dict(self.resources), preview, outcome, continue_on_error)

            def step(registration: Registration) -> tuple[str, Mapping[str, Any]] | None:
                if outcome.errors and not continue_on_error:
                    return None  # the engine begins no step after one that failed
                try:
                    made = self._step(at, registration)
                except Failed as error:
                    outcome.errors.append(str(error))
                    return None
                at.news[registration.urn] = made
                return made.id, made.outputs

            try:
                run(program, step, project=self.project, stack=self.stack, preview=preview)
            except pulumi.RunError as error:
                outcome.errors.append(str(error))
            self._end(at)
        return outcome

    def _end(self, at: _Up) -> None:
        """Delete what no program names any more, unless a step failed; keep what is."""
        leaving = [old for urn, old in at.olds.items() if urn not in at.news]
        if at.preview:
            if not at.outcome.errors:
                at.outcome.steps |= {old.name: "delete" for old in leaving}
            return
        self.resources = at.news | {old.urn: old for old in leaving if old.urn not in at.news}
        if not at.outcome.errors or at.continue_on_error:
            replaced = {r.urn for r in at.condemned}
            self._delete(at.provider, [*leaving, *at.condemned], at.outcome, replaced, at.continue_on_error)

    def _step(self, at: _Up, asked: Registration) -> Resource:
        """What becomes of one registered resource. Raises `Failed`."""
        old = at.olds.get(asked.urn)
        if old is not None:
            asked = replace(asked, inputs=with_ignored(asked.inputs, old.inputs, asked.ignore_changes))
        inputs = self._inputs(at, asked, old.inputs if old else {})
        if old is None:
            at.outcome.steps[asked.name] = "create"
            return self._create(at, asked, inputs)
        diff = at.provider.diff(old, inputs, asked.ignore_changes)
        paths = _visible(old.inputs, inputs)
        if not _is_change(diff, paths) and not old.unfinished:
            return replace(old, inputs=inputs, **_options(asked))
        if paths:
            at.outcome.changed[asked.name] = paths
        if diff.replaces and _is_change(diff, paths):
            at.outcome.steps[asked.name] = "replace"
            return self._replace(at, asked, old)
        at.outcome.steps[asked.name] = "update"
        return self._update(at, asked, old, inputs)

    @staticmethod
    def _inputs(at: _Up, asked: Registration, olds: Mapping[str, Any]) -> dict[str, Any]:
        inputs, failures = at.provider.check(asked.urn, dict(olds), asked.inputs)
        if failures:
            at.outcome.errors += failures[:-1]
            raise Failed(failures[-1])
        return inputs

    def _create(self, at: _Up, asked: Registration, inputs: dict[str, Any]) -> Resource:
        if at.preview:
            return Resource(asked.urn, "", inputs, inputs)
        try:
            id, outputs = at.provider.create(asked.urn, inputs)
        except Unfinished as half:
            unfinished = tuple(half.reasons)
            at.news[asked.urn] = Resource(asked.urn, half.id, inputs, half.outputs, unfinished, **_options(asked))
            raise
        return Resource(asked.urn, id, inputs, outputs, **_options(asked))

    def _replace(self, at: _Up, asked: Registration, old: Resource) -> Resource:
        inputs = self._inputs(at, asked, {})
        if not at.preview and asked.delete_before_replace:
            at.provider.delete(old.urn, old.id, old.outputs, old.inputs)
            self.resources.pop(old.urn)
            at.olds = {urn: resource for urn, resource in at.olds.items() if urn != old.urn}
        elif not at.preview:
            at.condemned.append(old)
        return self._create(at, asked, inputs)

    @staticmethod
    def _update(at: _Up, asked: Registration, old: Resource, inputs: dict[str, Any]) -> Resource:
        if at.preview:
            return Resource(asked.urn, old.id, inputs, inputs)
        try:
            outputs = at.provider.update(old, inputs, asked.ignore_changes)
        except Unfinished as half:
            unfinished = tuple(half.reasons)
            at.news[asked.urn] = Resource(asked.urn, old.id, inputs, half.outputs, unfinished, **_options(asked))
            raise
        return Resource(asked.urn, old.id, inputs, outputs, **_options(asked))

    # ------------------------------------------------------------ refresh and delete

    def _refresh(self, provider: Provider, old: Resource, outcome: Outcome) -> None:
        id, outputs, told = provider.read(old.urn, old.id, old.outputs, old.inputs)
        if not id:
            outcome.steps[old.name] = "delete"
            self.resources.pop(old.urn)
            return
        inputs = old.inputs if told is None else told
        # The engine shows what an `up` right afterwards would do, turned round.
        diff = provider.diff(replace(old, id=id, outputs=outputs, inputs=inputs), old.inputs, old.ignore_changes)
        paths = _visible(old.inputs, with_ignored(inputs, old.inputs, old.ignore_changes))
        if _is_change(diff, paths):
            outcome.steps[old.name] = "update"
            outcome.changed[old.name] = paths
        self.resources[old.urn] = replace(old, id=id, inputs=inputs, outputs=outputs, unfinished=())

    def _delete(
        self,
        provider: Provider,
        leaving: list[Resource],
        outcome: Outcome,
        replaced: set[str] | None = None,
        continue_on_error: bool = False,
    ) -> None:
        """Delete resources, the last first, until one cannot be deleted.

        Args:
            provider: the command's provider.
            leaving: the resources.
            outcome: what the command did so far.
            replaced: those of which only the object is deleted, because another one has taken its place in the state.
            continue_on_error: whether the others are deleted although one cannot be.
        """
        for old in reversed(leaving):
            try:
                provider.delete(old.urn, old.id, old.outputs, old.inputs)
            except Failed as error:
                outcome.errors.append(str(error))
                if continue_on_error:
                    continue
                return
            if not replaced or old.urn not in replaced:
                outcome.steps[old.name] = "delete"
                self.resources.pop(old.urn, None)

    # ------------------------------------------------------------ what commands have in common

    def _provider(self, outcome: Outcome) -> AbstractContextManager[Provider]:
        self._log.lines = outcome.lines
        if self._shared:
            return nullcontext(self._shared)
        return Provider(self._servers, self._address, self.folder, self._noise, self.config)

    def _checked(self, outcome: Outcome, ok: bool | None) -> Outcome:
        noise = self._noise.read_text()
        assert not noise, f"the provider wrote to stderr, which a person sees under Diagnostics: {noise}"
        assert ok is None or ok == (not outcome.errors), outcome.errors
        return outcome


def _options(asked: Registration) -> dict[str, Any]:
    """Return the options of a registration that the state keeps."""
    return {"delete_before_replace": asked.delete_before_replace, "ignore_changes": asked.ignore_changes}


def _is_change(diff: Diff, paths: list[str]) -> bool:
    """Where the provider leaves it to the engine, a change of the inputs is one."""
    return diff.changes == "some" or (diff.changes == "unknown" and bool(paths))


def _visible(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [path for path in differing(before, after) if path != PROVIDER_KEY]
