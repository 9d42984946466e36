"""The implicit algebraic equation of the anisotropy."""

import numpy as np
import pytest
from keras import ops

from keras_solvers.problems import AlgebraicStress

pytestmark = pytest.mark.jax


def test_inputs_are_gradients_of_incompressible_flows():
    x = ops.convert_to_numpy(AlgebraicStress(max_gradient=20.0).sample(500, seed=0))
    np.testing.assert_allclose(x[:, 0], x[:, 0].swapaxes(1, 2), atol=1e-6)
    np.testing.assert_allclose(x[:, 1], -x[:, 1].swapaxes(1, 2), atol=1e-6)
    np.testing.assert_allclose(np.trace(x[:, 0], axis1=1, axis2=2), 0.0, atol=1e-5)
    size = np.linalg.norm(x.sum(1), axis=(1, 2))
    assert 0.2 < size.min() < 0.25
    assert 15.0 < size.max() < 20.0


def test_the_relaxation_grows_with_the_production():
    """Without production `N = 9/4 (c - 1)`; production adds to it."""
    problem = AlgebraicStress(rotta=2.0)
    strain = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    x = np.stack([strain, 0.0 * strain])[None].astype("float32")
    y = -0.2 * strain[None].astype("float32")
    np.testing.assert_allclose(problem.relaxation(x, 0.0 * y), [2.25])
    np.testing.assert_allclose(problem.relaxation(x, y), [2.25 + 4.5 * 0.4], rtol=1e-6)
    # Without rotation the equation is `N b = -3/5 S`.
    np.testing.assert_allclose(problem.residual(x, y)[0, 0, 1], -0.2 * 4.05 + 0.6, rtol=1e-5)


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="above 1 and `max_gradient` positive"):
        AlgebraicStress(rotta=1.0)
    with pytest.raises(ValueError, match="max_gradient=-1"):
        AlgebraicStress(max_gradient=-1.0)
