# Everything people and CI do here has its target; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first Python from 3.11 on; PYTHON=… overrides.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --require-virtualenv
SAY := @printf '\033[1m%s\033[0m\n'
ROUNDS ?= 3
MONEY := shop/benefits/*,shop/kit/*,shop/ledger/*,shop/payments/*
FLOOR := 95
# As many test workers as processors, four at most; `make unit WORKERS=` runs in one process.
WORKERS ?= --numprocesses auto --maxprocesses 4 --dist worksteal

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(VENV)/installed-dev ## Make the environment for work on the shop (.venv)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'The shop needs Python 3.11 or newer; found: '"$$(python3 --version 2>&1)" >&2; exit 1; }
	$(SAY) 'Making the environment with $(PYTHON)'
	@$(PYTHON) -m venv $(VENV) || { echo 'On Debian: apt-get install python3-venv' >&2; rm -rf $(VENV); exit 1; }

$(VENV)/installed: requirements.txt | $(BIN)/python
	$(SAY) 'Installing what the shop imports (a quarter of a minute)'
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(SAY) 'Installing what checks and tests need'
	@$(PIP) -r requirements-dev.txt
	@$(BIN)/python -m pip --disable-pip-version-check check
	@touch $@

.PHONY: run
run: $(VENV)/installed ## Run the shop with the demo campaign on http://127.0.0.1:8000 (HOST, PORT, DATABASE_URL, SHOP_DATA)
	@exec $(BIN)/python scripts/serve.py

.PHONY: test
test: check unit coverage load browser ## Run everything: checks, unit tests and journeys on both databases, crowds, browser

.PHONY: check
check: $(VENV)/installed-dev ## Run the linters, the type checker and the package line
	$(SAY) 'ruff: rules and format'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	$(SAY) 'import-linter: packages stand in one line'
	@$(BIN)/lint-imports --no-logo
	$(SAY) 'djLint: templates'
	@$(BIN)/djlint templates --lint --quiet
	$(SAY) 'mypy: types'
	@$(BIN)/mypy

.PHONY: unit
unit: $(VENV)/installed-dev ## Run all tests that need no browser, with branch coverage
	$(SAY) 'Tests on SQLite and PostgreSQL'
	@$(BIN)/pytest -m 'not browser and not load' $(WORKERS) --cov --cov-report=

.PHONY: coverage
coverage: $(VENV)/installed-dev ## Hold the branch coverage of the last `make unit` to its floors
	$(SAY) 'Coverage: every branch where money is counted, $(FLOOR) % overall'
	@$(BIN)/coverage report --include='$(MONEY)' --fail-under=100
	@$(BIN)/coverage report --format=total --fail-under=$(FLOOR)

.PHONY: load
load: $(VENV)/installed-dev ## Send crowds of buyers to several server processes, and kill some of them
	$(SAY) 'Crowds at several server processes, on SQLite and PostgreSQL'
	@$(BIN)/pytest -m load

.PHONY: gauntlet
gauntlet: $(VENV)/installed-dev ## Run the long form of crowds, crashes and random operations (SEED=… repeats a run)
	$(SAY) 'The long form of crowds, crashes and random operations'
	@$(BIN)/pytest -m 'load or gauntlet' --long $(if $(SEED),--seed $(SEED)) -s

.PHONY: browser
browser: $(VENV)/chromium ## Run the tests that drive a real Chromium
	$(SAY) 'Tests in Chromium'
	@$(BIN)/pytest -m browser $(WORKERS)

$(VENV)/chromium: $(VENV)/installed-dev
	$(SAY) 'Looking for a Chromium'
	@$(BIN)/python -m tests.support.chromium
	@touch $@

.PHONY: dictionary
dictionary: $(VENV)/installed ## Write docs/data-dictionary.md from the models
	@$(BIN)/python scripts/data_dictionary.py

.PHONY: catalogue
catalogue: $(VENV)/installed ## Write the English catalogue from the sources; says what is still to translate
	@$(BIN)/python scripts/catalogue.py

.PHONY: screenshots
screenshots: $(VENV)/chromium ## Take the pictures of docs/screenshots from a running shop (URL=http://127.0.0.1:8000)
	@PYTHONPATH=. $(BIN)/python scripts/screenshots.py $(URL)

.PHONY: bench
bench: $(VENV)/installed-dev ## Measure the shop against bare yardsticks, side by side (ROUNDS=3)
	@$(BIN)/python -m bench --rounds $(ROUNDS)

.PHONY: clean
clean: ## Remove the environment, caches and results; the shop's data in var/ stays
	@rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis .coverage htmlcov test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
