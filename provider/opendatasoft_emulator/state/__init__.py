"""The state of a portal: its objects in SQLite, its files, its settings, and what tests set on it."""
