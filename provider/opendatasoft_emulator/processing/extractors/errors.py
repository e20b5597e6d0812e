"""The error of extractors."""


class UnreadableFile(Exception):
    """A file that cannot be read. The message gives the reason, and the position."""
