"""The state of a portal: its objects in SQLite, its files, its switches, its faults and its request log."""
