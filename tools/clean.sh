#!/bin/sh
# Removes what the make commands made, but not the state of stacks that are kept in this checkout.
set -eu
cd "$(dirname "$0")/.."

stacks=.state/pulumi/.pulumi/stacks
if [ -d $stacks ]; then
    kept=$(find $stacks -name '*.json' ! -path "$stacks/opendatasoft-quickstart/demo.json")
    if [ -n "$kept" ]; then
        echo "Nothing is removed: beside the demo, these stacks have their state in this checkout:" >&2
        echo "$kept" >&2
        echo "Destroy or export them first (make shell, then pulumi stack ls), or remove these files yourself." >&2
        exit 1
    fi
fi

if [ -x .venv/bin/python ]; then
    .venv/bin/python -m tools.demo stop
fi
echo "Removing .venv, .state and what the checks and tests left..."
rm -rf .venv .state .mypy_cache .ruff_cache .pytest_cache Pulumi.demo.yaml
find . -name __pycache__ -type d -prune -exec rm -rf {} +
