"""Linear elements: what they hold and integrate exactly."""

import numpy as np
import pytest

from keras_solvers.numerics import LinearElements, stretched


def test_a_bilinear_field_its_slopes_and_its_integral_are_exact():
    elements = LinearElements(stretched(5, 4.0), stretched(7, 3.0))
    y, z = elements.nodes.T
    values, along_y, along_z = (elements.gather @ (1.0 + y * z)).reshape(3, -1)
    py, pz = elements.points.T
    np.testing.assert_allclose(values, 1.0 + py * pz, rtol=1e-13)
    np.testing.assert_allclose(along_y, pz, rtol=1e-12)
    np.testing.assert_allclose(along_z, py, rtol=1e-12)
    assert elements.weights @ values == pytest.approx(1.25, rel=1e-13)
    assert elements.mass.sum() == pytest.approx(1.0, rel=1e-13)


def test_a_refined_grid_holds_the_nodes_of_the_coarse_one():
    np.testing.assert_allclose(stretched(16, 20.0)[::2], stretched(8, 20.0), atol=1e-15)
