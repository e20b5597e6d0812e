"""The export of a portal: what is read of it, the program that declares it, and the state in which nothing changes."""
