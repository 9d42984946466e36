import tomllib

import pytest
from lab_samples import SMALL

from keras_solvers.grading.catalog import Lab
from keras_solvers.grading.judge import expected_answers
from keras_solvers.grading.worker_process import Worker


@pytest.fixture(scope="session")
def small_lab():
    return Lab(SMALL, tomllib.loads((SMALL / "lab.toml").read_text()))


@pytest.fixture(scope="session")
def worker(small_lab):
    with Worker(small_lab) as worker:
        yield worker


@pytest.fixture(scope="session")
def answers(small_lab):
    return expected_answers(small_lab)
