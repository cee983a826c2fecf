# Every target sets up what it needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CATALOGUES := $(wildcard opsconsole/base/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types contracts catalogues wheel bench soak messages lock clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml $(CATALOGUES)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "opsconsole needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "python3-venv is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) (the first time takes a minute)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP)  ## the demo city in the console
	@$(BIN)/opsconsole demo

test: $(STAMP)  ## all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(STAMP) format lint types contracts catalogues wheel  ## what CI runs: format, lint, types, contracts, catalogues, wheel, tests
	@echo "left to make soak:"; grep -rhoE 'def test_[a-z0-9_]+' tests/soak | sed 's/def /  /' || true
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=
	@$(BIN)/python -m coverage report --include='opsconsole/*/rules.py,opsconsole/health/*.py' --fail-under=100 --show-missing
	@$(BIN)/python -m coverage report --fail-under=80 --format=total

format: $(STAMP)
	@$(BIN)/ruff format --check .

lint: $(STAMP)
	@$(BIN)/ruff check .

types: $(STAMP)
	@$(BIN)/mypy

contracts: $(STAMP)
	@$(BIN)/lint-imports --no-cache

catalogues: $(STAMP)
	@$(BIN)/python -m pytest -q tests/base/test_catalogues.py

wheel: $(STAMP)  ## build the wheel and try it alone in an empty environment
	@rm -rf dist && $(BIN)/python -m hatchling build -t wheel >/dev/null
	@$(BIN)/python tests/wheel.py dist/*.whl

bench: $(STAMP)  ## measure speed and memory, beside a peer where one is installed
	@$(BIN)/python -m tests.bench

soak: $(STAMP)  ## the long runs that CI leaves out
	@$(BIN)/python -m pytest tests/soak --timeout 3600

messages: $(STAMP)  ## gather the sentences of the source into the catalogues
	@mkdir -p build
	@$(BIN)/pybabel -q extract -k N_ --add-location=file --sort-by-file --project opsconsole -o build/opsconsole.pot opsconsole probes
	@$(BIN)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date -w 110 -D opsconsole -d opsconsole/base/locale -i build/opsconsole.pot
	@echo "now translate what is empty in opsconsole/base/locale/*/LC_MESSAGES/opsconsole.po"

lock: $(STAMP)  ## resolve the dependencies afresh
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 --no-header -q -o requirements.lock

clean:
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .coverage .coverage.*
