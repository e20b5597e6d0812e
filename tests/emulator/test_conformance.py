"""The emulator's own description against the official one: operation by operation, property by property.

Wherever the two differ the difference is one of the known corrections below, each with its reason: there the service
was seen to differ from its description.
"""

import re
from dataclasses import dataclass

import httpx
import pytest
from opendatasoft_emulator.server import Emulator

from ..conformance.official import official_description
from .description import Description, Operation


@dataclass(frozen=True)
class Correction:
    """Where the emulator differs on purpose: it has more (`+`) or less (`-`) of something than the description.

    `aspect` is query, statuses, asks or tells; `operation` and `path` are regular expressions that match whole.
    """

    sign: str
    aspect: str
    operation: str
    path: str
    reason: str

    def covers(self, difference: "Difference") -> bool:
        return (
            (self.sign, self.aspect) == (difference.sign, difference.aspect)
            and re.fullmatch(self.operation, difference.operation) is not None
            and re.fullmatch(self.path, difference.path) is not None
        )


DATASETS = r"(GET|POST|PUT) /datasets/(\{dataset_uid\}/(copy/|versions/\{version_uid\}/restore/)?)?"
METADATA = r"(GET|PUT) /datasets/\{dataset_uid\}/metadata/(\{template_name\}/)?"
FIELDS = r"(GET|POST|PUT) /datasets/\{dataset_uid\}/fields/(\{field_uid\}/)?"
RESOURCES = r"(GET|POST|PUT) /datasets/\{dataset_uid\}/resources/(\{resource_uid\}/(\w+/)?)?"
UPLOAD = r"POST /datasets/\{dataset_uid\}/resources/files/"
MORE_FIELDS = (
    "license|license_id|license_url|theme|category_id|metadata_source_language|is_explore_data_with_ai_disabled"
)

CORRECTIONS = (
    Correction("+", "query", r"GET .*/(fields|processors|feedbacks)/", "limit|offset", "paged in truth"),
    Correction("+", "query", r"GET /groups/\{group_uid\}/users/", "limit|offset", "paged like every list of users"),
    Correction("+", "statuses", UPLOAD, "201", "an upload makes a file, and is answered by a 201"),
    Correction("-", "statuses", UPLOAD, "200", "an upload makes a file, and is answered by a 201"),
    Correction("+", "asks", FIELDS, "order", "the order of fields is called `order`; `args` is ignored"),
    Correction("+", "tells", FIELDS, r"(results\.)?order", "the order of fields is called `order`"),
    Correction("+", "tells", RESOURCES, r"(results\.)?url", "a realtime resource has an address to push to"),
    Correction(
        "+",
        "tells",
        DATASETS,
        r"(results\.)?(asset_type|created_by|updated_by)(\.username)?",
        "real answers have these, and so have newer renderings of the description",
    ),
    *(
        Correction(sign, aspect, f"{DATASETS}|{METADATA}", path, reason)
        for aspect in ("asks", "tells")
        for sign, path, reason in (
            ("-", r"(results\.)?(metadata\.)?custom_template_name(\..*)?", "a placeholder for any name of a template"),
            ("+", r"(results\.)?(metadata\.)?(\w+\.)?\*(\..*)?", "templates and fields are open: a portal has its own"),
            (
                "+",
                rf"(results\.)?(metadata\.)?(\w+\.)?({MORE_FIELDS})(\..*)?",
                "real portals have these fields as well",
            ),
        )
    ),
    Correction(
        "-",
        "asks",
        f"{DATASETS}|{METADATA}",
        r".*\.remote_value(\..*)?",
        "read-only in the value itself; the fields that refine it forget to say so",
    ),
    Correction(
        "+", "tells", r"POST .*/(invite|provision|batch)/", r"\*\.error(\..*)?", "named in the text, not in the schema"
    ),
    Correction("-", "tells", "GET /users/export/", ".*", "a file of CSV has columns of its own"),
    Correction("-", "asks", r"GET .*/security/.*", ".*", "a GET with a body is a slip of the description"),
    Correction("-", "tells", "GET /processors/", "uid", "a type of processor is none that a dataset has"),
    Correction(
        "-",
        "asks",
        r"(POST /users/(invite|provision)/|PUT /users/\{username\}/)",
        r"groups\..*",
        "of a group that is sent back whole only the uid counts",
    ),
    Correction(
        "+",
        "tells",
        r"(GET|POST|PUT) /apikeys/.*",
        r"(results\.|result\.)?user\..*",
        "expand=user tells the whole user, which the description leaves out",
    ),
)


@pytest.fixture(scope="module")
def official() -> dict[str, Operation]:
    """The operations of the official description."""
    return Description(official_description()).operations()


@pytest.fixture(scope="module")
def emulated(running: Emulator) -> dict[str, Operation]:
    """The operations that the emulator says it has."""
    return Description(httpx.get(f"{running.url}/openapi.json", verify=False).json()).operations()


@dataclass(frozen=True)
class Difference:
    """Something that one side has and the other has not."""

    sign: str
    aspect: str
    operation: str
    path: str


def differences(official: dict[str, Operation], emulated: dict[str, Operation]) -> list[Difference]:
    """Every difference in the operations that both sides have."""
    found = []
    for name in sorted(official.keys() & emulated.keys()):
        for aspect in ("query", "statuses", "asks", "tells"):
            theirs, ours = getattr(official[name], aspect), getattr(emulated[name], aspect)
            found += [Difference("-", aspect, name, path) for path in sorted(theirs - ours)]
            found += [Difference("+", aspect, name, path) for path in sorted(ours - theirs)]
    return found


def test_the_emulator_has_no_operation_of_its_own(
    official: dict[str, Operation], emulated: dict[str, Operation]
) -> None:
    assert emulated.keys() - official.keys() == set()


def test_the_nouns_that_are_there_are_there_whole(
    official: dict[str, Operation], emulated: dict[str, Operation]
) -> None:
    whole = (
        "/groups/",
        "/users/",
        "/apikeys/",
        "/datasource_connections/",
        "/extractors/",
        "/processors/",
        "/datasets/",
    )

    missing = {name for name in official.keys() - emulated.keys() if name.split()[1].startswith(whole)}

    assert missing == set()


def test_nothing_differs_but_what_is_known_to(official: dict[str, Operation], emulated: dict[str, Operation]) -> None:
    unexplained = [
        difference
        for difference in differences(official, emulated)
        if not any(correction.covers(difference) for correction in CORRECTIONS)
    ]

    assert unexplained == []


@pytest.mark.parametrize("correction", CORRECTIONS, ids=lambda correction: correction.reason)
def test_every_correction_is_needed(
    official: dict[str, Operation], emulated: dict[str, Operation], correction: Correction
) -> None:
    assert any(correction.covers(difference) for difference in differences(official, emulated))
