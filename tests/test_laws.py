"""The laws that the project's own text must keep: who may import whom, what is secret, what is said of everything."""

from __future__ import annotations

import ast
import functools
import graphlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.dynamic import ConfigureRequest
from pulumi.dynamic.config import Config
from pulumi_opendatasoft.dynamic.provider import DynamicProvider
from pulumi_opendatasoft.lifecycle.handler import Handler
from pulumi_opendatasoft.lifecycle.section import Section
from pulumi_opendatasoft.program.resource import Resource
from pulumi_opendatasoft.program.value import Value, docstrings
from pulumi_opendatasoft.resources.job import Job
from pulumi_opendatasoft.schema.types import Kind, ListOf, MapOf, Object, OneOf, Shape

from .declarations import resource_types, sample, values
from .imports import ROOT, imported, is_below, modules

OURS = "pulumi_opendatasoft"
THEIRS = "opendatasoft_emulator"


@functools.cache
def imports() -> dict[str, set[str]]:
    """Return what each module imports; read when it is first needed, not by every process that collects tests."""
    return {name: imported(name, path) for name, path in modules().items()}


def importers(module: str, of: str) -> set[str]:
    """Which modules of a package import a module, or something inside it."""
    return {
        name
        for name, found in imports().items()
        if is_below(name, of) and any(is_below(other, module) for other in found)
    }


# ---------------------------------------------------------------- law 1: who may import whom

FLOORS = (
    ("commands",),
    ("comparison", "diagnosis"),
    ("export",),
    ("_provider",),
    ("dynamic", "dry_run"),
    ("service",),
    ("resources", "functions"),
    ("program",),
    ("lifecycle", "configuration"),
    ("schema", "client", "operations"),
    ("errors",),
)
"""The rooms of the provider from top to bottom: each imports only what stands below it, or itself."""

FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room(module: str) -> str:
    """The first step of a module's name below the package; empty for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def imports_within(package: str) -> dict[str, set[str]]:
    """Which modules of a package each of its modules imports."""
    return {name: imports()[name] & modules(package).keys() - {name} for name in modules(package)}


def test_imports_are_read_as_python_reads_them() -> None:
    assert f"{OURS}.program.descriptors" in imports()[f"{OURS}.program.resource"]
    assert f"{OURS}.configuration" in imports()[f"{OURS}.program.resource"]
    assert f"{OURS}.resources.dataset.declaration" in imports()[f"{OURS}.resources"]
    assert f"{OURS}.errors" in imports()[f"{OURS}.lifecycle.handler"]
    assert "httpx" in imports()[f"{OURS}.client.transport"]


def test_arrows_between_rooms_run_down_only() -> None:
    arrows = {(room(name), room(other)) for name, found in imports_within(OURS).items() for other in found}
    between = {(above, below) for above, below in arrows if above != below and above}
    assert {(a, b) for a, b in between if FLOOR[a] >= FLOOR[b]} == set()


@pytest.mark.parametrize("package", [OURS, THEIRS])
def test_no_modules_import_each_other_in_a_circle(package: str) -> None:
    order = graphlib.TopologicalSorter(imports_within(package)).static_order()
    assert set(order) == modules(package).keys()


@pytest.mark.parametrize("package", ["schema", "client"])
def test_schema_and_client_import_only_the_errors(package: str) -> None:
    for name in modules(f"{OURS}.{package}"):
        ours = {o for o in imports()[name] if is_below(o, OURS) and not is_below(o, f"{OURS}.{package}")}
        assert ours <= {f"{OURS}.errors"}, name


def test_lifecycle_imports_nothing_of_the_client() -> None:
    assert importers(f"{OURS}.client", f"{OURS}.lifecycle") == set()


def test_the_errors_import_nothing_of_the_package() -> None:
    assert {name for name in imports()[f"{OURS}.errors"] if is_below(name, OURS)} == set()


@pytest.mark.parametrize("package", ["schema", "client", "lifecycle", "resources", "errors"])
def test_rooms_without_pulumi_do_not_import_it(package: str) -> None:
    assert importers("pulumi", f"{OURS}.{package}") == set()


def test_one_module_of_the_provider_imports_httpx() -> None:
    assert importers("httpx", OURS) == {f"{OURS}.client.transport"}
    assert {name.rpartition(".")[2] for name in importers("httpcore", OURS)} == {"transport", "connections", "tls"}


def test_only_the_commands_import_libraries_for_terminals() -> None:
    for module in ("click", "rich"):
        found = importers(module, OURS)
        assert found
        assert {name for name in found if not is_below(name, f"{OURS}.commands")} == set()


def test_only_the_dynamic_package_knows_the_engine_protocol() -> None:
    for module in ("grpc", "google.protobuf"):
        assert {name for name in importers(module, OURS) if not is_below(name, f"{OURS}.dynamic")} == set()


def test_provider_and_emulator_never_import_each_other() -> None:
    assert importers(THEIRS, OURS) == set()
    assert importers(OURS, THEIRS) == set()
    assert importers("pulumi", THEIRS) == set()


def subclasses(of: type) -> set[type]:
    """Every class below one, those of this package alone."""
    direct: list[type] = of.__subclasses__()
    below = {cls for one in direct for cls in (one, *subclasses(one))}
    return {cls for cls in below if is_below(cls.__module__, OURS)}


@pytest.mark.parametrize("base", [Handler, Section, Job])
def test_no_subclass_overrides_a_private_method(base: type) -> None:
    assert subclasses(base)
    overridden = {
        f"{cls.__name__}.{name}"
        for cls in subclasses(base)
        for name in vars(cls)
        if name.startswith("_") and not name.startswith("__")
        if any(name in vars(above) for above in cls.__mro__[1:])
    }
    assert overridden == set()


# ---------------------------------------------------------------- law 5: secrets


def secrets(kind: Kind | Shape, path: str = "", in_list: bool = False) -> Iterator[tuple[str, bool]]:
    """The path of every secret, and whether a list is on the way."""
    match kind:
        case Shape():
            for slot in kind:
                here = f"{path}.{slot.name}"
                if slot.behaviour.secret:
                    yield here, in_list or isinstance(slot.kind, ListOf)
                else:
                    yield from secrets(slot.kind, here, in_list)
        case Object():
            yield from secrets(kind.shape, path, in_list)
        case ListOf():
            yield from secrets(kind.item, f"{path}[]", True)
        case MapOf():
            yield from secrets(kind.item, f"{path}.*", in_list)
        case OneOf():
            for tag, alternative in kind.tagged.items():
                yield from secrets(alternative, f"{path}({tag})", in_list)
            for other in (kind.open, kind.listed):
                if other is not None:
                    yield from secrets(other, path, in_list)


def test_no_secret_is_reachable_through_a_list() -> None:
    found = {
        f"{name}{path}": bad for name, cls in resource_types().items() for path, bad in secrets(cls.declaration().shape)
    }
    assert found["HTTPConnection.auth(basic_auth).password"] is False
    assert found["Dataset.sources.*.datasource(http).headers"] is False
    assert [path for path, in_list in found.items() if in_list] == []


def test_computed_secrets_are_top_level_properties() -> None:
    for name, cls in resource_types().items():
        for slot in cls.declaration().shape.computed:
            assert list(secrets(slot.kind)) == [], f"{name}.{slot.name}"


# ---------------------------------------------------------------- law 6: importing does nothing

ON_IMPORT = """
import json, sys, threading
import httpx, pulumi, pulumi.dynamic, tenacity  # what these do is not ours

events, registered, threads = [], [], threading.active_count()
for name in [name for name in dir(pulumi.runtime) if name.startswith("register_")]:
    setattr(pulumi.runtime, name, lambda *words, name=name: registered.append(name))
sys.addaudithook(lambda event, args: events.append((event, str(args[0])[:500] if args else "")))
import pulumi_opendatasoft
told = {"events": list(events), "registered": registered, "threads": threading.active_count() - threads}
told["engine"] = pulumi.runtime.get_root_resource() is not None
with open(sys.argv[1], "w") as file:
    json.dump(told, file)
