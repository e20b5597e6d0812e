"""The stub of the engine: which calls it makes to the provider, in which order, and what it keeps in its state.

It follows the real engine's rules (read in its step generator, compared side by side in `test_engine.py`) for what the
lifecycles of single resources need: no components, no aliases, no targets. Resources that do not depend on each other
are worked on at the same time, a few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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

from .program import Program, Recorded, registered, run
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
    declared: set[str] = field(default_factory=set)
    """The URNs of the program's resources; those whose step failed are not among `news`."""


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
        self.replaced: list[Resource] = []
        """Replaced resources of the state that are still to be deleted: also those of commands that failed."""
        self.side_by_side = 1
        """How many resources a refresh or a destroy works on at the same time, as `--parallel` does."""
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

    def up(self, program: Program | Recorded, *, ok: bool | None = True, continue_on_error: bool = False) -> Outcome:
        """Carry out a program.

        Args:
            program: declares the resources.
            ok: whether the command must succeed or fail; None where both will do.
            continue_on_error: whether to go on with other resources after one has failed.
        """
        return self._checked(self._run(program, preview=False, continue_on_error=continue_on_error), ok)

    def preview(self, program: Program | Recorded, *, ok: bool | None = True) -> Outcome:
        """Return what an `up` would do."""
        return self._checked(self._run(program, preview=True), ok)

    def refresh(self, *, ok: bool | None = True) -> Outcome:
        """Take the portal's actual values over into the state."""
        outcome = Outcome()
        with self._provider(outcome) as provider:
            errors = self._each(
                list(self.resources.values()), lambda resource: self._refresh(provider, resource, outcome)
            )
            outcome.errors += [str(error) for error in errors if error]
        return self._checked(outcome, ok)

    def destroy(self, *, ok: bool | None = True) -> Outcome:
        """Delete everything, the last first."""
        outcome = Outcome()
        if self.resources or self.replaced:  # an empty stack needs no provider
            with self._provider(outcome) as provider:
                self._delete(provider, [*self.resources.values(), *self.replaced], outcome)
        return self._checked(outcome, ok)

    @contextmanager
    def together(self) -> Iterator[Provider]:
        """Commands that share one provider, to save time: the start of one takes most of the time of a command.

        For commands whose steps do not depend on what a process remembers: previews, updates, and reads of what no
        step of the same process has read. Blocks may be nested.
        """
        if self._shared:
            yield self._shared
            return
        with Provider(self._servers, self._address, self.folder, self._noise, self.config) as provider:
            self._shared = provider
            try:
                yield provider
            finally:
                self._shared = None

    def is_settled(self, program: Program | Recorded) -> None:
        """Assert that neither a preview nor a refresh shows a change; the state stays as it is."""
        kept = dict(self.resources)
        with self.together():
            assert self.preview(program).steps == {}
            refreshed = self.refresh()
            assert (refreshed.steps, refreshed.changed) == ({}, {})
            assert self.preview(program).steps == {}
        self.resources = kept

    def recorded(self, program: Program) -> Recorded:
        """Run a program, and return what it declares, for several commands that need not run it again."""
        return Recorded(tuple(registered(program, project=self.project, stack=self.stack, folder=self.folder)))

    def ids(self) -> dict[str, str]:
        """Return the id of each resource of the state, by name."""
        return {resource.name: resource.id for resource in self.resources.values()}

    def get(self, name: str) -> Resource:
        """A resource of the state by its name."""
        return next(r for r in self.resources.values() if r.name == name)

    # ------------------------------------------------------------ up and preview

    def _run(self, program: Program | Recorded, *, preview: bool, continue_on_error: bool = False) -> Outcome:
        outcome = Outcome()
        with self._provider(outcome) as provider:
            update = _Up(provider, dict(self.resources), preview, outcome, continue_on_error)

            def step(registration: Registration) -> tuple[str, Mapping[str, Any]] | None:
                update.declared.add(registration.urn)
                if outcome.errors and not continue_on_error:
                    return None  # the engine begins no step after one that failed
                try:
                    made = self._step(update, registration)
                except Failed as error:
                    outcome.errors.append(str(error))
                    return None
                update.news[registration.urn] = made
                return made.id, made.outputs

            try:
                run(program, step, project=self.project, stack=self.stack, preview=preview, folder=self.folder)
            except pulumi.RunError as error:
                outcome.errors.append(str(error))
            self._end(update)
        return outcome

    def _end(self, update: _Up) -> None:
        """Delete the resources that the program no longer declares, unless a step failed, and keep the new state."""
        dropped = [old for urn, old in update.olds.items() if urn not in update.declared]
        if update.preview:
            if not update.outcome.errors:
                update.outcome.steps |= {old.name: "delete" for old in dropped}
            return
        self.resources = update.news | {urn: old for urn, old in update.olds.items() if urn not in update.news}
        if not update.outcome.errors or update.continue_on_error:
            self._delete(
                update.provider, [*dropped, *self.replaced], update.outcome, continue_on_error=update.continue_on_error
            )

    def _step(self, update: _Up, registration: Registration) -> Resource:
        """Return the new state of a registered resource. Raises `Failed`."""
        old = update.olds.get(registration.urn)
        if old is not None:
            registration = replace(
                registration, inputs=with_ignored(registration.inputs, old.inputs, registration.ignore_changes)
            )
        inputs = self._inputs(update, registration, old.inputs if old else {})
        if old is None:
            update.outcome.steps[registration.name] = "create"
            return self._create(update, registration, inputs)
        diff = update.provider.diff(old.urn, old.id, old.outputs, old.inputs, inputs, registration.ignore_changes)
        paths = _visible(old.inputs, inputs)
        if not _is_change(diff, paths) and not old.unfinished:
            return replace(old, inputs=inputs, **_options(registration))
        if paths:
            update.outcome.changed[registration.name] = paths
        if diff.replaces and _is_change(diff, paths):
            update.outcome.steps[registration.name] = "replace"
            return self._replace(update, registration, old)
        update.outcome.steps[registration.name] = "update"
        return self._update(update, registration, old, inputs)

    @staticmethod
    def _inputs(update: _Up, registration: Registration, olds: Mapping[str, Any]) -> dict[str, Any]:
        inputs, failures = update.provider.check(registration.urn, dict(olds), registration.inputs)
        if failures:
            kind = registration.urn.split("::")[2]
            update.outcome.refused |= dict.fromkeys(failures, f"{kind} resource '{registration.name}'")
            update.outcome.errors += failures[:-1]
            raise Failed(failures[-1])
        return inputs

    def _create(self, update: _Up, registration: Registration, inputs: dict[str, Any]) -> Resource:
        if update.preview:
            return Resource(registration.urn, "", inputs, inputs)
        try:
            id, outputs = update.provider.create(registration.urn, inputs)
        except Unfinished as failed:
            unfinished = tuple(failed.reasons)
            update.news[registration.urn] = Resource(
                registration.urn, failed.id, inputs, failed.outputs, unfinished, **_options(registration)
            )
            raise
        return Resource(registration.urn, id, inputs, outputs, **_options(registration))

    def _replace(self, update: _Up, registration: Registration, old: Resource) -> Resource:
        inputs = self._inputs(update, registration, {})
        if not update.preview and registration.delete_before_replace:
            update.provider.delete(old.urn, old.id, old.outputs, old.inputs)
            self.resources.pop(old.urn)
            update.olds = {urn: resource for urn, resource in update.olds.items() if urn != old.urn}
            return self._create(update, registration, inputs)
        try:
            made = self._create(update, registration, inputs)
        except Unfinished:
            self.replaced.append(old)
            raise
        if not update.preview:
            self.replaced.append(old)
        return made

    @staticmethod
    def _update(update: _Up, registration: Registration, old: Resource, inputs: dict[str, Any]) -> Resource:
        if update.preview:
            return Resource(registration.urn, old.id, inputs, inputs)
        try:
            outputs = update.provider.update(old, inputs, registration.ignore_changes)
        except Unfinished as failed:
            unfinished = tuple(failed.reasons)
            update.news[registration.urn] = Resource(
                registration.urn, old.id, inputs, failed.outputs, unfinished, **_options(registration)
            )
            raise
        return Resource(registration.urn, old.id, inputs, outputs, **_options(registration))

    # ------------------------------------------------------------ refresh and delete

    def _refresh(self, provider: Provider, old: Resource, outcome: Outcome) -> None:
        id, outputs, read = provider.read(old.urn, old.id, old.outputs, old.inputs)
        if not id:
            outcome.steps[old.name] = "delete"
            self.resources.pop(old.urn)
            return
        inputs = old.inputs if read is None else read
        # The engine shows the reverse of what an `up` right afterwards would do.
        diff = provider.diff(old.urn, id, outputs, inputs, old.inputs, old.ignore_changes)
        paths = _visible(old.inputs, with_ignored(inputs, old.inputs, old.ignore_changes))
        if _is_change(diff, paths):
            outcome.steps[old.name] = "update"
            outcome.changed[old.name] = paths
        self.resources[old.urn] = replace(old, id=id, inputs=inputs, outputs=outputs, unfinished=())

    def _delete(
        self,
        provider: Provider,
        dropped: list[Resource],
        outcome: Outcome,
        continue_on_error: bool = False,
    ) -> None:
        """Delete resources, the last first, until one cannot be deleted.

        Args:
            provider: the command's provider.
            dropped: the resources; a replaced one has another one of its URN in the state, which stays.
            outcome: the steps and errors of the command so far.
            continue_on_error: whether the others are deleted although one cannot be.
        """
        left = list(reversed(dropped))
        while left:
            needed = {urn for old in left for urn in old.dependencies}
            now = [old for old in left if old.urn not in needed][: self.side_by_side]
            left = [old for old in left if old not in now]
            errors = self._each(now, lambda old: provider.delete(old.urn, old.id, old.outputs, old.inputs))
            for old, error in zip(now, errors, strict=True):
                if error:
                    outcome.errors.append(str(error))
                elif old in self.replaced:
                    self.replaced.remove(old)
                else:
                    outcome.steps[old.name] = "delete"
                    self.resources.pop(old.urn, None)
            if any(errors) and not continue_on_error:
                return

    # ------------------------------------------------------------ what commands have in common

    def _each(self, resources: list[Resource], work: Callable[[Resource], object]) -> list[Failed | None]:
        """Work on resources, `side_by_side` of them at a time; returns the failure of each."""

        def tried(resource: Resource) -> Failed | None:
            try:
                work(resource)
            except Failed as error:
                return error
            return None

        if self.side_by_side == 1:
            return [tried(resource) for resource in resources]
        with futures.ThreadPoolExecutor(self.side_by_side) as pool:
            return list(pool.map(tried, resources))

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


def _options(registration: Registration) -> dict[str, Any]:
    """Return the options of a registration that the state keeps."""
    return {
        "delete_before_replace": registration.delete_before_replace,
        "ignore_changes": registration.ignore_changes,
        "dependencies": registration.dependencies,
    }


def _is_change(diff: Diff, paths: list[str]) -> bool:
    """Where the provider leaves it to the engine, a change of the inputs is one."""
    return diff.changes == "some" or (diff.changes == "unknown" and bool(paths))


def _visible(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [path for path in differing(before, after) if path != PROVIDER_KEY]
