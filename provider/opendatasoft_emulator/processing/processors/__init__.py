"""The processors, which change records between extraction and publication."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..columns import Columns, Record, unknown_field
from ..job import misconfigured
from ..parameters import WrongParameter, check
from ..problems import Problems
from . import dates, generic, geo, text
from .step import Prepare, PreparedProcessor, Processor

__all__ = ["KNOWN", "Pipeline"]

_SUPPORTED = (*text.PROCESSORS, *generic.PROCESSORS, *dates.PROCESSORS, *geo.PROCESSORS)

_ACCEPTED = (
    Processor("transform_coordinates", "Normalize projection reference"),
    Processor("geojoin", "GeoJoin"),
    Processor("expand_json_array", "Expand JSON array"),
    Processor("join_dataset", "Join datasets"),
)

KNOWN = {processor.type: processor for processor in _SUPPORTED + _ACCEPTED}
"""Every processor of the catalogue by its type. Those without `prepare` are accepted, and have no effect."""


@dataclass(frozen=True)
class _Stage:
    """One processor of a dataset, prepared, with its position."""

    entry: dict[str, Any]
    position: int
    prepared: PreparedProcessor
    reads: tuple[str, ...]
    writes: tuple[str, ...]


class Pipeline:
    """The processors of one dataset in their order, prepared for its records."""

    def __init__(self, processors: tuple[dict[str, Any], ...], problems: Problems) -> None:
        """Prepare each processor. Raises ProcessingError with the one that is misconfigured."""
        self.notes: list[str] = []
        self._problems = problems
        self._stages: list[_Stage] = []
        for position, processor in enumerate(processors, start=1):
            kind = KNOWN.get(processor.get("type", ""))
            if kind is None or kind.prepare is None:
                name = f"Processor {processor['uid']} ({processor.get('type')}, number {position})"
                self.notes.append(f"{name} is accepted, but not carried out by this portal.")
            else:
                self._stages.append(self._stage(processor, position, kind, kind.prepare))

    def run(self, record: Record) -> Iterable[Record]:
        """The records that one record becomes."""
        return self._run_from(0, record)

    def finish(self, columns: Columns) -> None:
        """Add the columns that the processors write to those of the sources.

        Raises ProcessingError for a processor that reads an unknown field, unless the sources have no column at all.
        """
        knows_columns = len(columns) > 0
        for stage in self._stages:
            for name in stage.reads:
                if knows_columns and name not in columns:
                    message = unknown_field(column.name for column in columns)
                    raise misconfigured(stage.entry, message, position=stage.position, field_name=name)
            for name in stage.writes:
                columns.add(name, name)

    def _run_from(self, position: int, record: Record) -> Iterator[Record]:
        if position == len(self._stages):
            yield record
            return
        for prepared in self._stages[position].prepared.step(record):
            yield from self._run_from(position + 1, prepared)

    def _stage(self, processor: dict[str, Any], position: int, kind: Processor, prepare: Prepare) -> _Stage:
        def fail(field_name: str, message: str) -> None:
            self._problems.add(message, field_uid=field_name, processor_uid=processor["uid"])

        try:
            params = check(kind.parameters, processor)
            prepared = prepare(params, fail)
        except WrongParameter as error:
            raise misconfigured(processor, str(error), position=position) from None
        fields = [parameter for parameter in kind.parameters if parameter.type == "field"]
        names = {parameter.name: params[parameter.name] for parameter in fields if params[parameter.name]}
        creates = {parameter.name for parameter in fields if parameter.can_create_field}
        reads = tuple(name for key, name in names.items() if key not in creates)
        writes = tuple(name for key, name in names.items() if key in creates)
        return _Stage(processor, position, prepared, reads + prepared.reads, writes + prepared.writes)
