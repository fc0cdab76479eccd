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
