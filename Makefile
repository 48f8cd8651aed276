# `make` alone lists the targets. Everything lives in .venv/ and .stack/; `make clean` removes both.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
MEMBERS := schemas telaio services/casa services/cruscotto deploy/local

.DEFAULT_GOAL := help
.PHONY: help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# Hashes are checked for everything that comes from outside; our own members are linked, not copied.
$(READY): requirements.lock pyproject.toml $(MEMBERS:%=%/pyproject.toml)
	@echo "· ambiente Python in $(VENV) (solo la prima volta)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "serve Python 3.11 o più recente")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(MEMBERS:%=-e ./%)
	@touch $@

.PHONY: lock
lock: $(READY) ## choose newer versions and write requirements.lock (versions and hashes, no addresses)
	$(BIN)/uv lock --upgrade && $(BIN)/uv export --frozen --no-emit-workspace --no-header --quiet -o requirements.lock
