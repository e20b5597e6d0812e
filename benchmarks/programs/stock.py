"""The group and the datasets with a dynamic provider as Pulumi's documentation shows it: one class per kind of object.

It makes the same calls as the script. (More than some 300 resources of this kind fail with a RecursionError in
`pulumi.dynamic`.)
"""

import os
from typing import Any

import pulumi
from calls import change_title, connect, create_dataset, create_group, read_dataset, send
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult


class GroupProvider(ResourceProvider):
    """Creates and deletes a group."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the group."""
        with connect() as client:
            uid = create_group(client)
        return CreateResult(uid, {**props, "uid": uid})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read the group."""
        with connect() as client:
            found = send(client, "GET", f"/groups/{id_}/")
        return ReadResult(id_, {**props, "title": found["title"]})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the group."""
        with connect() as client:
            send(client, "DELETE", f"/groups/{_id}/")


class DatasetProvider(ResourceProvider):
    """Creates, reads, changes and deletes a dataset."""

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare the titles."""
        return DiffResult(changes=_olds["title"] != _news["title"])

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create and publish the dataset."""
        with connect() as client:
            uid = create_dataset(client, props["dataset_id"], props["title"], props["group"])
        return CreateResult(uid, props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read the dataset and its parts."""
        with connect() as client:
            found = read_dataset(client, id_)
        return ReadResult(id_, {**props, "title": found["metadata"]["default"]["title"]["value"]})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the title."""
        with connect() as client:
            change_title(client, _id, _news["title"])
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the dataset."""
        with connect() as client:
            send(client, "DELETE", f"/datasets/{_id}/")


class Group(Resource):
    """A group."""

    uid: pulumi.Output[str]

    def __init__(self, name: str, **props: Any) -> None:
        super().__init__(GroupProvider(), name, {"uid": None, **props})


class Dataset(Resource):
    """A dataset."""

    def __init__(self, name: str, **props: Any) -> None:
        super().__init__(DatasetProvider(), name, props)


editors = Group("editors", title="Editors")
for number in range(int(os.environ["BENCH_DATASETS"])):
    title = f"{os.environ['BENCH_TITLE']} {number}"
    Dataset(f"air-{number}", dataset_id=f"air-{number}", title=title, group=editors.uid)
