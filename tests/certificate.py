"""One certificate to trust in the place of a hundred: reading them all takes each HTTP client 30 ms of CPU."""

from __future__ import annotations

from pathlib import Path

import certifi

VARIABLE = "SSL_CERT_FILE"
"""Names a file of certificates, in a test and in the processes that it starts. A test that speaks TLS sets its own."""


def one_certificate(folder: Path) -> Path:
    """Write the first of the usual certificates to a file."""
    every, end = Path(certifi.where()).read_text(), "-----END CERTIFICATE-----\n"
    path = folder / "certificate.pem"
    path.write_text(every[every.index("-----BEGIN") : every.index(end) + len(end)])
    return path
