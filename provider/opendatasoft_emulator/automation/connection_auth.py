"""The logins of connections. A PUT may omit a secret, so that only `required_secrets`, for a POST, requires any."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from .schemas import OpenRequestBody, RequestBody, ResponseBody, Text


class BasicAuth(RequestBody):
    """A user name and a password."""

    type: Literal["basic_auth"]
    username: str
    password: str | None = None


class OAuth2Auth(RequestBody):
    """OAuth 2."""

    type: Literal["oauth2"]
    client_id: str
    client_secret: str | None = None
    scope: str
    token_endpoint: str
    grant_type: Literal["password", "authorization_code", "client_credentials"]
    username: str | None = None
    password: str | None = None
    code: str | None = None


class OIDCAuth(RequestBody):
    """OpenID Connect with the customer's own client."""

    type: Literal["oidc"]
    client_id: str
    client_secret: str | None = None
    scope: str
    token_endpoint: str
    grant_type: Literal["authorization_code"]
    code: str | None = None
    claims: dict[str, Any] | None = None


class PlatformOIDCAuth(RequestBody):
    """OpenID Connect with the platform's client; its codes work once."""

    type: Literal["oidc"]
    nonce: str | None = None
    grant_type: Literal["authorization_code"]
    code: str | None = None


class AWSSignatureV4Auth(RequestBody):
    """An access key of Amazon Web Services."""

    type: Literal["aws_signature_v4"]
    access_key_id: str
    secret_access_key: str | None = None
    region: str


class AWSIAMRoleAuth(RequestBody):
    """A role that the platform assumes. `role_arn` is "" at first, until the role exists."""

    type: Literal["iam_role"]
    role_arn: str | None = None
    region: str


class AzureSharedKeyAuth(RequestBody):
    """The shared key of a storage account."""

    type: Literal["shared_key"]
    account_name: str
    shared_key: str | None = None


class OtherAuth(OpenRequestBody):
    """A login of a type that the description omits. The members that other types have are validated like theirs."""

    read_only: ClassVar = frozenset({"application_id", "ods_aws_account_id", "external_id", "is_valid"})

    type: Text
    username: str | None = None
    password: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    scope: str | None = None
    token_endpoint: str | None = None
    grant_type: str | None = None
    code: str | None = None
    nonce: str | None = None
    claims: dict[str, Any] | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None
    region: str | None = None
    role_arn: str | None = None
    account_name: str | None = None
    shared_key: str | None = None


class AuthResponse(ResponseBody):
    """A login in a response. Its members depend on its type."""

    model_config = ConfigDict(extra="allow")

    type: str
    username: str | None = None
    password: None = None
    client_id: str | None = None
    scope: str | None = None
    token_endpoint: str | None = None
    grant_type: str | None = None
    claims: dict[str, Any] | None = None
    application_id: str | None = None
    access_key_id: str | None = None
    secret_access_key: None = None
    region: str | None = None
    ods_aws_account_id: str | None = None
    external_id: str | None = None
    is_valid: bool | None = None
    role_arn: str | None = None
    account_name: str | None = None
    shared_key: None = None


HTTPAuth = Annotated[BasicAuth | OAuth2Auth | OIDCAuth, Field(discriminator="type")]
FTPAuth = BasicAuth
SharepointAuth = PlatformOIDCAuth
GoogleDriveAuth = PlatformOIDCAuth
AmazonS3Auth = Annotated[AWSSignatureV4Auth | AWSIAMRoleAuth, Field(discriminator="type")]
AzureAuth = AzureSharedKeyAuth

_SECRETS = {
    "basic_auth": ("password",),
    "oauth2": ("client_secret",),
    "aws_signature_v4": ("secret_access_key",),
    "shared_key": ("shared_key",),
}


def required_secrets(auth: dict[str, Any]) -> tuple[str, ...]:
    """The secrets that a new login of this type needs."""
    if auth.get("type") == "oidc":
        return ("client_secret",) if "client_id" in auth else ("nonce", "code")
    return _SECRETS.get(str(auth.get("type")), ())
