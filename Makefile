# What can be done here. Every target makes the virtual environment itself where it needs one.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; \
	done; echo python3)
BIN := .venv/bin
PORT ?= 8000
SANDBOX_PORT ?= 8010
# More words for pytest: make test ARGS="tests/unit -k merge"; -n 0 for one process alone
# and for the bench: make bench ARGS="mirror --platform trueconf --rows 1000 5000"
ARGS ?=
# How long the soak goes on: make soak MINUTES=120
MINUTES ?= 5

# Bytecode is kept: every process of a run, and every one that a test starts, reads it.
PYTEST = env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --maxprocesses 4 \
	--durations 20

.PHONY: help demo demo-reset install install-demo install-dev test test-databases check nightly \
	format bench screenshots mutants soak docs lock

help:
	@echo "make demo         start Lectern with sandbox platforms; Ctrl-C ends it"
	@echo "make demo-reset   forget what the demo has stored, and start over at the next make demo"
	@echo "make test         run every test (DATABASE_URL and CELERY_BROKER_URL choose other servers)"
	@echo "make test-databases  what those servers may answer differently, and nothing else"
	@echo "make check        formatting, lint, types, import contracts, migrations, deployment"
	@echo "make nightly      many more examples, all faults at all calls, all nasty inputs, the mutants"
	@echo "make format       format the Python files and the templates"
	@echo "make bench        measure: make bench ARGS=\"mirror --rows 1000 20000\" (docs/scaling.md)"
	@echo "make mutants      prove that the sync's tests can fail"
	@echo "make soak         keep real workers under faults and kills for MINUTES=5, and judge the end"
	@echo "make screenshots  take docs/screenshots anew; make docs: write the generated documents"
	@echo "make lock         pin the newest allowed packages"

demo: install-demo
	@$(BIN)/python manage.py demo --port $(PORT) --sandbox-port $(SANDBOX_PORT)

demo-reset: install-demo
	@$(BIN)/python manage.py demo --reset

install:
	@$(PYTHON) tools/install.py run

install-demo:
	@$(PYTHON) tools/install.py demo

install-dev:
	@$(PYTHON) tools/install.py test

test: install-dev
	$(PYTEST) $(ARGS)

test-databases: install-dev
	$(PYTEST) -m database tests/integration tests/property $(ARGS)

nightly: install-dev
	HYPOTHESIS_PROFILE=nightly $(PYTEST) tests/property tests/unit tests/integration tests/browser $(ARGS)
	$(BIN)/python -m tests.property.mutants

check: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint templates --check --quiet
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy portal integrations
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python tools/check_deploy.py

format: install-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint templates --reformat --quiet

bench: install-dev
	$(BIN)/python -m tests.bench $(ARGS)

screenshots: install-dev
	$(BIN)/python -m tests.browser.screenshots

mutants: install-dev
	$(BIN)/python -m tests.property.mutants

soak: install-dev
	$(BIN)/python -m tests.soak --minutes $(MINUTES)

docs: install-dev
	$(BIN)/python tools/write_docs.py
	$(BIN)/python tools/write_icons.py

LOCK := UV_SYSTEM_CERTS=1 $(BIN)/uv pip compile --upgrade --generate-hashes --universal \
	--python-version 3.11 --no-emit-index-url --no-emit-find-links --quiet
lock: install-dev
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-demo.in -o requirements-demo.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-tools.in -o requirements-tools.txt
