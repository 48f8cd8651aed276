# `make` alone lists the targets. Everything lives in .venv/ and .stack/; `make clean` removes both.
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
READY   := $(VENV)/.ready
MEMBERS := schemas telaio services/casa services/lavoro services/giovani services/punti services/cruscotto deploy/local

.DEFAULT_GOAL := help
.PHONY: help demo test test-embedded check up down status clean bench faults allarmi schemas ruoli vendor system lock bundle deploy-files

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: $(READY) ## the whole thing on this machine: servers, services, a believable stretch of the project; Ctrl-C ends it
	@$(BIN)/python -m stack demo

test: $(READY) ## all tests, on real servers started for them
	@$(BIN)/pytest

test-embedded: $(READY) ## the connected tests on the embedded broker, as on a machine without JDK; lists what is skipped
	@GENERA_BROKER=embedded $(BIN)/pytest telaio services tests/story tests/traps

check: $(READY) ## style, types, import rules, sizes, exported schemas
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy schemas/contratti telaio/telaio $(foreach s,casa lavoro giovani punti cruscotto,services/$(s)/$(s)) deploy/local/stack deploy/local/scenario deploy/bundle/bundle tests/bench tests/monitoring deploy/sorveglianza.py deploy/grafana/pannelli.py
	@$(BIN)/lint-imports
	@$(BIN)/python -m contratti.esporta --check
	@$(BIN)/pytest -q tests/architecture

up: $(READY) ## start the local stack in the background; addresses in .stack/addresses.json
	@$(BIN)/python -m stack up

down: $(READY) ## stop it
	@$(BIN)/python -m stack down

status: $(READY) ## where everything is
	@$(BIN)/python -m stack status

bench: $(READY) ## measure side by side; goal and reached; writes .stack/bench.json
	@PYTHONPATH=tests $(BIN)/python -m bench

faults: $(READY) ## the fault matrix, full rounds (long)
	@GENERA_COLLAUDO=lungo $(BIN)/pytest -s --timeout 7200 tests/faults

allarmi: $(READY) ## break a running network four times and see who is told of what (ten minutes; needs `make system`)
	@PYTHONPATH=tests $(BIN)/python -m monitoring

bundle: $(READY) ## SERVICE=casa: all a partner needs to run its service, in one archive under dist/ (needs the registry)
	@PYTHONPATH=deploy/bundle $(BIN)/python -m bundle $(or $(SERVICE),$(error indicare SERVICE=casa, lavoro, giovani, punti o cruscotto))

deploy-files: $(READY) ## write .env.example from the settings, Strimzi's resources from manifest and district
	@PYTHONPATH=deploy/bundle $(BIN)/python -m bundle.env_example
	@PYTHONPATH=deploy/bundle $(BIN)/python -m bundle.strimzi

schemas: $(READY) ## export JSON Schemas and samples of the contract
	@$(BIN)/python -m contratti.esporta

ruoli: $(READY) ## write docs/ruoli.md: who may see or do what
	@PYTHONPATH=tests $(BIN)/python -m access

vendor: ## build the vendored page assets again (needs Node)
	@deploy/vendor/build.sh

system: ## what the tests of pages and of monitoring need from the system (Debian; asks for root)
	@S=$$( [ "$$(id -u)" = 0 ] || echo sudo ); \
	command -v chromium >/dev/null || { $$S apt-get update -qq && $$S apt-get install -y -qq chromium >/dev/null; }; \
	{ command -v promtool && command -v amtool && command -v prometheus-node-exporter; } >/dev/null || { $$S apt-get update -qq && \
	  $$S apt-get install -y -qq --no-install-recommends prometheus prometheus-alertmanager prometheus-node-exporter >/dev/null; }

lock: $(READY) ## choose newer versions and write requirements.lock (versions and hashes, no addresses)
	@$(BIN)/uv lock --upgrade --quiet
	@$(BIN)/uv export --frozen --no-emit-workspace --no-header --quiet -o requirements.lock

clean: ## remove everything that was made here
	@test ! -x $(BIN)/python || $(BIN)/python -m stack down >/dev/null 2>&1 || true
	@rm -rf $(VENV) .stack .mypy_cache .ruff_cache .hypothesis .import_linter_cache uv.lock
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Hashes are checked for everything that comes from outside; our own members are linked, not copied.
$(READY): requirements.lock pyproject.toml $(MEMBERS:%=%/pyproject.toml)
	@echo "· ambiente Python in $(VENV) (solo la prima volta: un minuto)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "serve Python 3.11 o più recente")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(MEMBERS:%=-e ./%)
	@touch $@
