import numpy as np
import pytest

from keras_solvers.training.second_order.spectrum import spectrum


class System:
    """Residuals and a Jacobian with these curvatures, with the interface of `LeastSquares`."""

    def __init__(self, curvatures, energies):
        rng = np.random.default_rng(0)
        left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for n in (len(curvatures), 9))
        self._jacobian = left @ np.diag(np.sqrt(curvatures)) @ right[: len(curvatures)]
        self._residuals = left @ np.sqrt(energies)

    def subsampled(self, max_rows):
        return self

    def jacobian(self):
        return self._residuals, self._jacobian


def test_condition_and_shares_of_the_loss():
    found = spectrum(System([4.0, 1.0, 1e-6, 0.0], [1.0, 2.0, 3.0, 2.0]))
    assert found.condition_number == pytest.approx(4e6, rel=1e-6)
    assert found.flat_fraction == pytest.approx(3.0 / 8.0)
    assert found.unreachable_fraction == pytest.approx(2.0 / 8.0)


def test_nothing_is_left_of_a_loss_that_is_zero():
    assert spectrum(System([1.0, 1.0], [0.0, 0.0])).flat_fraction == 0.0
