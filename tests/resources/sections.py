"""The edits of each section of a public dataset, from adding to releasing, and the writes of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_opendatasoft as ods

from .rows import Properties
from .sources import stations

PUBLISH = "POST /datasets/{uid}/publish/"
PUBLISH_METADATA = "POST /datasets/{uid}/publish_metadata/"
UNPUBLISH = "POST /datasets/{uid}/unpublish/"


@dataclass(frozen=True)
class Step:
    """One edit of the program."""

    title: str
    given: Callable[[Mapping[str, Any]], Properties]
    writes: tuple[str, ...]
    is_change: bool = True
    """Whether the preview shows a change."""


def dataset(facts: Mapping[str, Any], **given: Any) -> None:
    """A public dataset with one file, and other values of some properties."""
    file = ods.UploadedFileDatasource(file=stations(facts))
    whole = {
        "metadata": ods.Metadata(default=ods.DefaultMetadata(title="Air")),
        "sources": {"file": ods.Source(type="csvfile", datasource=file)},
        "published": True,
        **given,
    }
    ods.Dataset("air", **{name: value for name, value in whole.items() if value is not None})


# ---------------------------------------------------------------- fields and processors

FIELD, RULE = "/datasets/{uid}/fields/", "/datasets/{uid}/fields/{uid}/"
PROCESSOR, STEP = "/datasets/{uid}/processors/", "/datasets/{uid}/processors/{uid}/"


def label(name: str, text: str) -> ods.RenameField:
    """A field's label."""
    return ods.RenameField(from_name=name, to_name=name, field_label=text)


def describe(name: str, text: str = "What it is") -> ods.DescribeField:
    """A field's description."""
    return ods.DescribeField(field=name, description=text)


ID, NAME, WHERE = label("id", "Id"), label("name", "Name"), describe("name", "Where")
TYPED = ods.TypeField(field="id", type_param="text")

FIELDS = (
    Step("added", lambda _: {"fields": [ID, NAME]}, (f"POST {FIELD}", f"POST {FIELD}", PUBLISH)),
    Step("changed", lambda _: {"fields": [label("id", "Number"), NAME]}, (f"PUT {RULE}", PUBLISH)),
    # It names no field of the rule after it, so it may as well be at the end.
    Step(
        "one put in the middle", lambda _: {"fields": [label("id", "Number"), TYPED, NAME]}, (f"POST {FIELD}", PUBLISH)
    ),
    Step("reordered without effect", lambda _: {"fields": [NAME, label("id", "Number"), TYPED]}, (), is_change=False),
    Step(
        "reordered with effect",
        lambda _: {"fields": [NAME, TYPED, label("id", "Number")]},
        (f"DELETE {RULE}", f"POST {FIELD}", PUBLISH),
    ),
    Step("emptied", lambda _: {"fields": []}, (*[f"DELETE {RULE}"] * 3, PUBLISH)),
    Step("released", lambda _: {}, ()),
    Step("managed again", lambda _: {"fields": [NAME, WHERE]}, (f"POST {FIELD}", f"POST {FIELD}", PUBLISH)),
)


def replaced(old: str) -> ods.Processor:
    """A processor that replaces a letter."""
    return ods.Processor(type="string_replace", params={"field": "name", "old": old, "new": "x"})


PROCESSORS = (
    Step(
        "added",
        lambda _: {"processors": [replaced("a"), replaced("c")]},
        (f"POST {PROCESSOR}", f"POST {PROCESSOR}", PUBLISH),
    ),
    Step("changed", lambda _: {"processors": [replaced("a"), replaced("d")]}, (f"PUT {STEP}", PUBLISH)),
    # Their order always matters: the processors after it move by one.
    Step(
        "one put in the middle",
        lambda _: {"processors": [replaced("a"), replaced("b"), replaced("d")]},
        (f"PUT {STEP}", f"POST {PROCESSOR}", PUBLISH),
    ),
    Step(
        "reordered",
        lambda _: {"processors": [replaced("b"), replaced("a"), replaced("d")]},
        (f"PUT {STEP}", f"PUT {STEP}", PUBLISH),
    ),
    Step("emptied", lambda _: {"processors": []}, (*[f"DELETE {STEP}"] * 3, PUBLISH)),
    Step("released", lambda _: {}, ()),
    Step("managed again", lambda _: {"processors": [replaced("a")]}, (f"POST {PROCESSOR}", PUBLISH)),
)

