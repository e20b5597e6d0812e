"""The size of a spreadsheet when it is unpacked."""

import zipfile
from pathlib import Path

from .errors import UnreadableFile
from .members import LIMITS, Limits

_MB = 1024 * 1024


def require_bounded(path: Path, limits: Limits = LIMITS) -> None:
    """Raise UnreadableFile for a spreadsheet that is a zip file and too large when unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        return
    size, packed = sum(entry.file_size for entry in entries), path.stat().st_size
    if size > limits.bytes or size > max(limits.ratio_from, limits.ratio * packed):
        raise UnreadableFile(f"the spreadsheet is too large when unpacked ({size // _MB} MB)")
