"""What tests and measurements may change about the portal: speed, and each behaviour that public material leaves open.

Every default is what is most likely true of the real service.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """The switches of one portal. They are kept with its state and come back to their defaults with a reset."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latency_ms: int = Field(default=0, ge=0)
    """Added to every answer of the Automation API."""

    processing_ms: int = Field(default=0, ge=0)
    """The least time for which a dataset is `processing`."""

    limit_out_of_range: Literal["refuse", "clamp"] = "refuse"
    """A `limit` below 0 or above 1000: a validation error, or the nearest allowed value."""

    refusal_body: Literal["error_code", "legacy", "empty"] = "error_code"
    """The body of a 401 or 403: the Automation API's own form, that of the older Management API, or none."""

    throttled_body: Literal["error_code", "quota"] = "quota"
    """The body of a 429: the Automation API's own form, or that of the platform's quota."""

    group_uid_separator: Literal["_", "-"] = "_"
    """What joins the words of a group's title in its uid."""

    duplicate_group_title: Literal["accept", "refuse"] = "accept"
    """A group with a title that is taken: another uid, with a number behind it, or a validation error."""

    omitted_in_put: Literal["keep", "clear"] = "keep"
    """What a PUT of a group, a user or a connection does to a property that it does not name."""

    open_invitation: Literal["listed", "hidden"] = "listed"
    """A user who has not joined yet: told like any other, or unknown (and without a username) until they join."""

    names_of_users: Literal["ignored", "written"] = "ignored"
    """First and last name in a PUT of a user: an account is shared by all portals, so one portal does not rename it."""

    connection_secret_left_out: Literal["kept", "cleared"] = "kept"
    """What a PUT of a connection does to a secret that it leaves out or gives as null."""

    connection_in_use: Literal["refuse", "delete"] = "refuse"
    """A DELETE of a connection that datasets use: a validation error, or it is deleted."""

    api_key_told: Literal["always", "once"] = "always"
    """Whether the key itself is told again after the answer to its creation, or is null from then on."""
