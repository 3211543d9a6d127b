# Two commands do all the set-up: `make up` runs the product, `make test` proves it. `make help` lists the rest.

PYTHONS := $(PYTHON) python3 python3.13 python3.12 python3.11
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help up sandbox poller dashboard migrate doctor test check format bench chaos soak screenshots browser hooks clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | awk -F '|' '{ printf "  make %-13s%s\n", $$1, $$2 }'

# `exec` lets the signals that make gets reach the product itself.
up: $(VENV)/.installed ## install, migrate and run everything (Ctrl-C stops it)
	@exec $(BIN)/python -m core up

sandbox: $(VENV)/.installed ## run the local stand-in for Tripo alone
	@exec $(BIN)/python -m core sandbox

poller: $(VENV)/.installed ## run the poller alone
	@exec $(BIN)/python -m poller

dashboard: $(VENV)/.installed ## run the dashboard and the API alone
	@exec $(BIN)/python -m dashboard

migrate: $(VENV)/.installed ## bring the database's schema up to date
	@exec $(BIN)/python -m core migrate

doctor: $(VENV)/.installed ## say what is right and what is wrong with the configuration
	@exec $(BIN)/python -m core doctor

# The pages' code is measured too, but only core, poller and dashboard/api are held to a number.
# Coverage takes half as much time again, so what would teach it nothing new runs without it: nights, journeys and
# processes, and on PostgreSQL what SQLite's turn has shown already.
test: check browser ## check the code, then run every test, the quick ones with coverage
	@$(BIN)/coverage erase
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "slow or browser or postgres"
	$(BIN)/coverage run -m pytest -n 2 --dist worksteal -m "not slow and not browser and not postgres"
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='core/*,poller/*,dashboard/api/*' --fail-under=90

check: $(VENV)/.installed-dev ## format, lint, types and import contracts, without changing a file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.installed-dev ## format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-dev ## measure the product on the sandbox
	@exec $(BIN)/python -m tests.bench

chaos: $(VENV)/.installed-dev ## tell 200 histories full of faults (CHAOS_HISTORIES, CHAOS_SEED set others)
	@exec $(BIN)/python -m tests.chaos

soak: browser ## run what takes long: a thousand histories and more
	@exec $(BIN)/python -m tests.soak

screenshots: browser ## take the README's pictures again, and every page into screenshots/
	@exec $(BIN)/python -m tests.screenshots screenshots

browser: $(VENV)/.installed-dev ## install the browser that tests need, if there is none
	@$(BIN)/python -m tests.install_browser

hooks: $(VENV)/.installed-dev ## check each commit before it is made
	$(BIN)/pre-commit install

clean: ## remove the virtual environment and all caches, never your data in var/
	rm -rf $(VENV) .ruff_cache .mypy_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# A stamp is newer than its requirements when these are installed, so that a second start installs nothing.
$(VENV)/.installed: requirements.txt | $(BIN)/pip
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(BIN)/pip
	@$(call install,requirements-dev.txt)
	@touch $(VENV)/.installed $@

# uv installs in seconds; where it cannot be had, or cannot reach what pip can, pip does the same in its own time.
define install
echo "Installing $(1) ..."; \
{ $(PIP) uv==$(UV_VERSION) && $(BIN)/uv pip install --quiet --python $(BIN)/python -r $(1); } 2>/dev/null \
	|| { echo "uv could not do it; pip tries, which takes longer."; $(PIP) -r $(1); } \
	|| { echo "The packages of $(1) could not be installed; is there a network?" >&2; exit 1; }
endef

$(BIN)/pip:
	@for python in $(PYTHONS); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$python && break; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Hatchery needs Python 3.11 or newer, and there is none on the PATH." >&2; \
		echo "Install one, or name it: make up PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip' 2>/dev/null; then \
		version=$$($$found -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "This Python cannot make virtual environments: install the package python$$version-venv." >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$($$found --version) ..."; \
	$$found -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
