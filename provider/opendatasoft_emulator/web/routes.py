"""The web pages of the portal: an overview with the latest requests, datasets, code editor pages and images."""

import functools
import math
import shlex
from pathlib import Path
from typing import Any

import jinja2
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from ..portal import Portal
from ..processing import public_address
from ..state.files import IMAGES
from ..state.public_view import DatasetView
from ..state.request_log import Request as LoggedRequest
from .dataset import ShownDataset, state_of
from .parts import tables

_REQUESTS = 40
_DATASETS_ON_PAGE = 50
_PERMISSIONS = 5
_RECORDS_IN_LIST = 5
_RECORDS_ON_PAGE = 20
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


router = APIRouter(include_in_schema=False)
"""The routes: the overview at `/`; datasets, pages and images where a real portal has them."""


def _respond(request: Request, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    url = str(request.base_url).rstrip("/")
    page = _templates().get_template(template).render(host=request.base_url.netloc, url=url, **shown)
    return HTMLResponse(page, status, _HEADERS)


@router.get("/")
def overview(request: Request, q: str = "", page: int = 1) -> HTMLResponse:
    """Return the page of the whole portal, with the datasets that have the words of `q` in their title or dataset_id.

    Datasets are sorted by their titles; `page` counts from 1.
    """
    portal: Portal = request.scope["portal"]
    every = portal.public_view.datasets()
    words = q.casefold().split()
    found = sorted(
        (one for one in every if all(word in f"{one.title} {one.dataset_id}".casefold() for word in words)),
        key=lambda one: (one.title.casefold(), one.dataset_id),
    )
    last = max(1, math.ceil(len(found) / _DATASETS_ON_PAGE))
    number = min(max(page, 1), last)
    first = (number - 1) * _DATASETS_ON_PAGE
    datasets = [_shown(portal, one, _RECORDS_IN_LIST) for one in found[first : first + _DATASETS_ON_PAGE]]
    return _respond(
        request,
        "portal.html",
        refresh=any(_is_busy(one) for one in every),
        datasets=datasets,
        dataset_count=len(every),
        found_count=len(found),
        q=q,
        page=number,
        last_page=last,
        connections=[_connection(connection) for connection in portal.public_view.connections()],
        harvesters=portal.public_view.harvesters(),
        users=[_user(user) for user in portal.public_view.users()],
        groups=portal.public_view.groups(),
        pages=portal.public_view.pages(),
        images=portal.public_view.images(),
        metadata_templates=portal.public_view.metadata_templates(),
        requests=[_request(request) for request in portal.public_view.latest_requests(_REQUESTS)],
        key_file=shlex.quote(str(portal.folder.resolve() / "api-key")),
    )


@router.get("/explore/dataset/{dataset_id}/")
def dataset_page(request: Request, dataset_id: str) -> HTMLResponse:
    """Return the page of one dataset."""
    portal: Portal = request.scope["portal"]
    for dataset in portal.public_view.datasets():
        if dataset.dataset_id == dataset_id:
            shown = _shown(portal, dataset, _RECORDS_ON_PAGE)
            parts = tables(dataset, portal.public_view.parts(dataset.uid))
            return _respond(request, "dataset.html", refresh=_is_busy(dataset), dataset=shown, tables=parts)
    return _respond(request, "missing.html", 404, refresh=False, what=f"dataset {dataset_id}")


@router.get("/pages/{slug}/")
def code_editor_page(request: Request, slug: str, lang: str = "") -> HTMLResponse:
    """Return a public code editor page, in the language `lang`, else that of the portal, else its first one.

    The portal's widgets stay empty.
    """
    portal: Portal = request.scope["portal"]
    for page in portal.public_view.pages():
        if page.slug == slug and page.content and page.is_public and page.state == "published":
            html, css = page.content["html"], page.content["css"]
            wanted = (lang, portal.settings.domain_language, *html)
            language = next((language for language in wanted if language in html), "")
            return _respond(
                request,
                "page.html",
                title=page.titles.get(language) or slug,
                language=language,
                html=html.get(language, ""),
                css=css.get(language, ""),
            )
    return _respond(request, "missing.html", 404, refresh=False, what=f"public page {slug}")


@router.get("/assets/theme_image/{name}")
def image(request: Request, name: str) -> Response:
    """Return the content of an image."""
    portal: Portal = request.scope["portal"]
    for one in portal.public_view.images():
        if one["name"] == name:
            headers = {**_HEADERS, "X-Content-Type-Options": "nosniff"}
            return FileResponse(
                portal.files.path(IMAGES, one["kept_as"]),
                filename=name,
                content_disposition_type="inline",
                headers=headers,
            )
    return Response(status_code=404)


@functools.cache
def _templates() -> jinja2.Environment:
    """The templates, in which every value is escaped."""
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _shown(portal: Portal, dataset: DatasetView, records: int) -> ShownDataset:
    return ShownDataset(dataset, portal.records.read(dataset.uid, limit=records))


def _is_busy(dataset: DatasetView) -> bool:
    """Whether a dataset is being processed: only then the page reloads, since a reload closes opened details."""
    return state_of(dataset).tone == "busy"


def _connection(connection: dict[str, Any]) -> dict[str, str]:
    login = (
        f"{connection['auth_type']}: {connection['username']}" if connection["username"] else connection["auth_type"]
    )
    return {
        "uid": connection["uid"],
        "type": connection["type"],
        "url": public_address(connection["url"] or ""),
        "login": login or "none",
    }


def _user(user: dict[str, Any]) -> dict[str, Any]:
    permissions = user["permissions"]
    shown = ", ".join(permissions[:_PERMISSIONS])
    more = len(permissions) - _PERMISSIONS
    return {**user, "permissions": f"{shown} and {more} more" if more > 0 else shown or "none"}


def _request(request: LoggedRequest) -> dict[str, Any]:
    tone = "" if request.status is None else "good" if request.status < 400 else "bad"
    return {
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "status": request.status,
        "ms": request.ms,
        "tone": tone,
    }
