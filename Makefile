# The repository's own commands. `make` sets up a virtual environment and builds the default toolbox.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := build
.PHONY: build test test-all check bench golden pictures clean help

build: $(VENV)/ready  ## set up the virtual environment and build the default toolbox into build/
	$(BIN)/drukwerk build

test: $(VENV)/ready-dev  ## run the quick tests
	$(BIN)/pytest -n auto --dist worksteal -m "not slow"

test-all: $(VENV)/ready-dev  ## run all tests, the slow ones too
	$(BIN)/pytest -n auto --dist worksteal

check: $(VENV)/ready-dev  ## lint, formatting, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/ready-dev  ## measure speed and size, as ratios in one run
	$(BIN)/python -m tests.bench

golden: $(VENV)/ready-dev  ## make the reference pictures of the tests again (look at them before committing)
	$(BIN)/pytest -m golden --update-golden

pictures: build $(VENV)/ready-dev  ## make the pictures of the READMEs again
	$(BIN)/python tests/pictures.py

clean:  ## remove everything that was made, also the virtual environment
	rm -rf build dist $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/ready-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@ $(VENV)/ready
