"""A provider that works for a long time: its memory, its threads and its open files stay level."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from ..engine_stub.servers import Provider, Servers
from .stand import standing

ROUNDS = 200


class Used(NamedTuple):
    """What a process uses."""

    kilobytes: int
    threads: int
    files: int


def used_by(process: int) -> Used:
    """What a process uses now."""
    folder = Path(f"/proc/{process}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    return Used(int(status["VmRSS"].split()[0]), int(status["Threads"]), len(list((folder / "fd").iterdir())))


@pytest.mark.trust
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="what a process uses is read from /proc")
def test_a_provider_uses_no_more_after_many_rounds(tmp_path: Path, servers: Servers) -> None:
    with standing("every_type", tmp_path, servers) as stand:
        assert stand.run("create").errors == []
        with stand.engine.together() as provider:
            assert isinstance(provider, Provider)
            program = stand.form("create")

            def rounds(number: int) -> Used:
                for _ in range(number):
                    assert stand.engine.refresh().steps == stand.engine.preview(program).steps == {}
                return used_by(provider.process)

            before = rounds(ROUNDS // 3)
            after = rounds(ROUNDS)
    assert after.kilobytes < before.kilobytes * 1.1, (before, after)
    assert after.threads <= before.threads + 2, (before, after)
    assert after.files <= before.files + 2, (before, after)
