# Everything that a person does with a checkout. 'make' alone tells.
# Options: PYTHON=python3.12  VISAVIS_MODELS_DIR=/somewhere  PYTEST_ARGS='-k flow -x'  DEMO_ARGS='--port 9000'

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-extras lint format lock doctor clean

help: ## this list
	@echo "Visavis: face-to-face identity verification with a talking avatar."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo
	@echo "New here? 'make demo' installs what is needed into .venv, fetches the model weights (about 435 MB, once)"
	@echo "and prints a link to talk to. It needs Python 3.11, 3.12 or 3.13 and about 1.5 GB of disk."

setup: ## make .venv, install, fetch the model weights; safe to repeat
	@scripts/setup.sh runtime

demo: setup ## set up, then start the server and print the links of a demo
	@$(BIN)/visavis demo $(DEMO_ARGS)

serve: setup ## set up, then start the server
	@$(BIN)/visavis serve

# Tests that keep to the clock of a call run alone; 5 is pytest's "no tests were chosen".
test: ## set up with the test tools, then lint, types and the whole suite
	@scripts/setup.sh test
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -m "not realtime" -n 2 --dist loadfile $(PYTEST_ARGS) || [ $$? -eq 5 ]
	$(BIN)/python -m pytest -m realtime $(PYTEST_ARGS) || [ $$? -eq 5 ]

test-extras: ## the tests of the optional engines (torch, llama.cpp) in an environment of their own: 4 GB, slow
	@scripts/test_extras.sh

lint: ## ruff and mypy, without set-up
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## write requirements.lock from what .venv has now
	@$(BIN)/python scripts/lock.py

doctor: ## is this machine ready? what to do if not
	@$(BIN)/visavis doctor

clean: ## remove .venv, caches and build results; the model weights stay
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis var/apt.log
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
