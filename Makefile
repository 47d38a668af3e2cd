# make demo    see it work: emulator, real reports, one launch
# make test    install what is needed and run the suite; make test-all takes all faults and kills as well
# make fuzz    fuzz the reader of reports for ten minutes, or FUZZ_SECONDS=3600
# make check   ruff, mypy and the other guards of the tree
# make bench   print the speed ratios
# Everything lives in .venv; nothing outside the checkout is changed.

PYTHON ?= python3
VENV   ?= .venv
FUZZ   ?= .fuzz
FUZZ_SECONDS ?= 600
BIN     = $(VENV)/bin
PIP     = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL = help
.PHONY: help demo test test-all fuzz check format dialects bench clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -n 6

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.13" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[emulator]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[emulator,dev]'
	@touch $@ $(VENV)/demo.stamp

# Checks the emulator's OpenAPI document; in an environment of its own, as it brings half a hundred packages.
$(VENV)/schemathesis.stamp: | $(BIN)/python
	$(BIN)/python -m venv $(BIN)/schemathesis
	$(BIN)/schemathesis/bin/python -m pip install --quiet --disable-pip-version-check 'schemathesis>=4.0'
	@touch $@

# Official ReportPortal agents for JavaScript: clients that nobody here wrote. Without npm their tests are skipped.
$(VENV)/agents-js.stamp: tests/emulator/clients/package.json | $(BIN)/python
	mkdir -p $(VENV)/agents-js && cp $< $(VENV)/agents-js/
	command -v npm >/dev/null || exit 0; cd $(VENV)/agents-js && npm install --silent --no-audit --no-fund
	@touch $@

demo: $(VENV)/demo.stamp
	@$(BIN)/python examples/demo.py

test: $(VENV)/dev.stamp $(VENV)/schemathesis.stamp
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

test-all: $(VENV)/dev.stamp $(VENV)/schemathesis.stamp $(VENV)/agents-js.stamp fuzz
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m ""

$(VENV)/fuzz.stamp: $(VENV)/dev.stamp
	$(PIP) --editable '.[emulator,dev,fuzz]'
	@touch $@

fuzz: $(VENV)/fuzz.stamp
	$(BIN)/python tests/fuzz/reading.py --seconds $(FUZZ_SECONDS) --corpus $(FUZZ)/inputs --findings $(FUZZ)/found

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

dialects: $(VENV)/dev.stamp
	PYTHONPATH=src:tests $(BIN)/python tests/support/dialect_table.py

bench: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/dialects.py
	$(BIN)/python benchmarks/pushing.py speed
	$(BIN)/python benchmarks/pushing.py import
	$(BIN)/python benchmarks/pushing.py memory
	$(BIN)/python benchmarks/emulator.py

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache dist
