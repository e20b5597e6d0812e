"""Stands in the place of `python ARGS...`: has the server at the socket of its first argument run it, and waits."""

import contextlib
import json
import os
import signal
import socket
import sys


def start(address: str, args: list[str], cwd: str, env: dict[str, str], files: list[int]) -> tuple[int, socket.socket]:
    """Have a process started.

    Args:
        address: the server's socket.
        args: the words after `python`.
        cwd: the folder in which the process runs.
        env: the whole of its environment.
        files: its standard input, output and error.

    Returns:
        The process's number, and the connection to it: it can be read once the process has ended (`exit_code`), and
        kills the process if it is closed before.
    """
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    order = json.dumps({"args": args, "cwd": cwd, "env": env}).encode()
    socket.send_fds(connection, [len(order).to_bytes(4, "big")], files)
    connection.sendall(order)
    return int.from_bytes(connection.recv(4), "big"), connection


def exit_code(connection: socket.socket) -> int:
    """Wait for the end of a process, and return its exit code; 128 and the signal where one ended it."""
    with connection:
        return int(connection.recv(16) or 1)


def main() -> int:
    """Run the arguments, hand on the signals that come meanwhile, and return the exit code."""
    early: list[int] = []
    process = 0

    def hand_on(number: int, _: object) -> None:
        if process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        else:
            early.append(number)

    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, hand_on)
    process, connection = start(sys.argv[1], sys.argv[2:], os.getcwd(), dict(os.environ), [0, 1, 2])
    for number in early:
        hand_on(number, None)
    return exit_code(connection)


if __name__ == "__main__":
    sys.exit(main())
