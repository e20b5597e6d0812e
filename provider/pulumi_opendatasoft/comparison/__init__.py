"""The comparison of a portal with another one, with a project, and with all stacks."""
