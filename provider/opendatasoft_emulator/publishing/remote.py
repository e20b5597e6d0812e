"""Stand-ins for remote hosts that cannot be reached from a machine under test: files in folders.

The folder `remote` in the portal's folder contains `ftp/HOST/PATH`, `amazon_s3/HOST/PATH`,
`azure_blob_storage/HOST/PATH`, `sharepoint/DRIVE_ID/FILE_ID` and `google_drive/FILE_ID`.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..processing import Uploaded
from ..state.store import Document


def stand_in(folder: Path, connection: Document, datasource: Document) -> Uploaded | None:
    """The file or folder that stands in for a remote one; None for a type without any. Raises FileNotFoundError."""
    kind = datasource["type"]
    if kind == "ftp":
        steps = _by_address(address(connection, datasource))
    elif kind in ("amazon_s3", "azure_blob_storage"):
        steps = _by_address(datasource.get("url") or connection.get("url") or "")
    elif kind == "sharepoint":
        steps = [datasource["drive_id"], datasource["file_id"]]
    elif kind == "google_drive":
        steps = [datasource["file_id"]]
    else:
        return None
    root = folder / kind
    path = root.joinpath(*steps).resolve()
    if not path.is_relative_to(root.resolve()) or not path.exists():
        raise FileNotFoundError(f"there is no file {root.joinpath(*steps)}, which stands for it")
    return Uploaded(path, path.name)


def address(connection: Document, datasource: Document) -> str:
    """The URL of a file: that of its connection, with the relative URL of the datasource appended."""
    base, relative = connection["url"], datasource.get("relative_url") or ""
    if not relative:
        return str(base)
    return f"{base.rstrip('/')}/{relative.lstrip('/')}"


def _by_address(url: str) -> list[str]:
    parts = urlsplit(url if "://" in url else f"//{url}")
    return [parts.hostname or "unknown", unquote(parts.path).lstrip("/")]
