"""Where Pulumi's private names are others than we know, everything still works by public means, only less finely."""

from __future__ import annotations

import threading

from pulumi_opendatasoft.dynamic.frame import Call, leave_with_the_engine, widen

from ..conftest import Portal
from .stacks import Stack, eventually

OTHER_NAMES = '''
"""A Pulumi whose dynamic server calls its own things otherwise. Python imports this before any program."""

import concurrent.futures.thread
import functools
import sys
import threading

import grpc

serve, work = grpc.server, concurrent.futures.thread._worker


@functools.wraps(serve)
def server(*args, **named):
    servicer = getattr(sys.modules["__main__"], "DynamicResourceProviderServicer", None)
    for method in vars(servicer).values() if servicer else ():
        code = getattr(method, "__code__", None)
        if code:
            names = ["asked" if n == "request" else "about" if n == "context" else n for n in code.co_varnames]
            method.__code__ = code.replace(co_varnames=tuple(names))
    return serve(*args, **named)


def worker(*args):
    threading.current_thread()._args = ()
    work(*args)


grpc.server, concurrent.futures.thread._worker = server, worker
'''


def test_an_unfinished_dataset_is_kept_without_private_names(stack: Stack, portal: Portal) -> None:
    stack.file("air.csv", "day,value\n2026-01-01,3\n2026-01-02,4\n")
    site = stack.folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(OTHER_NAMES)
    stack.env["PYTHONPATH"] = str(site)
    program = """
        source = ods.Source(type={type!r}, datasource=ods.UploadedFileDatasource(file=ods.File("air.csv")))
        ods.Dataset("air", sources={{"day": source}}, published=True)
        ods.Group("editors", title="Editors", permissions=["edit_dataset"])
    """

    stack.program(program.format(type="nosuch"))
    failed = stack.up("--continue-on-error", ok=False)
    assert "there is no extractor nosuch" in failed.text
    assert "Traceback" not in failed.text
    assert stack.ids() == {"air": portal.dataset("air")["uid"], "editors": "editors"}
    assert stack.state()["air"]["outputs"]["incomplete"]

    stack.program(program.format(type="csvfile"))
    stack.up()
    assert portal.records("air")["total_count"] == 2
    assert "incomplete" not in stack.state()["air"]["outputs"]
    stack.is_settled()

    portal.post("/groups/", {"title": "Readers", "permissions": []})
    stack.program('ods.Group("readers", title="Readers")')
    assert "the portal already has a group with title" in stack.up(ok=False).text
    stack.program("")
    stack.destroy("--refresh")
    assert portal.all("/datasets/") == []


def test_more_than_four_creates_run_at_the_same_time(stack: Stack, portal: Portal) -> None:
    stack.program("""
        for number in range(8):
            ods.Group(f"group-{number}", title=f"Group {number}")
    """)
    stack.run("config", "set", "opendatasoft:requestTimeout", "300")
    portal.fail({"method": "POST", "path": "/groups/$", "fault": "timeout_after_commit"})

    with stack.running("up", "--yes", "--skip-preview", "--parallel", "16"):
        # No call is answered: with the four workers of an unpatched server the fifth would never arrive.
        eventually(lambda: len(portal.all("/groups/")) == 8)


def test_outside_an_engine_nothing_is_logged_or_watched() -> None:
    threads = set(threading.enumerate())
    call = Call()

    for tell in (call.info, call.warn, call.progress, call.debug, call.fail):
        tell("nobody listens")
    call.half_made("da_000000", {"status": "idle"}, ["not finished"])

    assert (call.urn, call.timeout, call.ignored, call.old_inputs()) == ("", 0.0, [], None)
    assert widen() is False
    assert leave_with_the_engine() is False
    assert set(threading.enumerate()) - threads == set()
