"""The columns of a table, by their titles."""

from ..columns import Columns
from ..naming import Names


def add_columns(titles: list[str], columns: Columns) -> list[str]:
    """Add the columns with these titles, and return their names. A column without a title is named by its position."""
    names = Names()
    return [columns.add(name := names.new(title), title.strip() or name).name for title in titles]
