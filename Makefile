# Two commands for a newcomer: `make run` and `make test`. Both build their own environment in .venv.
PYTHON ?= python3
PY := .venv/bin/python

.PHONY: run demo test soak check format lint types bench clean help

help:            ## what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

.venv/run: requirements.lock
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	touch .venv/run

.venv/dev: requirements-dev.lock .venv/run
	$(PY) -m pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	touch .venv/dev

run: .venv/run   ## start the gateway with its sandbox on this machine
	@exec $(PY) main.py run

test: .venv/dev  ## the whole suite, under ten minutes
	$(PY) -m pytest

soak: .venv/dev  ## hours compressed: hundreds of kills, long fuzzing
	$(PY) -m pytest -m soak --override-ini "addopts=-q --strict-markers --import-mode=importlib"

bench: .venv/dev ## figures and ratios, nothing asserted
	$(PY) -m bench

format: .venv/dev ## rewrite the code in the house style
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lint: .venv/dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

types: .venv/dev
	$(PY) -m mypy .

check: lint types ## format, lint, strict types, and the configuration, then the tests
	$(PY) main.py check
	$(PY) -m pytest

clean:           ## remove the environment and what the sandbox kept
	rm -rf .venv var
