"""An Opendatasoft (Huwise) open-data portal as code, for Pulumi."""

from .resources.group import Group
from .resources.limits import ExploreLimits, Quota

__all__ = ["ExploreLimits", "Group", "Quota"]
