"""The errors of single records, which do not stop the processing."""

from typing import Any

_MAX_ERRORS = 100


class Problems:
    """The first hundred errors of records, and the number of the others."""

    def __init__(self) -> None:
        self.records_errors: list[dict[str, Any]] = []
        self._more = 0
        self._notes: dict[str, None] = {}

    def add(
        self,
        message: str,
        *,
        record_id: str | None = None,
        field_uid: str | None = None,
        processor_uid: str | None = None,
    ) -> None:
        """Add one error, in the form of the status' `records_errors`.

        Args:
            message: The reason.
            record_id: The id of the record, if it has one already.
            field_uid: The name of the field, if the error concerns one.
            processor_uid: The uid of the processor or field configuration, if one failed.
        """
        if len(self.records_errors) == _MAX_ERRORS:
            self._more += 1
            return
        self.records_errors.append(
            {
                "record_id": record_id,
                "field_uid": field_uid,
                "processor_uid": processor_uid,
                "message": message,
            }
        )

    @property
    def count(self) -> int:
        """The number of all errors so far."""
        return len(self.records_errors) + self._more

    @property
    def room(self) -> int:
        """The number of errors that are still listed."""
        return _MAX_ERRORS - len(self.records_errors)

    def add_more(self, count: int) -> None:
        """Add so many errors that are not listed."""
        self._more += count

    def add_place(self, position: int, place: str) -> None:
        """Add the place in the file to a listed error."""
        self.records_errors[position]["message"] += f" ({place})"

    def add_note(self, note: str) -> None:
        """Add a note about the whole processing, once."""
        self._notes.setdefault(note)

    @property
    def notes(self) -> list[str]:
        """The notes, and one with the number of errors that are not listed, if any."""
        return [*self._notes, *self._not_listed()]

    def _not_listed(self) -> list[str]:
        return [f"{self._more} more errors of records are not listed."] if self._more else []
