"""The functions that read a portal from a program, `get_group` or `list_users`, and their forms that return Outputs."""
