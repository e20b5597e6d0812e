"""The sentence in messages of a refresh or destroy about the configuration that they use: that of the last `up`.

The engine records the configuration of a stack with each `up`, failed ones included. Refresh, destroy and the refresh
of `preview --refresh` and `up --refresh` pass this recorded one to the provider, not the present one; with
`--run-program` they pass the present one. Environment variables are always the present ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import ConfigurationError, KeyRefused, NotAPortal, NotPermitted, OpendatasoftError, Unreachable

FROM_ENVIRONMENT = "It is the key of the environment variable OPENDATASOFT_API_KEY."


@contextmanager
def explained(*, is_key_from_environment: bool) -> Iterator[None]:
    """Add to each failure that another configuration may remedy which configuration the command uses."""
    try:
        yield
    except (KeyRefused, NotPermitted) as error:
        _add(error, FROM_ENVIRONMENT if is_key_from_environment else of_last_up("API key"))
        raise
    except (ConfigurationError, Unreachable, NotAPortal) as error:
        _add(error, of_last_up("configuration"))
        raise


def of_last_up(setting: str) -> str:
    """Name the commands that use the present value of a setting."""
    return (
        f"Without `--run-program`, refresh and destroy use the {setting} of the last `up`: if it was changed since "
        "then, add that option, or run `pulumi up` first."
    )


def with_notes(text: str, error: Exception) -> str:
    """The message of an error, followed by what was added to it."""
    return " ".join([text, *_notes(error)])


def _add(error: OpendatasoftError, note: str) -> None:
    if note not in _notes(error):  # reads that share a list fail with one error
        error.add_note(note)


def _notes(error: Exception) -> list[str]:
    return getattr(error, "__notes__", []) if isinstance(error, OpendatasoftError) else []
