"""A city's portal with many resources of every kind under random edits of the program and of the portal."""
