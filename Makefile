# make demo     load the seeds into the embedded engine and ask three questions
# make explore  load the seeds into the embedded engine, and explore them on a page in your browser
# make test     run the tests, in three processes, which wait for databases most of the time
# make engine   run what a database has to do to be used, on each that is there; make engine CANDIDATE=arcadedb==VERSION on that one
# make lint     run the linter, the formatter's check and the type checker, and check the layers and the CI workflow
# make docs     write again what is made from the code, as docs/generate.py lists it
# make pictures take the pictures of README and docs anew, from the real thing in Chromium
# make soak     run the long trials: 100,000 mutations of the seeds, 200 kills and 50 races of loads, 100 sequences of edits,
#               300 damaged files, 50 closings of a store on a busy machine
# make bench    measure beside the bare driver, on the embedded engine and on Neo4j; takes an hour; SIZES=1000 make bench, minutes
VENV := .venv
ifeq ($(OS),Windows_NT)
  PYTHON ?= python
  SCRIPTS := $(VENV)/Scripts
else
  PYTHON ?= python3
  SCRIPTS := $(VENV)/bin
endif
BIN := $(SCRIPTS)/python -P -m
PIP := $(BIN) pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Where a candidate for an engine is installed: before what is installed otherwise, and without changing that.
CANDIDATES := $(CURDIR)/.negograph/candidate

# The demo and the tests talk to servers of their own, whatever the environment names.
unexport NEO4J_URI NEO4J_USERNAME NEO4J_PASSWORD NEO4J_DATABASE

.PHONY: demo explore test engine lint docs pictures soak bench clean

demo: $(VENV)/.installed
	@$(BIN) negograph load --embedded
	@printf '\nWhat was demanded, and where do those stand who were asked? NATO answered the proposals as a whole. Sergei\n'
	@printf 'Lavrov alone says that the American answer held no positive reaction, which is read as a rejection, by implication.\n\n'
	@$(BIN) negograph query demands --embedded
	@printf '\nWhat was proposed, and what was offered in answer? The article reports no answer to the offers.\n\n'
	@$(BIN) negograph query proposals --embedded
	@printf '\nWhat does one side say that the other did? It is the word of who stands under "according to", and of nobody else.\n\n'
	@$(BIN) negograph query allegations --embedded
	@printf '\nMore questions: $(SCRIPTS)/negograph queries\n'

explore: $(VENV)/.installed-explore
	@$(BIN) negograph load --embedded
	@$(BIN) negograph explore --embedded

test: $(VENV)/.installed-test
	$(BIN) pytest --numprocesses 3

engine: $(VENV)/.installed-test
	rm -rf $(CANDIDATES)
	$(if $(CANDIDATE),$(BIN) pip install --quiet --disable-pip-version-check --no-deps --target $(CANDIDATES) '$(CANDIDATE)')
	PYTHONPATH=$(CANDIDATES) $(BIN) pytest -m engine

lint: $(VENV)/.installed-lint
	$(BIN) ruff check
	$(BIN) ruff format --check
	$(BIN) mypy
	$(SCRIPTS)/lint-imports --no-logo
	$(BIN) check_jsonschema --builtin-schema vendor.github-workflows .github/workflows/ci.yml

docs: $(VENV)/.installed
	$(SCRIPTS)/python -P docs/generate.py

pictures: $(VENV)/.installed-test
	$(SCRIPTS)/python -P docs/pictures.py

soak: $(VENV)/.installed-test
	NEGOGRAPH_MUTATIONS=100000 NEGOGRAPH_KILLS=200 NEGOGRAPH_FACTS=2000 NEGOGRAPH_RACES=50 NEGOGRAPH_RELOADS=100 NEGOGRAPH_FLIPS=300 \
	  NEGOGRAPH_CLOSINGS=50 $(BIN) pytest tests/checks/test_mutations.py tests/database/test_faults.py tests/database/test_reload.py \
	  tests/database/test_damage.py tests/database/test_reading_only.py

bench: $(VENV)/.installed-bench
	$(SCRIPTS)/python -m benchmarks $(BENCH)

clean:
	rm -rf $(VENV) .negograph

$(VENV)/.created:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-explore: $(VENV)/.created pyproject.toml constraints.txt
	$(PIP) --editable '.[explore]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-test: $(VENV)/.created pyproject.toml constraints.txt
	$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.installed $(VENV)/.installed-explore

$(VENV)/.installed-bench: $(VENV)/.created pyproject.toml constraints.txt
	$(PIP) --editable '.[test,bench]'
	@touch $@ $(VENV)/.installed $(VENV)/.installed-explore $(VENV)/.installed-test

$(VENV)/.installed-lint: $(VENV)/.created pyproject.toml constraints.txt
	$(PIP) --editable '.[test,lint]'
	@touch $@ $(VENV)/.installed $(VENV)/.installed-explore $(VENV)/.installed-test
