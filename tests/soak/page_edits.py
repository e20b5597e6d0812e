"""Edits of the city's pages, metadata template, harvester and image: in the program, and on the portal."""

from __future__ import annotations

import random
from typing import Any

from ..engine.stacks import eventually
from .plan import ON_PAGES, City, page, some
from .portal_edits import EditedPortal, PortalEdit, Shown
from .program_edits import ProgramEdit

CARE = "/metadata/templates/care/"

# ---------------------------------------------------------------- in the program


def _page(rng: random.Random, city: City) -> tuple[str, dict[str, Any]]:
    return rng.choice(list(city["pages"].items()))


def page_text_changes(rng: random.Random, city: City) -> str:
    name, about = _page(rng, city)
    about["html"] = {**about["html"], "en": f"{about['html']['en']}<p>{rng.random():.6f}</p>\n"}
    return name


def page_gets_and_loses_a_language(rng: random.Random, city: City) -> str:
    name, about = _page(rng, city)
    about["html"] = {"en": about["html"]["en"], rng.choice(("it", "de")): "<p>La città</p>"}
    about["title"] = {"en": about["title"]["en"], "it": "Una pagina"}
    return name


def page_is_archived_or_unarchived(rng: random.Random, city: City) -> str:
    name, about = _page(rng, city)
    about["is_archived"] = not about["is_archived"]
    return name


def page_access_changes(rng: random.Random, city: City) -> str:
    name, about = _page(rng, city)
    about["groups"] = {one: some(rng, ON_PAGES) for one in rng.sample(list(city["groups"]), 2)}
    return name


def page_is_added_and_another_dropped(rng: random.Random, city: City) -> str:
    name, _ = _page(rng, city)
    del city["pages"][name]
    city["pages"]["fresh-page"] = page(rng, "fresh-page", city)
    return name


def studio_page_slug_and_readers_change(rng: random.Random, city: City) -> str:
    name, about = rng.choice(list(city["studio_pages"].items()))
    about["slug"] += "-anew"
    about["public"] = not about["public"]
    return name


def studio_page_is_published_or_unpublished(rng: random.Random, city: City) -> str:
    name, about = rng.choice(list(city["studio_pages"].items()))
    about["published"] = not about["published"]
    return name


def template_field_is_inserted_first(rng: random.Random, city: City) -> str:
    about = city["templates"]["care"]
    about["schema"] = [{"name": "budget", "type": "int", "label": "Budget"}, *about["schema"]]
    return "care"


def template_fields_are_reversed_and_renamed(rng: random.Random, city: City) -> str:
    about = city["templates"]["care"]
    about["schema"] = [{**one, "label": f"{one['label']}, anew"} for one in reversed(about["schema"])]
    return "care"


def template_field_is_removed(rng: random.Random, city: City) -> str:
    about = city["templates"]["care"]
    about["schema"] = [one for one in about["schema"] if one["name"] != "checked"]
    return "care"


def dataset_office_changes(rng: random.Random, city: City) -> str:
    name, about = rng.choice(list(city["datasets"].items()))
    about["office"] = "Roads" if about["office"] != "Roads" else "Water"
    return name


def harvester_publisher_changes(rng: random.Random, city: City) -> str:
    city["harvesters"]["region"]["publisher"] += " anew"
    return "region"


def harvester_schedule_changes(rng: random.Random, city: City) -> str:
    city["harvesters"]["region"]["schedules"] = rng.choice((["30 6 * * *"], []))
    return "region"


def image_gets_another_content_and_name(rng: random.Random, city: City) -> str:
    about = city["images"]["logo"]
    about.update(file="2.csv" if about["file"] == "1.csv" else "1.csv", filename=f"logo-{rng.random():.6f}.svg")
    return "logo"


IN_THE_PROGRAM: tuple[ProgramEdit, ...] = (
    page_text_changes,
    page_gets_and_loses_a_language,
    page_is_archived_or_unarchived,
    page_access_changes,
    page_is_added_and_another_dropped,
    studio_page_slug_and_readers_change,
    studio_page_is_published_or_unpublished,
    template_field_is_inserted_first,
    template_fields_are_reversed_and_renamed,
    template_field_is_removed,
    dataset_office_changes,
    harvester_publisher_changes,
    harvester_schedule_changes,
    image_gets_another_content_and_name,
)

