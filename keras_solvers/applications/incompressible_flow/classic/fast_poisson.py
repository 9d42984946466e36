"""The direct solve of the pressure equation in an empty box, by fast transforms."""

import dataclasses

import numpy as np
from keras import ops
from scipy import fft

from keras_solvers.applications.incompressible_flow.pressure_projection import PressureProjection

_COSINES, _SINES, _WAVES = "closed", "open", "periodic"


@dataclasses.dataclass(frozen=True)
class FastPoisson:
    """Exact up to rounding in `O(n log n)`: cosines at walls, sines at open sides, else waves.

    Args:
        problem: A `PressureProjection` whose axes have the same kind of side at both ends.

    Shapes:
        x: `(batch, *cells, 2)`, an array without solids.
        returns: `(batch, *cells, 1)`, a NumPy array of the dtype of `x`.

    Raises:
        ValueError: If an axis is open at one end alone, or if there are solids.

    Reference: Swarztrauber, The methods of cyclic reduction, Fourier analysis and the FACR
    algorithm for the discrete solution of Poisson's equation on a rectangle, 1977.
    """

    problem: PressureProjection

    def __post_init__(self):
        if any(low != high for low, high in self.problem.sides):
            raise ValueError(
                "Fast transforms need the same kind of side at both ends of an axis. "
                f"Received: sides={self.problem.sides}; use `Multigrid`"
            )

    def __call__(self, x):
        x = np.asarray(ops.convert_to_numpy(x))
        if not np.all(x[..., 1] == 1.0):
            raise ValueError("Fast transforms need a box without solids. Use `Multigrid`.")
        values = -x[..., 0].astype("float64")
        for axis, (kind, _) in enumerate(self.problem.sides):
            values = _forward(values, axis + 1, kind)
        eigenvalues = sum(
            np.expand_dims(_eigenvalues(n, kind), tuple(range(1, len(self.problem.cells) - axis)))
            for axis, (n, (kind, _)) in enumerate(zip(self.problem.cells, self.problem.sides))
        )
        constant = eigenvalues < 1e-12
        values = np.where(constant, 0.0, values / np.where(constant, 1.0, eigenvalues))
        for axis, (kind, _) in enumerate(self.problem.sides):
            values = _backward(values, axis + 1, kind)
        return values.real[..., None].astype(x.dtype)


def _forward(values, axis, kind):
    if kind == _WAVES:
        return fft.fft(values, axis=axis)
    return (fft.dct if kind == _COSINES else fft.dst)(values, axis=axis)


def _backward(values, axis, kind):
    if kind == _WAVES:
        return fft.ifft(values, axis=axis)
    return (fft.idct if kind == _COSINES else fft.idst)(values, axis=axis)


def _eigenvalues(n, kind):
    """Of minus the second difference along an axis of `n` cells."""
    k = np.arange(n)
    if kind == _WAVES:
        return 2.0 - 2.0 * np.cos(2.0 * np.pi * k / n)
    return 2.0 - 2.0 * np.cos(np.pi * (k + (kind == _SINES)) / n)
