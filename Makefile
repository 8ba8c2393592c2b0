# The two commands users need are `make serve` and `make test`; both do all their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q install
UV_LOCK := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade -p 3.11 pyproject.toml

.PHONY: serve test build check bench lock clean

serve: build  ## build the release and serve it on http://127.0.0.1:8000/
	$(BIN)/hansa serve

test: $(VENV)/.dev  ## everything that proves it works
	$(BIN)/pytest

build: $(VENV)/.run  ## the release in dist/
	$(BIN)/hansa build

check: $(VENV)/.dev  ## format, lint, types, import layers
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## ratios against named peers
	$(BIN)/pytest tests/benchmarks --benchmarks -s

lock: $(VENV)/.dev  ## pin the newest versions, with hashes
	$(PIP) uv
	$(UV_LOCK) --extra build --extra fast -o requirements.lock
	$(UV_LOCK) --extra build --extra fast --extra dev -o requirements-dev.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Hansa needs Python 3.11 or newer; name one with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) dist
