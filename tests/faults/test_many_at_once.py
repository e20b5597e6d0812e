"""Many resources side by side: on a portal that asks for patience, and with rules of which the order matters."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getsource

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine.stacks import Stack
from ..engine_stub.engine import Engine
from .conftest import City
from .gatekeeper import as_a_date, as_a_quota, gate, in_seconds
from .program import DECLARES

AT_ONCE = 8
"""`opendatasoft:maxConcurrency`, by default."""


def test_no_request_comes_before_the_announced_time(another_stack: Callable[..., Stack], portal: Portal) -> None:
    with gate(portal.url, 25, [in_seconds, as_a_date, as_a_quota]) as seen:
        stack = another_stack("patient", domain=seen.url)
        stack.run("config", "set", "opendatasoft:maxRetries", "4")
        stack.program("""
            for n in range(30):
                ods.Group(f"group-{n}", title=f"Group {n}")
            for n in range(10):
                ods.Dataset(f"air-{n}", fields=[ods.TypeField(field="value", type_param="int")])
        """)
        stack.up("--parallel", "32")
    assert sorted(g["title"] for g in portal.all("/groups/")) == sorted(f"Group {n}" for n in range(30))
    assert sorted(d["dataset_id"] for d in portal.all("/datasets/")) == sorted(f"air-{n}" for n in range(10))
    for dataset in portal.all("/datasets/"):
        assert len(portal.all(f"/datasets/{dataset['uid']}/fields/")) == 1
    assert len(seen.told) >= 3  # each way of saying it
    # What was under way when the portal spoke cannot be called back.
    assert [seen.during(pause) for pause in seen.told if seen.during(pause) > AT_ONCE - 1] == []


@pytest.mark.parametrize("kind", DECLARES)
def test_an_exhausted_daily_quota_is_not_waited_for(city: City, kind: str) -> None:
    city.engine.config["opendatasoft:maxRetries"] = "4"
    city.portal.fail({"method": "POST", "from": 1, "fault": "status:429"})
    outcome = city.engine.up(city.only(kind), ok=False)
    told = " ".join(outcome.errors)
    assert f'{kind} "air": the portal accepts no more requests until 2' in told
    assert "Too many requests on the domain" in told
    assert city.engine.resources == {}
    assert len(city.portal.requests("POST")) == 1

    city.portal.fail()
    city.engine.up(city.only(kind))
    assert city.engine.preview(city.only(kind)).steps == {}


def renamed(n: int, k: int) -> ods.RenameField:
    return ods.RenameField(from_name=f"f{k}", to_name=f"f{k + 1}", field_label=f"{n}")


def with_rules(count: int) -> None:
    """Datasets of which each has five rules that only make sense in their order."""
    for n in range(count):
        ods.Dataset(
            f"air-{n}",
            fields=[renamed(n, k) for k in range(5)],
            processors=[ods.Processor(type="uppercase", params={"field": f"f{n}"})],
            metadata=ods.Metadata(default=ods.DefaultMetadata(title=f"Air {n}")),
        )


def have_their_rules(portal: Portal, count: int) -> None:
    """Check what the portal holds of them."""
    datasets = {d["dataset_id"]: d for d in portal.all("/datasets/")}
    assert datasets.keys() == {f"air-{n}" for n in range(count)}
    for n in range(count):
        dataset = datasets[f"air-{n}"]
        rules = portal.all(f"/datasets/{dataset['uid']}/fields/")
        assert [(r["from_name"], r["to_name"], r["field_label"]) for r in rules] == [
            (f"f{k}", f"f{k + 1}", str(n)) for k in range(5)
        ]
        assert [p["field"] for p in portal.all(f"/datasets/{dataset['uid']}/processors/")] == [f"f{n}"]
        assert dataset["metadata"]["default"]["title"] == {"value": f"Air {n}"}


def test_rules_keep_their_order_in_many_datasets_at_once(engine: Engine, portal: Portal) -> None:
    def program() -> None:
        with_rules(12)

    portal.set(latency_ms=5)
    engine.up(program)
    assert portal.most_at_once() > 1
    have_their_rules(portal, 12)
    engine.is_settled(program)


@pytest.mark.trust
def test_rules_keep_their_order_in_sixty_datasets(big_stack: Stack, portal: Portal) -> None:
    big_stack.program(f"{getsource(renamed)}\n\n{getsource(with_rules)}\n\nwith_rules(60)\n")
    big_stack.up("--parallel", "32")
    have_their_rules(portal, 60)
    big_stack.is_settled()
