# Every target prepares its own .venv: only Python (3.11 or later) and make are needed on the machine.
PYTHON ?= python3
export UV_SYSTEM_CERTS := 1
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test test-live test-long check bench bench-growth lock format clean

$(STAMP): requirements/dev.txt requirements/bootstrap.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

demo: $(STAMP)  ## a Slack workspace, Airflow, Opsgenie and BigQuery on this machine, with Baton in it
	$(BIN)/baton demo

test: $(STAMP)  ## the fast tests
	$(BIN)/pytest -m "not live and not long"

test-live: $(STAMP)  ## against real servers: Airflow, PostgreSQL, other Slack clients, a judge of Opsgenie calls, a browser
	$(BIN)/python ci/live.py

test-long: $(STAMP)  ## the long forms; writes a JSON report
	$(BIN)/python ci/long.py

check: $(STAMP)  ## lint, types, import contracts, catalogs, runbooks, config
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/baton config check --config config
	$(BIN)/baton runbooks check --config config

bench: $(STAMP)  ## speed, each against a named baseline in the same run
	$(BIN)/python benchmarks/ack.py
	$(BIN)/python -m benchmarks.triage
	$(BIN)/python -m benchmarks.redaction
	$(BIN)/python -m benchmarks.storm
	$(BIN)/python -m benchmarks.growth --sizes 1000 10000 100000

bench-growth: $(STAMP)  ## how times grow up to a million incidents: some minutes and 3 GB; writes a JSON report
	$(BIN)/python -m benchmarks.growth --report docs/reports/growth.json

format: $(STAMP)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: $(STAMP)  ## renew the hash-locked requirements
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements/main.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements/bootstrap.in -o requirements/bootstrap.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .baton
