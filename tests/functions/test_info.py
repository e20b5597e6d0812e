"""The results of functions: read only, lenient, and with masked secrets."""

from __future__ import annotations

import copy
from typing import Any

import pulumi_opendatasoft as ods
import pytest
from pulumi_opendatasoft.functions import info, results
from pulumi_opendatasoft.functions.info import has_secret

GROUP: dict[str, Any] = {"uid": "editors", "title": "Editors", "permissions": ["edit_dataset"], "colour": "red"}


def test_documented_members_are_attributes_and_others_are_kept() -> None:
    group = results.GroupInfo(GROUP)

    assert (group.uid, group.permissions, group["colour"]) == ("editors", ("edit_dataset",), "red")
    assert (group.description, group.explore_limits, group.created_by) == (None, None, None)
    assert dict(group) == GROUP
    assert (len(group), "colour" in group, "size" in group) == (4, True, False)
    with pytest.raises(AttributeError, match="GroupInfo has no size: it has uid, title"):
        group.size  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("kind", [getattr(results, name) for name in results.__all__])
def test_any_answer_can_be_read(kind: type[info.Info]) -> None:
    names = list(kind.__annotations__)

    for value in (None, "a text", 3, [], {}, [1], {"a": 1}):
        read = kind(dict.fromkeys(names, value))
        assert [name for name in names if not hasattr(read, name)] == []
        assert repr(read).startswith(kind.__name__)
    assert dict(kind({})) == {}


def test_member_with_the_name_of_a_method_does_not_hide_it() -> None:
    processor = results.DatasetProcessorInfo({"uid": "pr_1", "items": 3, "values": 4})
    feedback = results.Feedback({"uid": "df_1", "values": {"type": "int", "value": "4"}})

    assert dict(processor.items()) == {"uid": "pr_1", "items": 3, "values": 4}
    assert processor["items"] == 3
    assert feedback.values is not None
    assert feedback.values.value == "4"


def test_missing_lists_and_mappings_are_empty() -> None:
    dataset = results.DatasetInfo({"uid": "da_1", "metadata": None})

    assert (dataset.metadata, results.UserInfo({}).groups, results.DatasetStatus({}).params) == ({}, (), {})
    assert results.SecurityInfo({"visible_fields": None}).visible_fields is None


def test_nothing_can_be_changed() -> None:
    group = results.GroupInfo(GROUP)

    with pytest.raises(AttributeError, match="GroupInfo is read only"):
        group.title = "Others"
    with pytest.raises(AttributeError, match="GroupInfo is read only"):
        del group.title
    assert copy.deepcopy(group) == copy.copy(group) == group == results.GroupInfo(GROUP) != results.GroupInfo({})


@pytest.mark.parametrize(
    "result",
    [
        results.ApiKeyInfo({"uid": "ak_1", "key": "canary"}),
        results.ConnectionInfo({"uid": "co_1", "headers": [{"name": "x", "value": "canary"}]}),
        results.DatasetSourceInfo({"uid": "re_1", "url": "https://a.example/?pushkey=canary"}),
        results.DatasetSourceInfo({"datasource": {"connection": {"headers": [{"name": "x", "value": "canary"}]}}}),
    ],
    ids=["API key", "header", "push address", "header of an expanded connection"],
)
def test_secrets_are_masked(result: info.Info) -> None:
    assert "canary" not in repr([result])
    assert "[secret]" in repr(result)
    assert has_secret([result])


def test_result_without_a_secret_has_none() -> None:
    assert not has_secret([results.ApiKeyInfo({"uid": "ak_1", "key": None}), results.GroupInfo(GROUP)])


def test_results_are_public() -> None:
    assert ods.results is results
