"""Whether a Neumann problem has a solution, and a unique one."""

import warnings

import numpy as np
from keras import ops

from keras_solvers.pinn.fields.coordinates import Coordinates
from keras_solvers.pinn.fields.field import Field

_NUM_TESTS = 200  # points at which the equation is recognised
_NUM_INSIDE = 2**14  # points of the integrals: their error is below 1 %
_NUM_BOUNDARY = 2**14
_ROUNDING = 1e-3  # error of a comparison in float32
_MAX_IMBALANCE = 0.02  # share of the sum of the absolute values


def check_neumann_compatibility(problem):
    """Checks Poisson's equation `-k div grad u = f` with `du/dn = g` on the whole boundary.

    By the divergence theorem a solution needs `int f + k int g = 0`, inside and on the boundary;
    with it, any constant can be added. Whether the equation is of this kind, linear with a constant
    `k`, is found from its residuals of two known fields.

    Raises:
        ValueError: If these integrals differ by more than 2 %: there is no solution.

    Warns:
        UserWarning: If there is no other condition: the solution is known up to a constant.
    """
    neumann = [
        c
        for c in problem.conditions
        if c.prescribed_normal_derivative is not None and c.geometry is None
    ]
    if problem.num_fields > 1 or problem.complex_valued or problem.coefficients or not neumann:
        return
    if problem.ansatz is not None:
        return
    geometry = problem.geometry
    points, normals = geometry.propose_boundary(_NUM_BOUNDARY, np.random.default_rng(0))
    derivatives = _normal_derivatives(neumann, geometry, np.concatenate([points, normals], axis=1))
    area = geometry.boundary_size / _NUM_BOUNDARY  # that each point stands for
    volume = _volume(geometry, points, normals, area)
    factor = _diffusivity(problem)
    if volume is None or factor is None or np.isnan(derivatives).any():
        return
    source = -_residual(problem, 0.0, geometry.sample(_NUM_INSIDE, 0))
    produced, entering = volume * source.mean(), factor * area * derivatives.sum()
    size = volume * np.abs(source).mean() + abs(factor) * area * np.abs(derivatives).sum()
    if abs(produced + entering) > _MAX_IMBALANCE * size:
        raise ValueError(
            "No solution has these normal derivatives on the whole boundary: for "
            "`-k div grad u = f` the integral of f inside and k times that of du/dn on the "
            f"boundary must add up to zero. Received: {produced:.4g} and {entering:.4g}, with "
            f"k={factor:.4g}"
        )
    if len(neumann) == len(problem.conditions):
        warnings.warn(
            "Neumann conditions on the whole boundary determine the solution up to a constant. Fix "
            "it by one value, `data([point], [value])`, or compare differences only.",
            stacklevel=3,
        )


def _normal_derivatives(conditions, geometry, rows):
    """`du/dn` at points of the boundary with normals; NaN where no condition prescribes it."""
    derivatives = np.full(len(rows), np.nan)
    for condition in conditions:
        chosen, points = condition.chosen(geometry), rows[:, : rows.shape[1] // 2]
        there = np.full(len(rows), True) if chosen is None else chosen(points)
        value = _values(condition.prescribed_normal_derivative, geometry.coordinates, rows)
        derivatives = np.where(there, value, derivatives)
    return derivatives


def _values(value, coordinates, rows):
    value = value(Coordinates(coordinates)) if callable(value) else value
    return ops.convert_to_numpy(value(rows)) if isinstance(value, Field) else value


def _diffusivity(problem):
    """`k`, if the residual is `-k div grad u - f`; `None` if it is something else."""
    geometry = problem.geometry
    points, x = geometry.sample(_NUM_TESTS, 0), Coordinates(geometry.coordinates)
    scaled = [
        (getattr(x, name) - low) / (high - low)
        for name, (low, high) in zip(geometry.coordinates, geometry.bounds.tolist(), strict=True)
    ]
    wave = sum(np.sin((1.0 + 0.3 * i) * s + i) for i, s in enumerate(scaled))
    wave = wave + 0.5 * np.cos(sum((0.7 + 0.2 * i) * s for i, s in enumerate(scaled)))
    laplacian = ops.convert_to_numpy(wave.laplacian()(points))
    of_zero = _residual(problem, 0.0, points)
    change = _residual(problem, wave, points) - of_zero
    factor = -(change @ laplacian) / (laplacian @ laplacian)
    size = np.abs(change).max()
    proportional = np.abs(change + factor * laplacian).max() <= _ROUNDING * size
    doubled = _residual(problem, 2.0 * wave + 1.0, points) - of_zero
    linear = np.abs(doubled - 2.0 * change).max() <= _ROUNDING * size
    return factor if size > 0.0 and proportional and linear else None


def _residual(problem, field, points):
    """The residual of the equation for a field, `(num_points,)`; NaN if it has several parts."""
    x = Coordinates(problem.geometry.coordinates)
    field = field + 0.0 * x.column(0)
    parts = problem.residual(x, field)
    parts = parts if isinstance(parts, tuple | list) else (parts,)
    if len(parts) > 1:
        return np.full(len(points), np.nan)
    return ops.convert_to_numpy(parts[0](points))


def _volume(geometry, points, normals, area):
    """`int x . n / dimensions` over the boundary; `None` if points do not represent it."""
    volume = area * np.sum((points - points.mean(axis=0)) * normals) / points.shape[1]
    low, high = geometry.bounds.T
    anywhere = low + (high - low) * np.random.default_rng(0).random((_NUM_INSIDE, len(low)))
    counted = np.prod(high - low) * geometry.contains(anywhere).mean()
    return volume if abs(volume - counted) < _MAX_IMBALANCE * counted else None
