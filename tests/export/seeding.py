"""A portal that was made by hand, by the calls of another client: every noun, and names that are awkward in Python."""

from __future__ import annotations

from typing import Any

from ..conftest import Portal

LONG = "<h2>Air</h2>" + "".join(f"<p>Paragraph {n}, measured by “the city”, é ü €.</p>" for n in range(9))
LINES = "".join(f'  <b ng-if="record.a{n}">{{{{ record.a{n} }}}}</b>\n' for n in range(9))
HTML = f'<div class="x">\n{LINES}</div>\n'
FULL = 8
"""So many datasets have every section; further ones have metadata and a source."""

FILES = "https://files.city.example"


def seed(portal: Portal, datasets: int = 4) -> None:
    """Make everything that an export reads; each dataset has an uploaded file, and some are published."""
    portal.set(open_invitation="listed")
    groups = [
        portal.post("/groups/", {"title": title, "description": text, "permissions": permissions})["uid"]
        for title, text, permissions in (
            ("Données ouvertes", "L'équipe « open data »", ["create_dataset", "edit_dataset"]),
            ('Mobility "office"', "line one\nline two", ["edit_dataset", "publish_dataset"]),
        )
    ]
    users = [_user(portal, name, groups[n % 2]) for n, name in enumerate(("bob", "eva", "class"))]
    portal.post("/users/invite/", [{"email": "open@city.example"}])
    connections = _connections(portal, groups[0])
    schema = [{"name": "office", "label": "Office", "type": "text"}, {"name": "is_old", "type": "boolean"}]
    portal.post(
        "/metadata/templates/", {"name": "care", "title": "Care", "type": "basic", "is_active": True, "schema": schema}
    )
    for number in range(datasets):
        _dataset(portal, number, groups[number % 2], users[number % 3], connections)
    _others(portal, groups[0])
    portal.forget()


def _user(portal: Portal, name: str, group: str) -> str:
    email = f"{name}@city.example"
    portal.post("/users/invite/", [{"email": email, "permissions": ["edit_page"], "groups": [{"uid": group}]}])
    portal.control.post("/join", json={"email": email}).raise_for_status()
    found = next(user for user in portal.all("/users/") if user["email"] == email)
    return str(found["username"])


def _connections(portal: Portal, group: str) -> list[str]:
    login = {"type": "basic_auth", "username": "portal", "password": "canary-password"}
    uids = [
        str(portal.post("/datasource_connections/", body)["uid"])
        for body in (
            {"type": "http", "url": FILES, "headers": [{"name": "X-Token", "value": "canary-token"}], "auth": login},
            {"type": "http", "url": "https://open.city.example", "is_reusable": False},
            {"type": "ftp", "url": "ftps://files.city.example", "auth": login},
            {"type": "snowflake_odbc", "connection_string": "canary-string", "warehouse": {"size": "S"}},
        )
    ]
    rule = {"group": {"uid": group}, "permissions": ["manage_connection"]}
    portal.post(f"/datasource_connections/{uids[0]}/security/groups/", rule)
    return uids


