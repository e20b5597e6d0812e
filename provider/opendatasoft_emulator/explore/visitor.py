"""The caller of a request, and what they may read."""

from dataclasses import replace

from fastapi import Request

from ..automation.auth import Caller, identify, key_of
from ..odsql import Table
from ..portal import Portal
from ..processing import Part, RecordQuery, ResultSet, ValueCount, column_name
from ..state.public_view import PublishedDataset
from .errors import invalid_key, unknown_dataset
from .facets import Count, disjunctive_fields
from .query import Query
from .rendering import Field
from .visibility import Visibility, visibility_of

_ID: Field = {"name": "_id", "label": "_id", "type": "text", "description": None, "annotations": {}}


class Visitor:
    """The caller of a request, and the visible part of the portal. Raises ExploreError for an unknown key."""

    def __init__(self, portal: Portal, request: Request) -> None:
        self._portal = portal
        key = key_of(request.headers.get("authorization"), request.query_params.get("apikey"))
        self._caller: Caller | None = identify(portal, key) if key else None
        if key and self._caller is None:
            raise invalid_key()

    def datasets(self) -> list[tuple[PublishedDataset, Visibility]]:
        """The published datasets that the caller may know of, with their visible parts."""
        return [
            (dataset, visibility)
            for dataset in self._portal.public_view.published_datasets()
            if (visibility := self._visibility_of(dataset)) is not None
        ]

    def dataset(self, dataset_id: str) -> tuple[PublishedDataset, Visibility]:
        """The published dataset with its visible part. Raises ExploreError when the caller may not know of it."""
        dataset = self._portal.public_view.published_dataset(dataset_id)
        visibility = self._visibility_of(dataset) if dataset else None
        if dataset is None or visibility is None:
            raise unknown_dataset(dataset_id)
        return dataset, visibility

    def _visibility_of(self, dataset: PublishedDataset) -> Visibility | None:
        return visibility_of(self._portal, self._caller, dataset)


class RecordsRequest:
    """A request for the records of one dataset."""

    def __init__(self, portal: Portal, request: Request, dataset_id: str) -> None:
        self._records = portal.records
        self.dataset, self.visibility = Visitor(portal, request).dataset(dataset_id)
        self.query = Query(request.query_params, disjunctive_fields(self.dataset))

    def read(
        self,
        limit: int | None,
        offset: int,
        *,
        with_ids: bool = False,
        condition: Part | None = None,
    ) -> ResultSet:
        """The records, or the groups; with a further field `_id` for the ids of records."""

        def build(fields: list[Field]) -> RecordQuery:
            query = self._build(fields, *([condition] if condition else []))
            if not with_ids or query.groups is not None or query.is_total:
                return query
            return replace(
                query, fields=(*(query.fields or ()), _ID), columns=(*(query.columns or ()), Part("record_id"))
            )

        return self._records.read(self.dataset.uid, limit=limit, offset=offset, build_query=build)

    @property
    def counts(self) -> Count:
        """Runs counts over the records of the request."""

        def run(make: object) -> list[list[tuple[str, int]]]:
            def build(fields: list[Field]) -> list[ValueCount]:
                return make(self._table(fields), self._build(fields).where)  # type: ignore[operator,no-any-return]

            return self._records.count_values(self.dataset.uid, build)

        return run

    def _build(self, fields: list[Field], *conditions: Part) -> RecordQuery:
        visible = self.visibility.records(Table(fields, column_name), self.query.settings)
        return self.query.build(self._table(fields), visible, *conditions)

    def _table(self, fields: list[Field]) -> Table:
        return Table(fields, column_name, self.visibility.visible_fields)
