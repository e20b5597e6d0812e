"""The logins of connections: the schemes by which a portal authenticates itself to a server."""

from __future__ import annotations

from typing import Any, Literal

from ..program.descriptors import Member, member
from ..program.value import Value


class BasicAuth(Value):
    """A user name and a password."""

    type: Member[Literal["basic_auth"]] = member(default="basic_auth")
    """Which scheme it is."""

    username: Member[str] = member()
    """The user name."""

    password: Member[str] = member(secret=True, write_only=True)
    """The password. The portal never returns it, so a change in the back office is not detected."""


class OAuth2Auth(Value):
    """A client of an OAuth 2.0 server."""

    type: Member[Literal["oauth2"]] = member(default="oauth2")
    """Which scheme it is."""

    client_id: Member[str] = member()
    """The id of the client."""

    client_secret: Member[str] = member(secret=True, write_only=True)
    """The secret of the client. The portal never returns it."""

    scope: Member[str] = member()
    """The scopes that the portal requests."""

    token_endpoint: Member[str] = member()
    """The URL of the token endpoint."""

    grant_type: Member[Literal["password", "authorization_code", "client_credentials"] | str] = member()
    """The OAuth grant."""

    username: Member[str | None] = member(default=None, write_only=True)
    """The user name for the grant `password`. The portal never returns it."""

    password: Member[str | None] = member(default=None, secret=True, write_only=True)
    """The password for the grant `password`. The portal never returns it."""

    code: Member[str | None] = member(default=None, secret=True, write_only=True, once=True)
    """The code for the grant `authorization_code`. It is valid once, so each code is sent once."""


class OIDCAuth(Value):
    """A client of an OpenID Connect server."""

    type: Member[Literal["oidc"]] = member(default="oidc")
    """Which scheme it is."""

    client_id: Member[str] = member()
    """The id of the client."""

    client_secret: Member[str] = member(secret=True, write_only=True)
    """The secret of the client. The portal never returns it."""

    scope: Member[str] = member()
    """The scopes that the portal requests."""

    token_endpoint: Member[str] = member()
    """The URL of the token endpoint."""

    grant_type: Member[Literal["authorization_code"] | str] = member(default="authorization_code")
    """The OAuth grant."""

    code: Member[str | None] = member(default=None, secret=True, write_only=True, once=True)
    """The code from the consent page. It is valid once, so each code is sent once."""

    claims: Member[dict[str, Any] | None] = member(default=None, open=True, loose=True)
    """The claims of the account. Only the entries that the program names are compared."""


class SharepointOIDCAuth(Value):
    """The consent of a SharePoint account, as the consent page of the back office returns it."""

    type: Member[Literal["oidc"]] = member(default="oidc")
    """Which scheme it is."""

    grant_type: Member[Literal["authorization_code"] | str] = member(default="authorization_code")
    """The OAuth grant."""

    nonce: Member[str] = member(secret=True, write_only=True, once=True)
    """The nonce of the consent page. It is sent once."""

    code: Member[str] = member(secret=True, write_only=True, once=True)
    """The code from the consent page. It is valid once, so it is sent once."""


class GoogleDriveOIDCAuth(Value):
    """The consent of a Google account, as the consent page of the back office returns it."""

    type: Member[Literal["oidc"]] = member(default="oidc")
    """Which scheme it is."""

    grant_type: Member[Literal["authorization_code"] | str] = member(default="authorization_code")
    """The OAuth grant."""

    nonce: Member[str] = member(secret=True, write_only=True, once=True)
    """The nonce of the consent page. It is sent once."""

    code: Member[str] = member(secret=True, write_only=True, once=True)
    """The code from the consent page. It is valid once, so it is sent once."""


class AWSSignatureV4Auth(Value):
    """An access key of Amazon Web Services."""

    type: Member[Literal["aws_signature_v4"]] = member(default="aws_signature_v4")
    """Which scheme it is."""

    access_key_id: Member[str] = member()
    """The id of the access key."""

    secret_access_key: Member[str] = member(secret=True, write_only=True)
    """The secret of the access key. The portal never returns it."""

    region: Member[str] = member()
    """The region of the bucket, for example `"eu-west-1"`."""


class AWSIAMRoleAuth(Value):
    """A role of Amazon Web Services that the portal assumes."""

    type: Member[Literal["iam_role"]] = member(default="iam_role")
    """Which scheme it is."""

    region: Member[str] = member()
    """The region of the bucket, for example `"eu-west-1"`."""

    role_arn: Member[str | None] = member(default=None, loose=True)
    """The ARN of the role. Leave it out if the role can only be created with the connection's `external_id`, and use
    `AmazonS3ConnectionRole`.
    """


class AzureSharedKeyAuth(Value):
    """A key of an Azure storage account."""

    type: Member[Literal["shared_key"]] = member(default="shared_key")
    """Which scheme it is."""

    account_name: Member[str] = member()
    """The name of the storage account."""

    shared_key: Member[str] = member(secret=True, write_only=True)
    """The key of the storage account. The portal never returns it."""
