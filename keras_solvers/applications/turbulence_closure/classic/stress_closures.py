"""Algebraic Reynolds-stress models, called as `b = closure(x)`."""

import dataclasses

import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.algebraic_stress import AlgebraicStress
from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import (
    trace,
    without_trace,
)


@dataclasses.dataclass(frozen=True)
class LinearEddyViscosity:
    """`b = -C S`: the Boussinesq hypothesis with the eddy viscosity `C k^2 / epsilon`.

    Args:
        coefficient: `C`.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain and rotation rate times `k / epsilon`.
        returns: `(batch, 3, 3)`.

    Reference: Launder and Spalding, The numerical computation of turbulent flows, 1974.
    """

    coefficient: float = 0.09

    def __call__(self, x):
        return -self.coefficient * rates(x)[0]


@dataclasses.dataclass(frozen=True)
class ExplicitAlgebraicStress:
    """The explicit solution of `AlgebraicStress`: exact in plane flows, approximate in others.

    In plane flows `N` is the root of a cubic equation. For a given `N` the equation of `b` is
    linear, and its solution is a sum of five of Pope's tensors. Each iteration updates `N` with the
    production of the current solution.

    Args:
        problem: The `AlgebraicStress`.
        num_iterations: Number of updates of `N` after the cubic equation.

    Shapes:
        x: `(batch, 2, 3, 3)`.
        returns: `(batch, 3, 3)`.

    Reference: Wallin and Johansson, 2000, J. Fluid Mech. 403, eqs. 3.7 to 3.11.
    """

    problem: AlgebraicStress
    num_iterations: int = 0

    def __call__(self, x):
        strain, rotation = rates(x)
        n = self._plane_relaxation(_trace(strain, strain), _trace(rotation, rotation))
        y = _anisotropy(n, strain, rotation)
        for _ in range(self.num_iterations):
            n = 0.5 * (n + self.problem.relaxation(x, y))
            y = _anisotropy(n, strain, rotation)
        return y

    def _plane_relaxation(self, strain, rotation):
        """`N` of plane flows from `tr S^2` and `tr R^2`: the positive root of a cubic."""
        first = 2.25 * (self.problem.rotta - 1.0)
        p = (first**2 / 27.0 + 9.0 / 20.0 * strain - 2.0 / 3.0 * rotation) * first
        discriminant = p**2 - (first**2 / 9.0 + 9.0 / 10.0 * strain + 2.0 / 3.0 * rotation) ** 3
        root = ops.sqrt(ops.maximum(discriminant, 0.0))
        one_real = _cube_root(p + root) + _cube_root(p - root)
        modulus = ops.sqrt(ops.maximum(p**2 - discriminant, 1e-30))
        cosine = ops.clip(p / modulus, -1.0, 1.0)
        three_real = 2.0 * modulus ** (1.0 / 3.0) * ops.cos(ops.arccos(cosine) / 3.0)
        return first / 3.0 + ops.where(discriminant >= 0.0, one_real, three_real)


def _anisotropy(n, s, r):
    """Half of eq. 3.7: the anisotropy for a given `N`."""
    rr = ops.matmul(r, r)
    square, mixed = _trace(r, r), _trace(s, rr)
    q = 5.0 / 6.0 * (n**2 - 2.0 * square) * (2.0 * n**2 - square)
    sr, srr = ops.matmul(s, r), ops.matmul(s, rr)
    rsrr = ops.matmul(r, srr)
    terms = (  # each is symmetric, since R is antisymmetric
        (-n * (2.0 * n**2 - 7.0 * square), s),
        (-12.0 * mixed / n, without_trace(rr)),
        (-2.0 * (n**2 - 2.0 * square), sr + _transposed(sr)),
        (-6.0 * n, without_trace(srr + _transposed(srr))),
        (6.0, rsrr + _transposed(rsrr)),
    )
    return 0.5 * sum((factor / q)[:, None, None] * tensor for factor, tensor in terms)


def rates(x):
    """Splits `(batch, 2, 3, 3)` into strain and rotation rate, each `(batch, 3, 3)`.

    Raises:
        ValueError: If `x` has another shape, or is a dict, such as the features of a flow solver.
    """
    if isinstance(x, dict) or tuple(np.shape(x)[1:]) != (2, 3, 3):
        received = f"a dict of {', '.join(x)}" if isinstance(x, dict) else f"shape {np.shape(x)}"
        raise ValueError(
            "Strain and rotation rate are expected, (batch, 2, 3, 3). Flow solvers pass a dict: "
            f"use the closure as `lambda x: closure(x['tensors'])`. Received: {received}"
        )
    x = ops.convert_to_tensor(x)
    return x[:, 0], x[:, 1]


def _trace(a, b):
    return trace(ops.matmul(a, b))


def _transposed(a):
    return ops.swapaxes(a, -2, -1)


def _cube_root(a):
    return ops.sign(a) * ops.power(ops.absolute(a), 1.0 / 3.0)
