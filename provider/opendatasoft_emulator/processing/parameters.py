"""The parameters of extractors and processors: their declaration and their validation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from .values import as_text

ParameterType = Literal["string", "boolean", "int", "double", "field", "fields", "list", "object"]


@dataclass(frozen=True)
class Parameter:
    """One parameter in the terms of the service's catalogues; `field` and `fields` are names of fields."""

    name: str
    type: ParameterType
    label: str
    is_mandatory: bool = False
    default: str | bool | int | float | None = None
    description: str = ""
    can_create_field: bool = False
    is_carried_out: bool = True
    """Whether it has an effect; one without is kept, and noted."""
    least: int | None = None
    """The least value of a whole number."""

    def as_document(self) -> dict[str, Any]:
        """The parameter as in the service's catalogue, without what it does not have."""
        as_document: dict[str, Any] = {
            "name": self.name,
            "label": self.label,
            "type": "list" if self.type == "fields" else self.type,
            "is_mandatory": self.is_mandatory,
        }
        if self.default is not None:
            as_document["default"] = as_text(self.default)
        if self.description:
            as_document["description"] = self.description
        if self.can_create_field:
            as_document["can_create_field"] = True
        return as_document


def catalogue_entry(type: str, label: str, parameters: Iterable[Parameter]) -> dict[str, Any]:
    """An extractor or a processor as an entry of the service's catalogues."""
    return {"type": type, "label": label, "parameters": [parameter.as_document() for parameter in parameters]}


class WrongParameter(Exception):
    """A parameter that is missing or invalid. The message names it and gives the reason."""


def check(parameters: tuple[Parameter, ...], given: dict[str, Any]) -> dict[str, Any]:
    """The value of every parameter in its type, or its default. Unknown parameters are ignored.

    An empty text counts as missing if the parameter is mandatory. Raises WrongParameter.
    """
    return {parameter.name: _value(parameter, given.get(parameter.name)) for parameter in parameters}


def without_effect(parameters: tuple[Parameter, ...], given: dict[str, Any]) -> list[str]:
    """The names of the given parameters that have no effect: unknown ones, and those that are not carried out."""
    known = {parameter.name: parameter for parameter in parameters}
    return [name for name, value in given.items() if value is not None and not _has_effect(known.get(name), value)]


def _has_effect(parameter: Parameter | None, value: Any) -> bool:
    return parameter is not None and (parameter.is_carried_out or value == parameter.default)


def _value(parameter: Parameter, given: Any) -> Any:
    if given is None or (given == "" and parameter.is_mandatory):
        if parameter.is_mandatory:
            raise WrongParameter(f'parameter "{parameter.name}" is missing')
        return parameter.default
    try:
        value = _CONVERSIONS[parameter.type](given)
    except (ValueError, TypeError):
        raise WrongParameter(
            f'parameter "{parameter.name}" must be {_DESCRIPTIONS[parameter.type]}, not {given!r}'
        ) from None
    if parameter.least is not None and value < parameter.least:
        raise WrongParameter(f'parameter "{parameter.name}" must be {parameter.least} or more, not {value}')
    return value


def _string(given: Any) -> str:
    if isinstance(given, str):
        return given
    if isinstance(given, bool | int | float):
        return str(given)
    raise TypeError


def _name(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise TypeError
    return given


def _boolean(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    if str(given).lower() in {"true", "false"}:
        return str(given).lower() == "true"
    raise TypeError


def _int(given: Any) -> int:
    if isinstance(given, bool) or (isinstance(given, float) and not given.is_integer()):
        raise TypeError
    return int(given)


def _double(given: Any) -> float:
    if isinstance(given, bool):
        raise TypeError
    return float(given)


def _list(given: Any) -> list[str]:
    if isinstance(given, str):
        return [given]
    if isinstance(given, list) and all(isinstance(member, str) for member in given):
        return list(given)
    raise TypeError


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise TypeError
    return given


_CONVERSIONS: dict[ParameterType, Any] = {
    "string": _string,
    "boolean": _boolean,
    "int": _int,
    "double": _double,
    "field": _name,
    "fields": _list,
    "list": _list,
    "object": _object,
}

_DESCRIPTIONS: dict[ParameterType, str] = {
    "string": "a text",
    "boolean": "true or false",
    "int": "a whole number",
    "double": "a number",
    "field": "the name of a field",
    "fields": "a list of names of fields",
    "list": "a list of texts",
    "object": "an object",
}