def _dataset(portal: Portal, number: int, group: str, user: str, connections: list[str]) -> None:
    name = ("class", "été@2.x_y", "air-quality", "2026")[number] if number < 4 else f"hand-{number:03d}"
    name = name.replace("é", "e")
    metadata: dict[str, Any] = {
        "default": {
            "title": {"value": f"Dataset n° {number}"},
            "description": {"value": LONG if number % 2 else f"<p>Short {number}</p>"},
            "keyword": {"value": ["b", "a"]},
            "publisher": {"value": "City"},
        },
        "internal": {"license_id": {"value": "cc_by"}, "theme_id": {"value": ["environment"]}},
    }
    if number % 2 == 0:
        html = {"custom_view_enabled": {"value": True}, "custom_view_html": {"value": HTML}}
        metadata["visualization"] = html | {"custom_view_slug": {"value": "v"}}
    made = portal.post("/datasets/", {"dataset_id": name, "is_restricted": number % 3 == 0, "metadata": metadata})
    path = f"/datasets/{made['uid']}"
    portal.put(f"{path}/metadata/care/", {"office": {"value": "Parks"}, "is_old": {"value": False}})
    portal.put(f"{path}/metadata/dcat/", {"creator": {"value": "The city"}})
    uid = upload(portal, f"{path}/resources/files/", f"data {number % 2}.csv", f"d,no2\n2026-01-01,{number}\n")
    of_file = {"type": "uploaded_file", "file": {"uid": uid}}
    portal.post(
        f"{path}/resources/", {"type": "csvfile", "title": "data", "params": {"separator": ","}, "datasource": of_file}
    )
    if number >= FULL:
        return
    if number == 1:
        header = [{"name": "X-Key", "value": "canary-header"}]
        of_web = {"type": "http", "connection": {"uid": connections[0]}, "relative_url": "/f.csv", "headers": header}
        portal.post(f"{path}/resources/", {"type": "csvfile", "title": "web", "datasource": of_web})
    if number == 2:
        portal.post(f"{path}/resources/", {"type": "realtime", "title": "pushed"})
        upload(portal, f"{path}/attachments/", "guide.pdf", "%PDF-1.4 guide")
        more = {"type": "uploaded_file", "title": "Whole export", "description": "All of it"}
        upload(portal, f"{path}/alternative_exports/", "all.csv", "a\n1\n", **more)
    for rule in (
        {"type": "rename", "label": "Rename d", "from_name": "d", "to_name": "day", "field_label": "Day"},
        {"type": "type", "label": "t", "field": "no2", "type_param": "double"},
        {"type": "annotate", "label": "a", "field": "no2", "annotation": "unit", "args": ["µg/m³"]},
        {"type": "description", "label": "d", "field": "no2", "description": 'Nitrogen "dioxide"'},
    ):
        portal.post(f"{path}/fields/", rule)
    processor = {"type": "string_replace", "label": "r", "field": "no2", "old": "_", "new": " "}
    portal.post(f"{path}/processors/", processor)
    portal.post(f"{path}/security/groups/", {"group": {"uid": group}, "permissions": ["edit_dataset"]})
    security = {"filter_query": "no2 > 1", "visible_fields": ["no2"]}
    portal.post(f"{path}/security/users/", {"user": {"username": user}, "permissions": [], "security": security})
    portal.post(f"{path}/schedules/", {"cron_schedule": "0 6 * * *"})
    if number == 0 or number % 4 == 2:
        portal.post(f"{path}/publish/")


def _others(portal: Portal, group: str) -> None:
    source = {"type": "ckan", "url": "https://data.region.example/api/3", "api_key": "canary-harvest"}
    harvester = portal.post("/harvesters/", {"name": "The region", **source})
    portal.post(
        f"/harvesters/{harvester['uid']}/schedules/", {"cron_schedule": "0 4 * * *", "timezone": "Europe/Paris"}
    )
    content = {"html": {"en": HTML, "fr": "<p>court</p>"}, "css": {"en": "h1 { color: black; }\n"}}
    page = {"slug": "home", "title": {"en": "Home"}, "content": content, "tags": ["b", "a"]}
    portal.post("/code_editor_pages/", page)
    portal.post("/code_editor_pages/home/security/groups/", {"group": {"uid": group}, "permissions": ["edit_page"]})
    portal.post("/studio_pages/", {"slug": "budget", "public": True})
    upload(portal, "/medias/images/", "logo.svg", "<svg/>")
    portal.post("/apikeys/", {"label": "dashboards", "permissions": []})


def upload(portal: Portal, path: str, filename: str, content: str, **fields: str) -> str:
    """Upload a file; returns its uid, or its address."""
    files = {"file": (filename, content.encode())}
    made: dict[str, Any] = portal.http.post(path, files=files, data=fields).raise_for_status().json()
    return str(made.get("uid") or made["url"])
