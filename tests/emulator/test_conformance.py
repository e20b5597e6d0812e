"""Compare the emulator's own description with the official one: operation by operation, property by property.

Every difference is one of the corrections below, each with its reason: the real service was seen to differ from its
description there.
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
    """A deliberate difference: the emulator has more (`+`) or less (`-`) of something than the official description.

    `aspect` is query, statuses, request or response; `operation` and `path` are regular expressions that match whole.
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
    Correction("+", "query", r"GET .*/(fields|processors|feedbacks)/", "limit|offset", "the service pages this list"),
    Correction("+", "query", r"GET /groups/\{group_uid\}/users/", "limit|offset", "paged like every list of users"),
    Correction("+", "statuses", UPLOAD, "201", "an upload creates a file: its response is a 201"),
    Correction("-", "statuses", UPLOAD, "200", "an upload creates a file: its response is a 201"),
    Correction("+", "request", FIELDS, "order", "the order of fields is called `order`; `args` is ignored"),
    Correction("+", "response", FIELDS, r"(results\.)?order", "the order of fields is called `order`"),
    Correction("+", "response", RESOURCES, r"(results\.)?url", "a realtime resource has an address to push to"),
    Correction(
        "+",
        "response",
        DATASETS,
        r"(results\.)?(asset_type|created_by|updated_by)(\.username)?",
        "real responses have these, and so have newer versions of the description",
    ),
    *(
        Correction(sign, aspect, f"{DATASETS}|{METADATA}", path, reason)
        for aspect in ("request", "response")
        for sign, path, reason in (
            (
                "-",
                r"(results\.)?(metadata\.)?custom_template_name(\..*)?",
                "a placeholder for the name of any template",
            ),
            (
                "+",
                r"(results\.)?(metadata\.)?(\w+\.)?\*(\..*)?",
                "templates and fields are open: each portal has its own",
            ),
            (
                "+",
                rf"(results\.)?(metadata\.)?(\w+\.)?({MORE_FIELDS})(\..*)?",
                "real portals have these fields as well",
            ),
        )
    ),
    Correction(
        "-",
        "request",
        f"{DATASETS}|{METADATA}",
        r".*\.remote_value(\..*)?",
        "read-only in the value itself; the schemas that refine it do not repeat that",
    ),
    Correction(
        "+",
        "response",
        r"POST .*/(invite|provision|batch)/",
        r"\*\.error(\..*)?",
        "named in the text of the description, not in its schema",
    ),
    Correction(
        "+", "request", "POST /medias/images/", "file", "named in the text of the description, not in its schema"
    ),
    Correction("-", "response", "GET /users/export/", ".*", "a CSV file has columns of its own"),
    Correction("-", "request", r"GET .*/security/.*", ".*", "a GET with a body is a mistake in the description"),
    Correction(
        "-", "response", "GET /processors/", "uid", "the list contains types of processors, not processors of a dataset"
    ),
    Correction(
        "-",
        "request",
        r"(POST /users/(invite|provision)/|PUT /users/\{username\}/)",
        r"groups\..*",
        "only the uid of a group that is sent is used",
    ),
    Correction(
        "+",
        "response",
        r"(GET|POST|PUT) /apikeys/.*",
        r"(results\.|result\.)?user\..*",
        "expand=user returns the whole user, which the description leaves out",
    ),
)


@pytest.fixture(scope="module")
def official() -> dict[str, Operation]:
    """The operations of the official description."""
    return Description(official_description()).operations()


@pytest.fixture(scope="module")
def emulated(running: Emulator) -> dict[str, Operation]:
    """The operations of the emulator's own description."""
    return Description(httpx.get(f"{running.url}/openapi.json", verify=False).json()).operations()


@dataclass(frozen=True)
class Difference:
    """Something that only one of the two descriptions has: `+` the emulator's, `-` the official one."""

    sign: str
    aspect: str
    operation: str
    path: str


def differences(official: dict[str, Operation], emulated: dict[str, Operation]) -> list[Difference]:
    """Every difference in the operations that both descriptions have."""
    found = []
    for name in sorted(official.keys() & emulated.keys()):
        for aspect in ("query", "statuses", "request", "response"):
            in_official, in_emulated = getattr(official[name], aspect), getattr(emulated[name], aspect)
            found += [Difference("-", aspect, name, path) for path in sorted(in_official - in_emulated)]
            found += [Difference("+", aspect, name, path) for path in sorted(in_emulated - in_official)]
    return found


def test_emulator_has_only_official_operations(official: dict[str, Operation], emulated: dict[str, Operation]) -> None:
    assert emulated.keys() - official.keys() == set()


def test_emulated_resource_types_have_every_operation(
    official: dict[str, Operation], emulated: dict[str, Operation]
) -> None:
    complete = (
        "/groups/",
        "/users/",
        "/apikeys/",
        "/datasource_connections/",
        "/extractors/",
        "/processors/",
        "/datasets/",
        "/code_editor_pages/",
        "/studio_pages/",
        "/medias/",
        "/metadata/",
        "/harvesters/",
    )

    missing = {name for name in official.keys() - emulated.keys() if name.split()[1].startswith(complete)}

    assert missing == set()


def test_every_difference_is_a_known_correction(official: dict[str, Operation], emulated: dict[str, Operation]) -> None:
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
