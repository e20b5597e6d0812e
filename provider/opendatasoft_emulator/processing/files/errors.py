"""The error of files that cannot be read."""


class UnreadableFile(Exception):
    """A file that cannot be read. The message gives the reason, and the position."""
