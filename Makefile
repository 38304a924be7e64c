# The verbs of the house: the same ones locally and in CI. `make` alone lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CODE := shared services commonground tests benchmarks
# Browser and broker are heavy: a few processes are faster than one per core of a big machine.
PROCESSES ?= 3
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run ## the demo city on http://127.0.0.1:8000 (HOST, PORT)
	@exec $(BIN)/commonground run --demo

install: $(VENV)/.dev ## set up .venv with everything for development

test: $(VENV)/.dev node_modules/.made ## everything that is promised, tested
	$(BIN)/pytest -n $(PROCESSES) --dist loadgroup -m "not crash"

unit: $(VENV)/.dev ## decisions and shapes only, no network
	$(BIN)/pytest -q tests/unit

house: $(VENV)/.dev ## the house rules only
	$(BIN)/pytest -q tests/house

lint: $(VENV)/.dev ## ruff, format and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.bench ## mypy, strict; the peers of the measurements too
	$(BIN)/mypy $(CODE)

crash: $(VENV)/.dev ## real processes killed under load, and an independent checker
	$(BIN)/python -m tests.crash

bench: $(VENV)/.bench ## measurements beside their floors
	$(BIN)/python -m benchmarks

ci: ## what CI runs
	bash .ci/run

docs: $(VENV)/.dev ## make the generated documents anew
	$(BIN)/python -m commonground.documents

lock: $(VENV)/.dev ## make requirements/ anew from pyproject.toml
	$(LOCK) pyproject.toml requirements/build.in -o requirements/run.txt
	$(LOCK) pyproject.toml requirements/build.in --group test --group quality -c requirements/run.txt -o requirements/dev.txt
	$(LOCK) pyproject.toml requirements/build.in --group test --group quality --group bench -c requirements/dev.txt -o requirements/bench.txt

clean: ## remove what was made, but not the data in var/
	rm -rf $(VENV) node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp stands for what it was made from: the second time nothing is installed.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Common Ground needs Python 3.11 or newer. Name one: make run PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'Python came without its venv module; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }

$(VENV)/.run: $(VENV)/bin/python requirements/run.txt pyproject.toml
	@echo 'Installing Common Ground into $(VENV) (once) …'
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo 'Installing what development needs into $(VENV) (once) …'
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	@echo 'Installing the peers for the measurements into $(VENV) (once) …'
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

node_modules/.made: package.json package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent && touch $@; \
	else echo 'npm is missing: the accessibility tests in the browser will be skipped' >&2; fi

.PHONY: help run install test unit house lint types crash bench ci docs lock clean
