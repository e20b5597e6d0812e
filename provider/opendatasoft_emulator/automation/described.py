"""The members of bodies that the service's description requires, or calls read-only, where clients do not show which.

The service was seen to be more lenient than its description in many places, so both rules are switches, and the table
has only the calls for which there is no such evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ApiError, invalid
from ..state.settings import Settings


@dataclass(frozen=True)
class Described:
    """The rules of the description for the body of one call."""

    required: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset()


def _described(required: str, read_only: str) -> Described:
    return Described(frozenset(required.split()), frozenset(read_only.split()))


DESCRIBED: Mapping[str, Described] = {
    "PUT /apikeys/{apikey_uid}/": _described("", "uid key created_at user revocation_status is_revoked"),
    "PUT /datasource_connections/{connection_uid}/": _described(
        "type", "uid can_reuse can_manage dataset_count user_count group_count created_at updated_at"
    ),
    "PUT /groups/{group_uid}/": _described("title", "uid user_count created_at updated_at created_by updated_by"),
    "PUT /metadata/templates/{template_name}/": _described(
        "name title type is_active schema", "is_always_active is_system created_at created_by updated_at updated_by"
    ),
    "PUT /users/{username}/": _described(
        "email",
        "display_name is_active is_ods account_type joined_at last_seen_at last_login_at expires_at gravatar_url "
        "identity_providers",
    ),
}
"""By call. A read-only member that is required as well, as a uid, is only read-only here."""


def problem(call: str, body: Any, settings: Settings) -> ApiError | None:
    """The error of a body by the description, as far as the settings enforce it.

    Args:
        call: The method and the path of the route.
        body: The JSON of the request.
        settings: The switches of the portal.
    """
    described = DESCRIBED.get(call)
    if described is None or not isinstance(body, dict):
        return None
    found: dict[str, str] = {}
    if settings.required_members == "enforced":
        found |= dict.fromkeys(sorted(described.required - body.keys()), "This field is required")
    if settings.read_only_members == "refused":
        found |= dict.fromkeys(sorted(described.read_only & body.keys()), "This field is read-only.")
    return invalid(**found) if found else None
