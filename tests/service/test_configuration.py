"""What a stack's configuration may say, and how a mistake in it is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi_opendatasoft.configuration import from_config, refuse_removed
from pulumi_opendatasoft.errors import ConfigurationError

WHOLE = {"domain": "mycity", "apiKey": "a key"}


@pytest.mark.parametrize(
    ("told", "hosts"),
    [
        ("", ()),
        ("old.city.org", ("old.city.org",)),
        (
            "oldcity, https://Old.Example.org/ ,127.0.0.1:8765",
            ("oldcity.opendatasoft.com", "old.example.org", "127.0.0.1:8765"),
        ),
    ],
)
def test_an_earlier_domain_may_be_written_as_a_domain_may_be(told: str, hosts: tuple[str, ...]) -> None:
    assert from_config({**WHOLE, "movedFrom": told}.get).moved_from == hosts


def test_an_earlier_domain_that_is_none_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"opendatasoft:movedFrom: .*is not a web address"):
        from_config({**WHOLE, "movedFrom": "ftp://old.city.org"}.get)


@pytest.mark.parametrize(
    ("portals", "said"),
    [
        ('{"test": ', "opendatasoft:portals is no JSON"),
        (
            {"test": {**WHOLE, "apikey": "x", "host": "y"}},
            "opendatasoft:portals.test has apikey, host: only domain and apiKey",
        ),
        ({"test": {"domain": "mycity"}}, 'portal="test" has no domain and apiKey'),
        ({"test": "mycity"}, 'portal="test" has no domain and apiKey'),
        ({"other": WHOLE}, 'portal="test" has no domain and apiKey'),
        ({}, 'portal="test" has no domain and apiKey'),
    ],
)
def test_what_is_wrong_with_a_further_portal_is_said(portals: Any, said: str) -> None:
    told = {"portals": portals if isinstance(portals, str) else json.dumps(portals)}
    with pytest.raises(ConfigurationError, match=said) as error:
        from_config(told.get, "test")
    assert "a key" not in str(error.value)


def test_setting_of_an_earlier_version_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match=r"opendatasoft:lanesPerDataset is no longer .*`pulumi config rm"):
        refuse_removed({**WHOLE, "lanesPerDataset": "4"}.get)
    refuse_removed(WHOLE.get)
    from_config({**WHOLE, "lanesPerDataset": "4"}.get)  # recorded by the last `up` of an earlier version
