"""The types of processors and of their steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ..columns import Record
from ..parameters import Parameter

Fail = Callable[[str, str], None]
"""Reports the field whose value could not be processed, and the reason. The record is kept."""


Step = Callable[[Record], Iterable[Record]]
"""The records that one processor makes of one record: none, that one changed in place, or several."""


@dataclass(frozen=True)
class PreparedProcessor:
    """A prepared processor: its step, and the columns it writes and reads beside those that parameters name."""

    step: Step
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


Prepare = Callable[[dict[str, Any], Fail], PreparedProcessor]
"""Prepares a processor for the values of all its parameters. May raise WrongParameter."""


@dataclass(frozen=True)
class Processor:
    """One type of processor: its name in the API, its label, its parameters, and its preparation.

    A type without `prepare` is accepted, and has no effect.
    """

    type: str
    label: str
    parameters: tuple[Parameter, ...] = field(default=())
    prepare: Prepare | None = None

    def as_document(self) -> dict[str, Any]:
        """The processor as an entry of the service's catalogue."""
        return {
            "type": self.type,
            "label": self.label,
            "parameters": [parameter.as_document() for parameter in self.parameters],
        }


OUTPUT_FIELD = Parameter("output_field", "field", "Output field", is_mandatory=True, can_create_field=True)
FIELD = Parameter("field", "field", "Field", is_mandatory=True)
OPTIONAL_FIELD = Parameter("field", "field", "Field")
ALL_FIELDS = Parameter("all_fields", "boolean", "All fields", default=False)
