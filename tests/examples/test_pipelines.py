"""The pipeline files of the guide: what they run, when, with which secrets; and a stack on which their jobs run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from ..conftest import Portal
from ..engine.stacks import ROOT, Stack

PAGE = ROOT / "docs" / "guide" / "pipelines.md"
GITHUB = ROOT / "docs" / "guide" / "pipelines" / "github-actions.yml"
GITLAB = ROOT / "docs" / "guide" / "pipelines" / "gitlab-ci.yml"
SECRETS = ("OPENDATASOFT_API_KEY", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_BACKEND_URL")


def commands_of_the_page() -> dict[str, str]:
    """The command of each job, from the table of the page."""
    return dict(re.findall(r"^\| (\w+) \| .+ \| `(pulumi .+)` \|$", PAGE.read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def github() -> dict[Any, Any]:
    workflow: dict[Any, Any] = yaml.safe_load(GITHUB.read_text())
    return workflow


@pytest.fixture(scope="module")
def gitlab() -> dict[str, Any]:
    pipeline: dict[str, Any] = yaml.safe_load(GITLAB.read_text())
    return pipeline


def test_both_files_run_the_commands_of_the_page(github: dict[Any, Any], gitlab: dict[str, Any]) -> None:
    expected = commands_of_the_page()
    assert list(expected) == ["preview", "up", "drift"]
    steps = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in github["jobs"].items()}
    assert steps == {name: ["pip install -r requirements.txt", command] for name, command in expected.items()}
    assert {name: gitlab[name]["script"] for name in gitlab if name != "default"} == {
        name: [command] for name, command in expected.items()
    }
    assert gitlab["default"]["before_script"][-1] == "pip install -r requirements.txt"


def test_jobs_run_on_their_events_alone(github: dict[Any, Any], gitlab: dict[str, Any]) -> None:
    events = github[True]  # in YAML 1.1, `on` is a boolean
    assert events["push"] == {"branches": ["main"]}
    assert set(events) == {"pull_request", "push", "schedule"}
    conditions = {name: job["if"] for name, job in github["jobs"].items()}
    assert conditions["preview"].startswith("github.event_name == 'pull_request' && ")
    assert conditions["preview"].endswith(".head.repo.full_name == github.repository")
    assert conditions["up"] == "github.event_name == 'push'"
    assert conditions["drift"] == "github.event_name == 'schedule'"
    rules = {name: [rule["if"] for rule in gitlab[name]["rules"]] for name in conditions}
    assert rules == {
        "preview": ['$CI_PIPELINE_SOURCE == "merge_request_event"'],
        "up": ['$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'],
        "drift": ['$CI_PIPELINE_SOURCE == "schedule"'],
    }


def test_two_updates_wait_for_each_other_and_none_is_ended(github: dict[Any, Any], gitlab: dict[str, Any]) -> None:
    assert github["jobs"]["up"]["concurrency"] == {"group": "pulumi-prod", "cancel-in-progress": False}
    assert gitlab["up"]["resource_group"] == gitlab["drift"]["resource_group"] == "pulumi-prod"
    assert gitlab["default"]["interruptible"] is False
    # A waiting job of a group of GitHub's gives way to a newer one; an `up` must not give way to a preview.
    assert [name for name, job in github["jobs"].items() if "concurrency" in job] == ["up"]


def test_secrets_come_from_the_store_of_the_service(github: dict[Any, Any], gitlab: dict[str, Any]) -> None:
    assert github["env"] == {
        name: f"${{{{ {'vars' if name.endswith('URL') else 'secrets'}.{name} }}}}" for name in SECRETS
    }
    assert github["permissions"] == {"contents": "read"}
    assert "variables" not in gitlab  # those of the project are in the environment by themselves
    for file in (GITHUB, GITLAB):
        heading = file.read_text().partition("\n\n")[0]
        assert all(re.search(rf"^#   {name}\s", heading, re.MULTILINE) for name in SECRETS)


def test_engine_is_the_one_that_the_project_is_tested_with(github: dict[Any, Any], gitlab: dict[str, Any]) -> None:
    (pinned,) = re.findall(r'"pulumi==([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    got = {s["with"]["pulumi-version"] for job in github["jobs"].values() for s in job["steps"] if "pulumi/" in str(s)}
    assert got == {pinned}
    assert gitlab["default"]["image"]["name"] == f"pulumi/pulumi-python:{pinned}"


def test_jobs_survive_a_rotated_key_and_find_drift(another_stack: Callable[..., Stack], portal: Portal) -> None:
    stack = another_stack("prod")
    old, new = _key(portal, "old"), _key(portal, "new")
    del stack.env["OPENDATASOFT_API_KEY"]
    stack.run("config", "set", "--secret", "opendatasoft:apiKey", old["key"])
    stack.program("""
        ods.Group("editors", title="Editors")
        ods.Dataset("air", metadata=ods.Metadata(default=ods.DefaultMetadata(title="Air")))
    """)
    job = {name: shlex.split(command)[1:] for name, command in commands_of_the_page().items()}
    stack.run(*job["preview"])
    stack.run(*job["up"])
    stack.run("config", "set", "--secret", "opendatasoft:apiKey", new["key"])
    portal.post(f"/apikeys/{old['uid']}/revoke/")

    refused = stack.refresh(ok=False).said
    stack.run(*job["drift"])

    remedy = (
        "Without `--run-program`, refresh and destroy use the API key of the last `up`: if it was changed since then, "
        "add that option, or run `pulumi up` first."
    )
    assert refused
    assert all(line.endswith(remedy) for lines in refused.values() for line in lines)
    portal.put(f"/datasets/{portal.dataset('air')['uid']}/metadata/default/title/", {"value": "Rain"})
    portal.delete("/groups/editors/")
    drift = stack.run(*job["drift"], ok=False).text
    assert '~ title: "Rain" => "Air"' in drift
    assert re.search(r"^\s*\+ .*opendatasoft:Group: \(create\)", drift, re.MULTILINE)
    stack.run("up", "--yes", "--skip-preview", "--refresh", "--run-program")
    assert portal.dataset("air")["metadata"]["default"]["title"]["value"] == "Air"
    third = _key(portal, "third")
    stack.run("config", "set", "--secret", "opendatasoft:apiKey", third["key"])
    portal.post(f"/apikeys/{new['uid']}/revoke/")
    stack.destroy("--run-program")
    assert portal.all("/datasets/") == portal.all("/groups/") == []


def _key(portal: Portal, label: str) -> dict[str, str]:
    """A new API key with all permissions that the stack needs."""
    permissions = ["create_dataset", "edit_dataset", "manage_dataset", "publish_dataset", "edit_domain"]
    key: dict[str, str] = portal.post("/apikeys/", {"label": label, "permissions": permissions})
    return key
