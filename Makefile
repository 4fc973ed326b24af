# Two commands matter on a fresh machine: `make demo` and `make test`. Both begin with `make install`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
TOOLS := .venv-audit
# uv does not read pip's configuration: an office's package mirror is handed on to it.
MIRROR := $(or $(UV_DEFAULT_INDEX),$(PIP_INDEX_URL),$(shell $(PYTHON) -m pip config get global.index-url 2>/dev/null))
ifneq ($(MIRROR),)
export UV_DEFAULT_INDEX := $(MIRROR)
endif

# Compiled modules are kept: otherwise every process of the tests would compile all of them again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install install-dev demo test compiled lint bench soak audit audited sbom lock clean

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

test: install install-dev
	$(MAKE) --no-print-directory -j2 lint compiled
	$(BIN)/pytest -n 3

# What every worker of the tests loads, compiled once, while another core lints.
compiled: install install-dev
	$(BIN)/pytest --collect-only -qq >$(VENV)/collected || (cat $(VENV)/collected; exit 1)

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
	$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 requirements/audit.in -o requirements/audit.txt
	for extra in heic ocr bench; do $(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --extra $$extra -c requirements/runtime.txt pyproject.toml -o requirements/$$extra.txt || exit 1; done

# Known faults of what is locked. Where the advisories cannot be reached, it says so and passes.
audit: $(UV)
	@.ci/advisories && $(MAKE) --no-print-directory audited || [ $$? -eq 3 ]

audited: $(TOOLS)/.installed
	for each in runtime heic ocr build; do \
		$(TOOLS)/bin/pip-audit --vulnerability-service osv --require-hashes --disable-pip -r requirements/$$each.txt || exit 1; \
	done

# What the product is made of, with licences: out/dajuan.cdx.json, in CycloneDX.
sbom: $(TOOLS)/.installed $(TOOLS)/runtime/.installed
	mkdir -p out
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible -o out/dajuan.cdx.json $(TOOLS)/runtime/bin/python

$(TOOLS)/.installed: $(UV) requirements/audit.txt
	$(UV) venv --quiet --clear --python $(PYTHON) $(TOOLS)
	$(UV) pip install --quiet --python $(TOOLS)/bin/python --require-hashes -r requirements/audit.txt
	touch $@

$(TOOLS)/runtime/.installed: $(UV) requirements/runtime.txt $(TOOLS)/.installed
	$(UV) venv --quiet --clear --python $(PYTHON) $(TOOLS)/runtime
	$(UV) pip install --quiet --python $(TOOLS)/runtime/bin/python --require-hashes -r requirements/runtime.txt
	touch $@

clean:
	rm -rf $(VENV) $(TOOLS) .pytest_cache .mypy_cache .ruff_cache .hypothesis out
