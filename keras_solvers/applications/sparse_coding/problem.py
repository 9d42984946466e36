"""Sparse coding: few atoms of an overcomplete dictionary that explain a signal."""

import dataclasses
import functools

import keras
import numpy as np
from keras import ops

from keras_solvers.problem import InverseProblem


@keras.saving.register_keras_serializable(package="keras_solvers.sparse_coding")
@dataclasses.dataclass(frozen=True, eq=False)
class SparseCoding(InverseProblem):
    """The code `y` that minimises `E(x, y) = 1/2 |x - A y|^2 + penalty |y|_1` (the LASSO).

    The convention is fixed for the whole package: the factor 1/2 stands before the square, so a
    proximal-gradient step of length `1/L` shrinks by `penalty / L`, with `L >= |A|_2^2`.

    Args:
        dictionary: `A`, array `(signal_dim, num_atoms)`; its columns are the atoms.
        penalty: Weight of the l1 norm, positive.
        density: Share of non-zero entries in the codes that `sample` draws, in `(0, 1]`.

    Shapes:
        x: `(batch, signal_dim)`, signals.
        y: `(batch, num_atoms)`, codes.

    Raises:
        ValueError: If the dictionary is no finite matrix, or a number is out of its range.

    Reference: Beck and Teboulle, A fast iterative shrinkage-thresholding algorithm, 2009,
    section 2.
    """

    dictionary: np.ndarray
    penalty: float
    density: float = 0.1

    def __post_init__(self):
        dictionary = np.array(self.dictionary, dtype="float64")
        if dictionary.ndim != 2 or 0 in dictionary.shape or not np.isfinite(dictionary).all():
            raise ValueError(
                "`dictionary` must be a finite matrix of shape (signal_dim, num_atoms). "
                f"Received: an array of shape {dictionary.shape}"
            )
        if not self.penalty > 0.0:
            raise ValueError(f"`penalty` must be positive. Received: penalty={self.penalty}")
        if not 0.0 < self.density <= 1.0:
            raise ValueError(f"`density` must lie in (0, 1]. Received: density={self.density}")
        dictionary.flags.writeable = False
        object.__setattr__(self, "dictionary", dictionary)

    @functools.cached_property
    def lipschitz(self):
        """Upper bound `L` of the curvature `|A|_2^2`; the margin covers the rounding of float32."""
        return 1.001 * float(np.linalg.norm(self.dictionary, 2)) ** 2

    def sample_codes(self, num_samples, seed):
        """Draws Bernoulli-Gaussian codes: an entry is non-zero with probability `density`."""
        generator = keras.random.SeedGenerator(seed) if isinstance(seed, int) else seed
        shape = (num_samples, self.dictionary.shape[1])
        keep = keras.random.uniform(shape, seed=generator) < self.density
        return ops.where(keep, keras.random.normal(shape, seed=generator), 0.0)

    def sample(self, num_samples, seed):
        return self.forward(self.sample_codes(num_samples, seed))

    def forward(self, y):
        """The signal `A y` of a code."""
        return ops.matmul(y, ops.convert_to_tensor(self.dictionary.T, dtype=y.dtype))

    def correlation(self, residual):
        """`A^T r`: how much of the residual `r` `(batch, signal_dim)` each atom explains."""
        return ops.matmul(residual, ops.convert_to_tensor(self.dictionary, dtype=residual.dtype))

    def objective(self, x, y):
        """`E(x, y)`, `(batch,)`."""
        misfit = ops.sum(ops.square(x - self.forward(y)), axis=-1)
        return 0.5 * misfit + self.penalty * ops.sum(ops.abs(y), axis=-1)

    def optimality_gap(self, x, y):
        """Largest violation of the optimality (KKT) conditions, `(batch,)`; zero at the minimum.

        With `g = A^T (x - A y)`, a code is optimal if `g_i = penalty * sign(y_i)` where `y_i != 0`
        and `|g_i| <= penalty` elsewhere.
        """
        gradient = self.correlation(x - self.forward(y))
        active = ops.abs(gradient - self.penalty * ops.sign(y))
        idle = ops.relu(ops.abs(gradient) - self.penalty)
        return ops.max(ops.where(y != 0, active, idle), axis=-1)

    def duality_gap(self, x, y):
        """Upper bound of `E(x, y) - min E`, `(batch,)`, that needs no reference solution.

        The residual `r`, scaled into the dual feasible set `|A^T r|_inf <= penalty`, gives the
        lower bound `1/2 |x|^2 - 1/2 |x - r|^2` of every objective.
        """
        residual = x - self.forward(y)
        largest = ops.max(ops.abs(self.correlation(residual)), axis=-1, keepdims=True)
        dual = residual * (self.penalty / ops.maximum(largest, self.penalty))
        bound = 0.5 * ops.sum(ops.square(x) - ops.square(x - dual), axis=-1)
        return self.objective(x, y) - bound
