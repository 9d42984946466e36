"""The pressure that a known flow needs."""

import numpy as np
from scipy.linalg import solve

from keras_solvers.applications.pde_benchmarks.local_jets import LocalBasis, product, square_root

_ALIKE = 1e-3  # as for the stream function; features that points hardly see would be noise on walls
_FLOOR = 1e-9  # of the normal equations, whose diagonal is one


def fit_pressure(network, tests, equations, weights):
    """Fits the pressure of a `stream_network` to its flow, by least squares of the weak momentum.

    For each test velocity `t`, a function of the basis times the square root of what the network
    is multiplied by, which vanishes on walls like the distance:
    `(p, div t) = nu (grad u, grad t) + (u . grad u, t)`, over the norm of `grad t`.

    Args:
        network: The network.
        tests: The `LocalBasis` of the stream function.
        equations: Its `WeakMomentum`.
        weights: Weights of the stream function.
    """
    layer = network.get_layer("pressure_features")
    basis = LocalBasis(layer, tests.points, _ALIKE)
    flow, wall = equations.flow(weights), square_root(equations.factor)
    divergence, force = np.zeros((2, tests.size, basis.size)), np.zeros((2, tests.size))
    stiffness = np.zeros(tests.size)
    for rows, windows in tests.patches():
        test, x, y, *_ = product(wall[:, rows], tests.jets(rows, windows))
        columns, area = tests.columns(windows), equations.areas[rows]
        pressure = area[:, None] * basis.jets(rows, windows)[0]
        at = np.ix_(columns, basis.columns(windows))
        divergence[0][at] += x.T @ pressure
        divergence[1][at] += y.T @ pressure
        u, v, *gradient = flow[:, rows]
        for i, (along, across) in enumerate((gradient[:2], gradient[2:])):
            viscous = equations.viscosity * (x.T @ (area * along) + y.T @ (area * across))
            force[i, columns] += viscous + test.T @ (area * (u * along + v * across))
        stiffness[columns] += (x * x + y * y).T @ area
    scale = 1.0 / np.sqrt(stiffness)
    matrix, right = np.concatenate(divergence * scale[:, None]), np.concatenate(force * scale)
    size = 1.0 / np.linalg.norm(matrix, axis=0)
    matrix = matrix * size
    normal = matrix.T @ matrix + _FLOOR * np.eye(basis.size)
    layer.kernel.assign(basis.kernel(size * solve(normal, matrix.T @ right, assume_a="pos")))
