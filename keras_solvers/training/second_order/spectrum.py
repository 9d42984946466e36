"""How well a least-squares problem is conditioned, and what gradient steps can do about it."""

import dataclasses

import numpy as np

_FLAT = 1e-4  # curvature, relative to the largest, that 10,000 gradient steps hardly notice
_MAX_ROWS = 400  # of each residual function: a sample shows the spectrum
_ROUNDING = 1e-14


@dataclasses.dataclass(frozen=True)
class Spectrum:
    """Curvatures of a loss `|r|^2`, and which fraction of the loss lies along them.

    Attributes:
        condition_number: Largest over smallest eigenvalue of `J J^T` that is not rounding.
        flat_fraction: Of the loss, along curvatures below 1e-4 of the largest: tens of thousands of
            steps of steepest descent leave it as it is.
        unreachable_fraction: Of the loss, that no small change of the parameters lowers.
    """

    condition_number: float
    flat_fraction: float
    unreachable_fraction: float


def spectrum(system):
    """The `Spectrum` of a `LeastSquares` problem.

    Of a coordinate network, the condition number of `J^T J`, which has the same eigenvalues, is
    that of the operator of the equation times its adjoint, restricted to what the network can
    change. It says how slowly gradient descent trains, and `(J^T J + damping I)^-1` of
    `LevenbergMarquardt` is the operator preconditioner that removes it (De Ryck, Bonnet, Mishra and
    de Bezenac, An operator preconditioning perspective on training in physics-informed machine
    learning, 2023, theorem 2.6 and section 3).
    """
    residuals, jacobian = system.subsampled(_MAX_ROWS).jacobian()
    values, vectors = np.linalg.eigh(jacobian @ jacobian.T)
    energy = np.square(vectors.T @ residuals)
    largest = max(values[-1], np.finfo(float).tiny)
    reachable = values > _ROUNDING * largest
    flat = reachable & (values < _FLAT * largest)
    total = max(energy.sum(), np.finfo(float).tiny)
    return Spectrum(
        float(largest / values[reachable].min()) if reachable.any() else float("inf"),
        float(energy[flat].sum() / total),
        float(energy[~reachable].sum() / total),
    )
