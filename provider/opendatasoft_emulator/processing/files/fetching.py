"""The fetching of a source's data."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx

from ..job import Http, ProcessingError, Source, Uploaded

MAX_FILE_BYTES = 240 * 1024 * 1024
"""The size limit of a source: what the service's user guide allows for a file."""

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


@dataclass(frozen=True)
class Fetched:
    """A source's data as a file or a folder on this machine, its original name, and its type as the server told it."""

    path: Path
    filename: str
    charset: str | None = None
    content_type: str | None = None
    source: str = ""
    """The title of its source."""


def fetch(source: Source, folder: Path, aborted: Callable[[], bool]) -> Fetched | None:
    """Fetch the data of a source, into `folder` if it is remote or grows; None when aborted.

    Raises ProcessingError when that fails; the message contains the URL without its secrets.
    """
    target = folder / f"{source.uid}.data"
    if isinstance(source.datasource, Uploaded):
        return _uploaded(source, source.datasource, target)
    return _download(source, source.datasource, target, aborted)


def public_address(url: str) -> str:
    """A URL without user, password, query and fragment, any of which may be a secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _uploaded(source: Source, file: Uploaded, target: Path) -> Fetched:
    try:
        if file.length is not None:
            _copy_lines(file.path, target, file.length)
            return Fetched(target, file.filename, source=source.title)
        if file.path.exists():
            return Fetched(file.path, file.filename, source=source.title)
    except FileNotFoundError:
        pass
    raise _failed(source, f"the uploaded file {file.filename} is gone, upload it again")


def _copy_lines(path: Path, target: Path, length: int) -> None:
    """Copy the complete lines within the first bytes of a file, which may have been replaced meanwhile."""
    with path.open("rb") as lines, target.open("wb") as copy:
        for line in lines:
            length -= len(line)
            if length < 0:
                return
            copy.write(line)


def _download(source: Source, http: Http, target: Path, aborted: Callable[[], bool]) -> Fetched | None:
    address = public_address(http.url)
    size, answer = 0, Message()
    try:
        with (
            httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as client,
            client.stream("GET", http.url, headers=http.headers, auth=http.auth) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise _failed(source, f"{address} answered {response.status_code} {response.reason_phrase}")
            for name in ("content-disposition", "content-type"):
                if name in response.headers:
                    answer[name] = response.headers[name]
            if int(response.headers.get("content-length", "0")) > MAX_FILE_BYTES:
                raise _too_large(source, address)
            with target.open("wb") as file:
                for chunk in response.iter_bytes():
                    size += len(chunk)
                    if size > MAX_FILE_BYTES:
                        raise _too_large(source, address)
                    if aborted():
                        return None
                    file.write(chunk)
    except httpx.TimeoutException:
        raise _failed(source, f"{address} did not answer in time") from None
    except UnicodeEncodeError:
        raise _failed(source, f"a header for {address} holds more than ASCII") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _failed(source, f"{address} cannot be reached ({_reason(error)})") from None
    name = _declared_name(answer) or unquote(urlsplit(http.url).path.rpartition("/")[2])
    content_type = answer.get_content_type() if "content-type" in answer else None
    return Fetched(target, name, answer.get_content_charset() or None, content_type, source.title)


def _declared_name(answer: Message) -> str:
    """The name of the file in Content-Disposition, without folders; empty if it has none (RFC 6266)."""
    parameters = answer.get_params(failobj=[], header="content-disposition", unquote=True)
    names: list[str | tuple[str | None, str | None, str]] = [
        value for name, value in parameters if name.lower() == "filename"
    ]
    # An extended parameter, `filename*`, is a tuple; it takes precedence.
    extended = [name for name in names if isinstance(name, tuple)]
    name = collapse_rfc2231_value((extended or names or [""])[0])
    return re.split(r"[/\\]", name)[-1].strip()


def _reason(error: Exception) -> str:
    """The type of a failure. The error's own text may contain the URL with its secrets."""
    if isinstance(error, httpx.ConnectError):
        return "no connection"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return "not a valid http address"
    return type(error).__name__


def _too_large(source: Source, address: str) -> ProcessingError:
    return _failed(source, f"{address} is larger than {MAX_FILE_BYTES // 1024**2} MB")


def _failed(source: Source, what: str) -> ProcessingError:
    return ProcessingError(f'Source "{source.title}": {what}', {"resource_uid": source.uid})
