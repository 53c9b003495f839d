# `make help` lists what there is. The two commands for a fresh machine: `make demo` and `make test`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
# COVER=1 notes which lines and branches run; `make coverage-report` reads the notes.
RUN_TESTS = $(BIN)/$(if $(COVER),coverage run -m )pytest --dist loadfile
export COVERAGE_FILE := $(CURDIR)/build/coverage/data

# $(call apt,PACKAGE) installs a Debian package where that may be done, and says so.
define apt
( command -v apt-get >/dev/null || { echo "Install the package $(1) with your system's tools."; exit 1; }; \
	sudo=; if [ "$$(id -u)" != 0 ]; then sudo="sudo -n"; $$sudo true 2>/dev/null || \
		{ echo "The package $(1) is missing: sudo apt-get install $(1)"; exit 1; }; fi; \
	echo "Installing the package $(1) with apt-get"; $$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null )
endef

.PHONY: help demo test check-build quick sandbox attacks kills random-kills browser fuzz test-numpy1 \
	test-frameworks frameworks coverage \
	coverage-report lint audit build lab bench bench-peers bench-scale soak constraints system server clean
.NOTPARALLEL:

help:  ## Show this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(READY) system  ## Build the labs, grade a small class in the sandbox, write a report (demo/report)
	@$(BIN)/seqlab demo demo

test: check-build quick sandbox attacks  ## Run the tests, the quick ones first; `make kills` has more

check-build: $(READY)  ## Check that source/ and release/ are up to date
	$(BIN)/seqlab build --check

quick: $(READY)  ## Run the tests that need no sandbox and little time
	$(RUN_TESTS) -n $(JOBS) -m "not slow and not sandbox and not browser" $(TESTS)

sandbox: $(READY) system  ## Run the slow tests and those of the sandbox, without the attacks
	$(RUN_TESTS) -n $$(($(JOBS) + 1)) -m "(slow or sandbox) and not browser" \
		--ignore tests/attacks --ignore tests/autograder/kills $(TESTS)  # many of them wait

attacks: $(READY) system  ## Grade submissions that attack the grader
	$(RUN_TESTS) -n $(JOBS) tests/attacks

kills: $(READY) system server  ## Kill grading at each of its writes, in SQLite and PostgreSQL, and fill disks
	$(RUN_TESTS) --dist load -n $$(($(JOBS) + 1)) tests/autograder/kills

random-kills: $(READY) system server  ## Kill 20 processes of each kind at random moments of grading
	$(BIN)/python -m tests.autograder.kills.at_random

browser: $(READY) system  ## Open all labs and formgrader in a browser (build/browser has pictures)
	@command -v chromium >/dev/null || $(call apt,chromium fonts-dejavu-core fonts-noto-color-emoji)
	$(BIN)/pip install -q --disable-pip-version-check -c $(CONSTRAINTS) -e '.[browser]'
	rm -rf build/browser
	$(BIN)/pytest --dist worksteal -n $(JOBS) -m browser tests/browser  # each process has a JupyterLab of its own

SECONDS ?= 600
fuzz: $(READY)  ## Look long for what breaks a reader: SECONDS for each that atheris guides (600)
	$(BIN)/pip install -q --disable-pip-version-check -c $(CONSTRAINTS) -e '.[fuzz]'
	status=0; $(BIN)/pytest tests/fuzz --hypothesis-profile long || status=1; \
		$(BIN)/python -m tests.fuzz.guided $(SECONDS) build/fuzz || status=1; exit $$status

# What meets arrays: the labs, what they import, the referee, the wire, and whole classes in the sandbox. What
# works on processes, rows and pages is tested on the newest NumPy alone.
ARRAYS := tests/assignments tests/course_utils $(addprefix tests/autograder/,lab referee release \
	sandbox/test_plain_values.py sandbox/test_wire_malformed.py sandbox/test_wire_round_trip.py)
CLASSES := $(addprefix tests/autograder/,test_scores.py grading/test_grading.py)

