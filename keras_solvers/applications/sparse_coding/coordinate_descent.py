"""Coordinate descent for sparse codes, by scikit-learn."""

import dataclasses
import functools
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from keras import ops

from keras_solvers.applications.sparse_coding.ista import start
from keras_solvers.applications.sparse_coding.problem import SparseCoding
from keras_solvers.numerics.checks import check_finite


@dataclasses.dataclass(frozen=True)
class CoordinateDescent:
    """Minimises `E` in one coordinate after the other, each exactly: `sklearn.linear_model.Lasso`.

    Runs in float64 and, with a small tolerance, gives the converged references of the package.

    Args:
        problem: The `SparseCoding` problem.
        num_iterations: Most sweeps over all coordinates.
        tolerance: A sample stops when its duality gap falls under `tolerance * |x|^2 / 2`
            (checked by scikit-learn once the coordinates move little).
        initial_guess: Solver whose answer the sweeps start from; zero if `None`.
        num_threads: Threads that share the batch.

    Shapes:
        x: `(batch, signal_dim)`.
        returns: NumPy array `(batch, num_atoms)` of float64.

    Raises:
        ValueError: If `x` has another shape, is empty, or is not finite.

    Reference: Friedman, Hastie and Tibshirani, Regularization paths for generalized linear models
    via coordinate descent, 2010, section 2.
    """

    problem: SparseCoding
    num_iterations: int = 10_000
    tolerance: float = 1e-12
    initial_guess: Callable | None = None
    num_threads: int = 1

    @functools.cached_property
    def _gram(self):
        return self.problem.dictionary.T @ self.problem.dictionary

    def __call__(self, x):
        guess = ops.convert_to_numpy(
            start(self.problem, ops.convert_to_tensor(x), self.initial_guess)
        )
        x = ops.convert_to_numpy(x).astype("float64")
        check_finite(x=x)
        parts = min(self.num_threads, len(x))
        chunks = zip(np.array_split(x, parts), np.array_split(guess.astype("float64"), parts))
        with ThreadPoolExecutor(parts) as pool, warnings.catch_warnings():
            # Few sweeps are a setting to measure here, not an accident to warn of.
            warnings.simplefilter("ignore")
            return np.concatenate(list(pool.map(lambda chunk: self._solve(*chunk), chunks)))

    def _solve(self, x, guess):
        from sklearn.linear_model import Lasso

        signal_dim = x.shape[1]
        lasso = Lasso(
            alpha=self.problem.penalty / signal_dim,  # scikit-learn divides the misfit by this
            fit_intercept=False,
            precompute=self._gram,
            max_iter=self.num_iterations,
            tol=self.tolerance,
            warm_start=True,
        )
        lasso.coef_ = np.array(guess)
        lasso.fit(self.problem.dictionary, x.T, check_input=False)
        return np.atleast_2d(lasso.coef_)
