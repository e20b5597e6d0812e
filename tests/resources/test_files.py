"""The attachments and alternative exports of a dataset, as readers download them, and its schedules."""

from __future__ import annotations

from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from .observations import is_settled
from .rows import nameless

ATTACHMENTS = "/datasets/{uid}/attachments/"
EXPORTS = "/datasets/{uid}/alternative_exports/"
SCHEDULES = "/datasets/{uid}/schedules/"


def write(engine: Engine, name: str, text: str) -> None:
    """Write a file into the program's folder."""
    (engine.folder / name).write_text(text)


def file(engine: Engine, name: str) -> ods.File:
    """A file of the program."""
    return ods.File(engine.folder / name)


def air(**other: Any) -> None:
    """A dataset."""
    ods.Dataset("air", **other)


def contents(portal: Portal, kind: str, name: str) -> dict[str, str]:
    """The contents that readers download, by the name that they see."""
    endpoint = f"/datasets/{portal.dataset('air')['uid']}/{kind}/"
    return {
        one[name]: portal.http.get(f"{endpoint}{one['uid']}/download/").raise_for_status().text
        for one in portal.all(endpoint)
    }


# ---------------------------------------------------------------- attachments


@pytest.fixture(params=["uid", "filename"])
def attached(request: pytest.FixtureRequest, portal: Portal, engine: Engine) -> str:
    """The identifiers of attachments on a portal: uids, or their names."""
    portal.set(attachment_uid=request.param)
    for name in ("guide", "map"):
        write(engine, f"{name}.txt", f"the {name}")
    return str(request.param)


def attachments(engine: Engine, *names: str) -> Any:
    """A dataset with these attachments."""
    return lambda: air(attachments={f"{name}.txt": file(engine, f"{name}.txt") for name in names})


def test_attachments_are_added_changed_and_deleted(engine: Engine, portal: Portal, attached: str) -> None:
    engine.up(attachments(engine, "guide"))
    assert contents(portal, "attachments", "filename") == {"guide.txt": "the guide"}
    is_settled(engine, portal, attachments(engine, "guide"))

    portal.forget()
    engine.up(attachments(engine, "guide", "map"))
    assert contents(portal, "attachments", "filename") == {"guide.txt": "the guide", "map.txt": "the map"}
    assert nameless(portal.writes()) == [f"POST {ATTACHMENTS}"]

    write(engine, "guide.txt", "a new guide")
    portal.forget()
    assert engine.up(attachments(engine, "guide", "map")).steps == {"air": "update"}
    assert contents(portal, "attachments", "filename") == {"guide.txt": "a new guide", "map.txt": "the map"}
    assert len(portal.writes()) == 2
    is_settled(engine, portal, attachments(engine, "guide", "map"))

    engine.up(attachments(engine, "map"))
    assert contents(portal, "attachments", "filename") == {"map.txt": "the map"}
    engine.up(attachments(engine))
    assert contents(portal, "attachments", "filename") == {}
    is_settled(engine, portal, attachments(engine))


def test_attachment_has_the_name_in_the_program(engine: Engine, portal: Portal, attached: str) -> None:
    engine.up(lambda: air(attachments={"read me.txt": file(engine, "guide.txt")}))
    assert contents(portal, "attachments", "filename") == {"read me.txt": "the guide"}

    engine.up(lambda: air(attachments={"lies mich.txt": file(engine, "guide.txt")}))
    assert contents(portal, "attachments", "filename") == {"lies mich.txt": "the guide"}


def test_attachment_replaced_by_hand_is_sent_again(engine: Engine, portal: Portal, attached: str) -> None:
    engine.up(attachments(engine, "guide"))
    endpoint = f"/datasets/{portal.dataset('air')['uid']}/attachments/"
    (old,) = portal.all(endpoint)
    portal.http.post(endpoint, files={"file": ("guide.txt", "a forged guide")}).raise_for_status()
    portal.delete(f"{endpoint}{old['uid']}/")

    found = engine.refresh()

    assert found.steps == {"air": "update"}
    assert all(path.startswith("attachments.guide.txt") for path in found.changed["air"]), found.changed
    engine.up(attachments(engine, "guide"))
    assert contents(portal, "attachments", "filename") == {"guide.txt": "the guide"}


# ---------------------------------------------------------------- exports


def exports(engine: Engine, *titles: str, **other: str) -> Any:
    """A dataset with these alternative exports of one file."""
    return lambda: air(
        alternative_exports={title: ods.AlternativeExport(file=file(engine, "all.txt"), **other) for title in titles}
    )


