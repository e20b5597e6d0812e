"""The adapters, without an engine where they can be tried so."""
