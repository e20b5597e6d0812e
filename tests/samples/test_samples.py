"""That there is a sample of every resource type: all tests that go through the types start from these."""

from __future__ import annotations

from ..declarations import resource_types
from . import samples

MISSING = """no sample of {names}. Write tests/samples/<type>.py with SAMPLE = Sample(declare, Subject(…), writes=…):
`declare` gives as many properties as it can, `Subject` has a Row for each of them, and `writes` says which one
writes what of the official description; tests/samples/api_key.py is a whole one. Then write its golden files, by
RENEW_GOLDEN=1 make test TESTS="tests/golden tests/test_public_names.py", and its reference page, by `make docs`."""


def test_every_resource_type_has_a_sample() -> None:
    missing = sorted(resource_types().keys() - samples().keys())
    assert not missing, MISSING.format(names=", ".join(missing))
