import numpy as np
import pytest
from keras import ops

from keras_solvers.applications.incompressible_flow.compatibility import connected_parts
from keras_solvers.classic import IncompleteCholeskyCG
from keras_solvers.numerics.staggered import divergence, face_weights
from keras_solvers.problems import PressureProjection


def exact(problem):
    """Solver to rounding, for float64 inputs."""
    return IncompleteCholeskyCG(problem, 1e-11)


WAVES = {  # solution along one axis on [0, 1], and its wave number
    "closed": (np.cos, np.pi),
    "open": (np.sin, np.pi),
    "periodic": (np.cos, 2.0 * np.pi),
}


@pytest.mark.parametrize("side", WAVES)
def test_smooth_pressures_are_found_with_second_order(side):
    wave, number = WAVES[side]
    errors = []
    for n in (16, 32):
        problem = PressureProjection((n, n), side)
        at = (np.arange(n) + 0.5) / n
        p = np.multiply.outer(wave(number * at), wave(2.0 * number * at))
        laplacian = -5.0 * number**2 * p / n**2  # lengths are in cells
        x = np.stack([laplacian, np.ones_like(p)], axis=-1)[None]
        found = ops.convert_to_numpy(exact(problem)(x))[0, ..., 0]
        errors.append(np.max(np.abs(found - found.mean() - p + p.mean())))
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.1)


@pytest.mark.parametrize("cells", [(24, 24), (12, 10, 9)])
@pytest.mark.parametrize("sides", ["closed", "open", "periodic"])
def test_projection_leaves_no_divergence(cells, sides):
    problem = PressureProjection(cells, sides, max_obstacles=2)
    rng = np.random.default_rng(0)
    x = ops.convert_to_numpy(problem.sample(2, seed=0)).astype("float64")
    fluid = x[..., 1]
    weights = face_weights(ops.convert_to_tensor(fluid), problem.sides)
    velocity = []
    for axis, weight in enumerate(weights):
        u = rng.normal(size=tuple(weight.shape)) * (ops.convert_to_numpy(weight) > 0.0)
        if problem.sides[axis][0] == "periodic":
            ends = [slice(None)] * (len(cells) + 1)
            ends[axis + 1] = -1
            first = [slice(None)] * (len(cells) + 1)
            first[axis + 1] = 0
            u[tuple(ends)] = u[tuple(first)]
        velocity.append(u)
    x = ops.convert_to_numpy(problem.inputs(velocity, fluid))
    problem.check(x)
    after = problem.project(velocity, fluid, exact(problem)(x))
    left = fluid * ops.convert_to_numpy(divergence(after))
    assert np.max(np.abs(left)) < 1e-9 * np.max(np.abs(x[..., 0]))
    walls = [ops.convert_to_numpy(w) == 0.0 for w in weights]
    for wall, u in zip(walls, after, strict=True):
        assert not np.any(ops.convert_to_numpy(u)[wall])


def test_projection_makes_the_velocity_shorter():
    """The projection is orthogonal: what is left and what was removed are perpendicular."""
    problem = PressureProjection((20, 20), max_obstacles=1)
    x = ops.convert_to_numpy(problem.sample(1, seed=3)).astype("float64")
    fluid = x[..., 1]
    weights = [ops.convert_to_numpy(w) for w in face_weights(fluid, problem.sides)]
    rng = np.random.default_rng(0)
    before = [rng.normal(size=w.shape) * (w > 0.0) for w in weights]
    pressure = exact(problem)(problem.inputs(before, fluid))
    after = [ops.convert_to_numpy(u) for u in problem.project(before, fluid, pressure)]
    inner = sum(np.sum(u * (v - u)) for u, v in zip(after, before, strict=True))
    assert abs(inner) < 1e-8 * sum(np.sum(v**2) for v in before)


def test_sample_is_normalized_and_compatible():
    problem = PressureProjection((32, 24))
    x = ops.convert_to_numpy(problem.sample(20, seed=1))
    problem.check(x)
    fluid = x[..., 1] > 0
    for outflow, inside in zip(x[..., 0], fluid, strict=True):
        assert np.mean(outflow[inside] ** 2) == pytest.approx(1.0, rel=1e-5)
        assert not np.any(outflow[~inside])
    assert 0.0 < np.mean(fluid) < 1.0


def test_objective_weighs_cells_beside_solids():
    problem = PressureProjection((9, 9))
    x = np.ones((1, 9, 9, 2), "float32")
    x[0, :, 0, 1] = 0.0  # a wall at the left
    weight = 1.0 + np.array([2, 1, 0, 0, 0, 0, 0, 0])  # 4 - d, at least 1
    found = ops.convert_to_numpy(problem.objective(x, np.zeros((1, 9, 9, 1), "float32")))
    assert found[0] == pytest.approx(0.5 * 9 * weight.sum())


def test_certificate_of_zero_is_one_and_of_stillness_zero():
    problem = PressureProjection((8, 8))
    x = problem.sample(3, seed=0)
    zero = np.zeros((3, 8, 8, 1), "float32")
    np.testing.assert_allclose(problem.relative_residual(x, zero), 1.0, rtol=1e-6)
    still = ops.stack([ops.zeros_like(x[..., 0]), x[..., 1]], axis=-1)
    np.testing.assert_array_equal(problem.relative_residual(still, zero), 0.0)


def test_parts_meet_across_periodic_sides():
    fluid = np.ones((6, 6))
    fluid[:, 2] = fluid[:, 4] = 0.0  # columns 0-1 and 5, and column 3
    closed, periodic = (("closed", "closed"),) * 2, (("closed", "closed"), ("periodic",) * 2)
    assert connected_parts(fluid, closed)[1] == 3
    labels, count = connected_parts(fluid, periodic)
    assert count == 2
    assert labels[0, 0] == labels[0, 5] != labels[0, 3]


def test_names_the_part_without_an_answer():
    problem = PressureProjection((8, 8))
    x = np.zeros((2, 8, 8, 2))
    x[..., 1] = 1.0
    x[1, :, 3, 1] = 0.0
    x[1, 0, 0, 0], x[1, 0, 7, 0] = 1.0, -1.0  # adds up to zero, but not on each side of the wall
    with pytest.raises(ValueError, match=r"sample 1: a closed part of the fluid of 24 cells"):
        problem.check(x)
    PressureProjection((8, 8), "open").check(x)


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (np.zeros((1, 8, 7, 2)), "must have the shape"),
        (np.zeros((0, 8, 8, 2)), "must have the shape"),
        (np.full((1, 8, 8, 2), np.nan), "finite"),
        (np.full((1, 8, 8, 2), 0.5), "0 or 1"),
    ],
)
def test_wrong_inputs_are_named(x, words):
    with pytest.raises(ValueError, match=words):
        PressureProjection((8, 8)).check(x)


@pytest.mark.parametrize(
    "arguments",
    [
        {"cells": (8,)},
        {"cells": (8, 1)},
        {"sides": "shut"},
        {"sides": (("closed", "open"),)},
        {"sides": (("periodic", "open"), ("open", "open"))},
        {"max_obstacles": -1},
    ],
)
def test_wrong_arguments_are_named(arguments):
    with pytest.raises(ValueError, match="Received"):
        PressureProjection(**arguments)
