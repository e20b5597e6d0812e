"""The logins of connections: every scheme with all its members, any of them with another value."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods


def basic(username: str = "portal", password: str = "a password") -> ods.BasicAuth:
    """A user name and a password."""
    return ods.BasicAuth(username=username, password=password)


def oauth2(**other: Any) -> ods.OAuth2Auth:
    """A client of an OAuth 2 server, with everything that any grant needs."""
    return ods.OAuth2Auth(
        **{
            "client_id": "portal",
            "client_secret": "a secret",
            "scope": "read",
            "token_endpoint": "https://login.example.com/token",
            "grant_type": "password",
            "username": "ana",
            "password": "a password",
            "code": "a code",
            **other,
        }
    )


def oidc(**other: Any) -> ods.OIDCAuth:
    """A client of an OpenID Connect server."""
    return ods.OIDCAuth(
        **{
            "client_id": "portal",
            "client_secret": "a secret",
            "scope": "openid",
            "token_endpoint": "https://login.example.com/token",
            "code": "a code",
            "claims": {"email": "ana@example.com"},
            **other,
        }
    )


def access_key(**other: Any) -> ods.AWSSignatureV4Auth:
    """An access key."""
    return ods.AWSSignatureV4Auth(
        **{"access_key_id": "AKIA1", "secret_access_key": "a secret", "region": "eu-west-1", **other}
    )


def role(**other: Any) -> ods.AWSIAMRoleAuth:
    """A role that is known before the connection exists."""
    return ods.AWSIAMRoleAuth(**{"region": "eu-west-1", "role_arn": "arn:aws:iam::123456789012:role/lake", **other})


def shared_key(**other: Any) -> ods.AzureSharedKeyAuth:
    """The key of a storage account."""
    return ods.AzureSharedKeyAuth(**{"account_name": "city", "shared_key": "a key", **other})


def consent(kind: Any, **other: Any) -> Any:
    """A login with the nonce and the code of a consent page."""
    return kind(**{"nonce": "a nonce", "code": "a code", **other})
