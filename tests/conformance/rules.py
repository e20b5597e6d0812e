"""The words of a table of writable properties: which declared property writes an official one, or why none does."""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = {
    "http": "HTTPConnection",
    "ftp": "FTPConnection",
    "sharepoint": "SharepointConnection",
    "google_drive": "GoogleDriveConnection",
    "amazon_s3": "AmazonS3Connection",
    "azure_blob_storage": "AzureBlobStorageConnection",
}
"""The class of each kind of connection."""


@dataclass(frozen=True)
class Writes:
    """Official properties that declared ones write: two patterns that match whole, and `Class:path`."""

    operation: str
    path: str
    by: str

    def writer(self, operation: str, path: str) -> tuple[str, str] | None:
        """Class and declared path for an official property, if it is one of these."""
        match = re.fullmatch(self.path, path) if re.fullmatch(self.operation, operation) else None
        if match is None:
            return None
        kind, _, declared = match.expand(self.by).partition(":")
        return KINDS.get(kind, kind), declared


@dataclass(frozen=True)
class Unwritten:
    """Official properties that no declared one writes, and why."""

    operation: str
    path: str
    reason: str

    def covers(self, operation: str, path: str) -> bool:
        """Whether an official property is one of these."""
        return bool(re.fullmatch(self.operation, operation) and re.fullmatch(self.path, path))
