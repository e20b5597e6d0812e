"""A dynamic provider that does nothing: what remains is the work of the engine and of Pulumi's SDK."""

from typing import Any

from pulumi.dynamic import CreateResult, DiffResult, ResourceProvider, UpdateResult


class NothingProvider(ResourceProvider):
    """Accepts everything at once."""

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare what the program gives."""
        return DiffResult(changes=_olds["metadata"] != _news["metadata"])

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Return what was given."""
        return CreateResult(props["name"], props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Return what was given."""
        return UpdateResult(_news)
