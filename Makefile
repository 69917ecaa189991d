# Every command sets up first what it needs; what is there already is left alone, without network.
#   make run PORT=8001          another port
#   make run PYTHON=python3.13  another Python (3.11 or newer)
#   make faults SEED=7 MINUTES=15 STORE=postgres
.PHONY: run setup setup-test test test-long faults mutants lint types unit format messages lock bench clean help
.DEFAULT_GOAL := help
BIN := .venv/bin
SET_UP = python=$$(sh tools/find_python.sh) && "$$python" -m tools.set_up

help:
	@echo "make run        set up and serve at http://127.0.0.1:8000 (Ctrl-C stops)"
	@echo "make setup      set up alone, into .venv/"
	@echo "make test       everything that must hold: lint, types, import contracts, all tests"
	@echo "make test-long  the machine against SpiffWorkflow on 2,000 random diagrams, and any diagram at length"
	@echo "make faults     break a desk at random for MINUTES on STORE (sqlite, postgres) by SEED, then ask every promise"
	@echo "make mutants    put each known fault into the processes of a short campaign on STORE, which must name it"
	@echo "make lint       ruff, djlint and the import contracts"
	@echo "make types      mypy and basedpyright"
	@echo "make unit       the tests without browser and without the slow ones"
	@echo "make format     put the code into its one layout"
	@echo "make messages   collect the texts for translation"
	@echo "make bench      measure"
	@echo "make lock       lock the packages anew after pyproject.toml or ui/package.json changed"
	@echo "make clean      remove what was made, but not var/ (the data)"

run:
	@$(SET_UP) --for run
	@exec $(BIN)/makegood serve $(if $(PORT),--port $(PORT))

setup:
	@$(SET_UP) --for run

setup-test:
	@$(SET_UP) --for test

test: lint types
	$(BIN)/python -m pytest -n 2 --dist loadscope

test-long: setup-test
	$(BIN)/python -m pytest -n 2 --hypothesis-profile=long tests/differential tests/engine/execution/machine/test_any_diagram.py

faults: setup-test
	$(BIN)/python -m tests.faults.campaign $(if $(SEED),--seed $(SEED)) --minutes $(or $(MINUTES),15) --store $(or $(STORE),sqlite)

mutants: setup-test
	$(BIN)/python -m tests.faults.mutated $(if $(SEED),--seed $(SEED)) --store $(or $(STORE),sqlite)

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@if find web -name '*.html' | grep -q .; then echo $(BIN)/djlint --lint web; $(BIN)/djlint --quiet --lint web; fi
	$(BIN)/lint-imports --no-logo

types: setup-test
	$(BIN)/mypy engine web tools tests
	$(BIN)/basedpyright --level error

unit: setup-test
	$(BIN)/python -m pytest -q -n 2 -m "not browser and not slow"

format: setup-test
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

messages: setup-test
	@$(BIN)/python -m tools.messages update
	@$(BIN)/python -m tools.messages compile

bench: setup
	$(BIN)/makegood bench

lock: setup-test
	@$(BIN)/python -m tools.lock

clean:
	rm -rf .venv build dist ui/node_modules web/static/bundles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -path ./var -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	find web -name '*.mo' -delete
