"""The sample of an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi_opendatasoft as ods

from ..resources.rows import Properties, Row
from ..resources.subject import Subject
from . import Sample, Site

if TYPE_CHECKING:
    from ..resources.bench import Bench

POST = ("POST /medias/images/",)


def declare(site: Site) -> ods.Image:
    """An image, whatever the file contains."""
    return ods.Image("Image", file=ods.File("air.csv", filename="logo.svg"))


def file(facts: Mapping[str, Any], content: str = "logo", filename: str = "logo.svg") -> Properties:
    """The file of an image, in the program's folder."""
    path = facts["folder"] / f"{content}.svg"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    return {"file": ods.File(path, filename=filename)}


def seen(bench: Bench) -> Any:
    """The addresses of all images: none is ever deleted."""
    return bench.portal.all("/medias/images/")


SAMPLE = Sample(
    declare,
    Subject(
        ods.Image,
        {"": file},
        (
            Row("file.filename", lambda facts: file(facts, filename="logo-2.svg"), {}, POST, "replace", drifts=False),
            Row("file.sha256", lambda facts: file(facts, "other"), drifts=False, refused="give the new one another"),
            Row("file.size", lambda facts: file(facts, "other"), drifts=False, refused="give the new one another"),
            Row("file.path", lambda facts: file(facts, "logo"), step=None, drifts=False, reads=0),
            Row("adopt", lambda _: {"adopt": True}, drifts=False, reads=0),
            Row("portal", lambda _: {"portal": "second"}, drifts=False, reads=0),
        ),
        seen,
        disturb=lambda bench, path, value: None,
        remove=lambda bench: None,
        left=lambda bench: [],
        prepare=lambda bench: {"folder": bench.engine.folder},
    ),
)
