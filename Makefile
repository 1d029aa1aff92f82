# make build   environment, demo data if there is none, dbt build, summary
# make doctor what there is to build from in RAW, and what to do first
# make test    lint of Python and all tests: what .ci/run runs
# make planted errors planted into copies of the project, and the checks that catch them
PYTHON    ?= python3
VENV      := .venv
BIN       := $(VENV)/bin
RAW       ?= data/raw
HOUSEHOLDS ?= 2000
DAYS      ?= 730
SEED      ?= 7
AS_OF     ?=
OULAD_DIR ?= ../shared/real/oulad

export DO_NOT_TRACK = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Recipes read these from the environment, so that paths may hold spaces and quotes.
export RAW HOUSEHOLDS DAYS SEED AS_OF OULAD_DIR

.DEFAULT_GOAL := build
.PHONY: build doctor test lint verify metrics-check checks-check ledger-verify planted honest demo forget-demo docs bench oulad clean

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

# Simulates only on the first build of somebody who has nothing in data/raw: any other folder without data is a mistake.
build: $(VENV)/.runtime
	@if $(BIN)/python -m customer_success.building.wants_demo "$$RAW"; then $(MAKE) --no-print-directory demo; fi
	@$(BIN)/python -m customer_success.build --raw "$$RAW" --as-of "$$AS_OF"

demo: $(VENV)/.runtime
	$(BIN)/python -m customer_success.simulate --households "$$HOUSEHOLDS" --days "$$DAYS" --seed "$$SEED" --out "$$RAW" --truth "$$(dirname "$$RAW")/truth"

# The first command on one's own data: what is there, what is missing, what to do. Reads only.
doctor: $(VENV)/.runtime
	@$(BIN)/python -m customer_success.doctor --raw "$$RAW"

# Before one's own data are built on the usual database: removes what builds of simulated data left, and nothing live.
forget-demo: $(VENV)/.runtime
	@$(BIN)/python -m customer_success.building.forget_demo

# The tests that need builds in one process, all other tests beside them.
test: $(VENV)/.dev
	@mkdir -p build
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(BIN)/python -m pytest -p no:cacheprovider -m "not builds" > build/tests.log 2>&1 & beside=$$!; \
	$(BIN)/python -m pytest -p no:cacheprovider -m builds; status=$$?; \
	wait $$beside || status=$$?; cat build/tests.log; exit $$status

# SQL too: minutes, as each model is compiled. Commits run it on what they change.
lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p build && rm -f build/lint*.duckdb
	CS_DATABASE=build/lint.duckdb CS_LEDGER=build/lint_ledger.duckdb $(BIN)/sqlfluff lint --disable-progress-bar --processes 2 models analyses tests/singular

# Do readers still see what was published? Each build asks this too, before it starts.
verify: $(VENV)/.runtime
	@$(BIN)/python -m customer_success.publish verify

# Before a change of a metric or a claim is merged: definitions whole, valid and locked, claims supported. Needs no build.
metrics-check: $(VENV)/.runtime
	@$(BIN)/python -m customer_success.metrics check
	@$(BIN)/python -m customer_success.claims

# Is the ledger what its chains and the published version say it is? Prints the heads.
ledger-verify: $(VENV)/.runtime
	@$(BIN)/python -m customer_success.ledger verify

# Before a change of a test, validation or proof is merged: each is the locked one. Needs no build.
checks-check: $(VENV)/.runtime
	@$(BIN)/python -m customer_success.checks check

planted: $(VENV)/.dev
	cd tests/python && "$(CURDIR)/$(BIN)/python" -m planted

# Honest data sets of many kinds, none of which may stop a build.
honest: $(VENV)/.dev
	cd tests/python && "$(CURDIR)/$(BIN)/python" -m planted.honest

docs: $(VENV)/.runtime
	$(BIN)/dbt docs generate --static
	@echo "target/static_index.html"

bench: $(VENV)/.runtime
	-$(BIN)/python -m bench.churn
	-$(BIN)/python -m bench.journeys
	$(BIN)/python -m bench

# The same project on real data of part of the sources; see examples/oulad.
oulad: $(VENV)/.runtime
	$(BIN)/python examples/oulad/map_to_raw.py --source "$$OULAD_DIR" --out data/oulad
	CS_DATABASE=warehouse/oulad.duckdb CS_LEDGER=warehouse/oulad_ledger.duckdb CS_REPORTS=build/reports/oulad \
		$(BIN)/python -m customer_success.build --raw data/oulad --as-of 2014-05-31

# What can be built again. The ledger cannot: it remembers what earlier builds knew.
clean:
	rm -rf target logs build warehouse/working.duckdb* warehouse/oulad.duckdb*
