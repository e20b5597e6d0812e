"""A stand-in for the engine: state in, state out, against the adapter's real server process."""
