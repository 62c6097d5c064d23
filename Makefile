# Attest. `make demo` starts a practice to look around in, `make test` checks everything.
# Needed on the machine: Python 3.11 or newer with venv, and make. Nothing is installed outside this folder,
# except the data folder (ATTEST_HOME).

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
UV := $(BIN)/uv
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix frontend
LOCKED := --quiet --require-hashes --python $(BIN)/python

# Where style sheets and scripts come from; the style sheet holds only what the templates use.
ASSET_SOURCES := $(wildcard frontend/*.mjs frontend/package.json) \
	$(shell find frontend/src src/attest -name '*.js' -o -name '*.css' -o -name '*.svg' -o -name '*.html' \
	-o -path '*/templatetags/*.py' -o -name chips.py 2>/dev/null)
LINTED := src tests bench faults scripts conftest.py

.DELETE_ON_ERROR:
.PHONY: build demo demo-reset test lint fmt bench faults tour docs lock assets dev

build: .venv/.ready assets

demo: build
	@exec $(BIN)/attest demo

demo-reset: build
	@exec $(BIN)/attest demo-reset

test: lint
	@$(BIN)/python -m pytest -n 2 $(ARGS)

lint: export DJANGO_SETTINGS_MODULE := attest.config.settings
lint: export ATTEST_SECRET_KEY := only-for-checks
lint: export ATTEST_TESTING := 1
lint: dev assets
	@$(BIN)/ruff check --quiet $(wildcard $(LINTED))
	@$(BIN)/ruff format --quiet --check $(wildcard $(LINTED))
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --quiet --lint --allow-empty-input src
	@$(BIN)/python -m django makemigrations --check --dry-run --verbosity 1

fmt: dev
	@$(BIN)/ruff check --quiet --fix $(wildcard $(LINTED)) || true
	@$(BIN)/ruff format $(wildcard $(LINTED))

# One row with ONLY=name; without it all rows.
bench: dev assets
	@$(BIN)/python -m bench $(ONLY)

faults: dev
	@$(BIN)/python -m faults $(ONLY)

# Pictures of every screen into .build/tour/, the chosen ones into docs/tour/.
tour: dev assets
	@$(BIN)/python -m scripts.tour

# What is printed from the code: docs/rights.md.
docs: dev
	@$(BIN)/python -m scripts.rights

# Write both lock files from pyproject.toml; UPGRADE=1 takes newer versions of everything.
lock: .venv/.uv-$(UV_VERSION)
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes $(if $(UPGRADE),--upgrade) \
		--custom-compile-command 'make lock' pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes $(if $(UPGRADE),--upgrade) \
		--custom-compile-command 'make lock' --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

assets: frontend/build/app.js

dev: .venv/.ready-dev frontend/node_modules/.ready-dev

.venv/.uv-$(UV_VERSION):
	@echo 'Preparing Python packages'
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Attest needs Python 3.11 or newer. Name one with: make demo PYTHON=/path/to/python3'; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || \
		{ echo 'Python cannot make a virtual environment here. On Debian: apt-get install python3-venv'; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.packages: .venv/.uv-$(UV_VERSION) requirements.lock
	@$(UV) pip install $(LOCKED) -r requirements.lock
	@touch $@

.venv/.ready: .venv/.packages pyproject.toml
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-dev: .venv/.ready requirements-dev.lock
	@$(UV) pip install $(LOCKED) -r requirements-dev.lock
	@touch $@

# Packages for the pages. Those for tests are left out until a test needs them, and then stay.
frontend/node_modules/.ready: frontend/package-lock.json | .venv/.ready
	@echo 'Preparing packages for the pages'
	@$(NPM) ci --silent --no-audit --no-fund --ignore-scripts \
		$$(test -e frontend/node_modules/.ready-dev || echo --omit=dev)
	@touch $@

frontend/node_modules/.ready-dev: frontend/package-lock.json | .venv/.ready
	@$(NPM) ci --silent --no-audit --no-fund --ignore-scripts
	@touch frontend/node_modules/.ready $@

frontend/build/app.js: frontend/node_modules/.ready $(ASSET_SOURCES)
	@echo 'Building style sheets and scripts'
	@$(NPM) run --silent build
	@touch $@
