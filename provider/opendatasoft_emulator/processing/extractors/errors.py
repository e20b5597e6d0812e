"""What an extractor raises when a file is not what it should be."""


class UnreadableFile(Exception):
    """A file that cannot be read; its text says what is wrong, and where."""
