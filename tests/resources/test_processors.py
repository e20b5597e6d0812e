"""The parameters of processors: named ones are compared, and those of other processors distinguish them."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .observations import is_settled


def program(*params: dict[str, Any]) -> None:
    """A dataset with a processor for each of these."""
    ods.Dataset("air", processors=[ods.Processor(type="skip", params=p) for p in params])


def processors(portal: Portal) -> list[dict[str, Any]]:
    """The processors as the API returns them."""
    return portal.all(f"/datasets/{portal.dataset('air')['uid']}/processors/")


def test_parameter_no_longer_given_is_removed(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: program({"field": "name", "not": True}, {"field": "name"}))
    uids = [processor["uid"] for processor in processors(portal)]
    assert engine.up(lambda: program({"field": "name"})).steps == {"air": "update"}
    (left,) = processors(portal)
    assert "not" not in left

    engine.up(lambda: program({"field": "name", "deep": {"a": 1, "b": 2}}))
    engine.up(lambda: program({"field": "name", "deep": {"a": 1}}))
    (left,) = processors(portal)
    assert left["deep"] == {"a": 1}
    assert left["uid"] in uids


PLAIN, NEGATED = {"field": "name"}, {"field": "name", "not": True}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([PLAIN, NEGATED], [NEGATED, PLAIN]),
        ([NEGATED], [PLAIN, NEGATED]),
        ([NEGATED, PLAIN], [PLAIN, NEGATED]),
        ([NEGATED, NEGATED], [NEGATED, PLAIN]),
    ],
    ids=["turned round", "put before", "turned back", "one of two"],
)
def test_processor_with_more_parameters_is_not_taken_for_another(
    before: list[dict[str, Any]], after: list[dict[str, Any]], engine: Engine, portal: Portal
) -> None:
    engine.up(lambda: program(*before))
    engine.up(lambda: program(*after))
    assert [processor.get("not") for processor in processors(portal)] == [params.get("not") for params in after]
    is_settled(engine, portal, lambda: program(*after))


def test_numbers_and_keys_of_parameters_arrive_as_they_are(engine: Engine, portal: Portal) -> None:
    params = {"__provider": "a key of ours", "most": 2**53 - 1, "least": 1 - 2**53, "small": 5e-324, "zero": -0.0}
    engine.up(lambda: program(params))
    (processor,) = processors(portal)
    assert {name: processor[name] for name in params} == params
    is_settled(engine, portal, lambda: program(params))
