# Two commands matter on a fresh machine: `make demo` and `make test`. Both begin with `make install`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# uv does not read pip's configuration: an office's package mirror is handed on to it.
MIRROR := $(or $(UV_DEFAULT_INDEX),$(PIP_INDEX_URL),$(shell $(PYTHON) -m pip config get global.index-url 2>/dev/null))
ifneq ($(MIRROR),)
export UV_DEFAULT_INDEX := $(MIRROR)
endif

.PHONY: install install-dev demo test lint types check bench soak lock clean

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

$(UV): requirements/build.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt

$(VENV)/.installed: $(UV) requirements/runtime.txt pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	touch $@

demo: install
	$(BIN)/dajuan demo

lint: install install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: install install-dev lint
	$(BIN)/pytest -n 2

bench: install install-dev $(VENV)/.installed-bench
	$(BIN)/python -m tests.bench --json out/bench.json

soak: install install-dev
	$(BIN)/python -m tests.soak --json out/soak.json $(SOAK)

$(VENV)/.installed-bench: requirements/bench.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/bench.txt
	touch $@

lock:
	$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 requirements/build.in -o requirements/build.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements/runtime.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
	for extra in heic ocr audit bench; do $(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --extra $$extra -c requirements/runtime.txt pyproject.toml -o requirements/$$extra.txt || exit 1; done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis out
