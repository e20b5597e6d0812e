"""A city's portal of almost a hundred resources under random edits of the program and of the portal."""
