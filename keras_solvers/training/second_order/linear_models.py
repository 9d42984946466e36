"""The linear model `|r + J d|^2` of a sum of squares, and its damped minimum."""

import numpy as np


class NormalEquations:
    """`(J^T J + damping I) d = -J^T r`, solved with the matrix.

    Args:
        loss: `|r|^2`.
        half_gradient: `J^T r`.
        gram: `J^T J`, its lower triangle.
    """

    def __init__(self, loss, half_gradient, gram):
        self.loss, self.half_gradient, self._gram = loss, half_gradient, gram

    def step(self, damping):
        """`d`, or `None` if rounding made the matrix indefinite."""
        solution = _solved(self._gram, damping, self.half_gradient)
        return None if solution is None else -solution

    def predicted_decrease(self, step, damping):
        """`|r|^2 - |r + J d|^2` for a step `d` with this damping."""
        return step @ (damping * step - self.half_gradient)


class KernelEquations:
    """The same step from `(J J^T + damping I) e = r`, `d = -J^T e`.

    Cheaper where there are fewer residuals than parameters.

    Args:
        residuals: `r`.
        jacobian: `J`.
    """

    def __init__(self, residuals, jacobian):
        from scipy.linalg import blas

        self.loss, self.half_gradient = residuals @ residuals, residuals @ jacobian
        self._residuals, self._jacobian = residuals, jacobian
        self._kernel = blas.dsyrk(1.0, jacobian, lower=True)

    def step(self, damping):
        """`d`, or `None` if rounding made the matrix indefinite."""
        solution = _solved(self._kernel, damping, self._residuals)
        return None if solution is None else -(solution @ self._jacobian)

    predicted_decrease = NormalEquations.predicted_decrease


class KrylovEquations:
    """The same step by conjugate gradients, from products `J^T J v` alone.

    Args:
        loss: `|r|^2`.
        half_gradient: `J^T r`.
        product: From `v` to `J^T J v`.
        max_iterations: Largest number of products.
        tolerance: Norm of the remaining residual of the linear system over that of `J^T r`.
    """

    def __init__(self, loss, half_gradient, product, max_iterations, tolerance):
        self.loss, self.half_gradient, self._product = loss, half_gradient, product
        self._max_iterations, self._tolerance = max_iterations, tolerance

    def step(self, damping):
        """`d`, or `None` if it is not finite."""
        from scipy.sparse.linalg import LinearOperator, cg

        size = len(self.half_gradient)
        matrix = LinearOperator((size, size), lambda v: self._product(v) + damping * v, dtype=float)
        step, _ = cg(
            matrix, -self.half_gradient, rtol=self._tolerance, maxiter=self._max_iterations
        )
        return step if np.isfinite(step).all() else None

    def predicted_decrease(self, step, damping):
        """`|r|^2 - |r + J d|^2`, also for a step that conjugate gradients did not finish."""
        return -step @ (2.0 * self.half_gradient + self._product(step))


def _solved(matrix, damping, right):
    from scipy.linalg import cho_factor, cho_solve

    matrix = matrix.copy(order="F")
    matrix[np.diag_indices_from(matrix)] += damping
    try:
        factor = cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)
    except np.linalg.LinAlgError:
        return None
    return cho_solve(factor, right, check_finite=False)
