"""The types of processors and of their steps, and the steps that many of them share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ..columns import Column, Columns, Record
from ..job import ReadDataset
from ..parameters import Parameter, WrongParameter, catalogue_entry
from ..values import as_text, is_empty

Fail = Callable[[str | None, str], None]
"""Reports the field whose value could not be processed, if it is one, and the reason. The record is kept."""

Step = Callable[[Record], Iterable[Record]]
"""The records that one processor makes of one record: none, that one changed in place, or several."""


@dataclass(frozen=True)
class Output:
    """A column that a step writes: its name, and its label and type if the step knows them."""

    name: str
    label: str | None = None
    type: str | None = None


@dataclass(frozen=True)
class PreparedProcessor:
    """A prepared processor: its step, and the columns that it reads and writes beside those that parameters name.

    `drops` are the columns that do not exist behind it.
    """

    step: Step
    writes: tuple[Output, ...] = ()
    reads: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setup:
    """The surroundings of a processor: the values of all its parameters, the columns before it, and its portal."""

    params: dict[str, Any]
    columns: Columns
    fail: Fail
    read_dataset: ReadDataset

    def column(self, name: str) -> Column:
        """A column before the processor, or a new one."""
        return next((column for column in self.columns if column.name == name), Column(name, name))

    def attempt(self, compute: Callable[[], Any], output: str) -> Any:
        """A computed value; None, and a report, when the computation raises any error."""
        try:
            return compute()
        except ValueError as error:
            reason = str(error)
        except Exception as error:  # One value is lost, and not the dataset.
            reason = failure(error)
        self.fail(output, reason)
        return None


Prepare = Callable[[Setup], PreparedProcessor]
"""Prepares the step of a processor. May raise WrongParameter or NotCarriedOut."""


class NotCarriedOut(Exception):
    """A processor that this portal cannot carry out with these parameters. The message gives the reason."""


@dataclass(frozen=True)
class Processor:
    """One type of processor: its name in the API, its label, its effect, its parameters, and its preparation.

    A type without `prepare` is accepted, and has no effect.
    """

    type: str
    label: str
    effect: str
    parameters: tuple[Parameter, ...] = field(default=())
    prepare: Prepare | None = None

    def as_document(self) -> dict[str, Any]:
        """The processor as an entry of the service's catalogue."""
        return catalogue_entry(self.type, self.label, self.parameters)


OUTPUT_FIELD = Parameter("output_field", "field", "Output field", is_mandatory=True, can_create_field=True)
FIELD = Parameter("field", "field", "Field", is_mandatory=True)
OPTIONAL_FIELD = Parameter("field", "field", "Field")
ALL_FIELDS = Parameter("all_fields", "boolean", "All fields", default=False)
SEPARATOR = Parameter("separator", "string", "Separator", is_mandatory=True)


def one_field(name: str, label: str) -> Parameter:
    """The parameter for a field that is read."""
    return Parameter(name, "field", label, is_mandatory=True)


def changes(change: Callable[[str], str]) -> Prepare:
    """Prepares a step that changes texts in their place: see `changing`."""
    return lambda setup: changing(setup, change)


def changing(setup: Setup, change: Callable[[str], str]) -> PreparedProcessor:
    """A step that changes the texts of `field`, of `fields`, or of all fields. Empty values stay empty."""
    one, some = setup.params.get("field"), setup.params.get("fields") or []
    names = [one, *some] if one else list(some)
    everywhere = setup.params.get("all_fields")
    if not names and not everywhere:
        raise WrongParameter('parameter "field" is missing, and "all_fields" is not true')

    def changed(text: str, name: str) -> Any:
        return setup.attempt(lambda: change(text), name)

    def step(record: Record) -> Iterable[Record]:
        for name in list(record) if everywhere else names:
            value = record.get(name)
            if not is_empty(value) and (new := changed(text := as_text(value), name)) != text:
                record[name] = new
        return (record,)

    return PreparedProcessor(step)


def computing(
    setup: Setup, output: str, compute: Callable[[Record], Any], type: str | None = None
) -> PreparedProcessor:
    """A step that writes a computed value into a field, and the type of that field if it is always the same."""

    def step(record: Record) -> Iterable[Record]:
        record[output] = setup.attempt(lambda: compute(record), output)
        return (record,)

    return PreparedProcessor(step, writes=(Output(output, type=type),))


def deriving(
    setup: Setup, source: str, output: str, derive: Callable[[Any], Any], type: str | None = None
) -> PreparedProcessor:
    """A step that writes what follows from the value of one field; nothing follows from an empty one."""

    def compute(record: Record) -> Any:
        value = record.get(source)
        return None if is_empty(value) else derive(value)

    return computing(setup, output, compute, type)


def derives(
    derive: Callable[[Any], Any], source: str = "field", output: str = "output_field", type: str | None = None
) -> Prepare:
    """Prepares a step that writes what follows from a field: see `deriving`. Two parameters name the fields."""
    return lambda setup: deriving(setup, setup.params[source], setup.params[output], derive, type)


def failure(error: Exception) -> str:
    """The reason of a step that failed with an error that is none of its own."""
    return f"the step failed ({type(error).__name__}: {shown(error)})"


def shown(value: Any) -> str:
    """A value in a message, shortened."""
    text = as_text(value)
    return text if len(text) <= 100 else f"{text[:97]}..."