# ---------------------------------------------------------------- sources

SOURCE, ONE_SOURCE = "/datasets/{uid}/resources/", "/datasets/{uid}/resources/{uid}/"
UPLOAD = "POST /datasets/{uid}/resources/files/"


def csv(facts: Mapping[str, Any], title: str, name: str, separator: str = ",") -> ods.Source:
    """A source from a file whose name on the portal is the title of the source."""
    file = ods.UploadedFileDatasource(file=stations(facts, name, filename=f"{title}.csv"))
    return ods.Source(type="csvfile", datasource=file, params={"separator": separator})


def sources(**names: str) -> Callable[[Mapping[str, Any]], Properties]:
    """Sources by title, each as the name of its file and the separator of its columns."""

    def given(facts: Mapping[str, Any]) -> Properties:
        return {"sources": {title: csv(facts, title, *words.split()) for title, words in names.items()}}

    return given


SOURCES = (
    Step("emptied at first", lambda _: {"sources": {}}, (f"DELETE {ONE_SOURCE}", PUBLISH)),
    Step(
        "added",
        sources(a="stations.csv ,", c="longer/stations.csv ,"),
        (UPLOAD, f"POST {SOURCE}", UPLOAD, f"POST {SOURCE}", PUBLISH),
    ),
    Step("changed", sources(a="stations.csv ;", c="longer/stations.csv ,"), (f"PUT {ONE_SOURCE}", PUBLISH)),
    Step(
        "other bytes",
        sources(a="same_size/stations.csv ;", c="longer/stations.csv ,"),
        (UPLOAD, f"PUT {ONE_SOURCE}", PUBLISH),
    ),
    Step(
        "one put in the middle",
        sources(a="same_size/stations.csv ;", b="stations.csv ,", c="longer/stations.csv ,"),
        (UPLOAD, f"POST {SOURCE}", PUBLISH),
    ),
    Step(
        "reordered",
        sources(c="longer/stations.csv ,", b="stations.csv ,", a="same_size/stations.csv ;"),
        (),
        is_change=False,
    ),
    Step("emptied", lambda _: {"sources": {}}, (*[f"DELETE {ONE_SOURCE}"] * 3, PUBLISH)),
    Step("released", lambda _: {"sources": None}, ()),
    Step("managed again", sources(a="stations.csv ,"), (UPLOAD, f"POST {SOURCE}", PUBLISH)),
)

# ---------------------------------------------------------------- access

GROUPS, USERS = "/datasets/{uid}/security/groups/", "/datasets/{uid}/security/users/"


def groups(**permissions: str) -> Callable[[Mapping[str, Any]], Properties]:
    """Access rules for groups, by uid."""
    rules = [ods.DatasetGroupAccess(group=group, permissions=what.split()) for group, what in permissions.items()]
    return lambda _: {"group_access": rules}


def users(**permissions: str) -> Callable[[Mapping[str, Any]], Properties]:
    """Access rules for users, by username."""
    rules = [ods.DatasetUserAccess(user=user, permissions=what.split()) for user, what in permissions.items()]
    return lambda _: {"user_access": rules}


def access(given: Any, endpoint: str, first: str, second: str, third: str) -> tuple[Step, ...]:
    """The edits of a section of access rules.

    Args:
        given: makes the section from permissions by name.
        endpoint: the endpoint of the rules.
        first, second, third: three names of users or groups.
    """
    return (
        Step(
            "added",
            given(**{first: "edit_dataset", third: "edit_dataset"}),
            (f"POST {endpoint}", f"POST {endpoint}", PUBLISH_METADATA),
        ),
        Step(
            "changed",
            given(**{first: "publish_dataset", third: "edit_dataset"}),
            (f"PUT {endpoint}{first}/", PUBLISH_METADATA),
        ),
        Step(
            "one put in the middle",
            given(**{first: "publish_dataset", second: "", third: "edit_dataset"}),
            (f"POST {endpoint}", PUBLISH_METADATA),
        ),
        Step(
            "reordered",
            given(**{third: "edit_dataset", second: "", first: "publish_dataset"}),
            (),
            is_change=False,
        ),
        # Rights are removed last of all, because one may be that of the API key in use.
        Step(
            "emptied",
            given(),
            (PUBLISH_METADATA, *[f"DELETE {endpoint}{name}/" for name in sorted((first, second, third))]),
        ),
        Step("released", lambda _: {}, ()),
        Step("managed again", given(**{first: "edit_dataset"}), (f"POST {endpoint}", PUBLISH_METADATA)),
    )


