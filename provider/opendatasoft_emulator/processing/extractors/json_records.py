"""How objects of JSON become records; shared by the extractors of JSON."""

import json
from typing import Any

from ..columns import Columns, Record
from ..naming import Names


class Objects:
    """The records of one source's objects: each key is a column, met when it first appears."""

    def __init__(self, columns: Columns, *, joins_texts: bool) -> None:
        """With `joins_texts` a list of texts becomes one text with `;`, and its column multivalued."""
        self._columns = columns
        self._names = Names()
        self._name_of: dict[str, str] = {}
        self._joins_texts = joins_texts

    def record(self, members: dict[str, Any]) -> Record:
        """The record of one object. Objects and lists within it are kept as JSON text."""
        return {self._name(key): self._value(key, value) for key, value in members.items()}

    def _name(self, key: str) -> str:
        if key not in self._name_of:
            name = self._names.new(key)
            self._name_of[key] = name
            self._columns.meet(name, key.strip() or name)
        return self._name_of[key]

    def _value(self, key: str, value: Any) -> Any:
        if isinstance(value, list) and self._joins_texts and all(isinstance(text, str) for text in value):
            self._columns.meet(self._name(key), key).annotations.setdefault("multivalued", [";"])
            return ";".join(value)
        if isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=False)
        return value
