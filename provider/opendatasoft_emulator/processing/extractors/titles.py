"""How the titles of a table's columns become columns."""

from ..columns import Columns
from ..naming import Names


def met(titles: list[str], columns: Columns) -> list[str]:
    """The names of the columns with these titles; one without a title is called after its place."""
    names = Names()
    return [columns.meet(name := names.new(title), title.strip() or name).name for title in titles]
