# demo and test set everything up by themselves: Python 3.10 or newer and a package index are enough.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
ARGS ?=

.PHONY: demo test soak bench site lint clean

demo: $(READY)
	$(VENV)/bin/core-helpdesk demo --out build/demo $(ARGS)

test: $(READY)
	$(RUN) -m tests.benches test $(ARGS)

soak: $(READY)
	$(RUN) -m tests.benches soak $(ARGS)

bench: $(READY)
	$(RUN) -m tests.benches measure $(ARGS)

site: $(READY)
	$(RUN) -m tests.benches site $(ARGS)

lint: $(READY)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

clean:
	rm -rf build $(VENV)

$(READY): pyproject.toml setup.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo "Python 3.10 or newer is needed: make PYTHON=/path/to/python3.x $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable ".[offline,test]"
	touch $@
