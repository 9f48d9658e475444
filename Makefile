# Everything a person does with this checkout. `make` lists it. The first run of a target sets up what it needs.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
SETTINGS := DJANGO_SETTINGS_MODULE=tera.portal.settings
LOCK := $(BIN)/uv --quiet pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard tera/portal/locale/*/LC_MESSAGES/*.po))
PINS := pyproject.toml requirements.lock requirements-uv.lock

.PHONY: help
help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="	" read -r name does; do printf '  make %-10s %s\n' "$$name" "$$does"; done

.PHONY: setup
setup: .venv/.runtime $(TRANSLATIONS) ## make .venv with what it takes to run Tera
	@:

.PHONY: setup-dev
setup-dev: .venv/.dev $(TRANSLATIONS) ## that, and what it takes to test it
	@:

.PHONY: demo
demo: setup ## an invented ministry, grown and served on this machine; PORT=8123 picks the port
	@$(BIN)/tera demo $(if $(PORT),--port $(PORT)) $(ARGS)

.PHONY: browser
browser: setup-dev ## find a Chromium for the tests, or get one, and print its path
	@$(BIN)/python -m tools.browser

.PHONY: test
test: setup-dev browser ## every test: on PostgreSQL and on SQLite, in a real browser; ARGS="-k word" picks
	@$(BIN)/python -m tools.run_tests $(ARGS)

.PHONY: check
check: setup-dev ## format, lint, types, imports, migrations, documents
	@$(BIN)/ruff format --check --output-format concise . || { echo "check: 'make fix' formats these files" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@$(SETTINGS) $(BIN)/python -m django makemigrations --check --dry-run
	@$(BIN)/pytest -q tests/house/test_docs.py tests/house/test_locks.py tests/house/test_sizes.py

.PHONY: fix
fix: setup-dev ## format, and repair what the linter can
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

.PHONY: bench
bench: setup-dev ## measure what we claim
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: lighthouse
lighthouse: setup-dev ## Lighthouse on the form, as a slow phone loads it: 99 at least; needs npm
	@$(BIN)/python -m tools.lighthouse

.PHONY: screens
screens: setup-dev ## a picture of every step of answering in every language: TO=folder
	@$(BIN)/python -m tools.screens $(if $(TO),$(TO),$(error screens: say where to, as in: make screens TO=/tmp/screens)) $(ARGS)

.PHONY: coverage
coverage: setup-dev ## how often the lower bound of a mean holds, in 12 invented worlds, 10,000 samples each: 94.5 % at least
	@$(BIN)/python -m tools.coverage $(ARGS)

.PHONY: power
power: setup-dev ## what screening says of 10,000 honest units, and what it sees of six fabricators
	@$(BIN)/python -m tools.power $(ARGS)

.PHONY: soak
soak: coverage ## that, and kill the server and its PostgreSQL under load, KILLS=1000 times; SEED=7 repeats a plan
	@$(BIN)/python -m tools.soak $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) $(ARGS)

.PHONY: offline
offline: setup-dev ## phones lose network and tabs in a real browser, N=1000 schedules; SEED=7 repeats them
	@$(BIN)/python -m tools.offline_schedules $(if $(N),--n $(N)) $(if $(SEED),--seed $(SEED)) $(ARGS)

.PHONY: kills
kills: setup-dev ## kill a worker at every step of sealing and publishing, for the better part of an hour
	@$(BIN)/python -m tools.kill_workers $(ARGS)

.PHONY: identifiers
identifiers: setup-dev ## swap 20,000 names of units, surveys and people in addresses, as every role: none may open anything
	@UNITS=$(or $(UNITS),47) $(BIN)/pytest -q -n 2 tests/matrix/test_identifiers.py

.PHONY: mutations
mutations: setup-dev ## damage ledgers at random: the verifier must reject every one; N=10000 SEED=1 ARGS=--demo
	@$(BIN)/python -m tests.verifier.mutations $(if $(N),$(N),10000) $(if $(SEED),$(SEED),1) $(ARGS)

.PHONY: test-interop
test-interop: setup-dev ## let Go's own client read our ledger (Debian's golang-go, golang-golang-x-mod-dev)
	@$(BIN)/python -m tools.interop

.PHONY: letters
letters: setup-dev ## LibreOffice reads our letters (Debian's libreoffice-writer-nogui); TO=folder keeps them
	@$(BIN)/python -m tools.office_papers $(if $(TO),--to $(TO))

.PHONY: workflow
workflow: setup-dev ## write docs/workflow.md and docs/proposals.md from their tables
	@text="$$($(BIN)/python -m tools.workflow)" && printf '%s\n' "$$text" > docs/workflow.md
	@text="$$($(BIN)/python -m tools.proposals)" && printf '%s\n' "$$text" > docs/proposals.md

.PHONY: lock
lock: setup-dev ## pin what pyproject.toml asks for; ARGS=--upgrade takes newer releases
	@$(LOCK) $(ARGS) pyproject.toml -o requirements.lock
	@$(LOCK) $(ARGS) --group dev -c requirements.lock -o requirements-dev.lock

.PHONY: clean
clean: ## remove .venv and every cache; never your data
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find tera tools tests benchmarks demo -name __pycache__ -prune -exec rm -rf {} +

.venv/.runtime: $(PINS)
	@tools/setup.sh runtime

.venv/.dev: $(PINS) requirements-dev.lock
	@tools/setup.sh dev

%.mo: %.po | .venv/.runtime
	@$(BIN)/python -m tools.compile_translations $<
