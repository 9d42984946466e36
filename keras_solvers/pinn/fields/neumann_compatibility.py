"""Whether slopes on all of the boundary allow a solution, and what they leave open."""

import warnings

import numpy as np
from keras import ops

from keras_solvers.pinn.fields.coordinates import Coordinates
from keras_solvers.pinn.fields.field import Field

_TESTS = 200  # points at which the equation is recognised
_INSIDE = 2**14  # points of the integrals: their error is below 1 %
_BOUNDARY = 2**14
_SAME = 1e-3  # error of a comparison in float32
_UNBALANCED = 0.02  # share of all that flows


def check_neumann_compatibility(problem):
    """Looks at Poisson's equation `-k div grad u = f` with `du/dn = g` on the whole boundary.

    By the divergence theorem a solution needs `int f + k int g = 0`, inside and on the boundary;
    with it, any constant can be added. That the equation is of this kind, linear with a constant
    `k`, shows in what the residual makes of two known fields.

    Raises:
        ValueError: If these integrals differ by more than 2 %: there is no solution.

    Warns:
        UserWarning: If there is no other condition: the solution is known up to a constant.
    """
    sloped = [c for c in problem.conditions if c.slope is not None and c.geometry is None]
    if problem.num_fields > 1 or problem.complex_valued or problem.coefficients or not sloped:
        return
    if problem.ansatz is not None:
        return
    geometry = problem.geometry
    points, normals = geometry.propose_boundary(_BOUNDARY, np.random.default_rng(0))
    rows = np.concatenate([points, normals], axis=1)
    slopes = _slopes(sloped, geometry, rows)
    area = geometry.boundary_size / _BOUNDARY  # that each point stands for
    volume = _volume(geometry, points, normals, area)
    factor = _factor(problem)
    if volume is None or factor is None or np.isnan(slopes).any():
        return
    source = -_residual(problem, 0.0, geometry.sample(_INSIDE, 0))
    given, leaving = volume * source.mean(), factor * area * slopes.sum()
    size = volume * np.abs(source).mean() + abs(factor) * area * np.abs(slopes).sum()
    if abs(given + leaving) > _UNBALANCED * size:
        raise ValueError(
            "No solution has these slopes on the whole boundary: the integral of the source f "
            "inside and k times that of the slopes on the boundary must add up to zero, for "
            f"`-k div grad u = f`. Received: {given:.4g} and {leaving:.4g}, with k={factor:.4g}"
        )
    if len(sloped) == len(problem.conditions):
        warnings.warn(
            "Slopes on the whole boundary leave the solution open up to a constant. Fix it by one "
            "value, `data([place], [value])`, or compare differences only.",
            stacklevel=3,
        )


def _slopes(conditions, geometry, rows):
    """`du/dn` at points of the boundary with normals; NaN where no condition gives it."""
    slopes = np.full(len(rows), np.nan)
    for condition in conditions:
        chosen = condition.chosen(geometry)
        there = (
            np.full(len(rows), True) if chosen is None else chosen(rows[:, : rows.shape[1] // 2])
        )
        slopes = np.where(there, _values(condition.slope, geometry.coordinates, rows), slopes)
    return slopes


def _values(value, coordinates, rows):
    value = value(Coordinates(coordinates)) if callable(value) else value
    return ops.convert_to_numpy(value(rows)) if isinstance(value, Field) else value


def _factor(problem):
    """`k`, if the residual is `-k div grad u - f`; `None` if it is something else."""
    geometry = problem.geometry
    points, place = geometry.sample(_TESTS, 0), Coordinates(geometry.coordinates)
    scaled = [
        (getattr(place, name) - low) / (high - low)
        for name, (low, high) in zip(geometry.coordinates, geometry.bounds.tolist(), strict=True)
    ]
    wave = sum(np.sin((1.0 + 0.3 * i) * s + i) for i, s in enumerate(scaled))
    wave = wave + 0.5 * np.cos(sum((0.7 + 0.2 * i) * s for i, s in enumerate(scaled)))
    bend = ops.convert_to_numpy(wave.laplacian()(points))
    nothing = _residual(problem, 0.0, points)
    made = _residual(problem, wave, points) - nothing
    factor = -(made @ bend) / (bend @ bend)
    size = np.abs(made).max()
    alike = np.abs(made + factor * bend).max() <= _SAME * size
    twice = _residual(problem, 2.0 * wave + 1.0, points) - nothing
    linear = np.abs(twice - 2.0 * made).max() <= _SAME * size
    return factor if size > 0.0 and alike and linear else None


def _residual(problem, field, points):
    """What the equation leaves of a field, `(num_points,)`; NaN if it has several parts."""
    place = Coordinates(problem.geometry.coordinates)
    field = field + 0.0 * place.column(0)
    parts = problem.residual(place, field)
    parts = parts if isinstance(parts, tuple | list) else (parts,)
    if len(parts) > 1:
        return np.full(len(points), np.nan)
    return ops.convert_to_numpy(parts[0](points))


def _volume(geometry, points, normals, area):
    """`int x . n / dimensions` over the boundary; `None` if points do not represent it."""
    volume = area * np.sum((points - points.mean(axis=0)) * normals) / points.shape[1]
    low, high = geometry.bounds.T
    anywhere = low + (high - low) * np.random.default_rng(0).random((_INSIDE, len(low)))
    counted = np.prod(high - low) * geometry.contains(anywhere).mean()
    return volume if abs(volume - counted) < _UNBALANCED * counted else None
