# Everything a checkout needs. 'make help' lists the targets; 'make brief' and 'make test' set up by themselves.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup brief test check docs lock bench clean

CASE ?= belarus-eu-2021
OUT ?= brief.html
PYTHONS ?= python3.13 python3.12 python3.11 python3
WORKERS ?= auto

BIN := .venv/bin
UV := .uv/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: .venv/.ready ## make .venv with every extra (quick when nothing changed)

.venv/.ready: requirements.lock pyproject.toml tools/setup.py tools/uv-requirements.txt
	@for python in $(PYTHONS); do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
		then exec $$python tools/setup.py; fi; \
	done; \
	echo "Counterpoise needs Python 3.11 or newer with the venv module; none of these is: $(PYTHONS)." \
		"Install one, or name one: make setup PYTHONS=/path/to/python3." >&2; \
	exit 1

brief: setup ## the main job: a brief of CASE (belarus-eu-2021) into OUT (brief.html)
	@$(BIN)/counterpoise brief $(CASE) --out $(OUT)
	@echo "$(OUT) is written; open it in a browser."

test: setup ## the whole test suite with coverage
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term

check: setup ## lint, format and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

docs: setup ## write the generated pages and build docs/_build/html; a warning is an error
	@$(BIN)/python tools/build_docs.py
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

lock: setup ## renew requirements.lock and tools/uv-requirements.txt
	@$(COMPILE) pyproject.toml --all-extras -o requirements.lock
	@$(COMPILE) tools/uv-requirements.in --no-annotate -o tools/uv-requirements.txt

bench: setup ## speed benchmarks, as tables on the screen
	@for script in benchmarks/speed/[a-z]*.py; do echo "# $$script"; $(BIN)/python $$script || exit 1; done

clean: ## remove what was built; .venv and .uv stay
	@rm -rf build dist docs/_build docs/api/generated .coverage htmlcov .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
