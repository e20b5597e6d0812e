"""The reference: up to date, a page with an example for each resource type, and an explanation of every property."""

from __future__ import annotations

import re

import pulumi_opendatasoft
from pulumi_opendatasoft.operations import operations
from pulumi_opendatasoft.program.resource import Resource

from tools import functions_pages, output_forms, reference

PUBLIC = [getattr(pulumi_opendatasoft, name) for name in pulumi_opendatasoft.__all__]
RESOURCES = {cls.__name__ for cls in PUBLIC if isinstance(cls, type) and issubclass(cls, Resource)}
VALUES = {cls.__name__ for cls in PUBLIC if isinstance(cls, type) and not issubclass(cls, Resource)}

OTHERS = {"README.md", "values.md", "functions.md", "results.md", "operations.md"}
FUNCTIONS = {name for names in output_forms.function_modules().values() for name in names}


def test_pages_are_up_to_date() -> None:
    written = {path.name: path.read_text() for path in reference.FOLDER.glob("*.md")}
    assert written == reference.pages(), "the declarations or examples have changed: make docs"


def test_every_resource_type_has_a_page_with_an_example() -> None:
    pages = reference.pages()
    assert pages.keys() == {f"{name}.md" for name in RESOURCES} | OTHERS
    for name in RESOURCES:
        example = re.search(r"^## Example\n\n```python\n(.+?)^```$", pages[f"{name}.md"], re.MULTILINE | re.DOTALL)
        assert example, name
        assert re.search(rf"\bods\.{name}\(", example[1]), f"the example of {name} does not create one"


def test_every_example_belongs_to_a_resource_type() -> None:
    assert {path.stem for path in reference.EXAMPLES.glob("*.py")} == RESOURCES


def test_every_value_has_a_heading() -> None:
    assert set(re.findall(r"^## (\w+)$", reference.pages()["values.md"], re.MULTILINE)) == VALUES


def test_every_property_is_explained() -> None:
    text = "".join(reference.pages().values())
    explanations = re.findall(r"^- \*\*`\w+`\*\* \(.*\): ?(.*)$", text, re.MULTILINE)
    assert len(explanations) > 200
    assert "" not in explanations


def test_every_function_has_an_entry_and_is_in_an_example() -> None:
    page = reference.pages()["functions.md"]
    assert set(re.findall(r"^### (\w+)$", page, re.MULTILINE)) == FUNCTIONS
    for module, names in output_forms.function_modules().items():
        example = (functions_pages.EXAMPLES / f"{module}.py").read_text()
        assert [name for name in names if not re.search(rf"\bods\.{name}(_output)?\(", example)] == [], module


def test_every_function_calls_an_operation_of_the_table() -> None:
    assert {name for operation in operations() for name in operation.functions} == FUNCTIONS
