"""The sources of a dataset under test: every type, their files, and another value for each of their properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods

from .rows import ANYTHING, Fact, Follows, Given, Properties, Row

READS = 3
"""The reads of an update: the dataset, its status, and the section."""

PUT = ("PUT /datasets/{uid}/resources/{uid}/",)
SENT = ("POST /datasets/{uid}/resources/files/", *PUT)

FILES = {
    "stations.csv": "id,name\n1,Basel\n",
    "elsewhere/stations.csv": "id,name\n1,Basel\n",
    "same_size/stations.csv": "id,name\n2,Berne\n",
    "longer/stations.csv": "id,name\n1,Basel\n2,Bern\n",
}
"""Files in the program's folder: the same in another folder, other bytes of the same size, more bytes."""


def write_files(folder: Path) -> None:
    """Write the files into the program's folder."""
    for name, content in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def stations(facts: Mapping[str, Any], name: str = "stations.csv", *, filename: str | None = None) -> ods.File:
    """One of the files."""
    return ods.File(facts["folder"] / name, filename=filename)


def sources(facts: Mapping[str, Any], **other: ods.Source) -> dict[str, ods.Source]:
    """A source of every type, but for realtime and federated ones."""
    return {
        "file": ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=stations(facts))),
        "web": web(facts),
        "ftp": ods.Source(type="csvfile", datasource=ftp(facts)),
        "sharepoint": ods.Source(type="xlsfile", datasource=sharepoint(facts)),
        "drive": ods.Source(type="xlsfile", datasource=drive(facts)),
        "amazon": ods.Source(type="csvfile", datasource=amazon(facts)),
        "azure": ods.Source(type="csvfile", datasource=azure(facts)),
        "form": ods.Source(type="ods_form", datasource=form(facts)),
        **other,
    }


def web(facts: Mapping[str, Any], *, type: str = "csvfile", separator: str = ";", **other: Any) -> ods.Source:
    """A file of a web server."""
    given = {"connection": facts["http"], "relative_url": "/m.csv", "headers": {"x-token": "a token"}, **other}
    return ods.Source(type=type, datasource=ods.HTTPDatasource(**given), params={"separator": separator})


def ftp(facts: Mapping[str, Any], **other: Any) -> ods.FTPDatasource:
    """A file of an FTP server."""
    return ods.FTPDatasource(**{"connection": facts["ftp"], "relative_url": "/m.csv", **other})


def sharepoint(facts: Mapping[str, Any], **other: Any) -> ods.SharepointDatasource:
    """A file of a SharePoint drive."""
    return ods.SharepointDatasource(
        **{"connection": facts["sharepoint"], "drive_id": "a drive", "file_id": "a file", **other}
    )


def drive(facts: Mapping[str, Any], **other: Any) -> ods.GoogleDriveDatasource:
    """A file of a Google Drive."""
    return ods.GoogleDriveDatasource(**{"connection": facts["google_drive"], "file_id": "a file", **other})


def amazon(facts: Mapping[str, Any], **other: Any) -> ods.AmazonS3Datasource:
    """A file of a bucket."""
    given = {"connection": facts["amazon_s3"], "url": "https://s3.example.com/m.csv", "headers": {"x-token": "a token"}}
    return ods.AmazonS3Datasource(**{**given, **other})


def azure(facts: Mapping[str, Any], **other: Any) -> ods.AzureBlobStorageDatasource:
    """A file of a container."""
    given = {"connection": facts["azure_blob_storage"], "url": "https://az.example.com/m.csv"}
    return ods.AzureBlobStorageDatasource(**{**given, "headers": {"x-token": "a token"}, **other})


def form(facts: Mapping[str, Any], *, type: str = "ods_form", form_uid: str = "a form") -> ods.OtherDatasource:
    """A datasource of a type that the official description does not contain."""
    return ods.OtherDatasource(type=type, params={"form_uid": form_uid})


def linked(facts: Mapping[str, Any], **other: Any) -> dict[str, ods.Source]:
    """A dataset of another portal, which is the only source."""
    given = {"domain": "canton", "dataset": "air", "parameters": {"year": "2025"}, **other}
    return {"linked": ods.Source(type="federated", datasource=ods.FederatedDatasource(**given))}


def pushed(*, enabled: bool) -> dict[str, ods.Source]:
    """A source to which records are pushed."""
    return {"pushed": ods.Source(type="realtime", enabled=enabled)}


# ---------------------------------------------------------------- rows

Make = Callable[..., Any]


def _member(key: str, tag: str, make: Make, name: str, other: Any, actual: Mapping[str, Any] | None = None) -> Row:
    """Another value for one member of one datasource."""
    path = f"resources.{key}.datasource.{name}"

    def given(facts: Mapping[str, Any]) -> Properties:
        value = facts[other.name] if isinstance(other, Fact) else other
        made = make(facts, **{name: value})
        if not isinstance(made, ods.Source):
            made = ods.Source(type="xlsfile" if key in ("sharepoint", "drive") else "csvfile", datasource=made)
        return {"sources": sources(facts, **{key: made})}

    return Row(
        f"sources[].datasource[{tag}].{name}",
        given,
        {path: other} if actual is None else {f"resources.{key}.{p}": v for p, v in actual.items()},
        PUT,
        reads=READS,
        keys=(key, "x-token"),
    )


def _connection(key: str, tag: str, make: Make, **follows: Any) -> Row:
    actual = {"datasource.connection.uid": Fact(f"{tag}_2"), **follows}
    return _member(key, tag, make, "connection", Fact(f"{tag}_2"), actual)