# ---------------------------------------------------------------- metadata, and the dataset itself

META, DATASET = "/datasets/{uid}/metadata/", "PUT /datasets/{uid}/"


def metadata(**fields: Any) -> Callable[[Mapping[str, Any]], Properties]:
    """Fields of the default template."""
    return lambda _: {"metadata": ods.Metadata(default=ods.DefaultMetadata(**fields))}


METADATA = (
    Step("changed", metadata(title="Clean air"), (f"PUT {META}default/title/", PUBLISH_METADATA)),
    Step(
        "a field added",
        metadata(title="Clean air", publisher="The city"),
        (f"PUT {META}default/publisher/", PUBLISH_METADATA),
    ),
    Step(
        "fields put between",
        metadata(title="Clean air", keyword=["b", "a"], language="en", publisher="The city"),
        (f"PUT {META}default/", PUBLISH_METADATA),
    ),
    Step(
        "reordered",
        metadata(publisher="The city", language="en", keyword=["a", "b"], title="Clean air"),
        (),
        is_change=False,
    ),
    Step(
        "a field emptied",
        metadata(title="Clean air", keyword=[], language="en", publisher="The city"),
        (f"DELETE {META}default/keyword/", PUBLISH_METADATA),
    ),
    Step(
        "a field removed",
        metadata(title="Clean air", language="en"),
        (f"DELETE {META}default/publisher/", PUBLISH_METADATA),
    ),
    Step(
        "emptied, which leaves the title",
        lambda _: {"metadata": ods.Metadata()},
        (f"DELETE {META}default/language/", PUBLISH_METADATA),
    ),
    Step("released", lambda _: {"metadata": None}, ()),
    Step("managed again", metadata(title="Air"), (f"PUT {META}default/title/", PUBLISH_METADATA)),
)

RESTRICTED = (
    Step("added", lambda _: {"is_restricted": True}, (DATASET, PUBLISH)),
    Step("changed", lambda _: {"is_restricted": False}, (DATASET, PUBLISH)),
    Step("released", lambda _: {}, ()),
    Step("managed again", lambda _: {"is_restricted": True}, (DATASET, PUBLISH)),
)

SECURITY = (
    Step("added", lambda _: {"default_security": ods.DatasetSecurity(filter_query="id:1")}, (DATASET, PUBLISH)),
    Step("changed", lambda _: {"default_security": ods.DatasetSecurity(filter_query="id:2")}, (DATASET, PUBLISH)),
    Step("emptied", lambda _: {"default_security": ods.DatasetSecurity()}, (DATASET, PUBLISH)),
    Step("released", lambda _: {}, ()),
    # There is nothing to write, but an interrupted `up` may have written it and not published.
    Step("managed again, as it is", lambda _: {"default_security": ods.DatasetSecurity()}, (PUBLISH,)),
)

PUBLISHED = (
    Step("taken back", lambda _: {"published": False, "allow_data_loss": True}, (UNPUBLISH,)),
    Step("released", lambda _: {"published": None, "allow_data_loss": True}, ()),
    Step("managed again", lambda _: {"published": True, "allow_data_loss": True}, (PUBLISH,)),
    Step("released while public", lambda _: {"published": None, "allow_data_loss": True}, ()),
    Step(
        "left out, what is public gets its changes published",
        lambda _: {"published": None, "allow_data_loss": True, "fields": [ID]},
        (f"POST {FIELD}", PUBLISH),
    ),
)

SECTIONS = {
    "fields": FIELDS,
    "processors": PROCESSORS,
    "sources": SOURCES,
    "group_access": access(groups, GROUPS, "editors", "readers", "writers"),
    "user_access": access(users, USERS, "ana", "ben", "cai"),
    "metadata": METADATA,
    "is_restricted": RESTRICTED,
    "default_security": SECURITY,
    "published": PUBLISHED,
}


LISTED = {
    "fields": "fields/",
    "processors": "processors/",
    "sources": "resources/",
    "group_access": "security/groups/",
    "user_access": "security/users/",
}
"""The endpoint of each section below the dataset."""
