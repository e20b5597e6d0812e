"""Access rules of datasets: /datasets/{dataset_uid}/security/users/ and …/groups/."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from ..access_rules import RuleOwner, add_rule_routes
from ..routes import Route
from ..schemas import EACH_ONCE, DatasetPermission, RequestBody
from .dependencies import changing, manageable_dataset
from .schemas import DatasetSecurity

router = APIRouter(prefix="/datasets/{dataset_uid}/security", tags=["Dataset security"], route_class=Route)


class _Granted(RequestBody):
    """The visible part and the permissions that a rule grants on a dataset."""

    security: DatasetSecurity = Field(default_factory=DatasetSecurity)
    permissions: Annotated[list[DatasetPermission], EACH_ONCE] = Field(default_factory=list)


add_rule_routes(
    router,
    _Granted,
    RuleOwner(find=manageable_dataset, change=changing, created_status=lambda settings: 201),
)
