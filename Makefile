# Needs git, make and Python 3.11 or newer. Everything else is fetched into this checkout: into .venv and .local.
.DEFAULT_GOAL := help
.PHONY: help run test check bench reset
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

# uv of this machine when there is one; else our own, with its cache beside it.
UV := $(shell command -v uv || echo .local/uv/bin/uv)
ifeq ($(UV),.local/uv/bin/uv)
export UV_CACHE_DIR := $(CURDIR)/.local/uv/cache
export UV_PYTHON_PREFERENCE := only-system
endif
# Whom this machine trusts, its office's own authority too, counts for every tool that fetches.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export SSL_CERT_FILE ?= /etc/ssl/certs/ca-certificates.crt
export NODE_EXTRA_CA_CERTS ?= $(SSL_CERT_FILE)
endif
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Without compiled modules every process of the demo and of the tests takes twice as long to start.
unexport PYTHONDONTWRITEBYTECODE
export npm_config_cache := $(CURDIR)/.local/npm
export PLAYWRIGHT_BROWSERS_PATH ?= $(CURDIR)/.local/browsers

help: ## Say what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.to-run ## Start everything; Ctrl-C stops it
	@exec portal demo

test: check ## Every check and every test (under 20 minutes)
	@python -m tests.browser
	@pytest -q -n 2 --dist loadfile tests/rooms tests/interop tests/journeys

check: .venv/.to-test ## The quick half: style, types, architecture, rules (under a minute)
	ruff check --quiet
	ruff format --check --quiet
	pyright
	lint-imports
	djlint --lint --quiet templates
	squawk portal/migrations/*.sql
	codespell
	vulture
	@pytest -q -n 2 --dist loadfile tests/architecture tests/unit

bench: .venv/.to-test ## Measure the speed, beside the ceiling of this machine
	@python -m tests.bench

reset: .venv/.to-run ## Forget what the demo keeps
	@portal demo --reset

# What the portal needs, and what its tests need besides; made anew when the lock changes.
.venv/.to-run: uv.lock pyproject.toml | $(UV)
	@echo "  Fetching what the portal needs …"
	@$(UV) sync --frozen --quiet --no-group dev --inexact && touch $@

.venv/.to-test: uv.lock pyproject.toml | $(UV)
	@echo "  Fetching what the tests need …"
	@$(UV) sync --frozen --quiet && touch $@ .venv/.to-run

.local/uv/bin/uv:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: install python3."; exit 1; }
	@python3 -c 'import ensurepip' 2>/dev/null \
		|| { echo "This Python cannot make environments: install python3-venv, or uv."; exit 1; }
	@mkdir -p -m 700 .local
	@echo "  Fetching uv …"
	@python3 -m venv .local/uv && .local/uv/bin/pip install --quiet --no-cache-dir --disable-pip-version-check uv
