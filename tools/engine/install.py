"""Finds or gets a Pulumi engine: the user's own, else the official download, else a build with Go.

`python -m tools.engine.install` prints the folder that contains `pulumi`; everything else goes to stderr.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

PINNED = "3.259.0"
"""The release that is built or downloaded; the lock file pins the Python SDK to the same one."""


def cache_folder() -> Path:
    """Return the user's cache of engines: all checkouts of a user share what one of them built or downloaded."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    # A relative path is to be ignored, as the specification of that variable has it.
    cache = Path(named) if os.path.isabs(named) else Path.home() / ".cache"
    return cache / "pulumi-opendatasoft" / "engine"


HOME = cache_folder() / PINNED
OWN_FOLDER = HOME / "bin"

OLDEST = (3, 220)
"""The first release that the project is tested with; the next major release is not accepted either."""

INSTALLER = "https://get.pulumi.com/install.sh"
"""What `PulumiCommand.install` downloads first: asked here only to learn whether it can be reached."""

PATIENCE = 10
"""Seconds until the official installer's address is taken for unreachable."""

BETWEEN_WORDS = 20
"""Seconds between two words on how far a build is."""

REMEDY = (
    "No Pulumi engine could be had. Install pulumi 3.220 or newer (https://www.pulumi.com/docs/install/),\n"
    "or Go 1.25 or newer with a network that reaches the Go module proxy; then run this again."
)


class NoEngineError(Exception):
    """Nothing worked; the message says what to do."""


class StepError(Exception):
    """One way to an engine does not work here; the message says why in one line."""


def find() -> Path | None:
    """Return the folder of a usable engine that is on this machine already, the user's own first, or None."""
    candidates = [*_folders_on_path(), OWN_FOLDER]
    return next((folder for folder in candidates if _flaw(folder) is None), None)


def install() -> Path:
    """Return the folder of a usable engine, and get one first where there is none.

    Raises NoEngineError with the remedy when neither the download nor the build works.
    """
    for folder in _folders_on_path():
        if (flaw := _flaw(folder)) is None:
            return folder
        _say(f"Passing over the pulumi in {folder}: {flaw}")
    if _flaw(OWN_FOLDER) is None:
        return OWN_FOLDER
    try:
        HOME.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise NoEngineError(
            f"The engine's folder {HOME} cannot be made: {reason.strerror}. XDG_CACHE_HOME can name another place."
        ) from None
    for way in (_download, _build):
        try:
            way()
        except StepError as reason:
            _say(str(reason))
            continue
        if (flaw := _flaw(OWN_FOLDER)) is None:
            return OWN_FOLDER
        _say(f"What was put into {OWN_FOLDER} cannot be used: {flaw}")
    raise NoEngineError(REMEDY)


