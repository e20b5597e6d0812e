"""What a processor is while records flow through it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ..columns import Record
from ..parameters import Parameter

Fail = Callable[[str, str], None]
"""How a step tells which field's value could not be processed, and why; the record goes on."""


Step = Callable[[Record], Iterable[Record]]
"""What one processor makes of one record: none, that one changed in place, or several."""


@dataclass(frozen=True)
class PreparedProcessor:
    """A processor ready to work: its step, and the columns it makes and reads that no parameter names."""

    step: Step
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


Prepare = Callable[[dict[str, Any], Fail], PreparedProcessor]
"""How a processor is made ready from the values of all its parameters; may raise WrongParameter."""


@dataclass(frozen=True)
class Processor:
    """One kind of processor: its name in the API, its label, its parameters, and how it is made ready.

    Without `make` the kind is accepted, but not carried out here.
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
