# Two commands are enough on a fresh machine: make serve, make test.
# The work is in tools/bootstrap.py; this file only passes on what was asked.

PYTHON ?= python3
PORT ?= 8866
PYTEST_ARGS ?= -n 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help serve notebooks check unit test soak bench clean

# The path of this file may hold spaces, which make can't cut but the shell can.
export EVALKIT_MAKEFILE := $(MAKEFILE_LIST)
export PYTEST_ARGS

define HELP
make serve       build the edition, run the notebooks, show the dashboards
make notebooks   open the notebooks in JupyterLab
make test        every check and every test, those in a browser included
make check       lint and types only
make unit        the quick tests: no browser, none that take long
make soak        the tests that run for hours
make bench       measure, and print the figures as a table
make clean       remove .venv and the caches; editions stay

PORT=8866             port of make serve
PYTHON=python3        interpreter that .venv is made from, 3.11 or newer
PYTEST_ARGS="-n 2"    arguments for pytest
EVALKIT_CHROMIUM=...  browser of the tests, else the one found is used
EVALKIT_NGINX=...     web server of the tests, likewise
endef
export HELP

help:
	@printf '%s\n' "$$HELP"

serve notebooks check unit test soak bench clean:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "No Python called $(PYTHON) was found: install Python 3.11 or newer, or name yours as in make $@ PYTHON=python3.12." >&2; exit 1; }; \
	makefile="$${EVALKIT_MAKEFILE# }"; \
	exec "$(PYTHON)" -B "$${makefile%Makefile}tools/bootstrap.py" $@ --port "$(PORT)"
