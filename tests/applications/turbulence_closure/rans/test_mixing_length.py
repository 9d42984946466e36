"""Van Driest's profile: its limits at the wall and in the outer layer."""

import numpy as np

from keras_solvers.applications.turbulence_closure import van_driest


def test_it_is_linear_at_the_wall_and_logarithmic_above():
    y = np.concatenate([[0.0], np.geomspace(1e-8, 1e-2, 400)])
    velocity = van_driest(1e6, y)
    wall = 1e6 * y
    near = wall < 2.0
    np.testing.assert_allclose(velocity[near], wall[near], rtol=0.01, atol=1e-12)
    first, last = np.interp([500.0, 2000.0], wall, velocity)
    np.testing.assert_allclose(np.log(4.0) / (last - first), 0.41, rtol=0.01)
    # A = 26 was chosen for this additive constant of the law of the wall.
    np.testing.assert_allclose(last - np.log(2000.0) / 0.41, 5.2, atol=0.2)
