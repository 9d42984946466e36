"""The linear model `|r + J d|^2` of a sum of squares, and its damped minimum."""

import numpy as np


class NormalEquations:
    """`(J^T J + damping I) d = -J^T r`, solved with the matrix.

    Args:
        loss: `|r|^2`.
        slope: `J^T r`.
        gram: `J^T J`, its lower triangle.
    """

    def __init__(self, loss, slope, gram):
        self.loss, self.slope, self._gram = loss, slope, gram

    def step(self, damping):
        """`d`, or `None` if rounding made the matrix indefinite."""
        solution = _solved(self._gram, damping, self.slope)
        return None if solution is None else -solution

    def decrease(self, step, damping):
        """By how much the model foretells that the loss falls."""
        return step @ (damping * step - self.slope)


class KernelEquations:
    """The same step from `(J J^T + damping I) e = r`, `d = -J^T e`: fewer residuals than weights.

    Args:
        residuals: `r`.
        jacobian: `J`.
    """

    def __init__(self, residuals, jacobian):
        from scipy.linalg import blas

        self.loss, self.slope = residuals @ residuals, residuals @ jacobian
        self._residuals, self._jacobian = residuals, jacobian
        self._kernel = blas.dsyrk(1.0, jacobian, lower=True)

    def step(self, damping):
        solution = _solved(self._kernel, damping, self._residuals)
        return None if solution is None else -(solution @ self._jacobian)

    decrease = NormalEquations.decrease


class KrylovEquations:
    """The same step by conjugate gradients, from products `J^T J v` alone.

    Args:
        loss: `|r|^2`.
        slope: `J^T r`.
        product: From `v` to `J^T J v`.
        iterations: Largest number of products.
        tolerance: Share of the slope that may be left.
    """

    def __init__(self, loss, slope, product, iterations, tolerance):
        self.loss, self.slope, self._product = loss, slope, product
        self._iterations, self._tolerance = iterations, tolerance

    def step(self, damping):
        from scipy.sparse.linalg import LinearOperator, cg

        size = len(self.slope)
        matrix = LinearOperator((size, size), lambda v: self._product(v) + damping * v, dtype=float)
        step, _ = cg(matrix, -self.slope, rtol=self._tolerance, maxiter=self._iterations)
        return step if np.isfinite(step).all() else None

    def decrease(self, step, damping):
        return -step @ (2.0 * self.slope + self._product(step))


def _solved(matrix, damping, right):
    from scipy.linalg import cho_factor, cho_solve

    matrix = matrix.copy(order="F")
    matrix[np.diag_indices_from(matrix)] += damping
    try:
        factor = cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)
    except np.linalg.LinAlgError:
        return None
    return cho_solve(factor, right, check_finite=False)
