"""The promised calls of an `up`, compared with the log of requests of the real one on the emulator."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.dry_run.cost import Calls, Cost, Row, cost_of
from pulumi_opendatasoft.dry_run.portal import LOOK
from pulumi_opendatasoft.dry_run.preview import NotAPreview, Step, steps_in
from pulumi_opendatasoft.dry_run.run import DryRun

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .conftest import Program
from .previews import preview_of

COLLECTIONS = "|".join(
    ("datasets", "groups", "users", "harvesters", "resources", "datasource_connections", "apikeys", "studio_pages")
)
FIXED = "(?:invite|provision|files|search_key|batch)/"


def counted(calls: Iterable[str]) -> Counter[str]:
    """Calls without the ids of objects."""
    return Counter(re.sub(rf"/({COLLECTIONS})/(?!{FIXED})[^/]+(?=/)", r"/\1/·", call) for call in calls)


def promised(engine: Engine, program: Program) -> Counter[str]:
    """The calls that the real `up` of a program will make, by its preview."""
    outcomes = DryRun().run(steps_in(preview_of(engine, program)))
    assert [outcome.failure for outcome in outcomes if outcome.failure] == []
    return counted(f"{c.method} {c.path}" for outcome in outcomes for c in outcome.calls if c.kind != LOOK)


def made(portal: Portal, engine: Engine, program: Program) -> Counter[str]:
    """The calls of the real `up`, without the looks during a wait, whose number depends on time."""
    portal.forget()
    engine.up(program)
    calls = portal.requests()
    published = [call.split("/")[2] for call in calls if call.endswith("/publish/")]
    looks = [f"GET /datasets/{uid}/status/" for uid in published]
    return counted(call for call in calls if call not in looks)


def test_calls_of_a_city_are_those_promised(portal: Portal, engine: Engine, city: Program) -> None:
    expected = promised(engine, city)

    assert made(portal, engine, city) == expected
    assert expected.total() == 61


def test_calls_of_changes_are_those_promised(portal: Portal, engine: Engine, city: Program) -> None:
    engine.up(city)
    program = Path("__main__.py")
    text = (
        program.read_text().replace('"Data editors"', '"Editors of data"').replace('"partners", title', '"p2", title')
    )
    text = text.replace('"en",\n', '"de",\n').replace('"Partners")', '"Partner")')
    program.write_text(text)
    toml = Path("datasets.toml")
    toml.write_text(toml.read_text().replace('publisher = "', 'publisher = "The '))
    expected = promised(engine, city)

    assert made(portal, engine, city) == expected
    assert "PUT /datasets/·/metadata/default/" in expected
    assert "DELETE /groups/·/" in expected


def test_calls_of_every_type_are_those_promised(portal: Portal, engine: Engine, all_types: Program) -> None:
    expected = promised(engine, all_types)

    real = made(portal, engine, all_types)

    # A linked dataset gets its metadata from the remote one, which is not known before.
    linked = Counter({"PUT /datasets/·/metadata/default/title/": 1})
    assert expected - real == linked
    assert real - expected == Counter({"PUT /datasets/·/metadata/default/": 1})

    expected, real = promised(engine, lambda: None), made(portal, engine, lambda: None)
    # A harvester is looked at until it is gone: at least once, and more often the longer that takes.
    assert real.pop("GET /harvesters/·/") >= expected.pop("GET /harvesters/·/") > 0
    assert real == expected


def test_looks_are_as_many_as_the_client_makes(engine: Engine, city: Program) -> None:
    steps = steps_in(preview_of(engine, city))

    quick, slow = cost_of(steps, processing=0.1), cost_of(steps, processing=60)

    assert (quick.total.looks, quick.total.publications) == (4, 4)
    assert 4 * 20 < slow.total.looks < 4 * 60
    assert quick.total.certain == slow.total.certain
    assert quick.total.bytes == sum(file.stat().st_size for file in Path("data").glob("*.[cj]s*"))


def test_time_is_that_of_the_longest_chain() -> None:
    rows = [Row("create", "Group", name, name, Calls(writes=10)) for name in "abc"]

    assert Cost(rows).seconds(latency=1, width=30) == 10
    assert Cost(rows, {"b": ["a"], "c": ["b"]}).seconds(latency=1, width=30) == 30
    assert Cost(rows).seconds(latency=1, width=1) == 30


def test_an_unknown_type_is_counted_as_unknown() -> None:
    step = Step("create", "urn:x::Theme::dark", "Theme", {}, {}, {})

    cost = cost_of([step])

    assert cost.total == Calls()
    assert [row.failure for row in cost.unknown] == ["this version of pulumi-opendatasoft has no resource type Theme"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not JSON"),
        ("[1]", "it is not JSON"),
        ('{"version": 3}', "it has no steps"),
        ('{"diagnostics": [{"message": "no portal is configured"}]}', "It failed: no portal is configured"),
    ],
)
def test_other_texts_are_no_previews(text: str, reason: str) -> None:
    with pytest.raises(NotAPreview, match=reason):
        steps_in(text)


def test_kept_secrets_are_taken_to_exist() -> None:
    old = {"url": "https://files.example", "headers": {"x-token": "another value on the portal"}}
    step = Step("update", "urn:x::HTTPConnection::a", "HTTPConnection", old, {}, {**old, "url": "https://b"}, "co_1")

    outcome = DryRun().run([step])[0]

    assert (outcome.failure, [call.method for call in outcome.calls]) == ("", ["GET", "PUT"])


def test_unknown_lists_are_left_out_and_said(engine: Engine) -> None:
    names = ods.Group.declaration().shape
    assert "members" in names
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    step = Step("create", "urn:x::Group::a", "Group", {}, {}, {"title": "A", "members": unknown})

    outcome = DryRun().run([step])[0]

    assert outcome.notes == ("members is not known before the `up`: counted without it",)
    assert len(outcome.calls) == 3
