# make          environment, build, then grade the reference and the untouched template with the built zip (100 and 0)
# make test     environment, then every test
# make browser  the notebook in real JupyterLab and Notebook 7, and the report of a class, in a headless Chromium
# make lint     style, types, and whether the generated folders are what the sources build
#
# The environment is made in .venv with PYTHON (3.11 or newer). To use one that you have: make PY=/path/to/its/python

PYTHON ?= python3
TORCH := 2.13.0

ifdef PY
READY := named
else
PY := .venv/bin/python
READY := .venv/ready
endif

.PHONY: all build grade test lint verify situations soak mutants fuzz messages bench bench-class browser fresh-system clean named
all: build grade

$(READY): requirements.txt
ifneq ($(READY),named)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This project needs Python 3.11 or newer; $(PYTHON) is older. Install one and say: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	@# The CPU build of torch where an index offers it: the plain one brings gigabytes of CUDA.
	$(PY) -m pip install --quiet "torch==$(TORCH)+cpu" \
	  || ($(PY) -m pip install --quiet uv && $(PY) -m uv pip install --torch-backend cpu "torch==$(TORCH)") \
	  || $(PY) -m pip install --quiet "torch==$(TORCH)"
	$(PY) -m pip install --quiet --requirement requirements.txt
	$(PY) -m pip install --quiet --no-deps --editable .
	touch $@
else
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PY) is older than Python 3.11."; exit 1; }
	@$(PY) -c 'import torch, otter, nbformat, nbclient, ipykernel, IPython, genanki, pytest, xdist, matplotlib, tqdm, rich, jinja2, distributed' || { \
	  echo "$(PY) lacks some of requirements.txt: install them there, or leave PY out."; exit 1; }
endif

build: $(READY)
	$(PY) -m autograder build

grade: $(READY)
	$(PY) -m autograder.authors.demo

test: $(READY)
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --maxfail 1

lint: $(READY)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy autograder
	$(PY) -m autograder.authors.build --check

# The real setup.sh and run_autograder in a fresh system: minutes, and debootstrap.
fresh-system: build
	$(PY) tests/fresh_system.py

# The notebook where students meet it, and a class's report where teachers do: minutes, Debian's chromium, and npm for axe-core. What was
# seen lies in build/browser/ then.
browser: build
	$(PY) -m pytest tests/browser

verify: $(READY)
	$(PY) -m autograder verify

# Every attack in each kind of machine that a grader may find itself on, and through run_autograder: minutes, and root.
SITUATIONS :=
situations: $(READY)
	$(PY) -m autograder.proof.arena.situations $(SITUATIONS)

# Right answers graded in ROUNDS rounds with fresh seeds, and wrong ones ten times as often: no luck, bad or good. Every small change to
# a solution: a check fails.
ROUNDS := 2000
soak: $(READY)
	$(PY) -m tests.benchmarks.soak $(ROUNDS)

mutants: $(READY)
	$(PY) -m tests.benchmarks.mutants

# Inputs that nobody thought of, for so long: files, frames and values. What is found is told with the SEED that makes it again.
SECONDS := 60
SEED :=
fuzz: $(READY)
	$(PY) -m tests.fuzz $(SECONDS) $(SEED)

# Every message that a student can be shown, to be read.
messages: $(READY)
	$(PY) -m tests.benchmarks.messages

# What a grade costs beside stock otter, our checks beside those of other courses, and what attacks get from both.
bench: build
	$(PY) -m tests.benchmarks.cold_grade
	$(PY) -m tests.benchmarks.one_submission
	$(PY) -m tests.benchmarks.courses
	$(PY) -m tests.benchmarks.side_by_side

# What a class of so many costs, for each number, with one job, two, and a cluster's workers, beside stock otter.
SUBMISSIONS := 100
bench-class: build
	$(PY) -m tests.benchmarks.a_class $(SUBMISSIONS)

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache
