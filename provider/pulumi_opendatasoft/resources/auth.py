"""How a portal logs in where data are kept: every scheme that connections know."""

from __future__ import annotations

from typing import Any, Literal

from ..program.descriptors import Member, member
from ..program.value import Value


class BasicAuth(Value):
    """A user name and a password."""

    type: Member[Literal["basic_auth"]] = member(default="basic_auth")
    """Which scheme it is."""

    username: Member[str] = member()
    """The name with which the portal logs in."""

    password: Member[str] = member(secret=True, write_only=True)
    """The password; the portal never tells it again, so a change made in the back office is not seen."""


class OAuth2Auth(Value):
    """A client of an OAuth 2 server."""

    type: Member[Literal["oauth2"]] = member(default="oauth2")
    """Which scheme it is."""

    client_id: Member[str] = member()
    """The client's name."""

    client_secret: Member[str] = member(secret=True, write_only=True)
    """The client's secret; never told again."""

    scope: Member[str] = member()
    """What the portal asks for."""

    token_endpoint: Member[str] = member()
    """Where tokens are handed out."""

    grant_type: Member[Literal["password", "authorization_code", "client_credentials"] | str] = member()
    """How a token is got."""

    username: Member[str | None] = member(default=None, write_only=True)
    """For the grant `password`: the user's name; never told again."""

    password: Member[str | None] = member(default=None, secret=True, write_only=True)
    """For the grant `password`: the password; never told again."""

    code: Member[str | None] = member(default=None, secret=True, write_only=True, once=True)
    """For the grant `authorization_code`: used up by one use, so it is sent once for each code."""


class OIDCAuth(Value):
    """A client of an OpenID Connect server."""

    type: Member[Literal["oidc"]] = member(default="oidc")
    """Which scheme it is."""

    client_id: Member[str] = member()
    """The client's name."""

    client_secret: Member[str] = member(secret=True, write_only=True)
    """The client's secret; never told again."""

    scope: Member[str] = member()
    """What the portal asks for."""

    token_endpoint: Member[str] = member()
    """Where tokens are handed out."""

    grant_type: Member[Literal["authorization_code"] | str] = member(default="authorization_code")
    """How a token is got."""

    code: Member[str | None] = member(default=None, secret=True, write_only=True, once=True)
    """The code that the consent page gave; used up by one use, so it is sent once for each code."""

    claims: Member[dict[str, Any] | None] = member(default=None, open=True, loose=True)
    """What the portal knows of the account; only what is named is compared."""


class SharepointOIDCAuth(Value):
    """The consent of a SharePoint account, as the back office gets it."""

    type: Member[Literal["oidc"]] = member(default="oidc")
    """Which scheme it is."""

    grant_type: Member[Literal["authorization_code"] | str] = member(default="authorization_code")
    """How the consent is turned into access."""

    nonce: Member[str] = member(secret=True, write_only=True, once=True)
    """The nonce of the consent page; sent once."""

    code: Member[str] = member(secret=True, write_only=True, once=True)
    """The code that the consent page gave; used up by one use, so it is sent once."""


class GoogleDriveOIDCAuth(Value):
    """The consent of a Google account, as the back office gets it."""

    type: Member[Literal["oidc"]] = member(default="oidc")
    """Which scheme it is."""

    grant_type: Member[Literal["authorization_code"] | str] = member(default="authorization_code")
    """How the consent is turned into access."""

    nonce: Member[str] = member(secret=True, write_only=True, once=True)
    """The nonce of the consent page; sent once."""

    code: Member[str] = member(secret=True, write_only=True, once=True)
    """The code that the consent page gave; used up by one use, so it is sent once."""


class AWSSignatureV4Auth(Value):
    """An access key of Amazon Web Services."""

    type: Member[Literal["aws_signature_v4"]] = member(default="aws_signature_v4")
    """Which scheme it is."""

    access_key_id: Member[str] = member()
    """The key's public half."""

    secret_access_key: Member[str] = member(secret=True, write_only=True)
    """The key's secret half; never told again."""

    region: Member[str] = member()
    """Where the bucket is, for example `"eu-west-1"`."""


class AWSIAMRoleAuth(Value):
    """A role of Amazon Web Services that the portal assumes."""

    type: Member[Literal["iam_role"]] = member(default="iam_role")
    """Which scheme it is."""

    region: Member[str] = member()
    """Where the bucket is, for example `"eu-west-1"`."""

    role_arn: Member[str | None] = member(default=None, loose=True)
    """The role. Left out where it can only be made afterwards, with the connection's `external_id`: see
    `AmazonS3ConnectionRole`.
    """


class AzureSharedKeyAuth(Value):
    """A key of an Azure storage account."""

    type: Member[Literal["shared_key"]] = member(default="shared_key")
    """Which scheme it is."""

    account_name: Member[str] = member()
    """The storage account."""

    shared_key: Member[str] = member(secret=True, write_only=True)
    """Its key; never told again."""
