"""The steps of a processing that are passed over, and the fields that are missing for it."""

from collections.abc import Iterable


class PassedOver:
    """Processors and field configurations that are passed over: a note for each, and the fields each would make."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._makers: dict[str, str] = {}
        self._maker_of_any: str | None = None

    def add(self, step: str, reason: str, makes: Iterable[str] | None = ()) -> None:
        """Note a step.

        Args:
            step: Its name: "Processor pr_abc123 (geojoin, number 1)".
            reason: What follows the name in the note.
            makes: The names of the fields that it would make; None when they are not known.
        """
        self.notes.append(f"{step} {reason}")
        if makes is None:
            self._maker_of_any = self._maker_of_any or step
        else:
            self._makers.update(dict.fromkeys(makes, step))

    def add_dependent(self, step: str, field: str, makes: Iterable[str] | None = ()) -> bool:
        """Note a step that reads a field which does not exist; False if no step that was passed over would make it."""
        maker = self._makers.get(field, self._maker_of_any)
        if maker is None:
            return False
        self.add(step, f"is passed over: the field {field} would be made by {maker[0].lower()}{maker[1:]}.", makes)
        return True
