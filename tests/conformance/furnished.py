"""A portal that has one object of every kind, made by a client that is not ours."""

from __future__ import annotations

from typing import Any

import httpx


def furnish(api: httpx.Client, control: httpx.Client) -> dict[str, str]:
    """Create one object of every kind; return the identifiers that calls name in their paths."""

    def post(path: str, body: Any) -> Any:
        response = api.post(path, json=body)
        assert response.is_success, f"{path}: {response.text}"
        return response.json()

    title: Any = {"metadata": {"default": {"title": {"value": "Air"}}}}
    dataset = post("/datasets/", {"dataset_id": "air", **title})["uid"]
    at = f"/datasets/{dataset}"
    file = api.post(f"{at}/resources/files/", files={"file": ("air.csv", b"city,size\nBasel,3\n", "text/csv")})
    file_uid = file.raise_for_status().json()["uid"]
    source = {"type": "uploaded_file", "file": {"uid": file_uid}}
    template = {"name": "heritage", "title": "Age", "type": "basic", "is_active": True, "schema": [{"name": "age"}]}
    attached = api.post(f"{at}/attachments/", files={"file": ("notes.txt", b"notes", "text/plain")})
    export = api.post(
        f"{at}/alternative_exports/",
        data={"type": "uploaded_file", "title": "A map"},
        files={"file": ("map.svg", b"<svg/>", "image/svg+xml")},
    )
    feedback = {"dataset_uid": dataset, "record_id": "1", "comment": "It is larger."}
    remark = control.post("/feedbacks", json=feedback)
    texts = {"html": {"en": "<p>Welcome</p>"}, "css": {}}
    harvester = {"type": "ods", "name": "Region", "url": "https://127.0.0.1:9", "domain": "127.0.0.1:9"}
    editors = post("/groups/", {"title": "Editors"})["uid"]
    ana = post("/users/invite/", [{"email": "ana@example.org"}])["0"]["data"]["username"]
    found = {
        "dataset_uid": dataset,
        "file_uid": file_uid,
        "resource_uid": post(f"{at}/resources/", {"type": "csvfile", "title": "Air", "datasource": source})["uid"],
        "field_uid": post(f"{at}/fields/", {"type": "delete", "label": "no size", "field": "size"})["uid"],
        "processor_uid": post(f"{at}/processors/", {"type": "skip", "label": "skip", "field": "city"})["uid"],
        "attachment_uid": attached.raise_for_status().json()["uid"],
        "export_uid": export.raise_for_status().json()["uid"],
        "connection_uid": post("/datasource_connections/", {"type": "http", "url": "https://127.0.0.1:9"})["uid"],
        "group_uid": editors,
        "username": ana,
        "apikey_uid": post("/apikeys/", {"label": "spare", "permissions": ["edit_dataset"]})["uid"],
        "page_slug": post("/code_editor_pages/", {"slug": "welcome", "content": texts})["slug"],
        "studio_page_uid": post("/studio_pages/", {"slug": "air"})["uid"],
        "harvester_uid": post("/harvesters/", harvester)["uid"],
        "template_name": "default",
        "template_field_name": "title",
        "feedback_uid": remark.raise_for_status().json()["uid"],
    }
    post("/metadata/templates/", template)
    schedule = {"cron_schedule": "0 6 * * *", "timezone": "Europe/Paris"}
    for place, name in ((at, "dataset"), (f"/harvesters/{found['harvester_uid']}", "harvester")):
        path = f"/{name}s/{{{name}_uid}}/schedules/{{schedule_uid}}/"
        found[f"{path} schedule_uid"] = post(f"{place}/schedules/", schedule)["uid"]
    for end in ("", "fields/", "fields/{template_field_name}/", "fields/{template_field_name}/suggest/"):
        found[f"/metadata/templates/{{template_name}}/{end} template_name"] = "heritage"
        found[f"/metadata/templates/{{template_name}}/{end} template_field_name"] = "age"
    connection, page = f"/datasource_connections/{found['connection_uid']}", f"/studio_pages/{found['studio_page_uid']}"
    for place in (at, connection, page, "/code_editor_pages/welcome"):
        post(f"{place}/security/users/", {"user": {"username": ana}, "permissions": []})
        post(f"{place}/security/groups/", {"group": {"uid": editors}, "permissions": []})
    found["version_uid"] = api.get(f"{at}/versions/").raise_for_status().json()["results"][0]["uid"]
    return found
