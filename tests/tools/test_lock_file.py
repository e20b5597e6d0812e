"""The lock file: every package with its hashes, for every supported Python, and no word on where packages come from."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[2]
LOCK = CHECKOUT / "requirements" / "developer.txt"


def locked() -> list[str]:
    """Return the entries of the lock, each with its hashes on one line."""
    return LOCK.read_text().replace("\\\n", " ").splitlines()


def test_the_lock_names_no_host() -> None:
    said = LOCK.read_text()
    assert "://" not in said
    assert not re.search(r"^--(extra-)?index-url|^--find-links|^-[if] ", said, re.MULTILINE)


def test_every_line_of_the_lock_is_one_version_with_its_hashes() -> None:
    entries = locked()
    assert entries
    loose = [e for e in entries if not re.fullmatch(r"[a-z0-9.-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", e)]
    assert loose == []


def test_the_lock_holds_all_that_the_project_asks_for() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["emulator"],
        *project["dependency-groups"]["dev"],
    ]
    held = {entry.split("==")[0]: entry.split("==")[1].split()[0] for entry in locked()}
    wanted = {canonicalize_name(Requirement(line).name): Requirement(line).specifier for line in asked}
    missing = [f"{name}{which}" for name, which in wanted.items() if name not in held or held[name] not in which]
    assert missing == [], "make lock renews the lock file"


def test_the_engine_is_of_the_same_release_as_the_locked_sdk() -> None:
    engine = (CHECKOUT / "tools" / "engine" / "pulumi" / "go.mod").read_text()
    built = re.search(r"github.com/pulumi/pulumi/pkg/v3 v(\S+)", engine)
    chosen = re.search(r'^PINNED = "(.+)"$', (CHECKOUT / "tools" / "engine" / "install.py").read_text(), re.MULTILINE)
    assert built
    assert chosen
    sdk = next(entry.split("==")[1].split()[0] for entry in locked() if entry.startswith("pulumi=="))
    assert {built[1], chosen[1]} == {sdk}
