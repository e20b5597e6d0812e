"""The commands of API keys: keys search, revoke."""

from __future__ import annotations

import sys
from typing import Any

import click

from ..errors import NotFound, NotPermitted, ResourceError
from ..resources.api_key import REASON
from . import targets
from .exit_codes import Absent
from .group import PASS_SESSION, Command
from .session import Session, is_terminal

MEMBERS = {
    "key": "uid",
    "label": "label",
    "owner": "user.username",
    "permissions": "permissions",
    "created at": "created_at",
    "revoked": "is_revoked",
    "revoked at": "revocation_status.revoked_at",
    "reason": "revocation_status.revocation_reason",
}


@click.group(help="Find and revoke API keys.")
def keys() -> None:
    """The group of these commands."""


@keys.command(
    cls=Command, example="opendatasoft keys search < found-key.txt", context_settings={"allow_extra_args": True}
)
@PASS_SESSION
def search(session: Session) -> None:
    """Find out whose an API key is, revoked or not: it is read from standard input, or from the terminal unseen.

    For administrators. Use it for a key that was found where none should be.
    """
    if click.get_current_context().args:  # click's own message would repeat the key
        raise click.UsageError("an API key is never an argument, for shells keep those: write it to standard input")
    entered = click.prompt("API key", hide_input=True, err=True) if is_terminal(sys.stdin) else sys.stdin.read()
    secret = str(entered).strip()
    if not secret:
        raise click.UsageError("standard input has no key: `opendatasoft keys search < found-key.txt`")
    session.client.add_secrets(secret)
    response = session.client.post("/apikeys/search_key/", {"key": secret}, repeatable=True)
    result = response.get("result") if isinstance(response, dict) else None
    if not isinstance(result, dict) or not response.get("found"):
        raise Absent(f"{session.client.host} has no such key, revoked or not")
    session.object(_without_secret(result), MEMBERS)


@keys.command(cls=Command, asks=True, example='opendatasoft keys revoke ak_qf2hyt --reason "it was in a log"')
@click.argument("key", metavar="UID")
@click.option("--reason", default=REASON, show_default=True, help="The reason that the portal records.")
@PASS_SESSION
def revoke(session: Session, key: str, reason: str) -> None:
    """Revoke the API key that has this UID, for good. The key that the command itself uses is refused.

    A portal shows keys to their owners alone: it is a key of the user whose key the command uses.
    """
    client, path = session.client, f"/apikeys/{targets.step(key)}/"
    known = client.get(path)
    _refuse_own(session, key, known)
    session.confirm(f'Revoke API key {key} ("{known.get("label")}") of {client.host} for good?')

    def revoked() -> Any:
        found = client.get(path)
        return found if found.get("is_revoked") else None

    if not known.get("is_revoked"):
        client.post(f"{path}revoke/", {"reason": reason}, look=revoked)
    text = f"{key} was revoked already" if known.get("is_revoked") else f"revoked {key}"
    session.done(text, _without_secret(client.get(path)))


def _refuse_own(session: Session, key: str, known: dict[str, Any]) -> None:
    """Raise ResourceError for the key that the command calls the portal with, or that may be it."""
    if known.get("is_revoked"):
        return
    client, secret = session.client, known.get("key")
    if secret:
        is_own = client.is_own_key(str(secret))
    else:
        try:
            found = client.post_own_key("/apikeys/search_key/")
        except (NotFound, NotPermitted):
            raise ResourceError(
                f"{client.host} does not show which key this command uses (that takes the permission edit_domain): it "
                f"may be {key} itself, so nothing was revoked. Revoke it in the back office"
            ) from None
        result = found.get("result") if isinstance(found, dict) else None
        is_own = isinstance(result, dict) and result.get("uid") == key
    if is_own:
        raise ResourceError(f"{key} is the key that this command uses, and was not revoked: use another key for it")


def _without_secret(response: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "key"}