def _header(key: str, tag: str, make: Make) -> Row:
    actual = {"datasource.headers[0].value": "another token"}
    return _member(key, tag, make, "headers", {"x-token": "another token"}, actual)


def rows() -> Iterator[Row]:
    """A row for every property of a source."""
    yield _connection("web", "http", web, display_name=Follows("https://two.example.com/m.csv"))
    new = Follows("https://one.example.com/n.csv")
    actual = {"datasource.relative_url": "/n.csv", "display_name": new}
    yield _member("web", "http", web, "relative_url", "/n.csv", actual)
    yield _header("web", "http", web)
    yield _connection("ftp", "ftp", ftp)
    yield _member("ftp", "ftp", ftp, "relative_url", "/n.csv")
    yield _connection("sharepoint", "sharepoint", sharepoint)
    yield _member("sharepoint", "sharepoint", sharepoint, "drive_id", "another drive")
    yield _member("sharepoint", "sharepoint", sharepoint, "file_id", "another file")
    yield _connection("drive", "google_drive", drive)
    yield _member("drive", "google_drive", drive, "file_id", "another file")
    for key, tag, make in (("amazon", "amazon_s3", amazon), ("azure", "azure_blob_storage", azure)):
        yield _connection(key, tag, make)
        yield _member(key, tag, make, "url", "https://new.example.com/m.csv")
        yield _header(key, tag, make)
    yield from _of_any_source()
    yield from _of_files()
    yield from _of_linked_sources()
    yield Row(
        "sources[].enabled",
        lambda _: {"sources": pushed(enabled=False)},
        {"enabled.pushed": False},
        (*PUT, "POST /datasets/{uid}/resources/{uid}/disable/"),
        back=(*PUT, "POST /datasets/{uid}/resources/{uid}/enable/"),
        reads=READS,
        drifts=False,
        sample="realtime",
    )


def _of_any_source() -> Iterator[Row]:
    yield Row(
        "sources[].type",
        lambda facts: {"sources": sources(facts, drive=ods.Source(type="parquet", datasource=drive(facts)))},
        {
            "resources.drive.type": "parquet",
            "resources.drive.extraction_infos.type": Follows("parquet"),
            "resources.drive.extraction_infos.label": Follows("Parquet File"),
            **{f"resources.drive.params.{name}": ANYTHING for name in ("headers_first_row", "first_row_no")},
        },
        PUT,
        reads=READS,
        keys=("drive",),
    )
    yield Row(
        "sources[].params",
        lambda facts: {"sources": sources(facts, web=web(facts, separator=","))},
        {"resources.web.params.separator": ","},
        PUT,
        reads=READS,
        keys=("web", "separator"),
    )
    yield Row(
        "sources[].datasource[…].type",
        lambda facts: {"sources": sources(facts, form=ods.Source(type="ods_form", datasource=form(facts, type="rss")))},
        {
            "resources.form.datasource.type": "rss",
            "resources.form.origin.type": Follows("rss"),
            "resources.form.origin.label": Follows("rss"),
        },
        PUT,
        reads=READS,
        keys=("form",),
    )
    yield Row(
        "sources[].datasource[…].params",
        lambda facts: {
            "sources": sources(facts, form=ods.Source(type="ods_form", datasource=form(facts, form_uid="another form")))
        },
        {"resources.form.datasource.form_uid": "another form"},
        PUT,
        reads=READS,
        keys=("form", "form_uid"),
    )


def _of_files() -> Iterator[Row]:
    uid = "resources.file.datasource.file.uid"
    sent = {uid: ANYTHING, "resources.file.display_name": ANYTHING}
    for member, file, options in (
        ("filename", "stations.csv", {"filename": "renamed.csv"}),
        ("sha256", "same_size/stations.csv", {}),
        ("size", "longer/stations.csv", {}),
    ):
        yield Row(
            f"sources[].datasource[uploaded_file].file.{member}",
            _with_file(file, **options),
            sent,
            SENT,
            reads=READS,
            drifts=False,
            moved=tuple(sent),
        )
    yield Row(
        "sources[].datasource[uploaded_file].file.path",
        _with_file("elsewhere/stations.csv"),
        step=None,
        reads=0,
        drifts=False,
    )


def _with_file(name: str, **options: Any) -> Given:
    def given(facts: Mapping[str, Any]) -> Properties:
        file = stations(facts, name, **options)
        source = ods.Source(type="csvfile", datasource=ods.UploadedFileDatasource(file=file))
        return {"sources": sources(facts, file=source)}

    return given


def _with_link(other: Mapping[str, Any], facts: Mapping[str, Any]) -> Properties:
    return {"sources": linked(facts, **other)}


def _of_linked_sources() -> Iterator[Row]:
    path = "resources.linked.datasource"
    for member, other, actual in (
        ("domain", "country", {f"{path}.domain.domain_id": "country"}),
        ("dataset", "water", {f"{path}.dataset.dataset_id": "water"}),
        ("impersonate_permissions", False, {f"{path}.permissions_user.username": None}),
        ("parameters", {"year": "2026"}, {f"{path}.parameters.year": "2026"}),
    ):
        yield Row(
            f"sources[].datasource[federated].{member}",
            partial(_with_link, {member: other}),
            actual,
            PUT,
            reads=READS + 1,  # and the metadata, in which a link may have left the remote dataset's
            drifts=member != "impersonate_permissions",
            keys=("linked", "year"),
            sample="linked",
        )
