"""The values that `ignore_changes` keeps, at every kind of property path of Pulumi's."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_opendatasoft.service.ignore_changes import keep_ignored

PRIOR: dict[str, Any] = {
    "title": "Theirs",
    "metadata": {"default": {"title": "Their title", "publisher": "They"}},
    "headers": {"X-Token": "theirs", "a.b": "theirs"},
    "fields": [{"type": "type", "label": "theirs"}, {"type": "rename", "label": "theirs"}],
}
DESIRED: dict[str, Any] = {
    "title": "Ours",
    "metadata": {"default": {"title": "Our title", "language": "en"}},
    "headers": {"X-Token": "ours", "a.b": "ours"},
    "fields": [{"type": "type", "label": "ours"}],
    "permissions": ["edit_page"],
}


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("title", {"title": "Theirs"}),
        ("metadata.default.title", {"metadata": {"default": {"title": "Their title", "language": "en"}}}),
        ("metadata.default", {"metadata": PRIOR["metadata"]}),
        (
            "metadata.default.publisher",
            {"metadata": {"default": {"title": "Our title", "language": "en", "publisher": "They"}}},
        ),
        ("metadata.default.language", {"metadata": {"default": {"title": "Our title"}}}),
        ("metadata.*.title", {"metadata": {"default": {"title": "Their title", "language": "en"}}}),
        ("metadata[*].title", {"metadata": {"default": {"title": "Their title", "language": "en"}}}),
        ('headers["a.b"]', {"headers": {"X-Token": "ours", "a.b": "theirs"}}),
        ('["headers"]["X-Token"]', {"headers": {"X-Token": "theirs", "a.b": "ours"}}),
        ("fields[0].label", {"fields": [{"type": "type", "label": "theirs"}]}),
        ("fields[*].label", {"fields": [{"type": "type", "label": "theirs"}]}),
        ("fields[1].label", {}),
        ("fields", {"fields": PRIOR["fields"]}),
        ("title.nonsense", {}),
        ("nowhere.at.all", {}),
        ("", {}),
    ],
)
def test_value_at_an_ignored_path_is_kept(path: str, changed: dict[str, Any]) -> None:
    assert keep_ignored(DESIRED, PRIOR, [path], is_whole=True) == DESIRED | changed


def test_ignored_value_without_prior_is_dropped_if_whole() -> None:
    whole = keep_ignored(DESIRED, PRIOR, ["permissions"], is_whole=True)
    assert whole == {name: value for name, value in DESIRED.items() if name != "permissions"}
    assert keep_ignored(DESIRED, PRIOR, ["permissions", "title"], is_whole=False) == DESIRED | {"title": "Theirs"}
