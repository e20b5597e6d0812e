"""The processors of one dataset, one after another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..columns import Columns, Record, unknown_field
from ..job import ReadDataset, misconfigured
from ..parameters import Parameter, WrongParameter, check, without_effect
from ..passed_over import PassedOver
from ..problems import Problems
from .catalogue import KNOWN
from .step import Fail, NotCarriedOut, Output, PreparedProcessor, Setup, failure

_OF_EVERY_PROCESSOR = ("uid", "type", "label", "permissions_user")
_LONGEST_MESSAGE = 250


@dataclass(frozen=True)
class _Stage:
    """One processor of a dataset, prepared."""

    fail: Fail
    prepared: PreparedProcessor
    outputs: tuple[str, ...]
    named: str | None
    """The field that an error names: the first output, else the first field that is read."""


class Pipeline:
    """The processors of one dataset in their order, prepared for the columns of its sources."""

    def __init__(
        self,
        processors: tuple[dict[str, Any], ...],
        columns: Columns,
        *,
        problems: Problems,
        passed_over: PassedOver,
        read_dataset: ReadDataset,
    ) -> None:
        """Prepare each processor for the columns that those before it leave.

        Raises ProcessingError for one that is misconfigured, or that reads an unknown field, unless the sources have no
        column at all. One that is not carried out is passed over, and those that read what it would write as well.

        Args:
            processors: The processors in the API's form.
            columns: The columns of the sources.
            problems: Takes the values that are lost.
            passed_over: Takes the processors that are passed over.
            read_dataset: Reads a dataset of this portal.
        """
        self.columns = columns
        """The columns behind the last processor."""
        self._passed_over = passed_over
        self._problems = problems
        self._read_dataset = read_dataset
        self._checks_fields = len(columns) > 0
        self._stages: list[_Stage] = []
        for position, processor in enumerate(processors, start=1):
            self._add(processor, position)

    def run(self, record: Record) -> Iterable[Record]:
        """The records that one record becomes."""
        return self._run_from(0, record)

    def _run_from(self, position: int, record: Record) -> Iterator[Record]:
        if position == len(self._stages):
            yield record
            return
        for prepared in self._results(self._stages[position], record):
            yield from self._run_from(position + 1, prepared)

    def _results(self, stage: _Stage, record: Record) -> Iterable[Record]:
        """The records of one stage. After an error of it, the record goes on without its outputs."""
        try:
            return list(stage.prepared.step(record))
        except Exception as error:  # One record lacks a value, and not the dataset all of them.
            reason = str(error) if isinstance(error, ValueError) else failure(error)
        stage.fail(stage.named, reason)
        return ({**record, **dict.fromkeys(stage.outputs)},)

    def _add(self, entry: dict[str, Any], position: int) -> None:
        step = f"Processor {entry['uid']} ({entry.get('type')}, number {position})"
        given = {key: value for key, value in entry.items() if key not in _OF_EVERY_PROCESSOR}
        kind = KNOWN.get(entry.get("type", ""))
        if kind is None or kind.prepare is None:
            self._passed_over.add(step, "is accepted, but not carried out by this portal.", makes=None)
            return
        made: tuple[str, ...] = ()
        try:
            params = check(kind.parameters, given)
            made = _fields(kind.parameters, params, created=True)
            fail = self._fail(entry["uid"])
            prepared = kind.prepare(Setup(params, self.columns, fail, self._read_dataset))
        except WrongParameter as error:
            raise misconfigured(entry, str(error), position=position) from None
        except NotCarriedOut as reason:
            self._passed_over.add(step, f"is not carried out: {reason}.", made or None)
            return
        written = {name: Output(name) for name in made} | {output.name: output for output in prepared.writes}
        reads = (*_fields(kind.parameters, params, created=False), *prepared.reads)
        missing = next((name for name in reads if name not in self.columns), None) if self._checks_fields else None
        if missing is None:
            for unused in without_effect(kind.parameters, given):
                self._passed_over.add(step, f'is carried out without its parameter "{unused}".')
            self._change_columns(written.values(), prepared.drops)
            self._stages.append(_Stage(fail, prepared, tuple(written), next(iter((*written, *reads)), None)))
        elif not self._passed_over.add_dependent(step, missing, written):
            message = unknown_field(column.name for column in self.columns)
            raise misconfigured(entry, message, position=position, field_name=missing)

    def _change_columns(self, written: Iterable[Output], dropped: Iterable[str]) -> None:
        columns = Columns()
        for column in self.columns:
            if column.name not in dropped:
                columns.add(column.name, column.label, column.type).annotations.update(column.annotations)
        for output in written:
            column = columns.add(output.name, output.label or output.name)
            # A written column no longer has the type that its source declared.
            column.type = output.type
        self.columns = columns

    def _fail(self, uid: str) -> Fail:
        def fail(field_name: str | None, message: str) -> None:
            shortened = message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}..."
            self._problems.add(shortened, field_uid=field_name, processor_uid=uid)

        return fail


def _fields(parameters: tuple[Parameter, ...], values: dict[str, Any], *, created: bool) -> tuple[str, ...]:
    """The names of fields in the values of parameters: of those that a step creates, or of those that it reads."""
    names: list[str] = []
    for parameter in parameters:
        value = values.get(parameter.name)
        if parameter.type in ("field", "fields") and parameter.can_create_field is created and value:
            names += value if isinstance(value, list) else [value]
    return tuple(name for name in names if isinstance(name, str))