def test_exports_are_added_changed_and_deleted(engine: Engine, portal: Portal) -> None:
    write(engine, "all.txt", "everything")
    engine.up(exports(engine, "All years", description="From the start"))
    assert contents(portal, "alternative_exports", "title") == {"All years": "everything"}
    is_settled(engine, portal, exports(engine, "All years", description="From the start"))

    write(engine, "all.txt", "everything and more")
    engine.up(exports(engine, "All years", description="From the start"))
    assert contents(portal, "alternative_exports", "title") == {"All years": "everything and more"}

    portal.forget()
    engine.up(exports(engine, "All years"))
    (export,) = portal.all(f"/datasets/{portal.dataset('air')['uid']}/alternative_exports/")
    assert export["description"] == ""
    assert nameless(portal.writes()) == [f"PUT {EXPORTS}{{uid}}/"]
    is_settled(engine, portal, exports(engine, "All years"))


def test_another_title_is_another_export(engine: Engine, portal: Portal) -> None:
    write(engine, "all.txt", "everything")
    engine.up(exports(engine, "All years"))

    engine.up(exports(engine, "Every year"))

    assert contents(portal, "alternative_exports", "title") == {"Every year": "everything"}
    is_settled(engine, portal, exports(engine, "Every year"))


def test_new_files_of_a_public_dataset_are_public(engine: Engine, portal: Portal) -> None:
    write(engine, "all.txt", "everything")
    engine.up(lambda: air(published=True))
    portal.forget()

    engine.up(
        lambda: air(
            published=True,
            attachments={"guide.txt": file(engine, "all.txt")},
            alternative_exports={"All years": ods.AlternativeExport(file=file(engine, "all.txt"))},
        )
    )

    assert nameless(portal.writes()) == [
        f"POST {ATTACHMENTS}",
        f"POST {EXPORTS}",
        "POST /datasets/{uid}/publish_metadata/",
    ]


# ---------------------------------------------------------------- schedules


def crons(portal: Portal) -> list[str]:
    """The schedules of the dataset."""
    endpoint = f"/datasets/{portal.dataset('air')['uid']}/schedules/"
    return sorted(one["cron_schedule"] for one in portal.all(endpoint))


def test_schedules_are_changed_with_the_fewest_calls(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: air(schedules=["0 6 * * *", "0 7 * * *"]))
    assert crons(portal) == ["0 6 * * *", "0 7 * * *"]

    portal.forget()
    engine.up(lambda: air(schedules=["0 7 * * *", "0 8 * * *", "0 9 * * *"]))
    assert crons(portal) == ["0 7 * * *", "0 8 * * *", "0 9 * * *"]
    assert nameless(portal.writes()) == [f"PUT {SCHEDULES}{{uid}}/", f"POST {SCHEDULES}"]

    portal.forget()
    engine.up(lambda: air(schedules=["0 9 * * *"]))
    assert crons(portal) == ["0 9 * * *"]
    assert nameless(portal.writes()) == [f"DELETE {SCHEDULES}{{uid}}/"] * 2
    is_settled(engine, portal, lambda: air(schedules=["0 9 * * *"]))


@pytest.mark.parametrize(
    "switches",
    [{"cron_told": "normal"}, {"same_schedule": "conflict"}, {"cron_told": "normal", "same_schedule": "conflict"}],
    ids=["spelled by the portal", "refused twice", "both"],
)
def test_schedules_in_another_spelling_are_not_drift(engine: Engine, portal: Portal, switches: dict[str, str]) -> None:
    portal.set(**switches)

    def program() -> None:
        air(schedules=["0  6 * *   *", "0 7 * * *"])

    engine.up(program)

    assert [" ".join(cron.split()) for cron in crons(portal)] == ["0 6 * * *", "0 7 * * *"]
    is_settled(engine, portal, program)


def test_second_equal_schedule_is_deleted_by_the_next_change(engine: Engine, portal: Portal) -> None:
    engine.up(lambda: air(schedules=["0 6 * * *"]))
    uid = portal.dataset("air")["uid"]
    portal.post(f"/datasets/{uid}/schedules/", {"cron_schedule": "0 6 * * *"})

    engine.up(lambda: air(schedules=["0 6 * * *", "0 7 * * *"]))

    assert crons(portal) == ["0 6 * * *", "0 7 * * *"]
    is_settled(engine, portal, lambda: air(schedules=["0 6 * * *", "0 7 * * *"]))


def test_refusal_of_a_schedule_is_in_the_message(engine: Engine, portal: Portal) -> None:
    failed = engine.up(lambda: air(schedules=["every day"]), ok=False)

    assert "schedules" in failed.errors[0]
    assert "cron_schedule" in failed.errors[0]
    assert engine.up(lambda: air(schedules=["0 6 * * *"])).steps == {"air": "update"}
    assert crons(portal) == ["0 6 * * *"]
