# Set-up happens by itself: each target builds the virtual environment it needs, once.
PYTHON ?= python3
VENV := .venv
JAX_VENV := .venv-jax
RUN := runs/demo

.PHONY: demo test test-jax test-labs prove-labs wheel check-wheel labs site lint format bench clean

demo: $(VENV)/installed
	$(VENV)/bin/keras-solvers run sparse-coding --out $(RUN) $(if $(wildcard $(RUN)/metrics.json),--overwrite)

# Two workers, each with one thread: with more they would wait for each other.
test test-jax test-labs prove-labs: export OMP_NUM_THREADS = 1
test test-jax test-labs prove-labs: export OPENBLAS_NUM_THREADS = 1
test test-jax test-labs prove-labs: export TF_NUM_INTRAOP_THREADS = 1
test test-jax test-labs prove-labs: export TF_NUM_INTEROP_THREADS = 1

# Most of the time of the tests goes to compiling what runs for a moment.
test: export XLA_FLAGS = --xla_backend_optimization_level=0
test: lint
	$(VENV)/bin/pytest -m "not labs" -n 2 --dist worksteal

test-jax: $(JAX_VENV)/installed
	KERAS_BACKEND=jax $(JAX_VENV)/bin/pytest -m jax -n 2 --dist worksteal

test-labs: $(VENV)/installed
	$(VENV)/bin/pytest -m labs -n 2 --dist loadgroup  # labs side by side

# Proves all labs and runs all lectures, and notes what for `test-labs`.
prove-labs: $(VENV)/installed
	KERAS_SOLVERS_RECORD_PROOFS=1 $(VENV)/bin/pytest -m labs -n 2 --dist loadgroup

labs: $(VENV)/installed
	for lab in labs/[0-9][0-9]_*; do $(VENV)/bin/keras-solvers lab build $$(basename $$lab) || exit 1; done

site: export PYTHONPATH = .
site: $(VENV)/site
	$(VENV)/bin/python site/stage.py build/site_source
	$(VENV)/bin/sphinx-build -q -W --keep-going build/site_source build/site
	$(VENV)/bin/pytest site/tests
	@echo "open build/site/index.html"

wheel: $(VENV)/installed
	rm -rf build/wheel
	$(VENV)/bin/pip wheel --quiet --no-deps --wheel-dir build/wheel .

# What a newcomer has who installs the wheel and nothing else, away from this checkout.
check-wheel: wheel
	folder=$$(mktemp -d) && trap 'rm -rf '$$folder EXIT && \
		$(PYTHON) -m venv $$folder && \
		$$folder/bin/pip install --quiet --constraint constraints.txt build/wheel/*.whl && \
		cd $$folder && bin/keras-solvers --version && bin/keras-solvers list >list.txt && \
		bin/keras-solvers lab start 05 work && test -s work/05_unrolled_ista.ipynb

lint: $(VENV)/installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

format: $(VENV)/installed
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(VENV)/installed
	for name in sparse_coding digits incompressible_flow pde_benchmarks turbulence_closure grading labs report; do \
		$(VENV)/bin/python -m benchmarks $$name || exit 1; done

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --constraint constraints.txt --editable '.[export,fluids,probability,dev]'
	touch $@

$(JAX_VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(JAX_VENV)
	$(JAX_VENV)/bin/pip install --quiet --constraint constraints.txt --editable '.[jax,fluids,dev]'
	touch $@

$(VENV)/site: $(VENV)/installed
	$(VENV)/bin/pip install --quiet --constraint constraints.txt --editable '.[site]'
	touch $@

clean:
	rm -rf $(VENV) $(JAX_VENV) *.egg-info .pytest_cache .ruff_cache
