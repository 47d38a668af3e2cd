# make demo      report the sample project to a local OneTest
# make test      install what is needed and run the suite; make test-all adds all faults and kills
# make coverage  measure which lines the tests reach, and print the others
# make fuzz      fuzz the reader of reports for ten minutes; FUZZ_SECONDS=3600 for an hour, FUZZ_FORMATS=go,jest for some
# make check     run ruff and mypy
# make format    repair what ruff can repair
# make bench     measure speed and memory against goals and peers; a quarter of an hour
# make docs      build the documentation site into .site/; any warning is an error
# make pictures  make the documentation's pictures; needs Chromium and fonts (tools/pictures.py)
# make wrappers  write what is generated from the settings: inputs, component, Jenkins step, tables, schema
# make events    write the tables of commit, branch and pull request by event and host
# make api-notes write the tables of endpoints in docs/onetest-api.md
# make lock      lock the image's dependencies; none is younger than a week
# make image     build the image with the machine's Docker engine
# make image-arm64  build and test the image for arm64, by emulation; as root on Debian, half an hour
# make test-hosts   test with real hosts' tools: engine, image, runners; starts an engine if none runs
# Everything is installed into .venv. Nothing outside the checkout changes.

PYTHON ?= python3
VENV   ?= .venv
FUZZ   ?= .fuzz
FUZZ_SECONDS ?= 600
FUZZ_FORMATS ?=
BIN     = $(VENV)/bin
PIP     = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL = help
.PHONY: help demo test coverage test-all image-arm64 test-hosts hosts-tools fuzz check format format-table events api-notes bench docs pictures wrappers lock image dist test-dist clean

help:
	@sed -n '/^# make/s/^# //p' Makefile

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.13" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[emulator]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[emulator,dev]'
	@touch $@ $(VENV)/demo.stamp

# Checks the emulator's OpenAPI document. It depends on some 50 packages, so it has its own environment.
$(VENV)/schemathesis.stamp: | $(BIN)/python
	$(BIN)/python -m venv $(BIN)/schemathesis
	$(BIN)/schemathesis/bin/python -m pip install --quiet --disable-pip-version-check 'schemathesis>=4.0'
	@touch $@

# Earlier versions of ReportPortal's agent for pytest, each in its own environment.
PYTEST_AGENTS := tests/emulator/clients/pytest-reportportal.txt
$(VENV)/agents-pytest.stamp: $(PYTEST_AGENTS) | $(BIN)/python
	rm -rf $(VENV)/agents-pytest
	for version in $$(cat $(PYTEST_AGENTS)); do \
		$(BIN)/python -m venv $(VENV)/agents-pytest/$$version || exit 1; \
		$(VENV)/agents-pytest/$$version/bin/python -m pip install --quiet --disable-pip-version-check \
			pytest-reportportal==$$version || exit 1; done
	@touch $@

# Official ReportPortal agents for JavaScript. Without npm their tests are skipped.
$(VENV)/agents-js.stamp: tests/emulator/clients/package.json | $(BIN)/python
	mkdir -p $(VENV)/agents-js && cp $< $(VENV)/agents-js/
	command -v npm >/dev/null || exit 0; cd $(VENV)/agents-js && npm install --silent --no-audit --no-fund
	@touch $@

# The same for Java: a run with reporting switched off downloads what the tests need. Without Maven they are skipped.
JAVA := tests/emulator/clients/java
$(VENV)/agents-java.stamp: $(JAVA)/junit5/pom.xml $(JAVA)/testng/pom.xml | $(BIN)/python
	rm -rf $(VENV)/agents-java && cp -R $(JAVA) $(VENV)/agents-java
	command -v mvn >/dev/null || exit 0; for suite in junit5 testng; do \
		mvn --quiet --batch-mode --file $(VENV)/agents-java/$$suite/pom.xml test \
			-Drp.enable=false -Dmaven.test.failure.ignore=true || exit 1; done; \
		touch $(VENV)/agents-java/fetched
	@touch $@

demo: $(VENV)/demo.stamp
	@$(BIN)/python examples/demo.py

# A sample of the tests is measured (tests/support/coverage_sample.py); the floor is fail_under in pyproject.toml.
test: $(VENV)/dev.stamp $(VENV)/schemathesis.stamp
	rm -rf .coverage
	$(BIN)/coverage run -m pytest --numprocesses auto --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --format total

# Measures all tests that can be measured, without a floor. It takes twice the time of `make test`.
coverage: $(VENV)/dev.stamp $(VENV)/schemathesis.stamp
	rm -rf .coverage
	-ONETEST_MEASURED=all $(BIN)/coverage run -m pytest --numprocesses auto --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under 0

test-all: $(VENV)/dev.stamp $(VENV)/schemathesis.stamp $(VENV)/agents-pytest.stamp $(VENV)/agents-js.stamp \
		$(VENV)/agents-java.stamp $(VENV)/hosts.stamp $(VENV)/github-openapi.stamp fuzz
	tests/hosts/engine.sh $(BIN)/python -m pytest --numprocesses auto --dist worksteal -m ""

$(VENV)/fuzz.stamp: $(VENV)/dev.stamp
	$(PIP) --editable '.[emulator,dev,fuzz]'
	@touch $@

fuzz: $(VENV)/fuzz.stamp
	$(BIN)/python tests/fuzz/reading.py --seconds $(FUZZ_SECONDS) --formats '$(FUZZ_FORMATS)' --corpus $(FUZZ)/inputs --findings $(FUZZ)/found

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

format-table: $(VENV)/dev.stamp
	PYTHONPATH=src:tests $(BIN)/python tests/support/format_table.py

