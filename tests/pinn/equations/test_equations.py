"""Exact solutions leave no residual."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.pinn import Coordinates, Field, equations
from keras_solvers.pinn.fields.complex_field import real_parts

ROWS = np.random.default_rng(0).uniform(0.3, 1.3, (11, 3))
KDV = np.sqrt(2.0) / 2.0  # sqrt(c) / 2 of a wave of speed c = 2


def soliton(x):
    return 1.0 / np.cosh(KDV * (x.x - 2.0 * x.t)) ** 2


def spinning(x):
    """Solid rotation with the pressure that holds it."""
    return -x.y, 1.0 * x.x, 0.5 * (x.x**2 + x.y**2)


def decaying_vortex(x, nu=0.1):
    decay = np.exp(-2.0 * nu * x.t)
    p = -0.25 * (np.cos(2.0 * x.x) + np.cos(2.0 * x.y)) * decay**2
    return -np.cos(x.x) * np.sin(x.y) * decay, np.sin(x.x) * np.cos(x.y) * decay, p


def carried_density(x):
    return 2.0 + np.sin(x.x - 0.5 * x.t), 0.5 + 0.0 * x.x, 1.0 + 0.0 * x.x


def ns_soliton(x):
    """`h = sech(x) exp(i t / 2)`."""
    return np.exp(0.5j * x.t) / np.cosh(x.x)


EXACT = {
    "poisson": ("xy", equations.poisson(lambda x: 2.0 * np.sin(x.x) * np.sin(x.y)),
                lambda x: np.sin(x.x) * np.sin(x.y)),
    "laplace": ("xy", equations.laplace(), lambda x: np.exp(x.x) * np.cos(x.y)),
    "helmholtz": ("xy", equations.helmholtz(5.0), lambda x: np.sin(3.0 * x.x + 4.0 * x.y)),
    "poisson_boltzmann": ("xy", equations.poisson_boltzmann(5.0),
                          lambda x: np.exp(3.0 * x.x + 4.0 * x.y)),
    "linear_elasticity": ("xy", equations.linear_elasticity(2.0, 1.0, (-8.0, 0.0)),
                          lambda x: (x.x**2, 0.0 * x.y)),
    "heat": ("xyt", equations.heat(0.5), lambda x: np.exp(-x.t) * np.sin(x.x) * np.cos(x.y)),
    "wave": ("xt", equations.wave(3.0), lambda x: np.sin(x.x - 3.0 * x.t)),
    "advection": ("xyt", equations.advection(2.0, -1.0),
                  lambda x: np.sin(x.x - 2.0 * x.t) * np.cos(x.y + x.t)),
    "burgers": ("xt", equations.burgers(0.25),
                lambda x: 1.0 - np.tanh((x.x - x.t) / 0.5)),
    "allen_cahn": ("xt", equations.allen_cahn(0.5, 1.0),
                   lambda x: 0.5 + 0.5 * np.tanh(0.5 * (x.x + 1.5 * x.t))),
    "korteweg_de_vries": ("xt", equations.korteweg_de_vries(), soliton),
    "kuramoto_sivashinsky": ("xt", equations.kuramoto_sivashinsky(), lambda x: x.x / (1.0 + x.t)),
    "schrodinger": ("xt", equations.schrodinger(), ns_soliton),
    "navier_stokes": ("xy", equations.navier_stokes(0.1), spinning),
    "stream_function": ("xy", equations.navier_stokes(0.1),
                        lambda x: equations.of_stream_function(
                            x, -0.5 * (x.x**2 + x.y**2), 0.5 * (x.x**2 + x.y**2))),
    "unsteady_navier_stokes": ("xyt", equations.unsteady_navier_stokes(0.1), decaying_vortex),
    "euler": ("xt", equations.euler(), carried_density),
    "lorenz": ("t", equations.lorenz(rho=28.0), lambda x: (
        6.0 * np.sqrt(2.0) + 0.0 * x.t, 6.0 * np.sqrt(2.0) + 0.0 * x.t, 27.0 + 0.0 * x.t)),
    "robertson": ("t", equations.robertson(slow=0.5, fast=0.0, middle=0.0), lambda x: (
        np.exp(-0.5 * x.t), 1.0 - np.exp(-0.5 * x.t), 0.0 * x.t)),
    "blasius": ("x", equations.blasius(), lambda x: 6.0 / x.x),
}  # fmt: skip


def _parts(fields):
    return real_parts(fields if isinstance(fields, tuple) else (fields,))


@pytest.mark.parametrize("name", EXACT)
def test_exact_solution(name):
    if keras.backend.backend() == "jax":
        pytest.skip("float32 by default")
    coordinates, residual, solution = EXACT[name]
    place = Coordinates(coordinates)
    fields = solution(place)
    fields = fields if isinstance(fields, tuple) else (fields,)
    left = _parts(residual(place, *fields))
    rows = ops.convert_to_tensor(ROWS[:, : len(coordinates)])
    for part in left:
        assert isinstance(part, Field)
        np.testing.assert_allclose(part(rows), 0.0, atol=1e-9)
    # A residual that is zero for all fields would be no equation.
    wrong = [u + 0.1 * np.exp(place.column(0)) * (1.0 + place.column(-1)) for u in fields]
    parts = _parts(residual(place, *wrong))
    assert max(np.abs(ops.convert_to_numpy(part(rows))).max() for part in parts) > 1e-2
