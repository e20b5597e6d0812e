"""How the titles of a table's columns become columns."""

from ..columns import Columns
from ..naming import Names


def add_columns(titles: list[str], columns: Columns) -> list[str]:
    """The names of the columns with these titles; one without a title is called after its place."""
    names = Names()
    return [columns.add(name := names.new(title), title.strip() or name).name for title in titles]
