"""The settings of a stack's configuration, and the messages about mistakes in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pulumi_opendatasoft.configuration import check, from_config, known_keys, refuse_removed, refuse_unknown
from pulumi_opendatasoft.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
WHOLE = {"domain": "mycity", "apiKey": "a key"}


@pytest.mark.parametrize(
    ("moved_from", "hosts"),
    [
        ("", ()),
        ("old.city.org", ("old.city.org",)),
        (
            "oldcity, https://Old.Example.org/ ,127.0.0.1:8765",
            ("oldcity.opendatasoft.com", "old.example.org", "127.0.0.1:8765"),
        ),
    ],
)
def test_earlier_domains_are_read_as_domains_are(moved_from: str, hosts: tuple[str, ...]) -> None:
    assert from_config({**WHOLE, "movedFrom": moved_from}.get).moved_from == hosts


def test_bad_earlier_domain_is_refused_by_its_key() -> None:
    with pytest.raises(ConfigurationError, match=r"opendatasoft:movedFrom: .*is not a web address"):
        from_config({**WHOLE, "movedFrom": "ftp://old.city.org"}.get)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("maxConcurrency", "0", "a whole number, 1 or more"),
        ("requestTimeout", "soon", "a number greater than 0"),
        ("maxRetries", "-1", "a whole number, 0 or more"),
        ("adopt", "perhaps", "true or false"),
    ],
)
def test_invalid_value_is_refused_by_its_key(name: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        from_config({**WHOLE, name: value}.get)
    assert str(refused.value) == (f"opendatasoft:{name} must be {expected}: `pulumi config set opendatasoft:{name} …`")


@pytest.mark.parametrize("value", ["inf", "nan", "1,5", "", " ", "1.5", "true", "0x10", None])
def test_number_in_another_form_is_refused_or_left_out(value: Any) -> None:
    config = {**WHOLE, "maxRetries": value}
    if value in ("", None):
        assert from_config(config.get).max_retries == 4
    else:
        with pytest.raises(ConfigurationError, match="maxRetries must be a whole number, 0 or more"):
            from_config(config.get)


@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        ("maxRetries", "0", "max_retries", 0),
        ("maxConcurrency", " 32 ", "max_concurrency", 32),
        ("maxConcurrency", 32.0, "max_concurrency", 32),
        ("requestTimeout", "2.5", "request_timeout", 2.5),
        ("processingTimeout", 0, "processing_timeout", 0.0),
        ("adopt", "True", "adopt", True),
        ("adopt", "yes", "adopt", True),
        ("adopt", "0", "adopt", False),
        ("adopt", False, "adopt", False),
    ],
)
def test_value_is_read_in_each_of_its_forms(name: str, value: Any, attribute: str, expected: Any) -> None:
    found = getattr(from_config({**WHOLE, name: value}.get), attribute)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("portals", "message"),
    [
        ('{"test": ', "opendatasoft:portals is not JSON"),
        (
            {"test": {**WHOLE, "apikey": "x", "host": "y"}},
            "opendatasoft:portals.test has apikey, host: only domain, apiKey and allowHttp",
        ),
        ({"test": {"domain": "mycity"}}, 'portal="test" has no domain and apiKey'),
        ({"test": "mycity"}, 'portal="test" has no domain and apiKey'),
        ({"other": WHOLE}, 'portal="test" has no domain and apiKey'),
        ({}, 'portal="test" has no domain and apiKey'),
    ],
)
def test_mistake_in_a_named_portal_is_refused(portals: Any, message: str) -> None:
    config = {"portals": portals if isinstance(portals, str) else json.dumps(portals)}
    with pytest.raises(ConfigurationError, match=message) as error:
        from_config(config.get, "test")
    assert "a key" not in str(error.value)


def test_setting_of_an_earlier_version_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match=r"opendatasoft:lanesPerDataset is no longer .*`pulumi config rm"):
        refuse_removed({**WHOLE, "lanesPerDataset": "4"}.get)
    refuse_removed(WHOLE.get)
    from_config({**WHOLE, "lanesPerDataset": "4"}.get)  # recorded by the last `up` of an earlier version


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("maxConcurency", "did you mean maxConcurrency?"),
        ("api_key", "did you mean apiKey?"),
        ("DOMAIN", "did you mean domain?"),
        ("colour", f"the settings are {', '.join(sorted(known_keys()))}."),
    ],
)
def test_unknown_key_is_refused_with_the_closest_one(name: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        refuse_unknown({"domain", name})
    assert str(refused.value) == (
        f"opendatasoft:{name} is not a setting: {hint} Take it out: `pulumi config rm opendatasoft:{name}`"
    )


def test_every_key_that_is_read_is_known_and_documented() -> None:
    table = (ROOT / "docs" / "guide" / "configuration.md").read_text().partition("## Keys")[2].partition("\n## ")[0]
    assert known_keys() == set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert known_keys() >= {"domain", "apiKey", "portals", "maxConcurrency", "movedFrom"}
    refuse_unknown(known_keys())


@pytest.mark.parametrize(
    "domain", ["mycity", "https://data.mycity.org", "http://localhost:8765", "127.0.0.1:8765", "http://[::1]:8765"]
)
def test_https_and_this_machine_need_no_allow_http(domain: str) -> None:
    check({**WHOLE, "domain": domain}.get)


def test_plain_http_to_another_machine_is_refused() -> None:
    with pytest.raises(ConfigurationError) as error:
        check({**WHOLE, "domain": "http://emulator.corp:8765"}.get)
    assert str(error.value) == (
        "http://emulator.corp:8765 is not this machine: over plain http anybody on the way can read the API key. "
        "Use https://, or allow it: `pulumi config set opendatasoft:allowHttp true`"
    )


def test_plain_http_of_a_named_portal_is_refused() -> None:
    config = {"portals": {"test": {**WHOLE, "domain": "http://emulator.corp"}}}
    with pytest.raises(ConfigurationError, match=r"set --path 'opendatasoft:portals.test.allowHttp' true`$"):
        check(config.get, "test")


@pytest.mark.parametrize(
    ("everywhere", "own", "is_allowed"),
    [("true", None, True), ("true", False, False), ("false", True, True), ("", "true", True), ("", None, False)],
)
def test_named_portal_has_its_own_allow_http(everywhere: str, own: Any, is_allowed: bool) -> None:
    entry = {**WHOLE, "domain": "http://emulator.corp", **({} if own is None else {"allowHttp": own})}
    config = {"allowHttp": everywhere, "portals": json.dumps({"test": entry})}
    assert from_config(config.get, "test").allow_http is is_allowed


def test_allow_http_of_the_stack_is_for_its_portal() -> None:
    check({**WHOLE, "domain": "http://emulator.corp", "allowHttp": "true"}.get)


def test_invalid_allow_http_is_refused_by_its_key() -> None:
    with pytest.raises(ConfigurationError, match=r"^opendatasoft:allowHttp must be true or false: "):
        from_config({**WHOLE, "allowHttp": "maybe"}.get)
    config = {"portals": {"test": {**WHOLE, "allowHttp": "maybe"}}}
    with pytest.raises(ConfigurationError, match=r"opendatasoft:portals\.test\.allowHttp is neither true nor false"):
        from_config(config.get, "test")


def test_recorded_plain_http_is_no_error_of_the_provider() -> None:
    from_config({**WHOLE, "domain": "http://emulator.corp"}.get)  # recorded by the last `up` of an earlier version
