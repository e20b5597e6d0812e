"""The command `opendatasoft`: what can be done with a portal besides declaring it."""
