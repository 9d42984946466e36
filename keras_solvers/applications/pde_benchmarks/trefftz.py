"""Plane problems around discs by solutions of the equation that are fitted to the boundary.

The best classic method where it applies: no mesh, and an error that falls exponentially with the
number of functions (Trefethen, Series solution of Laplace problems, 2018).
"""

import numpy as np
from scipy.fft import dstn
from scipy.interpolate import RectBivariateSpline
from scipy.special import kv


def around_discs(discs, half_width, outer, inner, screening=0.0, source=None, order=12):
    """Solves `-div grad u + k^2 u = f` in a square less discs, with constant values around.

    Args:
        discs: `(x, y, radius)` of each disc.
        half_width: Half of the side of the square, whose centre is the origin.
        outer: Value on the square.
        inner: Value on the discs.
        screening: `k`.
        source: `f`, a function of `x` and `y` that vanishes on the square; none if `None`.
        order: Highest order of the functions around each disc.

    Returns:
        Function from points `(num_points, 2)` to values `(num_points, 1)`.
    """
    particular = _in_sines(source, half_width, screening) if source else _nothing

    def functions(points):
        columns = [_outer(points / half_width, screening * half_width, 6 * order)]
        columns += [_around(points, disc, screening, order) for disc in discs]
        return np.concatenate(columns, axis=1)

    points, values = _boundary(discs, half_width, outer, inner, 60 * order)
    matrix = functions(points)
    scale = np.linalg.norm(matrix, axis=0)
    weights = np.linalg.lstsq(matrix / scale, values - particular(points), rcond=1e-14)[0] / scale
    return lambda points: (functions(points) @ weights + particular(points))[:, None]


def _nothing(points):
    return np.zeros(len(points))


def _outer(points, screening, order):
    """Solutions without a singularity: harmonic polynomials, or waves that grow."""
    x, y = points.T
    if screening == 0.0:
        powers = (x + 1j * y)[:, None] ** np.arange(order + 1)
        return np.concatenate([powers.real, powers.imag[:, 1:]], axis=1)
    angle = 2.0 * np.pi * np.arange(4 * order) / (4 * order)
    along = np.multiply.outer(x, np.cos(angle)) + np.multiply.outer(y, np.sin(angle))
    return np.exp(screening * (along - np.sqrt(2.0)))


def _around(points, disc, screening, order):
    """Solutions with a singularity at the centre of a disc."""
    *center, radius = disc
    x, y = (points - center).T
    distance, angle = np.hypot(x, y), np.arctan2(y, x)
    orders = np.arange(1, order + 1)
    if screening == 0.0:
        mean, radial = np.log(distance), (radius / distance)[:, None] ** orders
    else:
        mean = kv(0, screening * distance)
        radial = kv(orders, screening * distance[:, None]) / kv(orders, screening * radius)
    waves = np.multiply.outer(angle, orders)
    parts = mean[:, None], radial * np.cos(waves), radial * np.sin(waves)
    return np.concatenate(parts, axis=1)


def _boundary(discs, half_width, outer, inner, number):
    s = np.cos(np.pi * (np.arange(number) + 0.5) / number)  # denser at the corners
    one = np.ones(number)
    sides = [np.stack(p, axis=1) for p in ((s, -one), (s, one), (-one, s), (one, s))]
    points, values = [half_width * np.concatenate(sides)], [np.full(4 * number, outer)]
    angle = 2.0 * np.pi * np.arange(number) / number
    for x, y, radius in discs:
        points.append(np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1))
        values.append(np.full(number, inner))
    return np.concatenate(points), np.concatenate(values)


def _in_sines(source, half_width, screening, modes=511):
    """A solution with this source in the whole square, zero around, by sine transforms."""
    n = modes + 1
    x = half_width * (2.0 * np.arange(1, n) / n - 1.0)
    k = 0.5 * np.pi * np.arange(1, n) / half_width
    weights = dstn(source(*np.meshgrid(x, x, indexing="ij")), type=1) / n**2
    weights /= k[:, None] ** 2 + k[None, :] ** 2 + screening**2
    values = np.pad(dstn(weights, type=1) / 4.0, 1)
    ends = np.concatenate([[-half_width], x, [half_width]])
    spline = RectBivariateSpline(ends, ends, values)
    return lambda points: spline.ev(*points.T)
