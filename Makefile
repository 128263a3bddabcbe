# Two commands for a newcomer: `make run` and `make test`. Both set up .venv when it is missing or out of date.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install run test test-all check bench lock upgrade clean

install: $(STAMP)

# pip and not a faster installer: it is there wherever CPython is
$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

run: $(STAMP)
	$(BIN)/python -m demo

# two at a time, file by file: much of it waits for servers and for processes that are killed
test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-all: $(STAMP)
	$(BIN)/python -m pytest -m slow

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python -m bench $(ONLY)

# a new environment beside the old one, backup, migration, swap: docs/upgrade.md; CONFIG=path of veille.toml
upgrade:
	$(BIN)/python -m schedules.upgrading $(CONFIG)

# needs uv; the file carries hashes and no index address
lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --all-extras --python-version 3.11 pyproject.toml -o requirements.lock

clean:
	rm -rf .venv demo-run .mypy_cache .pytest_cache .ruff_cache
