"""A stub of the engine: it takes a program and a state to a new state, through the provider's real server process."""