"""
TOUCHES = ("open", "os.", "socket.", "subprocess.", "_thread.", "signal.", "shutil.", "tempfile.", "urllib.", "http.")
"""How the events begin by which Python tells that a program touches the world."""

FINDS_MODULES = ("os.listdir", "os.scandir")


def test_import_does_no_io_and_registers_nothing(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", ON_IMPORT, str(tmp_path / "told")], check=True)
    told = json.loads((tmp_path / "told").read_text())
    touched = [(event, what) for event, what in told["events"] if event.startswith(TOUCHES)]
    read = [what for event, what in touched if event == "open" and what.endswith((".py", ".pyc", ".so", ".zip"))]
    assert any("pulumi_opendatasoft" in module for module in read)
    assert [(event, what) for event, what in touched if event not in FINDS_MODULES and what not in read] == []
    assert (told["threads"], told["registered"], told["engine"]) == (0, [], False)


def test_program_loads_nothing_of_the_provider_process() -> None:
    loaded = "import sys, pulumi_opendatasoft; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    providers = (
        "httpx",
        "pydantic",
        "pydantic_core",
        "tenacity",
        f"{OURS}.dynamic",
        f"{OURS}.service",
        f"{OURS}.client.client",
    )
    assert [name for name in done.stdout.split() if name.startswith(providers)] == []


# ---------------------------------------------------------------- law 10: check and diff never call the portal


@pytest.fixture(scope="module")
def nobody() -> Iterator[socket.socket]:
    """A portal that listens and never answers: a call to it would hang, and leave a connection waiting."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def adapter(kind: str, portal: socket.socket) -> DynamicProvider:
    found = DynamicProvider(kind)
    host, port = portal.getsockname()
    keys = {"domain": f"http://{host}:{port}", "apiKey": "0" * 56}
    found.configure(ConfigureRequest(Config({f"opendatasoft:{name}": value for name, value in keys.items()}, "city")))
    return found


@pytest.mark.parametrize("kind", resource_types())
def test_check_and_diff_never_call_the_portal(kind: str, nobody: socket.socket) -> None:
    provider, asked = adapter(kind, nobody), sample(resource_types()[kind].declaration().shape)
    asked.pop("portal")
    host, port = nobody.getsockname()
    first = provider.check({}, asked)
    assert [failure.reason for failure in first.failures] == []
    before = {**first.inputs, "domain": f"{host}:{port}", "status": "idle"}
    assert provider.diff("id", before, first.inputs).changes is False
    for name in asked:
        less = {key: value for key, value in first.inputs.items() if key != name}
        again = provider.check(before, less)
        assert again.failures or provider.diff("id", before, again.inputs).changes is not False, name
    with pytest.raises(BlockingIOError):
        nobody.accept()


# ---------------------------------------------------------------- what is said of everything


@pytest.mark.parametrize("path", [str(p.relative_to(ROOT)) for p in modules().values()])
def test_every_module_says_what_it_knows_and_stays_small(path: str) -> None:
    text = (ROOT / path).read_text()
    said = ast.get_docstring(ast.parse(text)) or ""
    assert said.splitlines()[:1], "no docstring"
    assert said.splitlines()[0].rstrip().endswith((".", ":", "?")), said
    assert len(text.splitlines()) <= 350


@pytest.mark.parametrize("path", [str(p.relative_to(ROOT)) for p in modules(OURS).values()])
def test_every_public_class_and_function_is_documented(path: str) -> None:
    tree = ast.parse((ROOT / path).read_text())
    assert [name for name, documented in public_things(tree) if not documented] == []


def public_things(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[str, bool]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            overloaded = any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list)
            yield node.name, overloaded or bool(ast.get_docstring(node))
            if isinstance(node, ast.ClassDef):
                yield from public_things(node)


DECLARED: dict[str, type[Resource] | type[Value]] = {**resource_types(), **values()}


@pytest.mark.parametrize("name", DECLARED)
def test_every_property_is_documented(name: str) -> None:
    cls = DECLARED[name]
    owners = [owner for owner in cls.__mro__ if "_hints" in vars(owner)]
    documented = {prop for owner in owners for prop, text in docstrings(owner).items() if text.endswith((".", ".)"))}
    shape = cls.declaration().shape if issubclass(cls, Resource) else cls.shape()
    assert [slot.name for slot in shape if slot.name not in documented] == []
    assert (cls.__doc__ or "").strip()


@pytest.mark.parametrize("name", DECLARED)
def test_no_property_hides_a_word_that_python_or_pulumi_need(name: str) -> None:
    cls = DECLARED[name]
    if issubclass(cls, Resource):
        taken = set(dir(pulumi.CustomResource)) | {"id", "urn", "get", "declaration", "life", "revive"}
        assert [slot.name for slot in cls.declaration().shape if slot.name in taken] == []
    else:
        assert [slot.name for slot in cls.shape() if slot.name in dir(Value)] == []


@pytest.mark.parametrize("path", sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("examples/*/*.py")))
def test_every_example_says_what_it_shows(path: str) -> None:
    assert ast.get_docstring(ast.parse(Path(ROOT / path).read_text()))


def test_the_two_packages_are_all_that_is_installed() -> None:
    roots: set[Any] = {name.partition(".")[0] for name in modules()}
    assert roots == {OURS, THEIRS}
