# The commands for working with this checkout; `make help` lists them.

PYTHON ?= python3
PORT ?=

VENV := .venv
STAMP := $(VENV)/.complete
RUN := $(VENV)/bin/python -m
LOCK := requirements/developer.txt

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup engine demo down test test-quick trust check mypy pyright bench bench-quick shell env lock docs clean always

help:
	@echo 'make setup   Make .venv with the locked packages, and get a Pulumi engine (PYTHON=python3.12 chooses the Python)'
	@echo 'make demo    Start a portal on this machine and build it with pulumi up (PORT=8766 chooses its port)'
	@echo 'make down    Destroy what make demo built, and stop the portal'
	@echo 'make shell   Open a shell in which pulumi works on the demo, and on the examples'
	@echo 'make env     Print the same environment: eval "$$(make env)"'
	@echo 'make test    Run the tests (TESTS="tests/client -x" chooses some); make test-quick those of 3 minutes'
	@echo 'make trust   Try faults, interruptions and hostile inputs for up to an hour, and print what came of them'
	@echo 'make check   Check format, lint and types'
	@echo 'make bench   Compare the speed with others, and write docs/benchmarks.md; make bench-quick only prints it'
	@echo 'make lock    Renew the lock file of the packages'
	@echo 'make docs    Write docs/reference from the docstrings, docs/guide/mistakes.md and parts of emulator.md and commands.md'
	@echo 'make clean   Stop the portal and remove all that these commands made here; the engine stays in your cache'

setup: $(STAMP) engine

# Naming a Python asks for an environment of that Python, also where there is one already.
ifneq ($(origin PYTHON),file)
$(STAMP): always
endif
$(STAMP): $(LOCK) pyproject.toml tools/setup.sh
	@tools/setup.sh $(PYTHON)
	@touch $@

engine: $(STAMP)
	@$(RUN) tools.engine.install >/dev/null

demo: setup
	@$(RUN) tools.demo up $(if $(PORT),--port $(PORT))

down: setup
	@$(RUN) tools.demo down

shell: setup
	@echo 'A shell with pulumi and, if it runs, the portal of the demo. Leave it with exit.'
	@$(RUN) tools.environment -- "$${SHELL:-/bin/sh}"

env: setup
	@$(RUN) tools.environment

# Bytecode is kept whatever the environment says: else each worker and each process of a test compiles everything anew.
# Five side by side on any machine: half of the time they wait. The longest files begin first (tests/cpu_budget.py).
PYTEST := $(RUN) pytest -n 5 --dist loadfile --no-loadscope-reorder --durations 15
test: setup
	@echo 'Running the tests...'
	@env -u PYTHONDONTWRITEBYTECODE $(RUN) tools.environment --without-portal -- $(PYTEST) $(TESTS)

test-quick: $(STAMP)
	@echo 'Running the tests that need neither an engine nor its stub...'
	@env -u PYTHONDONTWRITEBYTECODE -u OPENDATASOFT_DOMAIN -u OPENDATASOFT_API_KEY $(PYTEST) -m 'not engine and not stub and not trust' $(TESTS)

# Up to an hour. The seed is TRUST_SEED; the tests of tests/trust are divided between the workers one by one.
trust: setup
	@echo 'Trying faults, interruptions and hostile inputs...'
	@env -u PYTHONDONTWRITEBYTECODE $(RUN) tools.environment --without-portal -- $(RUN) pytest -n 6 --dist loadgroup --durations 5 -m 'trust or sampled' $(TESTS)

check: $(STAMP)
	@echo 'Checking the format...'
	@$(RUN) ruff format --check .
	@echo 'Checking for mistakes...'
	@$(RUN) ruff check .
	@$(MAKE) -j2 mypy pyright

mypy pyright: $(STAMP)
	@echo 'Checking the types with $@...'
	@$(RUN) $@

BENCH := $(RUN) tools.environment --without-portal -- $(RUN) benchmarks.compare
bench: setup
	@$(BENCH) --write

bench-quick: setup
	@$(BENCH) --repeat 1 --script 6 --many 0

# Without addresses: whoever installs says where packages come from. The hashes say that they are the same ones.
lock: $(STAMP)
	@echo 'Renewing $(LOCK)...'
	@$(RUN) uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --extra emulator --extra cli --group dev --output-file $(LOCK) pyproject.toml
	@echo 'Done. Install what it holds: make setup'

docs: $(STAMP)
	@$(RUN) tools.output_forms
	@$(RUN) tools.reference
	@$(RUN) tools.emulator_page
	@$(RUN) tools.commands_page
	@$(RUN) tests.mistakes.page

clean:
	@tools/clean.sh
