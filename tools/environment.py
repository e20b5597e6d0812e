"""The environment variables with which `pulumi` is used in this checkout.

`python -m tools.environment` prints it as export lines, and nothing else, for `eval "$(make env)"`;
`python -m tools.environment [--without-portal] -- COMMAND...` runs a command in it.
"""

import argparse
import os
import shlex
import sys

from tools import portal
from tools.engine import install

OF_THE_PORTAL = ("OPENDATASOFT_DOMAIN", "OPENDATASOFT_API_KEY", "OPENDATASOFT_EMULATOR_DATA")
"""The address and the key by which the provider reaches the portal, and the portal's own folder (for examples)."""


def variables(*, with_portal: bool = True) -> dict[str, str]:
    """Return the variables: PATH, the folder of the stacks and, if it runs, the demo's portal.

    Raises NoEngineError when there is no engine yet.
    """
    engine = install.find()
    if engine is None:
        raise install.NoEngineError("There is no Pulumi engine here yet: make setup")
    first = [str(portal.CHECKOUT / ".venv" / "bin"), str(engine)]
    rest = [entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if entry not in first]
    found = {
        "PATH": os.pathsep.join([*first, *rest]),
        "PULUMI_BACKEND_URL": f"file://{portal.STATE / 'pulumi'}",
        # The only secret in these stacks is the key of a portal on this machine.
        "PULUMI_CONFIG_PASSPHRASE": "opendatasoft-quickstart",
        "PULUMI_HOME": str(portal.STATE / "pulumi-home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # The start-up files of a shell may put another python first on PATH.
        "PULUMI_PYTHON_CMD": sys.executable,
    }
    (portal.STATE / "pulumi").mkdir(parents=True, exist_ok=True)
    if with_portal and (one := portal.running()) is not None:
        found |= dict(zip(OF_THE_PORTAL, (one.address, one.key, str(portal.DATA)), strict=True))
    return found


def main() -> int:
    """Print the exports, or replace this process with the given command."""
    parser = argparse.ArgumentParser(prog="python -m tools.environment", description=__doc__)
    parser.add_argument("--without-portal", action="store_true", help="leave the demo's portal out")
    parser.add_argument("command", nargs="*", help="the command to run")
    arguments = parser.parse_args()
    try:
        found = variables(with_portal=not arguments.without_portal)
    except install.NoEngineError as reason:
        print(reason, file=sys.stderr)
        return 1
    if not arguments.command:
        for name, value in found.items():
            print(f"export {name}={shlex.quote(value)}")
        return 0
    left_out = OF_THE_PORTAL if arguments.without_portal else ()
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    try:
        os.execvpe(arguments.command[0], arguments.command, inherited | found)
    except OSError as reason:
        print(f"{arguments.command[0]} cannot be run: {reason.strerror}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main())
