"""The Pulumi dynamic provider: the engine's calls in the types of `pulumi.dynamic`, around the service.

It is loaded by name from the string that states contain (`_provider.load`); nothing of it is ever stored.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

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

from ..configuration import NAMESPACE
from ..errors import OpendatasoftError
from ..lifecycle.lifecycle import INCOMPLETE
from ..lifecycle.results import HalfMade, State
from ..program.provider_string import PROVIDER_KEY
from ..schema.types import UNKNOWN
from ..service.process import PROCESS
from ..service.service import Service
from .frame import Call, hear_cancel, leave_with_the_engine, widen


class DynamicProvider(ResourceProvider):
    """The provider of one resource type, in the process that the engine starts for all of them."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self._service = Service(kind)

    def configure(self, req: ConfigureRequest) -> None:
        """Remember how to read the configuration. No I/O, because the dynamic server holds a lock."""
        self._service.configure(lambda name: req.config.get(f"{NAMESPACE}:{name}"))
        widen()
        leave_with_the_engine()
        hear_cancel(PROCESS.cancel)

    def check(self, _olds: Mapping[str, Any], news: Mapping[str, Any]) -> CheckResult:
        """Canonical inputs, and every mistake with its path."""
        with self._answering() as call:
            checked = self._service.check(call, _properties(_olds or {}), _properties(news))
            # The reason contains the path: for a `property` the engine would print the value, perhaps a secret.
            return CheckResult(_outward(checked.inputs), [CheckFailure("", reason) for reason in checked.failures])

    def diff(self, _id: str, _olds: Mapping[str, Any], _news: Mapping[str, Any]) -> DiffResult:
        """Whether something changed, and what replaces the resource. The engine prints the paths that differ."""
        with self._answering() as call:
            difference = self._service.diff(call, _id, _properties(_olds), _properties(_news))
            if not difference.is_changed:
                return DiffResult(False)
            return DiffResult(None if difference.is_in_inputs else True, list(difference.replaces))

    def create(self, props: Mapping[str, Any]) -> CreateResult:
        """Create the object; one that exists but is not finished is recorded as such."""
        with self._answering() as call:
            try:
                id, state = self._service.create(call, _properties(props))
            except HalfMade as half:
                return CreateResult(half.id, self._half_made(call, half, props))
            return CreateResult(id, _outward(state))

    def read(self, id_: str, props: Mapping[str, Any]) -> ReadResult:
        """The object as the portal has it, with its inputs, so that drift shows as a diff against the program."""
        with self._answering() as call:
            read = self._service.read(call, id_, _properties(props))
            if read is None:
                return ReadResult("", {})
            return ReadResult(id_, _outward(read.state), None if read.inputs is None else _outward(read.inputs))

    def update(self, _id: str, _olds: Mapping[str, Any], _news: Mapping[str, Any]) -> UpdateResult:
        """Change the object as the program desires it."""
        with self._answering() as call:
            try:
                return UpdateResult(_outward(self._service.update(call, _id, _properties(_olds), _properties(_news))))
            except HalfMade as half:
                return UpdateResult(self._half_made(call, half, _news))

    def delete(self, _id: str, _props: Mapping[str, Any]) -> None:
        """Delete the object, or stop managing it."""
        with self._answering() as call:
            self._service.delete(call, _id, _properties(_props))

    @contextmanager
    def _answering(self) -> Iterator[EngineCallFrame]:
        """Yield the engine's call, and turn every exception into one message for the user, without a traceback."""
        call = EngineCallFrame()
        try:
            yield call
            call.end_progress()
        except Exception as error:
            if call.ended:
                raise
            if not isinstance(error, OpendatasoftError):
                call.debug(PROCESS.redact(traceback.format_exc()))
            message = self._service.failure(call, error)
            call.fail(message)
            raise RuntimeError(message) from None

    @staticmethod
    def _half_made(call: Call, half: HalfMade, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Have the engine record the object as unfinished.

        Returns:
            The outputs of a normal result, in which `incomplete` contains the reasons: for an SDK without the frame.
        """
        outputs: dict[str, Any] = _outward({**half.state, PROVIDER_KEY: inputs[PROVIDER_KEY]})
        call.half_made(half.id, outputs, half.reasons)
        return outputs | {INCOMPLETE: half.reasons}


class EngineCallFrame(Call):
    """A call of the engine, with old inputs as the lifecycle has them."""

    def old_inputs(self) -> State | None:
        """The inputs of the last `up`, as the engine recorded them; None where it does not pass them."""
        old = super().old_inputs()
        return None if old is None else _properties(old)


def _inward(value: Any) -> Any:
    """Convert the engine's values to those of the lifecycle."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {k: _inward(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_inward(v) for v in value]
    return value


def _properties(values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert the properties of a resource to those of the lifecycle, without the provider string."""
    return {name: _inward(value) for name, value in values.items() if name != PROVIDER_KEY}


def _outward(value: Any) -> Any:
    """Convert values of the lifecycle to those of the engine."""
    if value is UNKNOWN:
        return _PULUMI_UNKNOWN
    if isinstance(value, Mapping):
        return {k: _outward(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_outward(v) for v in value]
    return value