def version_of(pulumi: Path) -> tuple[int, ...] | None:
    """Return what `pulumi version` prints as numbers, (3, 259, 0), or None when it prints no version."""
    try:
        answer = subprocess.run(
            [pulumi, "version"],
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", answer.stdout.strip())
    return tuple(int(part) for part in found.groups()) if found else None


def _folders_on_path() -> list[Path]:
    """Return the folders of PATH that hold a `pulumi`, in order, without the folder that is filled here."""
    folders = (Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry)
    return [folder for folder in folders if (folder / "pulumi").is_file() and folder.resolve() != OWN_FOLDER.resolve()]


def _flaw(folder: Path) -> str | None:
    """Return why the folder's pulumi cannot be used, or None: it is new enough and finds its language host."""
    pulumi = folder / "pulumi"
    if not os.access(pulumi, os.X_OK):
        return "it is not there, or not executable."
    version = version_of(pulumi)
    if version is None:
        return "it does not tell its version."
    if version < OLDEST or version[0] > OLDEST[0]:
        return f"it is {'.'.join(map(str, version))}; 3.220 or newer, below 4, is needed."
    beside = pulumi.resolve().parent / "pulumi-language-python"
    if not os.access(beside, os.X_OK) and shutil.which("pulumi-language-python") is None:
        return "its pulumi-language-python is missing."
    return None


def _download() -> None:
    """Let Pulumi's own SDK install the engine, unless its address does not answer soon."""
    _say("No pulumi on PATH that can be used. Trying the official installer...")
    if not _answers(INSTALLER):
        raise StepError("The official installer cannot be reached from here.")
    order = (
        "import sys, semver; from pulumi.automation import PulumiCommand; "
        "PulumiCommand.install(root=sys.argv[1], version=semver.VersionInfo.parse(sys.argv[2]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", order, HOME, PINNED],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StepError(f"The official installer failed: {_last_line(done.stderr)}")


def _answers(url: str) -> bool:
    """Whether something can be read from the address within PATIENCE seconds, slow name servers included."""
    answers = threading.Event()

    def ask() -> None:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as response:
                response.read(1)
        except (OSError, ValueError):
            return
        answers.set()

    # A look-up of a name has no time limit of its own; a thread that is not waited for gives it one.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    return answers.is_set()


def _build() -> None:
    """Build the two programs with Go and lay the two scripts that belong to them beside."""
    go = shutil.which("go")
    if go is None:
        raise StepError("There is no Go on this machine to build the engine with.")
    _say(f"Building pulumi {PINNED} with Go: 250 modules, 1,700 packages. The first time this takes some minutes...")
    with tempfile.TemporaryDirectory(dir=HOME) as scratch:
        made = Path(scratch) / "bin"
        stamp = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={PINNED}"
        _go_build(go, "pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", made / "pulumi", stamp)
        _say("Building its language host for Python...")
        host = "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
        _go_build(go, "language-python", host, made / "pulumi-language-python")
        sdk = _folder_of(go, "github.com/pulumi/pulumi/sdk/v3")
        for script in ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python"):
            copied = made / Path(script).name
            shutil.copyfile(sdk / script, copied)
            copied.chmod(0o755)
        # Whole or not at all: a build that is interrupted leaves no folder that looks finished. One that another
        # checkout built meanwhile may be in use.
        if _flaw(OWN_FOLDER) is not None:
            shutil.rmtree(OWN_FOLDER, ignore_errors=True)
            made.rename(OWN_FOLDER)
    _say(f"Built into {OWN_FOLDER}.")


def _go_build(go: str, module: str, package: str, to: Path, stamp: str = "") -> None:
    """Build one program of one of the modules beside this file; `stamp` is what the linker is to set.

    Prints every BETWEEN_WORDS seconds how far it is, also while Go prints nothing: its last packages and the linking
    take long. Raises StepError with the last line of Go's.
    """
    words = ["build", "-v", "-mod=readonly", "-trimpath", f"-ldflags=-s -w {stamp}", "-o", str(to), package]
    fetched = compiled = 0
    said = ""
    ended = threading.Event()

    def report() -> None:
        began = time.monotonic()
        while not ended.wait(BETWEEN_WORDS):
            passed = time.monotonic() - began
            _say(f"  after {passed:.0f} s: {fetched} modules fetched, {compiled} packages compiled")

    threading.Thread(target=report, daemon=True).start()
    try:
        with subprocess.Popen(
            [go, *words],
            cwd=Path(__file__).parent / module,
            env=_go_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as building:
            for line in building.stderr or ():
                if line.startswith("go: downloading "):
                    fetched += 1
                elif " " in line.strip():
                    said += line
                else:
                    compiled += 1
    finally:
        ended.set()
    if building.returncode != 0:
        raise StepError(f"Go could not build the engine: {_last_line(said)}")


def _folder_of(go: str, module: str) -> Path:
    """Return where Go keeps the sources of a module that the engine is built from."""
    words = [go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module]
    folder = Path(__file__).parent / "pulumi"
    done = subprocess.run(words, cwd=folder, env=_go_environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StepError(f"Go does not tell where {module} is: {_last_line(done.stderr)}")
    return Path(done.stdout.strip())


def _go_environment() -> dict[str, str]:
    """Return an environment in which no C compiler is needed and no workspace further up has a say."""
    return {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}


def _last_line(text: str) -> str:
    """Return the last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"


def _say(text: str) -> None:
    """Tell the user what is happening, out of the way of what the program prints."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Print the folder of the engine; 1 and the remedy on stderr when there is none."""
    try:
        print(install())
    except NoEngineError as reason:
        _say(str(reason))
        return 1
    except KeyboardInterrupt:
        _say("Stopped; the next run begins where this one ended.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
