"""Conjugate gradients preconditioned by an incomplete Cholesky factor."""

import dataclasses
import functools

import numpy as np
from scipy.sparse import tril

from keras_solvers.applications.incompressible_flow.classic.sparse_pressure import (
    SparsePressureSolver,
)


@dataclasses.dataclass(frozen=True)
class IncompleteCholeskyCG(SparsePressureSolver):
    """IC(0)-PCG: the factor keeps the pattern of the matrix. The usual solver of fluid codes.

    Needs Numba: `pip install 'keras_solvers[fluids]'`.

    Reference: Meijerink and van der Vorst, An iterative solution method for linear systems of which
    the coefficient matrix is a symmetric M-matrix, 1977.
    """

    @staticmethod
    def set_up(matrix):
        factorize, _ = _kernels()
        lower = tril(matrix, format="csr")
        lower.sort_indices()
        factor = (lower.indptr, lower.indices, lower.data.copy())
        factorize(*factor)
        return (matrix.indptr, matrix.indices, matrix.data, *factor)

    def solve(self, setup, b, p):
        _, conjugate_gradients = _kernels()
        return conjugate_gradients(*setup, b, p, self.tolerance, self.num_iterations)


@functools.cache
def _kernels():
    try:
        from numba import njit
    except ImportError as error:
        raise ImportError(
            "Incomplete Cholesky needs Numba, which is not installed: "
            "pip install 'keras_solvers[fluids]'"
        ) from error
    compiled = njit(nogil=True, cache=True)
    factorize, apply, product, dot = map(compiled, (_factorize, _apply, _product, _dot))

    def conjugate_gradients(
        indptr, indices, data, lower_ptr, lower_indices, lower, b, p, tolerance, num_iterations
    ):
        p = p.copy()
        r = b - product(indptr, indices, data, p)
        limit = tolerance * np.sqrt(dot(b, b))
        d = apply(lower_ptr, lower_indices, lower, r)
        z_r = dot(d, r)
        for _ in range(num_iterations):
            if np.sqrt(dot(r, r)) <= limit:
                break
            image = product(indptr, indices, data, d)
            length = z_r / dot(d, image)
            p += length * d
            r -= length * image
            z = apply(lower_ptr, lower_indices, lower, r)
            z_r, earlier = dot(z, r), z_r
            d = z + (z_r / earlier) * d
        return p

    return factorize, njit(nogil=True)(conjugate_gradients)


def _factorize(indptr, indices, data):
    """Turns the lower triangle into the factor, in place; the last entry of a row is its pivot."""
    for i in range(len(indptr) - 1):
        last = indptr[i + 1] - 1
        square = data[last]
        for k in range(indptr[i], last):
            j = indices[k]
            end = indptr[j + 1] - 1
            value, a, b = data[k], indptr[i], indptr[j]
            while a < k and b < end:
                if indices[a] == indices[b]:
                    value -= data[a] * data[b]
                    a, b = a + 1, b + 1
                elif indices[a] < indices[b]:
                    a += 1
                else:
                    b += 1
            data[k] = value / data[end]
            square -= data[k] ** 2
        # The last cell of a closed part has no pivot left but rounding: its row is singular.
        data[last] = np.sqrt(max(square, 1e-2))


def _apply(indptr, indices, data, r):
    """Solves with the factor and with its transpose."""
    z = np.empty_like(r)
    n = len(r)
    for i in range(n):
        value = r[i]
        for k in range(indptr[i], indptr[i + 1] - 1):
            value -= data[k] * z[indices[k]]
        z[i] = value / data[indptr[i + 1] - 1]
    for i in range(n - 1, -1, -1):
        z[i] /= data[indptr[i + 1] - 1]
        for k in range(indptr[i], indptr[i + 1] - 1):
            z[indices[k]] -= data[k] * z[i]
    return z


def _product(indptr, indices, data, p):
    result = np.empty_like(p)
    for i in range(len(p)):
        value = 0.0
        for k in range(indptr[i], indptr[i + 1]):
            value += data[k] * p[indices[k]]
        result[i] = value
    return result


def _dot(a, b):
    # Samples are solved side by side already: the threads of a BLAS would only wait for each other.
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total
