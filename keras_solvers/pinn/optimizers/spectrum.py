"""How well a least-squares loss is conditioned, and what gradient steps can do about it."""

import dataclasses

import numpy as np

_FLAT = 1e-4  # curvature, relative to the largest, that 10,000 gradient steps hardly notice
_POINTS = 400  # of each equation: a sample shows the spectrum
_ROUNDING = 1e-14


@dataclasses.dataclass(frozen=True)
class Spectrum:
    """Curvatures of a loss `|r|^2` and what of the loss belongs to them.

    Attributes:
        condition: Largest over smallest eigenvalue of `J J^T` that is not rounding.
        flat: Share of the loss along curvatures below 1e-4 of the largest, which steps of steepest
            descent leave for tens of thousands of steps.
        out_of_reach: Share of the loss that no small change of the weights lowers.
    """

    condition: float
    flat: float
    out_of_reach: float


def spectrum(system):
    """The `Spectrum` of a `LeastSquares`.

    The condition number of `J^T J`, which has the same eigenvalues, is that of the operator of the
    equation times its adjoint, restricted to what the network can change: it says how slowly
    gradient descent trains, and `(J^T J + damping I)^-1` of `LevenbergMarquardt` is the operator
    preconditioner that removes it (De Ryck, Bonnet, Mishra and de Bezenac, An operator
    preconditioning perspective on training in physics-informed machine learning, 2023, theorem 2.6
    and section 3).
    """
    residuals, jacobian = system.thinned(_POINTS).jacobian()
    values, vectors = np.linalg.eigh(jacobian @ jacobian.T)
    energy = np.square(vectors.T @ residuals)
    largest = max(values[-1], np.finfo(float).tiny)
    seen = values > _ROUNDING * largest
    total = max(energy.sum(), np.finfo(float).tiny)
    return Spectrum(
        condition=float(largest / values[seen].min()) if seen.any() else float("inf"),
        flat=float(energy[seen & (values < _FLAT * largest)].sum() / total),
        out_of_reach=float(energy[~seen].sum() / total),
    )
