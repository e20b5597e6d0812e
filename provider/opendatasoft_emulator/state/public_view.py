"""The read-only view of a portal for the Explore API and the web pages. It contains no secret."""

from dataclasses import dataclass
from typing import Any

from .masking import without_secret_names
from .request_log import Request, RequestLog
from .store import Document, Store


@dataclass(frozen=True)
class PublishedDataset:
    """A dataset as it was when it was last published.

    `metadata` contains bare values by template and field; `fields` is the schema that processing found; times are in
    the service's form. `filter_query`, `visible_fields`, … are in `default_security`.
    """

    uid: str
    dataset_id: str
    is_restricted: bool
    metadata: dict[str, dict[str, Any]]
    fields: list[dict[str, Any]]
    record_count: int
    default_security: dict[str, Any]
    data_processed: str
    metadata_processed: str


@dataclass(frozen=True)
class DatasetView:
    """A dataset as its editors see it: its current configuration and status.

    `status` is the body of GET …/status/.
    """

    uid: str
    dataset_id: str
    title: str
    is_published: bool
    is_restricted: bool
    default_security: dict[str, Any]
    metadata: dict[str, dict[str, Any]]
    status: dict[str, Any]
    updated_at: str


@dataclass(frozen=True)
class PageView:
    """A page as its editors see it.

    `content` has its HTML and CSS by language; that of a Studio page is empty.
    """

    kind: str
    id: str
    slug: str
    titles: dict[str, str]
    content: dict[str, dict[str, str]]
    is_public: bool
    state: str


_PARTS = (
    "resource",
    "field",
    "processor",
    "user_rule",
    "group_rule",
    "schedule",
    "attachment",
    "alternative_export",
    "version",
)
"""The kinds of documents that belong to a dataset and that its page shows."""


class PublicView:
    """Reads of the state that need no permission but access to the portal."""

    def __init__(self, store: Store, request_log: RequestLog) -> None:
        self._store = store
        self._journal = request_log

    def published_datasets(self) -> list[PublishedDataset]:
        """Every published dataset, restricted ones included, the oldest first."""
        return [_published_dataset(body) for body in self._store.all("published")]

    def published_dataset(self, dataset_id: str) -> PublishedDataset | None:
        """The published dataset with this dataset_id."""
        found = self._store.find("published", "dataset_id", dataset_id)
        return _published_dataset(found[0]) if found else None

    def datasets(self) -> list[DatasetView]:
        """Every dataset, published or not, the oldest first."""
        with self._store.transaction():
            statuses = {body["uid"]: body for body in self._store.all("status")}
            datasets = self._store.all("dataset")
        return [_dataset_view(body, statuses[body["uid"]]) for body in datasets]

    def parts(self, dataset_uid: str) -> dict[str, list[Document]]:
        """The documents that belong to a dataset, by kind and in its order, without secrets: resources, rules, files, …

        The `connection` of a datasource is the public view of it; headers have names only.
        """
        with self._store.transaction():
            found = {kind: self._store.all(kind, dataset_uid) for kind in _PARTS}
            for resource in found["resource"]:
                resource.pop("push_key", None)
                datasource = resource.get("datasource") or {}
                connection = datasource.get("connection")
                stored = self._store.get("connection", connection["uid"]) if isinstance(connection, dict) else None
                if stored:
                    datasource["connection"] = _connection(stored)
                datasource["headers"] = [header["name"] for header in datasource.get("headers") or ()]
        return {kind: [without_secret_names(one) for one in documents] for kind, documents in found.items()}

    def connections(self) -> list[Document]:
        """Every connection: uid, type, url, type of its login and username, without secrets and headers."""
        return [_connection(body) for body in self._store.all("connection")]

    def harvesters(self) -> list[Document]:
        """Every harvester: uid, name, type, status, has_error, and the number of its datasets."""
        with self._store.transaction():
            kept = {dataset["uid"] for dataset in self._store.all("dataset")}
            return [
                {
                    **{name: body["configuration"][name] for name in ("name", "type")},
                    **{name: body[name] for name in ("uid", "status", "has_error")},
                    "datasets": sum(one["uid"] in kept for one in self._store.all("harvested", body["uid"])),
                }
                for body in self._store.all("harvester")
            ]

    def users(self) -> list[Document]:
        """Every user: username, email, permissions, groups (uids), is_active, joined_at."""
        members = ("username", "email", "permissions", "groups", "is_active", "joined_at")
        return [{name: body[name] for name in members} for body in self._store.all("user")]

    def groups(self) -> list[Document]:
        """Every group: uid, title, description, permissions."""
        members = ("uid", "title", "description", "permissions")
        return [{name: body[name] for name in members} for body in self._store.all("group")]

    def pages(self) -> list[PageView]:
        """Every page, of the code editor and of Studio, the oldest of each first."""
        edited = [_code_editor_page(body) for body in self._store.all("code_editor_page")]
        return edited + [_studio_page(body) for body in self._store.all("studio_page")]

    def images(self) -> list[Document]:
        """Every image: name, url, and the name under which its file is kept."""
        return self._store.all("image")

    def metadata_templates(self) -> list[Document]:
        """Every metadata template that was created: name, title, type, is_active, fields (their names)."""
        members = ("name", "title", "type", "is_active")
        return [
            {name: body[name] for name in members} | {"fields": [field["name"] for field in body["schema"]]}
            for body in self._store.all("metadata_template")
            if "schema" in body
        ]

    def latest_requests(self, count: int) -> list[Request]:
        """The latest requests to the Automation API, the newest first."""
        return self._journal.latest(count)[::-1]


def _published_dataset(body: Document) -> PublishedDataset:
    return PublishedDataset(**{name: value for name, value in body.items() if name != "configuration"})


def _dataset_view(body: Document, status: Document) -> DatasetView:
    metadata = body["metadata"]
    return DatasetView(
        uid=body["uid"],
        dataset_id=body["dataset_id"],
        title=str(metadata.get("default", {}).get("title") or body["dataset_id"]),
        is_published=status["is_published"],
        is_restricted=body["is_restricted"],
        default_security=body["default_security"],
        metadata=metadata,
        status=status,
        updated_at=body["updated_at"],
    )


def _code_editor_page(body: Document) -> PageView:
    state = "archived" if body["is_archived"] else "published"
    is_public = not body["is_restricted"]
    return PageView("code editor", body["slug"], body["slug"], body["title"], body["content"], is_public, state)


def _studio_page(body: Document) -> PageView:
    state = "published" if body["is_published"] else "unpublished"
    return PageView("Studio", body["uid"], body["slug"], {}, {}, body["public"], state)


def _connection(body: Document) -> Document:
    auth = body.get("auth") or {}
    return {
        "uid": body["uid"],
        "type": body["type"],
        "url": body.get("url"),
        "auth_type": auth.get("type"),
        "username": auth.get("username"),
        "created_at": body["created_at"],
    }
