import numpy as np
import pytest
from keras import ops

from keras_solvers.applications.incompressible_flow.classic.multigrid import (
    sum_of_children,
    to_children,
)
from keras_solvers.layers import Prolongation, Restriction, SidePadding


@pytest.mark.parametrize("cells", [(6, 4), (5, 7), (4, 3, 5)])
def test_restriction_and_prolongation_are_those_of_multigrid(cells):
    fine = np.random.default_rng(0).normal(size=(2, *cells)).astype("float32")
    coarse = ops.convert_to_numpy(Restriction()(fine[..., None]))
    sums = ops.convert_to_numpy(sum_of_children(fine))
    np.testing.assert_allclose(coarse[..., 0], sums * 2.0 ** (2 - len(cells)), atol=1e-6)
    back = ops.convert_to_numpy(Prolongation()(coarse, fine[..., None]))
    np.testing.assert_array_equal(back, to_children(coarse, cells))


def test_behind_the_sides():
    x = np.arange(1.0, 7.0).reshape(1, 2, 3, 1)
    sides = (("closed", "open"), ("periodic", "periodic"))
    expected = [[0, 0, 0, 0, 0], [3, 1, 2, 3, 1], [6, 4, 5, 6, 4], [9, 9, 9, 9, 9]]
    padded = SidePadding(sides, open_value=9.0)(x)
    np.testing.assert_array_equal(ops.convert_to_numpy(padded)[0, ..., 0], expected)


def test_wrong_factor_is_named():
    with pytest.raises(ValueError, match="factor"):
        Prolongation(0)
