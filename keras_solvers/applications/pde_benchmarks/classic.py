"""The strongest classic solver of each case of `run pinn`, in NumPy and SciPy."""

import math

import numpy as np
from scipy.fft import fft, ifft
from scipy.interpolate import RectBivariateSpline, RegularGridInterpolator

from keras_solvers.applications.pde_benchmarks.exponential_rk4 import exponential_rk4


def fourier_evolution(linear, nonlinear, start, interval, end, modes, num_steps):
    """Solution of `u_t = L u + N(u)` on a circle, as functions of points `(x, t)`.

    Args:
        linear: `L`, from wave numbers to numbers.
        nonlinear: `N`, from values and their derivative on the grid to values.
        start: First values, a function of `x`.
        interval: `(low, high)` of `x`.
        end: Last time.
        modes: Points of the grid.
        num_steps: Steps of `exponential_rk4`.

    Returns:
        Function from points `(num_points, 2)` to values; splines between grid and steps.
    """
    low, high = interval
    x = low + (high - low) * np.arange(modes) / modes
    k = 2.0 * math.pi / (high - low) * np.fft.fftfreq(modes, 1.0 / modes)

    def rate(v):
        return fft(nonlinear(ifft(v), ifft(1j * k * v)))

    first = fft(start(x).astype(complex))
    history = ifft(exponential_rk4(linear(k), rate, first, end / num_steps, num_steps))
    history = np.concatenate([history, history[:, :1]], axis=1)  # the other end
    grid = np.append(x, high), np.linspace(0.0, end, num_steps + 1)
    parts = [RectBivariateSpline(*grid, part.T) for part in (history.real, history.imag)]
    return lambda points: np.stack([part.ev(*points.T) for part in parts], axis=-1)


def burgers(viscosity, modes=1024, num_steps=400):
    """`-sin(pi x)` steepens at the middle; it is odd, so the zero ends are periodic."""

    def nonlinear(u, slope):
        return -u.real * slope.real

    return fourier_evolution(
        lambda k: -viscosity * k**2,
        nonlinear,
        lambda x: -np.sin(math.pi * x),
        (-1.0, 1.0),
        1.0,
        modes,
        num_steps,
    )


def allen_cahn(diffusivity, reaction, modes=512, num_steps=200):
    """From `x^2 cos(pi x)`; the linear growth is part of the exact step."""
    return fourier_evolution(
        lambda k: reaction - diffusivity * k**2,
        lambda u, slope: -reaction * u.real**3,
        lambda x: x**2 * np.cos(math.pi * x),
        (-1.0, 1.0),
        1.0,
        modes,
        num_steps,
    )


def schrodinger(modes=256, num_steps=800):
    """From `2 sech(x)`."""
    return fourier_evolution(
        lambda k: -0.5j * k**2,
        lambda h, slope: 1j * np.abs(h) ** 2 * h,
        lambda x: 2.0 / np.cosh(x),
        (-5.0, 5.0),
        math.pi / 2.0,
        modes,
        num_steps,
    )


def chebyshev_poisson(source, ends, values, num_points=32):
    """`-u'' = f` on an interval, exact at Chebyshev points (Trefethen, Spectral Methods, 2000)."""
    low, high = ends
    n = num_points
    unit = np.cos(math.pi * np.arange(n + 1) / n)
    weights = np.r_[2.0, np.ones(n - 1), 2.0] * (-1.0) ** np.arange(n + 1)
    away = unit[:, None] - unit[None, :]
    slope = np.outer(weights, 1.0 / weights) / (away + np.eye(n + 1))
    slope -= np.diag(slope.sum(1))
    slope *= 2.0 / (high - low)
    x = low + 0.5 * (high - low) * (1.0 + unit)
    matrix, right = -slope @ slope, source(x)
    matrix[[0, -1]] = np.eye(n + 1)[[0, -1]]
    right[[0, -1]] = values[1], values[0]
    fitted = np.polynomial.Chebyshev.fit(x, np.linalg.solve(matrix, right), n, domain=[low, high])
    return lambda points: fitted(points[:, 0])[:, None]


def sine_poisson(source, modes=31):
    """`-div grad u = f` on the unit square, zero around, by sine transforms."""
    from scipy.fft import dstn

    x = np.arange(1, modes + 1) / (modes + 1)
    k = math.pi * np.arange(1, modes + 1)
    right = dstn(source(*np.meshgrid(x, x, indexing="ij")), type=1) / (modes + 1) ** 2
    weights = right / (k[:, None] ** 2 + k[None, :] ** 2)

    def solution(points):
        waves = [np.sin(np.outer(p, k)) for p in points.T]
        return np.einsum("ni,nj,ij->n", *waves, weights)[:, None]

    return solution


def screened_corner(cells=400):
    """`-div grad u + u = 1` on [-1, 1]^2 less [0, 1]^2, zero around: five-point differences."""
    from scipy.sparse import diags_array, eye_array, kron
    from scipy.sparse.linalg import spsolve

    n, h = cells - 1, 2.0 / cells
    line = diags_array([-np.ones(n - 1), 2.0 * np.ones(n), -np.ones(n - 1)], offsets=[-1, 0, 1])
    matrix = kron(line, eye_array(n)) + kron(eye_array(n), line) + h**2 * eye_array(n * n)
    x = -1.0 + h * np.arange(1, n + 1)
    inside = ~np.logical_and.outer(x > -0.5 * h, x > -0.5 * h).ravel()
    values = np.zeros(n * n)
    values[inside] = spsolve(matrix.tocsc()[inside][:, inside], np.full(inside.sum(), h**2))
    ends = np.linspace(-1.0, 1.0, cells + 1)
    interpolate = RegularGridInterpolator((ends, ends), np.pad(values.reshape(n, n), 1))
    return lambda points: interpolate(points)[:, None]
