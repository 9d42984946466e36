"""The benchmark of the cost of a tensor basis."""

import pytest

from benchmarks import turbulence_closure_cost
from keras_solvers.data import find


@pytest.mark.skipif(
    find("turbulence/rans_les_flows/periodic_hills.npz") is None,
    reason="no simulated flows: set KERAS_SOLVERS_DATA",
)
def test_the_cost_is_a_ratio_of_two_trainings():
    (figure,) = turbulence_closure_cost.figures(True, [0], None)
    assert len(figure.values) == 5
    assert 0.3 < figure.measured < 4.0
