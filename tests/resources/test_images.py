"""Images: added once, recognised by their file names, left on the portal, never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi_opendatasoft as ods
import pytest

from ..conftest import Portal
from ..engine_stub.engine import Engine
from ..engine_stub.program import Program
from ..engine_stub.servers import Servers
from ..samples import samples
from .bench import open_bench
from .observations import is_settled
from .rows import leaves

IMAGES = "/medias/images/"
LOGO = "/assets/theme_image/logo.svg"


def logo(engine: Engine, content: str = "<svg/>", filename: str = "logo.svg", **more: Any) -> Program:
    """An image."""
    (engine.folder / "logo.svg").write_text(content)
    return lambda: ods.Image("logo", file=ods.File(engine.folder / "logo.svg", filename=filename), **more)


def urls(portal: Portal) -> list[str]:
    """The addresses of all images."""
    return [image["url"] for image in portal.all(IMAGES)]


def test_every_property_of_an_image_has_a_row() -> None:
    assert {row.path for row in samples()["Image"].subject.rows} == set(leaves(ods.Image.declaration().shape))


def test_properties_of_an_image_that_change_nothing(tmp_path: Path, servers: Servers) -> None:
    subject = samples()["Image"].subject
    with open_bench(subject, tmp_path, servers) as bench:
        for row in subject.rows:
            if row.path in ("file.path", "adopt", "portal"):
                bench.change(row)


def test_image_is_added_and_left_on_the_portal(engine: Engine, portal: Portal) -> None:
    engine.up(logo(engine))
    assert engine.get("logo").id == engine.get("logo").outputs["url"] == LOGO
    is_settled(engine, portal, logo(engine))

    destroyed = engine.destroy()

    assert destroyed.said() == [f"{LOGO} stays on the portal, for the API cannot delete an image"]
    assert portal.writes() == []
    assert urls(portal) == [LOGO]


def test_other_content_needs_another_name(engine: Engine, portal: Portal) -> None:
    engine.up(logo(engine))
    portal.forget()

    [refused] = engine.preview(logo(engine, "<svg>2</svg>"), ok=False).errors

    assert "the content of logo.svg has changed" in refused
    assert 'filename="logo-2.svg"' in refused
    assert portal.requests() == []
    assert engine.up(logo(engine, "<svg>2</svg>", "logo-2.svg")).steps == {"logo": "replace"}
    assert urls(portal) == [LOGO, "/assets/theme_image/logo-2.svg"]
    is_settled(engine, portal, logo(engine, "<svg>2</svg>", "logo-2.svg"))


def test_taken_name_is_refused_and_adopted(engine: Engine, portal: Portal) -> None:
    engine.up(logo(engine))
    engine.destroy()
    portal.forget()
    refused = engine.up(logo(engine), ok=False)
    assert 'the portal already has an image with filename "logo.svg"' in refused.errors[0]

    adopted = engine.up(logo(engine, adopt=True))
    assert adopted.said() == [f"adopted {LOGO}, only read; the next `up` changes: file"]
    engine.up(logo(engine, adopt=True))

    assert portal.writes() == []
    is_settled(engine, portal, logo(engine, adopt=True))


@pytest.mark.parametrize("fault", ["reset_after_commit", "reset"])
def test_lost_answer_to_an_upload_adds_one_image(engine: Engine, portal: Portal, fault: str) -> None:
    engine.config["opendatasoft:maxRetries"] = "2"
    portal.fail({"method": "POST", "path": ".*/images/$", "nth": 1, "fault": fault})

    engine.up(logo(engine))

    assert urls(portal) == [LOGO]
    is_settled(engine, portal, logo(engine))


def test_image_that_is_gone_is_added_again(engine: Engine, portal: Portal) -> None:
    engine.up(logo(engine))
    portal.emulator.portal.store.delete("image", "logo.svg")

    assert engine.refresh().steps == {"logo": "delete"}
    assert engine.up(logo(engine)).steps == {"logo": "create"}
    assert urls(portal) == [LOGO]


def test_name_with_spaces_is_recognised(engine: Engine, portal: Portal) -> None:
    program = logo(engine, filename="Été à la mer.svg")
    engine.up(program)
    is_settled(engine, portal, program)
    engine.destroy()

    assert 'filename "Été à la mer.svg"' in engine.up(program, ok=False).errors[0]


def test_other_name_that_the_portal_gives_is_told(engine: Engine, portal: Portal) -> None:
    """Another client adds one of the same name between the look-up and the upload."""
    program = logo(engine)
    portal.emulator.portal.store.put("image", "logo.svg", {"name": "logo.svg", "url": "/elsewhere", "kept_as": ""})

    done = engine.up(program)

    assert "the portal gave logo.svg another name: it is /assets/theme_image/logo_1.svg" in done.said("WARNING")[0]
    is_settled(engine, portal, program)
