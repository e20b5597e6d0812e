"""What a portal's administrator reads when something is wrong: a clear line or two for each thing, nothing else."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ..conftest import Portal
from .stacks import Stack

SCRIPT_ENDED = "error: an unhandled error occurred: program exited with non-zero exit code: 1"
"""The engine's own second line for a program that ended with an error of its own."""


class _WebSite(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<html><body><h1>Welcome to our city</h1></body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def website() -> Iterator[str]:
    """A host that answers, but is no portal."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _WebSite) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _is_clean(text: str) -> None:
    for noise in ("Traceback", "Exception calling application", "\\n"):
        assert noise not in text, text


def test_an_unusable_portal_is_one_line(stack: Stack, portal: Portal, website: str) -> None:
    narrow = portal.post("/apikeys/", {"label": "narrow", "permissions": ["explore_restricted_dataset"]})["key"]
    portals = {
        "wrong_key": (portal.host, "0" * 56),
        "narrow": (portal.host, narrow),
        "unknown": ("portal.invalid", portal.key),
        "closed": ("127.0.0.1:9", portal.key),
        "website": (website, portal.key),
    }
    told = "".join(f"    {name}:\n      domain: {d}\n      apiKey: '{k}'\n" for name, (d, k) in portals.items())
    config = stack.folder / "Pulumi.dev.yaml"
    config.write_text(config.read_text().replace("config:\n", f"config:\n  opendatasoft:portals:\n{told}"))
    stack.program("""
        for portal in ("wrong_key", "narrow", "unknown", "closed", "website"):
            ods.Group(portal, title=portal, portal=portal)
        ods.Dataset("air", portal="narrow")
    """)

    result = stack.up("--continue-on-error", ok=False)

    _is_clean(result.text)
    said = result.said
    said["unknown"] = [re.sub(r"known \(.+?\)", "known (the resolver's words)", line) for line in said["unknown"]]
    assert said == {
        "wrong_key": [
            'error: Group "wrong_key": the portal does not accept the API key: Invalid API key. '
            f"(authentication_failed, GET /groups/ at {portal.host}). "
            "Check that the key is whole, not revoked, and was made on this portal."
        ],
        "narrow": [
            'error: Group "narrow": the API key may not do this: You do not have permission to perform this action. '
            f"(permission_denied, GET /groups/ at {portal.host}). Give the permission to the key and to its owner, or "
            "use another key."
        ],
        "air": [
            'error: Dataset "air": the API key may not do this: You do not have permission to perform this action. '
            f"(permission_denied, POST /datasets/ at {portal.host}). Give the permission to the key and to its owner, "
            "or use another key."
        ],
        "unknown": [
            'error: Group "unknown": portal.invalid cannot be reached: its name is not known (the resolver\'s words) '
            "(GET /groups/). Check the domain and the network."
        ],
        "closed": [
            'error: Group "closed": 127.0.0.1:9 cannot be reached: the connection was refused (GET /groups/). Check '
            "the domain and the network."
        ],
        "website": [
            f'error: Group "website": {website} does not answer as an Opendatasoft portal: it sent 200 and "Welcome to '
            'our city" (GET /groups/). Check the domain.'
        ],
    }
    assert stack.ids() == {}


def test_a_refusal_is_reported_and_created_objects_are_kept(stack: Stack, portal: Portal) -> None:
    stack.file("air.csv", "day,value\n2026-01-01,3\n2026-01-02,4\n")
    portal.post("/datasets/", {"dataset_id": "taken", "metadata": {"default": {"title": {"value": "Taken"}}}})
    stack.program("""
        def dataset(name, kind="csvfile", **more):
            source = ods.Source(type=kind, datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
            return ods.Dataset(name, **({"sources": {"day": source}, "published": True} | more))

        dataset("taken")
        dataset("extractor", kind="nosuch")
        nowhere = ods.HTTPConnection("nowhere", url="http://127.0.0.1:9")
        away = ods.HTTPDatasource(connection=nowhere.uid, relative_url="/air.csv")
        dataset("unreachable", sources={"day": ods.Source(type="csvfile", datasource=away)})
        lost = ods.HTTPDatasource(connection="co_000000", relative_url="/air.csv")
        dataset("unconnected", sources={"day": ods.Source(type="csvfile", datasource=lost)})
        dataset("misruled", fields=[ods.TypeField(field="wind", type_param="double")])
        dataset("ungrouped", group_access=[ods.DatasetGroupAccess(group="nobody", permissions=["edit_dataset"])])
        ods.Group("mistyped", title="Mistyped", permissions=["edit_datasets"])
        ods.User("nobody", email="not an address")
    """)

    result = stack.up("--continue-on-error", ok=False)

    _is_clean(result.text)
    uid = stack.ids()
    rule = portal.all(f"/datasets/{uid['misruled']}/fields/")[0]["uid"]
    at = f"(validation_error, POST {{}} at {portal.host})"
    assert result.said == {
        "taken": [
            'error: Dataset "taken": the portal already has a dataset with dataset_id "taken" '
            f"({portal.dataset('taken')['uid']}), and nothing was written. Was this resource renamed or moved? Then "
            "say so in `aliases`. Did an interrupted `up` of this stack create the object? Then `pulumi config set "
            f"opendatasoft:resume {portal.dataset('taken')['uid']}`. Is it somebody else's, to be taken over? Then "
            "adopt=True."
        ],
        "extractor": _half_made(
            'Dataset "extractor"',
            uid["extractor"],
            'published: processing failed: Source "day": there is no extractor nosuch, known are csvfile, jsonfile, '
            "jsonlines, geojsonfile, xlsfile, parquet, files_csv.",
        ),
        "misruled": _half_made(
            'Dataset "misruled"',
            uid["misruled"],
            f"published: processing failed: Processor {rule} (type, number 1) is misconfigured for field wind: unknown "
            "field, there are day, value.",
        ),
        "unconnected": _half_made(
            'Dataset "unconnected"',
            uid["unconnected"],
            'sources.day: the portal refused datasource.connection.uid: Connection "co_000000" does not exist. '
            + at.format(f"/datasets/{uid['unconnected']}/resources/"),
            "still to do: published",
        ),
        "ungrouped": _half_made(
            'Dataset "ungrouped"',
            uid["ungrouped"],
            'group_access[0] (nobody): the portal refused group.uid: Group "nobody" does not exist. '
            + at.format(f"/datasets/{uid['ungrouped']}/security/groups/"),
            "still to do: published",
        ),
        "mistyped": [
            'warning: permissions: is "edit_datasets" meant to be "edit_dataset"? It is sent as it is',
            'error: Group "mistyped": the portal refused permissions[0]: "edit_datasets" is not a valid choice. '
            + at.format("/groups/"),
        ],
        "unreachable": _half_made(
            'Dataset "unreachable"',
            uid["unreachable"],
            'published: processing failed: Source "day": http://127.0.0.1:9/air.csv cannot be reached (no connection).',
        ),
        "nobody": [
            'error: User "nobody": the portal did not invite "not an address": email: Enter a valid email address.'
        ],
    }

    assert len(portal.all("/datasets/")) == 6


def _half_made(who: str, uid: str, *reasons: str) -> list[str]:
    """What is said of an object that was made but is not finished; the engine counts the lines."""
    lines = (*reasons, f"{uid} is kept as it is; the next `up` goes on from there")
    return [f"error: {len(lines)} errors occurred:", *(f"* {who}: {line}" for line in lines)]


def test_all_mistakes_of_a_program_are_reported_with_paths(stack: Stack) -> None:
    stack.program("""
        ods.Dataset(
            "air",
            dataset_id=3,
            metadata={"default": {"titel": "Air", "keyword": "air"}},
            fields=[ods.RenameField(from_name="a", to_name="b", field_label=4)],
            published="yes",
        )
    """)

    result = stack.preview(ok=False)

    _is_clean(result.text)
    problem = "error: pulumi-python:dynamic/opendatasoft:Dataset resource 'air' has a problem: "
    mistakes = (
        "dataset_id: must be a string",
        'metadata.default.keyword: must be a list, in square brackets: ["…"]',
        "metadata.default.titel: is not a property of DefaultMetadata; did you mean title?",
        "fields[0].field_label: must be a string",
        "published: must be true or false",
    )
    assert result.said == {"air": [problem + line for line in mistakes]}


def test_a_missing_file_or_a_dropped_option_ends_the_preview(stack: Stack) -> None:
    stack.program('ods.File("nowhere.csv")')
    assert stack.preview(ok=False).said == {
        "city-dev": [
            f'error: File("nowhere.csv") cannot be read: No such file or directory (looked for in {stack.folder})',
            SCRIPT_ENDED,
        ]
    }

    stack.program('ods.Group("editors", title="Editors", opts=pulumi.ResourceOptions(import_="editors"))')
    assert stack.preview(ok=False).said == {
        "city-dev": [
            'error: Group "editors": import_ does not work with a dynamic provider. Write adopt=True (or '
            "adopt='editors') instead: the next `up` takes the object over, reading only.",
            SCRIPT_ENDED,
        ]
    }


def test_two_resources_never_share_an_object(stack: Stack, portal: Portal) -> None:
    stack.program("""
        ods.Dataset("air", dataset_id="air")
        ods.Dataset("luft", dataset_id="air")
        ods.Group("editors", title="Editors")
        ods.Group("redaktion", title="Editors")
    """)

    said = stack.up("--continue-on-error", ok=False).said

    refused = {
        line
        for kind, names, key in (
            ("Dataset", ("air", "luft"), 'a dataset with dataset_id "air"'),
            ("Group", ("editors", "redaktion"), 'a group with title "Editors"'),
        )
        for name in names
        for line in said.get(name, [])
        if line == f'error: {kind} "{name}": another resource of this program already has {key}: remove one of the two'
    }
    assert len(refused) == len(said) == 2
    assert len(portal.all("/datasets/")) == len(portal.all("/groups/")) == 1