events: $(VENV)/dev.stamp
	PYTHONPATH=src:tests $(BIN)/python tests/support/event_table.py

api-notes: $(VENV)/dev.stamp
	PYTHONPATH=src:tests $(BIN)/python -m support.api_table

$(VENV)/docs.stamp: requirements/docs.txt | $(BIN)/python
	$(BIN)/python -m venv $(VENV)/docs
	$(VENV)/docs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

docs: $(VENV)/docs.stamp
	NO_MKDOCS_2_WARNING=1 $(VENV)/docs/bin/mkdocs build --strict --quiet

pictures: $(VENV)/dev.stamp
	$(BIN)/python tools/pictures.py

wrappers: $(VENV)/dev.stamp
	$(BIN)/python tools/wrappers.py
	$(BIN)/python tools/schemas.py
	$(BIN)/python tools/reference.py

LOCK = $(VENV)/lock/bin/uv pip compile --quiet --native-tls --universal --python-version 3.11 --generate-hashes \
  --exclude-newer '7 days' --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

lock: | $(BIN)/python
	@test -x $(VENV)/lock/bin/uv || { $(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv; }
	$(LOCK) --upgrade --extra emulator pyproject.toml --output-file requirements/run.txt
	$(LOCK) --upgrade requirements/build.in --output-file requirements/build.txt
	$(LOCK) --upgrade requirements/hosts.in --output-file requirements/hosts.txt
	$(LOCK) --upgrade requirements/docs.in --output-file requirements/docs.txt
	cd tests/hosts/tools && npm update --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

dist: $(VENV)/dev.stamp
	rm -rf dist $(VENV)/build
	$(PYTHON) -m venv $(VENV)/build
	$(VENV)/build/bin/python -m pip install --quiet --require-hashes --requirement requirements/build.txt
	$(VENV)/build/bin/python -m hatchling build

# Test what users install: the wheel, in its own environment.
test-dist: dist
	rm -rf $(VENV)/dist
	$(PYTHON) -m venv $(VENV)/dist
	$(VENV)/dist/bin/python -m pip install --quiet "$$(ls dist/*.whl)[emulator,dev]"
	$(VENV)/dist/bin/python -m pytest --numprocesses auto tests/cli tests/settings tests/ci tests/hosts

image:
	docker build --tag onetest-report --build-arg REVISION="$$(git rev-parse HEAD)" .

# The base is made of Debian's packages for arm64. A separate engine is started, and the emulator registered.
image-arm64: $(VENV)/dev.stamp
	ENGINE_ARCH=arm64 tests/hosts/engine.sh $(BIN)/python -m pytest tests/image -m "hosts and not full" --durations 1

# Without install scripts: the tools that are used are programs in JavaScript.
$(VENV)/hosts.stamp: requirements/hosts.txt tests/hosts/tools/package-lock.json | $(VENV)/dev.stamp
	$(PIP) --require-hashes --requirement requirements/hosts.txt
	mkdir -p $(VENV)/hosts && cp tests/hosts/tools/package*.json $(VENV)/hosts/
	cd $(VENV)/hosts && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

# GitHub's OpenAPI document. The whole package has 400 MB, so only the file that is read is kept.
GITHUB_OPENAPI := tests/comments/github-openapi.txt
$(VENV)/github-openapi.stamp: $(GITHUB_OPENAPI) | $(BIN)/python
	rm -rf $(VENV)/github-openapi && mkdir -p $(VENV)/github-openapi
	command -v npm >/dev/null || exit 0; cd $(VENV)/github-openapi && \
		npm pack --silent $$(cat $(CURDIR)/$(GITHUB_OPENAPI)) >/dev/null && \
		tar -xzf *.tgz --strip-components 2 package/generated/api.github.com.json && rm *.tgz
	@touch $@

hosts-tools: $(VENV)/hosts.stamp $(VENV)/github-openapi.stamp

test-hosts: $(VENV)/dev.stamp $(VENV)/hosts.stamp $(VENV)/github-openapi.stamp
	tests/hosts/engine.sh $(BIN)/python -m pytest -m "hosts and not full" --numprocesses auto --dist worksteal

# The benchmarks time whole processes, so their environment lacks the developers' tools, whose .pth files slow
# each start of Python.
$(VENV)/bench.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[emulator]'
	@touch $@

# What the benchmarks compare with. Without npm the rows of datadog-ci are empty.
$(VENV)/peers.stamp: benchmarks/peers/requirements.txt benchmarks/peers/package.json | $(BIN)/python
	$(BIN)/python -m venv $(VENV)/peers
	$(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	cp benchmarks/peers/package.json $(VENV)/peers/
	command -v npm >/dev/null || exit 0; cd $(VENV)/peers && npm install --silent --ignore-scripts --no-audit --no-fund
	@touch $@

BENCH = BENCH_GOALS=$(VENV)/bench/goals $(VENV)/bench/bin/python

# The modules are compiled first, as those that pip installs are.
bench: $(VENV)/bench.stamp $(VENV)/peers.stamp
	$(VENV)/bench/bin/python -m compileall -q src
	rm -f $(VENV)/bench/goals
	$(BENCH) benchmarks/startup.py
	$(BENCH) benchmarks/reading.py
	$(BENCH) benchmarks/outputs.py
	$(BENCH) benchmarks/pushing.py import
	$(BENCH) benchmarks/formats.py
	$(BENCH) benchmarks/cases.py
	$(BENCH) benchmarks/pushing.py speed --tests 2000
	$(BENCH) benchmarks/pushing.py memory --large 20000 --import-large 200000
	$(BENCH) benchmarks/emulator.py --cases 300 --items 20000
	@$(BENCH) benchmarks/goals.py

clean:
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache dist
