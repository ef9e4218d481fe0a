# `make` alone lists what there is. Everything happens in .venv and in the folder of the checkout; nothing needs root.

PORT ?= 8000
WORKERS ?= auto
ARGS ?=
DB ?=
MESSAGE ?=

# The first interpreter here that is new enough.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)

VENV := .venv
JUDGES := .judges
AUDIT := .audit
JUDGED := tests/exchange/judges
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo again test check format properties fuzz audit bench judges migration translations lock clean

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/ready ## set everything up and serve the demonstration; another port: make demo PORT=8001
	@$(BIN)/python -m app.cli.main demo --port $(PORT)

again: $(VENV)/ready ## the same with the demonstration made anew, for today
	@$(BIN)/python -m app.cli.main demo --port $(PORT) --again

test: $(VENV)/ready-to-test ## run all tests; some of them: make test ARGS="tests/scoring -k half"
	@$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal $(ARGS)

check: $(VENV)/ready-to-test ## everything a change has to pass: form, types, translations, instruments, tests
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy
	@$(BIN)/python -m app.cli.main translations check
	@$(BIN)/python -m app.cli.main instruments check
	@$(MAKE) --no-print-directory test

format: $(VENV)/ready-to-test ## put the code into its form
	@$(BIN)/python -m ruff format .
	@$(BIN)/python -m ruff check --fix .

properties: $(VENV)/ready-to-test ## hold the timeline to its laws in more than 100,000 cases (about ten minutes)
	@WESHARE_PROPERTY_SCALE=256 $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 \
		--hypothesis-profile=exploring tests/scheduling/test_whole_lives.py

fuzz: $(VENV)/ready-to-test ## send 50,000 odd requests to all routes, on both database engines (about half an hour)
	@WESHARE_FULL=1 $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 tests/promises/test_s16_odd_requests.py

audit: $(VENV)/ready-to-test $(AUDIT)/bin/pip-audit ## look up every library in the public lists of known weaknesses; needs a way to pypi.org or osv.dev
	@$(BIN)/python -m tests.supply $(AUDIT)/bin/pip-audit

bench: $(VENV)/ready-to-test ## measure whole journeys beside a bare floor, the sending of messages, and a restore
	@$(BIN)/python -m tests.bench $(ARGS)
	@$(BIN)/python -m tests.bench.notices
	@$(BIN)/python -m tests.bench.storm
	@$(BIN)/python -m tests.bench.restoring

judges: $(BIN)/python ## install the programs of others that judge our exports; needs Node.js, takes some minutes
	@mkdir -p $(JUDGES) && cp $(JUDGED)/package.json $(JUDGED)/package-lock.json $(JUDGES)
	@cd $(JUDGES) && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund
	@$(PYTHON) -m venv $(JUDGES)/py
	@$(JUDGES)/py/bin/python -m pip --disable-pip-version-check -qq install --require-hashes -r $(JUDGED)/requirements.txt

migration: $(VENV)/ready-to-test ## write the next revision: make migration DB=study MESSAGE="Add the ..."
	@$(BIN)/python -m migrations.new "$(DB)" "$(MESSAGE)"
	@$(BIN)/python -m ruff check --quiet --fix migrations
	@$(BIN)/python -m ruff format --quiet migrations

translations: $(VENV)/ready ## bring the lists of interface words up to date with the code
	@$(BIN)/python -m app.cli.main translations update

lock: $(VENV)/ready-to-test ## pin the newest versions that fit pyproject.toml, with their hashes
	@$(PIP) install uv
	@$(COMPILE) --upgrade --extra build --extra tables --output-file requirements.txt
	@$(COMPILE) --upgrade --extra build --extra tables --extra test --constraint requirements.txt --output-file requirements-test.txt
	@echo "pip-audit>=2.10" | $(subst pyproject.toml,-,$(COMPILE)) --upgrade --no-annotate --output-file tests/supply/requirements.txt

clean: ## remove the environment and all caches; the demonstration's data in instance/ stays
	rm -rf $(VENV) $(JUDGES) $(AUDIT) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "WeShare needs Python 3.11 or later, and finds none here. Install it, or name it:" \
		"make demo PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "WeShare needs Python 3.11 or later;" \
		"$(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make environments. On Debian and" \
		"Ubuntu the package python3-venv is missing." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(AUDIT)/bin/pip-audit: tests/supply/requirements.txt
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip --disable-pip-version-check -qq install --require-hashes -r tests/supply/requirements.txt
	@touch $@

$(VENV)/ready: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what WeShare runs on (about a minute, once) ..."
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/ready-to-test: requirements-test.txt $(VENV)/ready
	@echo "Installing what the tests need (about a minute, once) ..."
	@$(PIP) install --require-hashes -r requirements-test.txt
	@touch $@
