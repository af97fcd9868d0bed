# The commands of Milieu. `make` alone lists them.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/python -m pytest
# Tests that need no server of their own run side by side, a process a core.
SIDE_BY_SIDE := -n auto --maxprocesses 4

# A production start, as far as a machine can check it without a server.
PRODUCTION := env -u MILIEU_DEMO -u DEBUG \
	SECRET_KEY=only-for-the-deployment-check-0123456789-abcdefghijklm \
	ACCESS_CODE_PEPPER=only-for-the-deployment-check-9876543210-nopqrstuvwxyz \
	ALLOWED_HOSTS=milieu.example.org TRUSTED_PROXIES=1 \
	DATABASE_URL=postgres://milieu@127.0.0.1/milieu BROKER_URL=amqp://milieu@127.0.0.1//

.DEFAULT_GOAL := help
.PHONY: help demo run worker beat queue check test test-all journey witness bench monte-carlo clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' \
		| while IFS='|' read -r name words; do printf '  make %-13s %s\n' "$$name" "$$words"; done

demo: $(VENV)/.installed ## Everything on this machine, with made data (another port: make demo PORT=8001)
	@MILIEU_DEMO=1 exec $(MANAGE) demo --port $(PORT)

run: $(VENV)/.installed ## A web server that reloads, for development
	DEBUG=1 $(MANAGE) runserver $(PORT)

queue: $(VENV)/.installed ## The embedded queue alone, for development
	DEBUG=1 $(MANAGE) queue

worker: $(VENV)/.installed ## A Celery worker, for development
	DEBUG=1 $(BIN)/celery -A config worker --loglevel INFO

beat: $(VENV)/.installed ## Celery's clock, for development
	DEBUG=1 $(BIN)/celery -A config.clock beat --loglevel INFO --schedule var/beat --pidfile=

check: $(VENV)/.tools ## Style, types, import contracts, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MILIEU_DEMO=1 $(BIN)/mypy
	$(BIN)/lint-imports
	MILIEU_DEMO=1 $(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

test: $(VENV)/.tools ## The quick suite; also on the servers of MILIEU_TEST_DATABASE_URL and MILIEU_TEST_BROKER_URL
	env -u MILIEU_TEST_DATABASE_URL -u MILIEU_TEST_BROKER_URL $(PYTEST) $(SIDE_BY_SIDE) -m "not slow"
ifneq ($(MILIEU_TEST_DATABASE_URL)$(MILIEU_TEST_BROKER_URL),)
	$(PYTEST) $(SIDE_BY_SIDE) -m "not slow"
endif

test-all: $(VENV)/.tools ## Every test, the slow ones too
	env -u MILIEU_TEST_DATABASE_URL -u MILIEU_TEST_BROKER_URL $(PYTEST)
ifneq ($(MILIEU_TEST_DATABASE_URL)$(MILIEU_TEST_BROKER_URL),)
	$(PYTEST)
endif

journey: $(VENV)/.tools ## The whole way in a real browser
	$(PYTEST) tests/journeys

witness: ## Let R compute the reference values of tests/witness anew
	cd tests/witness && for script in *.R; do Rscript --vanilla "$$script" || exit 1; done

bench: $(VENV)/.tools ## The benchmarks; respondents needs PostgreSQL (MILIEU_BENCH_DATABASE_URL)
	for job in coverage estimation routing lookups respondents; do \
		OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 \
		$(BIN)/python -m "benchmarks.$$job" || exit 1; done

monte-carlo: $(VENV)/.tools ## Bias and coverage of every estimator under every covariance (hours)
	$(BIN)/python -m benchmarks.monte_carlo

clean: ## Remove what tools left behind; the data of the demo (var/) and .venv stay
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage artefacts
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Milieu needs Python 3.11 or later, and '$(PYTHON)' is not." >&2; \
		echo "Name another one: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python cannot make virtual environments: its venv module is missing." >&2; \
		echo "On Debian and Ubuntu it is in the package python3-venv." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.txt
	@echo 'Installing what requirements.txt names (about a minute the first time) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.tools: $(VENV)/.installed tests/requirements.txt
	@echo "Installing the developer's tools ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@