# ---------------------------------------------------------------- on the portal


def page_is_edited(at: EditedPortal) -> Shown:
    name, _ = at.pick("pages", lambda about: not about["is_archived"])
    found = at.portal.get(f"/code_editor_pages/{name}/")
    content = {**found["content"], "html": {**found["content"]["html"], "en": "<p>By hand</p>"}}
    at.portal.put(f"/code_editor_pages/{name}/", {**found, "content": content, "tags": ["by hand"]})
    return {name: "updated"}


def page_is_archived_by_hand(at: EditedPortal) -> Shown:
    name, _ = at.pick("pages", lambda about: not about["is_archived"])
    at.portal.post(f"/code_editor_pages/{name}/archive/")
    return {name: "updated"}


def page_rule_is_added(at: EditedPortal) -> Shown:
    name, _ = at.pick("pages")
    rule = {"user": {"username": "admin"}, "permissions": ["edit_page"]}
    at.portal.post(f"/code_editor_pages/{name}/security/users/", rule)
    return {name: "updated"}


def page_is_deleted(at: EditedPortal) -> Shown:
    name, _ = at.pick("pages")
    at.portal.delete(f"/code_editor_pages/{name}/")
    return {name: "deleted"}


def _studio(at: EditedPortal) -> tuple[str, dict[str, Any]]:
    name, about = at.pick("studio_pages")
    return name, next(found for found in at.portal.all("/studio_pages/") if found["slug"] == about["slug"])


def studio_page_slug_changes_by_hand(at: EditedPortal) -> Shown:
    name, found = _studio(at)
    at.portal.put(f"/studio_pages/{found['uid']}/", {"slug": "by-hand", "public": found["public"]})
    return {name: "updated"}


def studio_page_is_deleted(at: EditedPortal) -> Shown:
    name, found = _studio(at)
    at.portal.delete(f"/studio_pages/{found['uid']}/")
    return {name: "deleted"}


def template_field_is_added_and_others_relabelled(at: EditedPortal) -> Shown:
    name, _ = at.pick("templates")
    found = at.portal.get(CARE)
    others = [{**one, "label": "By hand"} for one in found["schema"]]
    at.portal.put(CARE, {**found, "schema": [{"name": "by_hand", "type": "text"}, *others]})
    return {name: "updated"}


def office_is_written_by_hand(at: EditedPortal) -> Shown:
    name, base, _ = at.dataset(lambda about: about["office"])
    at.portal.put(f"{base}/metadata/care/office/", {"value": "By hand"})
    return {name: "updated"}


def _harvester(at: EditedPortal) -> tuple[str, dict[str, Any]]:
    name, about = at.pick("harvesters")
    return name, next(found for found in at.portal.all("/harvesters/") if found["name"] == about["name"])


def harvester_schedule_is_added_or_deleted(at: EditedPortal) -> Shown:
    name, found = _harvester(at)
    base = f"/harvesters/{found['uid']}/schedules/"
    schedules = at.portal.all(base)
    if schedules:
        at.portal.delete(f"{base}{schedules[0]['uid']}/")
    else:
        at.portal.post(base, {"cron_schedule": "15 3 * * *", "timezone": "Europe/Berlin"})
    return {name: "updated"}


def harvester_is_deleted_with_its_datasets(at: EditedPortal) -> Shown:
    name, found = _harvester(at)
    at.portal.delete(f"/harvesters/{found['uid']}/?delete_attached_datasets=true")
    eventually(lambda: found["uid"] not in [one["uid"] for one in at.portal.all("/harvesters/")])
    return {name: "deleted"}


ON_THE_PORTAL: tuple[PortalEdit, ...] = (
    page_is_edited,
    page_is_archived_by_hand,
    page_rule_is_added,
    page_is_deleted,
    studio_page_slug_changes_by_hand,
    studio_page_is_deleted,
    template_field_is_added_and_others_relabelled,
    office_is_written_by_hand,
    harvester_schedule_is_added_or_deleted,
    harvester_is_deleted_with_its_datasets,
)
