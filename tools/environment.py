"""Knows the environment in which `pulumi` is used in this checkout.

`python -m tools.environment` prints it as export lines, and nothing else, for `eval "$(make env)"`;
`python -m tools.environment [--without-portal] -- COMMAND...` runs a command in it.
"""

import argparse
import os
import shlex
import sys

from tools import portal
from tools.engine import install

OF_THE_PORTAL = ("OPENDATASOFT_DOMAIN", "OPENDATASOFT_API_KEY")
"""The variables that tell the provider which portal to use."""


def variables(*, with_portal: bool = True) -> dict[str, str]:
    """Return the variables: where the tools are, where stacks are kept and, when it runs, the demo's portal.

    Raises NoEngineError where there is no engine yet.
    """
    engine = install.find()
    if engine is None:
        raise install.NoEngineError("There is no Pulumi engine here yet: make setup")
    first = [str(portal.CHECKOUT / ".venv" / "bin"), str(engine)]
    rest = [entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if entry not in first]
    found = {
        "PATH": os.pathsep.join([*first, *rest]),
        "PULUMI_BACKEND_URL": f"file://{portal.STATE / 'pulumi'}",
        # The stacks of this checkout hold no secret but the key of the portal on this machine.
        "PULUMI_CONFIG_PASSPHRASE": "opendatasoft-quickstart",
        "PULUMI_HOME": str(portal.STATE / "pulumi-home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # A shell's start-up files may put another python first on PATH again.
        "PULUMI_PYTHON_CMD": sys.executable,
    }
    (portal.STATE / "pulumi").mkdir(parents=True, exist_ok=True)
    if with_portal and (one := portal.running()) is not None:
        found |= dict(zip(OF_THE_PORTAL, (one.address, one.key), strict=True))
    return found


def main() -> int:
    """Print the exports, or become the command that was given."""
    parser = argparse.ArgumentParser(prog="python -m tools.environment", description=__doc__)
    parser.add_argument("--without-portal", action="store_true", help="leave the demo's portal out")
    parser.add_argument("command", nargs="*", help="what to run")
    asked = parser.parse_args()
    try:
        found = variables(with_portal=not asked.without_portal)
    except install.NoEngineError as reason:
        print(reason, file=sys.stderr)
        return 1
    if not asked.command:
        for name, value in found.items():
            print(f"export {name}={shlex.quote(value)}")
        return 0
    left_out = OF_THE_PORTAL if asked.without_portal else ()
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    try:
        os.execvpe(asked.command[0], asked.command, inherited | found)
    except OSError as reason:
        print(f"{asked.command[0]} cannot be run: {reason.strerror}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main())
