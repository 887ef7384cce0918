# The data's way: raw -> extract -> clean -> build_db -> check -> clearview.db -> serve / export.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

HOST ?= 127.0.0.1
PORT ?= 8001
PYTHON ?= python3
RUN := .venv/bin/python
# Benches and tools import rooms of the scripts, and each other.
BENCH = PYTHONPATH=scripts:benches $(RUN)

# The folder with the spreadsheets and their mapping.yml. Another than raw/ has its own database, beside its own steps:
# make db RAW=path/to/folder
RAW ?= raw
# A name as one word of a shell: blanks, colons and quotes are part of it. make itself can hold no such name as a file
# to depend on; so the folder's files are looked at by the rule of $(STEPS)/inputs.
quote = '$(subst ','\'',$(1))'
FOLDER := $(or $(shell cd $(call quote,$(RAW)) 2>/dev/null && pwd),$(RAW))
ifeq ($(RAW),raw)
STEPS := build
DB := clearview.db
EXPORTS := exports
PARQUET := parquet
ARCHIVE := archive
METADATA := metadata.yml
COUNTS := --counts scripts/lookups/expected_counts.csv
else
PLACE := build/$(shell basename $(call quote,$(FOLDER)) | LC_ALL=C sed 's/[^A-Za-z0-9._\x80-\xff-]/_/g')
# What the database is called, in addresses too: the folder's name in small Latin letters; a page's name gets a word more.
NAME := $(shell basename $(call quote,$(FOLDER)) | LC_ALL=C tr A-Z a-z | LC_ALL=C sed 's/[^a-z0-9]\{1,\}/_/g; s/^_//; s/_$$//; s/^[^a-z]/list_&/; s/^$$/list/; s/^\(about\|api\|changes\|charts\|clearview\|downloads\|exports\|mcp\|reconcile\|search\|static\|timeline\|workbench\)$$/&_list/')
DB := $(PLACE)/$(NAME).db
STEPS := $(dir $(DB))steps
EXPORTS := $(dir $(DB))exports
PARQUET := $(dir $(DB))parquet
ARCHIVE := $(dir $(DB))archive
METADATA := $(dir $(DB))metadata.yml
COUNTS := $(if $(shell test -f $(call quote,$(RAW)/expected_counts.csv) && echo yes),--counts $(call quote,$(RAW)/expected_counts.csv))
endif
LOOKUPS := $(wildcard scripts/lookups/*.csv)
# What each step is made of: its command and the rooms below it. tests/commands/test_make.py holds these lists against
# the imports.
rooms = $(wildcard $(patsubst %,scripts/%.py,$(1)) $(foreach room,$(2),scripts/$(room)/*.py scripts/$(room)/*.sql))
EXTRACT := $(call rooms,extract,publishing cleaning spreadsheets dataset personal_data lookups)
CLEAN := $(call rooms,clean,cleaning spreadsheets dataset personal_data lookups)
BUILD_DB := $(call rooms,build_db,database cleaning spreadsheets dataset personal_data lookups)
BUILD := scripts/build.py $(sort $(EXTRACT) $(CLEAN) $(BUILD_DB))
CHECK := $(call rooms,check,dataset personal_data lookups)
EXPORT := $(call rooms,export,exports dataset personal_data lookups)
WRITE_PARQUET := $(call rooms,write_parquet,database cleaning spreadsheets dataset personal_data lookups)
SITE_METADATA := $(call rooms,site_metadata,exports dataset personal_data lookups)

##@ Use
.PHONY: help
help: ## Show these targets
	@awk -F ':.*## ' '/^##@/ {print "\n" substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

.PHONY: serve
serve: $(DB) $(METADATA) $(EXPORTS)/datapackage.json .venv/requirements.txt ## Serve the site (HOST=127.0.0.1 PORT=8001 RAW=raw)
	@echo "The site: http://$(HOST):$(PORT)/$(basename $(notdir $(DB)))/agencies (Ctrl-C stops it)"
	@CLEARVIEW_DB=$(DB) CLEARVIEW_EXPORTS=$(EXPORTS) CLEARVIEW_METADATA=$(METADATA) scripts/serve.sh -h $(HOST) -p $(PORT)

.PHONY: serve-public
serve-public: clearview.db .venv/requirements.txt ## Serve it as on the internet, behind nginx (ARGS="--help" tells more)
	@$(RUN) deploy/serve_public.py $(ARGS)

.PHONY: deploy
deploy: clearview.db .venv/requirements.txt ## Put a new database or new pages in place while serve-public runs
	@$(RUN) deploy/deploy.py

.PHONY: db
db: $(DB) ## Build clearview.db from raw/, if anything changed (RAW=folder: from another spreadsheet)
	@echo "$(DB) is up to date"

.PHONY: changes
changes: clearview.db ## Write what each release of the data changed into static/changes.json
	$(RUN) scripts/record_changes.py

.PHONY: release
release: clearview.db ## Give the data a version (VERSION=1.0.0); refuses what is not committed or not built
	$(RUN) scripts/release.py $(VERSION)

.PHONY: new-report
new-report: .venv/requirements.txt ## Add a report to raw/contributions.csv, field by field (docs/contribute.md)
	@$(RUN) scripts/new_report.py $(call quote,$(RAW)) $(ARGS)

.PHONY: new-dataset
new-dataset: .venv/requirements.txt ## Write a first mapping.yml, register and aliases for a spreadsheet (RAW=folder)
	@$(RUN) scripts/new_dataset.py $(call quote,$(RAW)) $(ARGS)

.PHONY: check
check: $(DB) ## Check clearview.db against the rules
	$(RUN) scripts/check.py $(DB) $(COUNTS)

.PHONY: look
look: $(STEPS)/reports.csv ## Look at what is read of a spreadsheet: its first rows, and each column's values (RAW=folder)
	@.venv/bin/csvlook --no-inference --max-rows 10 --max-column-width 30 $<
	@.venv/bin/csvstat --no-inference $<

.PHONY: export
export: $(EXPORTS)/datapackage.json ## Write clearview.db to whole files in exports/, if anything changed
	@echo "$(EXPORTS)/ is up to date"

.PHONY: export-parquet
export-parquet: $(PARQUET) ## Write it to Parquet by country, for DuckDB, Spark and BigQuery (RAW=raw; docs/large.md)
	@echo "$(PARQUET)/ is up to date"

# Where the copy will stand, and where the living record is: ADDRESS=https://example.org/record/ RECORD=https://example.org/
.PHONY: archive
archive: $(DB) $(METADATA) $(EXPORTS)/datapackage.json .venv/requirements.txt ## Write the site as files that need no server (RAW=folder ADDRESS= RECORD= KEY=; docs/archive.md)
	@CLEARVIEW_DB=$(DB) CLEARVIEW_EXPORTS=$(EXPORTS) CLEARVIEW_METADATA=$(METADATA) PYTHONPATH=.:scripts \
		$(RUN) archiving/archive.py $(ARCHIVE) --address $(call quote,$(ADDRESS)) --record $(call quote,$(RECORD)) $(if $(KEY),--key $(call quote,$(KEY)))

.PHONY: archive-serve
archive-serve: ## Look at what make archive wrote (HOST=127.0.0.1 PORT=8001 RAW=raw)
	@test -f $(ARCHIVE)/SHA256SUMS || { echo "There is no archive in $(ARCHIVE)/: make archive writes it."; exit 1; } >&2
	@echo "The archive: http://$(HOST):$(PORT)/ (Ctrl-C stops it)"
	@$(PYTHON) -m http.server --bind $(HOST) --directory $(ARCHIVE) $(PORT)

.PHONY: verify-archive
verify-archive: .venv/requirements.txt ## Say whether a copy is whole and which release it is (FOLDER=archive KEY=publisher.pub RELEASE=1.0.0)
	@PYTHONPATH=.:scripts $(RUN) archiving/verify_archive.py $(call quote,$(or $(if $(filter command line,$(origin FOLDER)),$(FOLDER)),$(ARCHIVE))) \
		$(if $(KEY),--key $(call quote,$(KEY))) $(if $(RELEASE),--release $(call quote,$(RELEASE)))

##@ Develop
TESTED := clearview.db .venv/requirements-dev.txt .venv/requirements-sqlite.txt .venv/requirements-parquet.txt
# Thousands of processes begin here; where this variable is set, each would compile every module anew.
PYTEST := env -u PYTHONDONTWRITEBYTECODE .venv/bin/pytest --dist loadfile --no-loadscope-reorder --durations=15
.PHONY: test
test: $(TESTED) ## Run the tests: about five minutes on two cores (TESTS=tests/cleaning: some of them)
	$(PYTEST) -n 2 -m "not slow" $(TESTS)

# Spark is 450 MB to download, and of no use without Java.
SPARK := $(if $(shell command -v java),.venv/requirements-spark.txt)
# Deploys and browsers wait for each other half of the time, so that three share two cores.
WORKERS ?= 3
.PHONY: test-slow
test-slow: $(TESTED) $(SPARK) ## Run what takes longer: Spark, thousands of spreadsheets, every link, the service behind nginx
	FILES=$(or $(FILES),2000) $(PYTEST) -n $(WORKERS) -m slow $(TESTS)

.PHONY: fuzz-api
fuzz-api: clearview.db .venv/requirements-dev.txt ## Ask the API over 1,000 requests made from /openapi.json (CASES=6 for each address)
	FUZZ_CASES=$(or $(CASES),6) .venv/bin/pytest -q -s tests/api/test_fuzz_api.py

.PHONY: fuzz-build
fuzz-build: .venv/requirements-dev.txt ## Build 2,000 spreadsheets that nobody thought of (FILES=2000)
	FILES=$(or $(FILES),2000) .venv/bin/pytest -q tests/spreadsheets/test_fuzz_build.py

.PHONY: check-committed
check-committed: .venv/requirements.txt ## Rebuild elsewhere and compare with the committed clearview.db
	$(RUN) scripts/check_committed.py
	$(RUN) scripts/record_changes.py --check

.PHONY: lint
lint: .venv/requirements-dev.txt ## Check rules, format and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	for room in scripts service plugins deploy archiving benches tools; do .venv/bin/mypy $$room || exit 1; done

.PHONY: format
format: .venv/requirements-dev.txt ## Mend what ruff can mend
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.PHONY: bench
bench: .venv/requirements.txt ## Time what a newcomer waits for, in a fresh clone
	$(BENCH) benches/bench.py

.PHONY: bench-page
bench-page: clearview.db .venv/requirements.txt ## Time uncached pages beside stock Datasette's, and those of 25,000 agencies (needs wrk)
	$(BENCH) benches/bench_page.py
	$(BENCH) benches/bench_many.py

.PHONY: bench-million
bench-million: .venv/requirements.txt ## Build, check, export and serve 25,000 agencies and a million reports (half an hour; ARGS="--rows 100000")
	$(BENCH) benches/bench_million.py $(ARGS)

.PHONY: bench-archive
bench-archive: .venv/requirements-dev.txt ## Time views of 25,000 agencies in an archive's pages (needs nginx, Chromium; ARGS=an/archive)
	$(BENCH) benches/bench_archive.py $(ARGS)

.PHONY: bench-serve
bench-serve: clearview.db .venv/requirements.txt ## Measure stock, uncached, cached and plain files into docs/benchmarks.md (needs nginx, wrk)
	$(BENCH) benches/bench_serve.py

.PHONY: bench-hostile
bench-hostile: clearview.db .venv/requirements.txt ## Time readers' pages and SQL while 200 hostile clients ask for what costs most (needs nginx)
	$(BENCH) benches/bench_hostile.py

.PHONY: fuzz-sql
fuzz-sql: clearview.db .venv/requirements.txt ## Call every function of SQLite's, then ask 10,000 statements made at random (ARGS="--seed 2 --count 500")
	$(BENCH) benches/fuzz_sql.py $(ARGS)

.PHONY: faults
faults: clearview.db .venv/requirements.txt ## Do some forty things that go wrong to a copy of the site, into docs/operations.md (needs root)
	$(BENCH) benches/faults.py $(ARGS)

.PHONY: rehearse
rehearse: clearview.db .venv/requirements.txt ## Lose a process, nginx and two of four replicas under load (needs root)
	$(BENCH) benches/rehearse_processes.py
	$(BENCH) benches/rehearse.py

.PHONY: bench-reconcile
bench-reconcile: .venv/requirements.txt ## Time 1,000 names matched at /reconcile
	$(BENCH) benches/bench_reconcile.py

.PHONY: lighthouse
lighthouse: clearview.db .venv/requirements.txt ## Score six kinds of page with Lighthouse, desktop and phone (needs npm, Chromium; ARGS="--runs 3": medians)
	cd benches/audit && npm ci --silent --ignore-scripts
	$(BENCH) benches/lighthouse.py $(ARGS)

.PHONY: lighthouse-archive
lighthouse-archive: ## Score the same pages of the archive, hosted by nginx (needs nginx, npm, Chromium)
	@test -f $(ARCHIVE)/SHA256SUMS || { echo "There is no archive in $(ARCHIVE)/: make archive writes it."; exit 1; } >&2
	cd benches/audit && npm ci --silent --ignore-scripts
	$(BENCH) benches/lighthouse.py --archive $(ARCHIVE) $(ARGS)

.PHONY: bench-build
bench-build: .venv/requirements-dev.txt ## Time builds of 1,000 to 1,000,000 rows beside their peers (about ten minutes; ARGS="--rows 1000")
	$(BENCH) benches/bench_build.py $(ARGS)

.PHONY: bench-large
bench-large: .venv/requirements-parquet.txt .venv/requirements-spark.txt ## Measure a million reports in Parquet, DuckDB and Spark (needs Java)
	$(BENCH) benches/bench_large.py $(ARGS)

.PHONY: screenshots
screenshots: clearview.db .venv/requirements-dev.txt ## Take the pictures of the README again (needs Chromium)
	$(BENCH) tools/screenshots.py

.PHONY: basemap
basemap: .venv/requirements.txt ## Draw the ground of the map again, from Natural Earth and GeoNames (needs npm)
	cd tools/basemap && npm ci --silent --ignore-scripts
	node tools/basemap/build_basemap.mjs static/basemap/land.json
	$(RUN) tools/basemap/build_towns.py static/basemap/towns.json

.PHONY: town-names
town-names: .venv/requirements.txt ## List the towns again whose names may read like a person's, from GeoNames
	$(RUN) tools/town_names.py scripts/lookups/town_names.csv

.PHONY: workbench
workbench: ## Bundle the libraries of the SQL page again (needs npm)
	cd tools/workbench && npm ci --silent --ignore-scripts
	node tools/workbench/build_libraries.mjs static/workbench

.PHONY: archive-libraries
archive-libraries: ## Bundle SQLite for the pages of the archive again (needs npm)
	cd tools/archive && npm ci --silent --ignore-scripts
	node tools/archive/build_libraries.mjs archiving/browser

.PHONY: crawl
crawl: clearview.db .venv/requirements-dev.txt ## Open every page of the site and of its archive in a browser (needs Chromium; 20 minutes)
	CRAWL="every page" .venv/bin/pytest -q -s tests/pages/test_crawl.py
	CRAWL="every page" .venv/bin/pytest -q tests/archiving/test_whole_archive.py -k pages_open

.PHONY: card
card: .venv/requirements-dev.txt ## Draw the picture for links on social networks again (needs Chromium)
	$(BENCH) tools/draw_card.py static/card.png

.PHONY: notebook
notebook: ## Write docs/notebook.ipynb again, from docs/notebook.md
	$(RUN) tools/notebook.py docs/notebook.md docs/notebook.ipynb

.PHONY: fonts
fonts: .venv/requirements-dev.txt ## Write the fonts of the pages as those of the pictures again
	$(RUN) tools/ttf_fonts.py static/fonts service/fonts

.PHONY: requirements
requirements: .venv/bin/uv ## Lock requirements*.in into requirements*.txt (hashes for all platforms)
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-sqlite.in -o requirements-sqlite.txt
	$(LOCK) requirements-parquet.in -o requirements-parquet.txt
	$(LOCK) requirements-spark.in -o requirements-spark.txt
LOCK := UV_CUSTOM_COMPILE_COMMAND="make requirements" .venv/bin/uv pip compile -q --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

.PHONY: clean
clean: ## Remove what can be made again, not clearview.db
	rm -rf .venv .venvs build build.part exports parquet archive .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Two builds of one folder at once would write into each other's files: the second waits for the first.
ifndef MY_TURN
$(DB) $(EXPORTS)/datapackage.json $(PARQUET) $(STEPS)/reports.csv: .venv/requirements.txt FORCE
	@$(RUN) scripts/take_turns.py $(STEPS)/lock $(MAKE) --no-print-directory MY_TURN=yes $@
else
# From the raw files to the database. It takes the old one's place only when every check has passed.
$(DB): $(STEPS)/inputs $(LOOKUPS) $(STEPS)/folder $(BUILD) $(CHECK) .venv/requirements.txt
	$(RUN) scripts/build.py $(call quote,$(RAW)) $(STEPS) --name $(basename $(notdir $(DB))) --extract scripts/build.py $(EXTRACT) .venv/requirements.txt --clean $(CLEAN)
	$(RUN) scripts/check.py $(STEPS)/clearview.db $(COUNTS)
	mv -f $(STEPS)/clearview.db $@
ifeq ($(RAW),raw)
	$(RUN) scripts/check_committed.py --record $@
endif

# From the database to whole files. They take the old ones' place together, so that none is left of an older build.
$(EXPORTS)/datapackage.json: $(DB) $(METADATA) CITATION.cff $(EXPORT) .venv/requirements.txt
	rm -rf $(STEPS)/exports
	CLEARVIEW_METADATA=$(METADATA) $(RUN) scripts/export.py $(DB) $(STEPS)/exports
	rm -rf $(EXPORTS) && mv $(STEPS)/exports $(EXPORTS)

# They too take the old ones' place together.
$(PARQUET): $(DB) $(WRITE_PARQUET) .venv/requirements-parquet.txt
	rm -rf $(STEPS)/parquet
	$(RUN) scripts/write_parquet.py $(call quote,$(RAW)) $(STEPS) $(DB) $(STEPS)/parquet
	rm -rf $@ && mv $(STEPS)/parquet $@

# For make look alone: build.py extracts what it needs itself.
$(STEPS)/reports.csv: $(STEPS)/inputs $(STEPS)/folder $(LOOKUPS) $(EXTRACT) .venv/requirements.txt
	$(RUN) scripts/extract.py $(call quote,$(RAW)) $(STEPS)
endif

ifneq ($(RAW),raw)
$(METADATA): $(DB) $(STEPS)/inputs metadata.yml $(SITE_METADATA) .venv/requirements.txt
	$(RUN) scripts/site_metadata.py $(call quote,$(RAW)) $@ $(DB)
endif

# Two folders of one name share their place under build/: what stands there is of the folder and the files named in this
# file, so that a spreadsheet that came or went is noticed however old it is.
$(STEPS)/folder: FORCE
	@mkdir -p $(@D)
	@{ printf '%s\n' $(call quote,$(FOLDER)); ls $(call quote,$(RAW)) 2>/dev/null | grep -v '~'; } >$@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# Newer than every file of the folder, and than the spreadsheet where mapping.yml names one that stands elsewhere.
NAMED = sed -n "s/^workbook: *[\"']*\([^\"']*[^\"' ]\)[\"' ]*$$/\1/p" mapping.yml 2>&1
$(STEPS)/inputs: FORCE
	@mkdir -p $(@D)
	@mark="$$PWD/$@"; cd $(call quote,$(FOLDER)) 2>/dev/null || exit 0; [ -f "$$mark" ] && \
		[ -z "$$(find -L . "./$$($(NAMED))" -maxdepth 1 -type f ! -name '*.md' ! -name '[.~]*' -newer "$$mark" 2>/dev/null)" ] || \
		touch "$$mark"

FORCE: ;

# The environment: once for building and serving, more for developing. The copy of the lock file inside it says
# what is installed, so that a lock file that is only newer installs and builds nothing. Each lock file has an
# environment of its own in .venvs/, which the releases made with it link to; .venv is the one of now.
ENVIRONMENT = .venvs/$(shell cksum <requirements.txt | cut -d ' ' -f 1)
INSTALL := $(RUN) -m pip install --disable-pip-version-check --require-hashes

.venv/requirements.txt: requirements.txt
	@cmp -s $< $@ || $(MAKE) --no-print-directory new-venv

.PHONY: new-venv
new-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is: $$($(PYTHON) --version 2>&1)."; \
		echo "With another one: make PYTHON=/path/to/python3"; exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; } >&2
	@cmp -s requirements.txt $(ENVIRONMENT)/requirements.txt || { \
		echo "Making .venv: once, about a minute, 80 MB to download"; \
		$(PYTHON) -m venv --clear $(ENVIRONMENT) && \
		$(ENVIRONMENT)/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements.txt; }
	@cp requirements.txt $(ENVIRONMENT)
	@test -L .venv || rm -rf .venv
	@ln -sfn $(ENVIRONMENT) .venv

# What developers install is compiled as it is first imported, since most of it never is.
.venv/requirements-dev.txt .venv/requirements-parquet.txt .venv/requirements-spark.txt: .venv/%: % .venv/requirements.txt
	@cmp -s $< $@ || { $(INSTALL) --no-compile -r $< && cp $< $@; }

.venv/requirements-sqlite.txt: requirements-sqlite.txt .venv/requirements.txt
	@cmp -s $< $@ || { $(INSTALL) -r $< --upgrade --target .venv/other-sqlite && cp $< $@; }

.venv/bin/uv:
	$(MAKE) .venv/requirements-dev.txt
