"""A script that makes the group and the datasets, as it is written today: `script.py create|titles|delete`.

It makes one call after another, and keeps the uids in a file.
"""

import json
import os
import sys
from pathlib import Path

from calls import change_title, connect, create_dataset, create_group, send

UIDS = Path("uids.json")


def main(command: str) -> None:
    """Create all, change each title, or delete all."""
    title = os.environ["BENCH_TITLE"]
    with connect() as client:
        if command == "create":
            group = create_group(client)
            names = [f"air-{number}" for number in range(int(os.environ["BENCH_DATASETS"]))]
            made = [create_dataset(client, name, f"{title} {number}", group) for number, name in enumerate(names)]
            UIDS.write_text(json.dumps({"group": group, "datasets": made}))
        uids = json.loads(UIDS.read_text())
        if command == "titles":
            for number, uid in enumerate(uids["datasets"]):
                change_title(client, uid, f"{title} {number}")
        if command == "delete":
            for uid in uids["datasets"]:
                send(client, "DELETE", f"/datasets/{uid}/")
            send(client, "DELETE", f"/groups/{uids['group']}/")


if __name__ == "__main__":
    main(sys.argv[1])