test-numpy1:  ## Run the tests of what meets arrays on NumPy 1.26
	sed 's/^numpy==.*/numpy==1.26.4/' constraints.txt > .constraints-numpy1.txt
	$(MAKE) check-build quick VENV=.venv-numpy1 CONSTRAINTS=.constraints-numpy1.txt TESTS="$(ARRAYS)"
	$(MAKE) sandbox VENV=.venv-numpy1 CONSTRAINTS=.constraints-numpy1.txt TESTS="$(CLASSES)"

test-frameworks:  ## Test the labs in Keras and PyTorch, in an environment of their own (docs/frameworks.md)
	$(MAKE) frameworks VENV=.venv-frameworks EXTRAS=dev,keras,torch

FRAMEWORK_LABS = keras_jazz keras_emojify keras_poetry torch_rnn
frameworks: export SEQLAB_REQUIRE_FRAMEWORKS := 1
frameworks: $(READY) system  # the math in one thread, as in the sandbox
	OMP_NUM_THREADS=1 $(BIN)/pytest -n $(JOBS) --dist loadfile tests/frameworks
	OMP_NUM_THREADS=1 $(BIN)/seqlab audit --seeds 1 $(FRAMEWORK_LABS)

coverage:  ## Measure the coverage of the tests, without the attacks (build/coverage/html)
	rm -rf build/coverage
	$(MAKE) quick sandbox COVER=1
	$(MAKE) coverage-report

coverage-report: $(READY)  # fails below fail_under in pyproject.toml
	$(BIN)/coverage combine -q
	$(BIN)/coverage html -q --fail-under 0
	$(BIN)/coverage xml -q --fail-under 0
	$(BIN)/coverage report --skip-covered

lint: $(READY)  ## Check style, types and workflows: the pre-commit hooks on all files, and mypy
	SKIP=build $(BIN)/pre-commit run --all-files
	$(BIN)/mypy

SEEDS ?= 5
audit: $(READY)  ## Prove the hidden tests of all labs with SEEDS seeds (5)
	$(BIN)/seqlab audit --seeds $(SEEDS)
	$(BIN)/seqlab strength

build: $(READY)  ## Make source/ and release/ from the labs' text
	$(BIN)/seqlab build

lab: $(READY)  ## Open JupyterLab on the course
	$(BIN)/jupyter lab

bench: $(READY) system  ## Measure grading against stock nbgrader (ratios of one run)
	$(BIN)/python -m benchmarks.grading

bench-peers: $(READY) system  ## Grade one class with SeqLab, nbgrader, otter-grader and mograder
	$(BIN)/python -m benchmarks.peers

bench-scale: $(READY) system  ## Grade 10 to 1,000 submissions on 1 to 4 processes and workers, into docs/scale-figures.md
	$(BIN)/python -m benchmarks.scale --page

soak: $(READY) system  ## Grade 1,000 submissions in one run: does anything grow? (benchmarks/soak.md)
	$(BIN)/python -m benchmarks.soak | tee benchmarks/soak.md

constraints: $(READY)  ## Write constraints.txt anew from the newest versions
	$(BIN)/pip install --upgrade --upgrade-strategy eager -e '.[dev,browser]'
	$(MAKE) .venv-frameworks/ready VENV=.venv-frameworks EXTRAS=dev,keras,torch
	{ sed -n 1p constraints.txt; { $(BIN)/pip freeze --exclude-editable; .venv-frameworks/bin/pip freeze \
		--exclude-editable | sed 's/+cpu$$//'; } | sort -fu -t = -k 1,1; } > .constraints.new
	mv .constraints.new constraints.txt

CONSTRAINTS ?= constraints.txt
EXTRAS ?= dev

$(READY): pyproject.toml $(CONSTRAINTS)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: apt-get install python3"; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(call apt,python3-venv)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -c $(CONSTRAINTS) -e '.[$(EXTRAS)]'
	@touch $@

system:  # the sandbox: student code runs under bubblewrap
	@command -v bwrap >/dev/null || $(call apt,bubblewrap) || \
		echo "Without bubblewrap grading needs --isolation limits, and the sandbox tests are skipped."

server:  # PostgreSQL; the tests start a server of their own
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || $(call apt,postgresql) || \
		echo "Without the package postgresql its tests are skipped."

clean:  ## Remove what the targets above made
	rm -rf .venv .venv-numpy1 .venv-frameworks .constraints-numpy1.txt demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
