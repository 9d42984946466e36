"""What is held out in the plasticity benchmark, and that its network learns more than a line."""

import numpy as np
import pytest

from benchmarks import turbulence_closure_plasticity as closure_plasticity
from keras_solvers.applications.turbulence_closure import load_plasticity
from keras_solvers.data import DataNotFoundError

SPECIMEN = np.repeat(np.arange(5), [23, 19, 18, 21, 21])


def test_what_is_held_out():
    random = closure_plasticity.random_fifth(SPECIMEN, seed=0)
    assert random.sum() == 21
    assert (random != closure_plasticity.random_fifth(SPECIMEN, seed=1)).any()
    last = closure_plasticity.last_fifth(SPECIMEN, seed=0)
    for chosen in (last[part] for part in np.split(np.arange(102), [23, 42, 60, 81])):
        assert chosen[-3:].all()
        assert not chosen[:14].any()
    one = closure_plasticity.one_specimen(SPECIMEN, seed=6)
    np.testing.assert_array_equal(one, SPECIMEN == 1)


def test_the_network_learns_what_no_line_says():
    try:
        states = load_plasticity()
    except DataNotFoundError as error:
        pytest.skip(str(error))
    x = np.stack([states.strain, states.plastic_strain], axis=1).astype("float32")
    held_out = closure_plasticity.random_fifth(states.specimen, seed=0)
    y = closure_plasticity.targets(states)
    errors = closure_plasticity.held_out_errors(x, y, held_out, 0, steps=1000)
    assert errors["network"] < 0.8 * errors["linear least squares"]
    assert errors["linear least squares"] < errors["mean"] < errors["zero"]
