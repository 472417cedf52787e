# `make` lists the targets. Every target makes its own environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# `make demo PORT=8600 CUSTOMERS=500` and `make bench NAME=build` hand these on.
PORT ?= 8501
CUSTOMERS ?= 2000
NAME ?= load

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types format dictionary register readme lock long databases bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.base ## make .venv with the workbench in it

demo: $(VENV)/.base ## make a world, load, build, recommend, export, and open the app
	$(BIN)/insight demo --customers $(CUSTOMERS) --port $(PORT)

test: lint types ## lint, types, import direction and every test; STRICT=1 fails where a part is missing
	INSIGHT_STRICT=$(if $(STRICT),1,0) $(BIN)/python -m pytest -n 2

lint: $(VENV)/.test ## ruff and the import direction
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.test ## mypy
	$(BIN)/mypy

format: $(VENV)/.test ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

dictionary: $(VENV)/.base ## write data/DICTIONARY.md from the field catalogue
	$(BIN)/python -m insight_core.catalogue.dictionary data/DICTIONARY.md

register: $(VENV)/.base ## write down which text each shipped notebook has
	$(BIN)/python -m insight_core.notebooks app/notebooks app/notebooks/views

readme: $(VENV)/.test ## run the README's examples and write what they print into it
	$(BIN)/python -m tests.house.readme

lock: ## resolve anew: requirements.lock (with hashes) and constraints.txt (its pins)
	$(PYTHON) -m venv --clear $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet pip-tools
	$(VENV)-lock/bin/pip-compile --quiet --upgrade --generate-hashes --extra test --strip-extras --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --unsafe-package insight-workbench --output-file requirements.lock pyproject.toml
	grep -oE '^[A-Za-z0-9_.-]+==[^ ;]+' requirements.lock > constraints.txt
	rm -rf $(VENV)-lock

long: $(VENV)/.test ## the tests that take many minutes, a thousand kills and a file of 2 GB among them
	$(BIN)/python -m pytest -m long --timeout 0
	FAULT_MEGABYTES=2048 $(BIN)/python -m pytest --timeout 0 tests/faults/test_large_files.py
	FAULT_KILLS=1000 $(BIN)/python -m pytest --timeout 0 tests/faults/test_kills.py

databases: $(VENV)/.test ## every test with a store of its own, over SQLite and over a real PostgreSQL
	TEST_DATABASES=all $(BIN)/python -m pytest -n 2 -k "sqlite or postgresql" tests/core tests/faults tests/jobs tests/cli

bench: $(VENV)/.base ## a benchmark beside its bare reference: make bench NAME=load
	$(BIN)/insight bench $(NAME)

bench-app: $(VENV)/.test ## what a person waits for in the app, in a real browser, over 100,000 customers or CUSTOMERS=...
	$(BIN)/python -m tests.app.bench --customers $(if $(filter command,$(firstword $(origin CUSTOMERS))),$(CUSTOMERS),100000)

pictures: $(VENV)/.test ## every view as a picture, light and dark: make pictures STORE=data/store
	$(BIN)/python -m tests.app.pictures --store $(or $(STORE),data/store) --to pictures

clean: ## remove what was made here, the store included
	rm -rf $(VENV) data/store data/world .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.base: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install -e . -c constraints.txt
	touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install -e '.[test]' -c constraints.txt
	touch $@ $(VENV)/.base
