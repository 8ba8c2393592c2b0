# The two commands users need are `make serve` and `make test`; both do all their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q install
UV_LOCK := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade -p 3.11 pyproject.toml

SCRIPTS := frontend/node_modules/.built

.PHONY: serve test build check bench messages lock clean

serve: build  ## build the release and serve it on http://127.0.0.1:8000/
	$(BIN)/hansa serve

# First on all cores what can bear company, then one at a time what measures time or processors. Both always run.
test: $(VENV)/.dev $(SCRIPTS)  ## everything that proves it works
	@together=passed; alone=passed; \
	$(BIN)/pytest -m "not alone" -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder || together=FAILED; \
	$(BIN)/pytest -m alone || alone=FAILED; \
	echo "make test: tests on all cores $$together, tests that run alone $$alone"; \
	[ $$together$$alone = passedpassed ]

build: $(VENV)/.run $(SCRIPTS)  ## the release in dist/
	$(BIN)/hansa build

check: $(VENV)/.dev  ## format, lint, types, import layers
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## ratios against named peers
	$(BIN)/pytest tests/benchmarks --benchmarks -s

MESSAGES := src/hansa/serve/pages/locale

messages: $(VENV)/.dev  ## gather the texts of the interface into its catalogues, to be translated there
	mkdir -p build
	$(BIN)/pybabel -q extract -F pyproject.toml -k N_ --no-location --sort-output --omit-header -o build/hansa.pot src/hansa
	for locale in ja es fr ca ko; do \
	  $(BIN)/pybabel -q update -D hansa -i build/hansa.pot -d $(MESSAGES) -l $$locale --no-fuzzy-matching --ignore-obsolete --omit-header -w 120; done

lock: $(VENV)/.dev  ## pin the newest versions, with hashes
	$(PIP) uv
	$(UV_LOCK) --extra build --extra fast -o requirements.lock
	$(UV_LOCK) --extra build --extra fast --extra dev -o requirements-dev.lock
	$(UV_LOCK:pyproject.toml=frontend/requirements.in) -o frontend/requirements.lock
	cd frontend && npm update --package-lock-only

# Where the npm registry is not reached, this warns and goes on: the site works without scripts.
$(SCRIPTS): $(wildcard frontend/src/*.js frontend/src/*/*.js frontend/build.* frontend/package-lock.json src/hansa/serve/pictures/land/coarse.json) | $(VENV)/.run
	$(BIN)/python frontend/build.py

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
	rm -rf $(VENV) dist frontend/node_modules src/hansa/serve/pages/static/built
