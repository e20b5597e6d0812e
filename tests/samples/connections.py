"""The samples of connections of every kind, and of the role of one."""

from __future__ import annotations

import pulumi
import pulumi_opendatasoft as ods

from ..resources.connections import AMAZON_S3, AZURE, FTP, GOOGLE_DRIVE, HTTP, OTHER, SHAREPOINT
from ..resources.roles import ROLE_SUBJECT
from . import PASSWORD, USER, Sample, Site


def http(site: Site) -> ods.HTTPConnection:
    """A server with a login, headers and a rule."""
    return ods.HTTPConnection(
        "HTTPConnection",
        url=site.files,
        auth=ods.BasicAuth(username=USER, password=pulumi.Output.secret(PASSWORD)),
        headers={"x-token": "canary-token"},
        group_access=[ods.GroupAccess(group=site.get(ods.Group).uid, permissions=["manage_connection"])],
    )


def http_with_rules(site: Site) -> ods.HTTPConnection:
    """A server with a rule for a user as well."""
    return ods.HTTPConnection(
        "HTTPConnection 2",
        url="http://files.example",
        group_access=[ods.GroupAccess(group=site.get(ods.Group).uid, permissions=["manage_connection"])],
        user_access=[ods.UserAccess(user="admin", permissions=[])],
    )


def ftp(site: Site) -> ods.FTPConnection:
    """A server without a login."""
    return ods.FTPConnection("FTPConnection", url="ftp://files.example", auth=None)


def sharepoint(site: Site) -> ods.SharepointConnection:
    """A consent."""
    auth = ods.SharepointOIDCAuth(nonce="canary-nonce", code="canary-code")
    return ods.SharepointConnection("SharepointConnection", auth=auth)


def google_drive(site: Site) -> ods.GoogleDriveConnection:
    """A consent."""
    auth = ods.GoogleDriveOIDCAuth(nonce="canary-nonce", code="canary-code")
    return ods.GoogleDriveConnection("GoogleDriveConnection", auth=auth)


def amazon_s3(site: Site) -> ods.AmazonS3Connection:
    """A bucket that is read by a role."""
    return ods.AmazonS3Connection("AmazonS3Connection", auth=ods.AWSIAMRoleAuth(region="eu-west-1"))


def amazon_s3_role(site: Site) -> ods.AmazonS3ConnectionRole:
    """The role of that bucket."""
    return ods.AmazonS3ConnectionRole(
        "AmazonS3ConnectionRole",
        connection=site.get(ods.AmazonS3Connection).uid,
        role_arn="arn:aws:iam::123456789012:role/portal",
    )


def azure(site: Site) -> ods.AzureBlobStorageConnection:
    """A container with its key."""
    return ods.AzureBlobStorageConnection(
        "AzureBlobStorageConnection",
        url="https://lake.example/container",
        auth=ods.AzureSharedKeyAuth(account_name="lake", shared_key="canary-key"),
    )


def other(site: Site) -> ods.OtherConnection:
    """A kind that the description does not have."""
    return ods.OtherConnection(
        "OtherConnection",
        type="snowflake_odbc",
        params={"warehouse": "w"},
        secret_params={"connection_string": "canary-string"},
    )


HTTP_SAMPLE = Sample(http, HTTP, (http_with_rules,))
FTP_SAMPLE = Sample(ftp, FTP)
SHAREPOINT_SAMPLE = Sample(sharepoint, SHAREPOINT)
GOOGLE_DRIVE_SAMPLE = Sample(google_drive, GOOGLE_DRIVE)
AMAZON_S3_SAMPLE = Sample(amazon_s3, AMAZON_S3)
AMAZON_S3_ROLE_SAMPLE = Sample(amazon_s3_role, ROLE_SUBJECT)
AZURE_SAMPLE = Sample(azure, AZURE)
OTHER_SAMPLE = Sample(other, OTHER)
