# `make demo` and `make test` need Python >= 3.11 and a package index, nothing else. `make check` adds the gates,
# `make conformance` the official suite of the protocol, `make third-party` other people's servers for `make test`,
# `make sglang-cpu` a real SGLang server for a machine without a GPU, `make sglang-test` the adapter's contract on it.
PYTHON ?= python3
BIN := .venv/bin
DISTS := . ./toolkits/maps ./toolkits/legal ./toolkits/research ./adapters/sglang

.PHONY: setup demo test check gates bench third-party conformance sglang-cpu sglang-test lock clean

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml $(wildcard toolkits/*/pyproject.toml adapters/*/pyproject.toml)
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "metier needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation $(addprefix -e ,$(DISTS))
	touch $@

demo: setup
	$(BIN)/metier demo

test: setup
	$(BIN)/python -m pytest -n 2 -m "not real_server"

gates: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

check: gates test

bench: setup
	$(BIN)/python -m benchmarks

third-party: setup
	$(BIN)/python -m tests.third_party.installing

conformance: third-party
	$(BIN)/python -m tests.conformance

sglang-cpu: setup
	$(BIN)/python -m tests.adapters.sglang.cpu.installing

sglang-test: sglang-cpu
	$(BIN)/python -m pytest -m real_server --timeout 900 tests/adapters/sglang/contract

lock:
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml toolkits/*/pyproject.toml adapters/*/pyproject.toml --group dev --extra openai --extra parquet --extra prove --extra embeddings --extra keyring --no-emit-package metier -q -o requirements.lock
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 tests/third_party/requirements.in -q -o tests/third_party/requirements.lock
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-deps --python-version 3.11 tests/adapters/sglang/cpu/requirements.in -q -o tests/adapters/sglang/cpu/requirements.lock

clean:
	rm -rf .venv .third-party .sglang-cpu
