"""Training of stream networks on the weak form of a steady flow, by Newton's method."""

import numpy as np

from keras_solvers.applications.pde_benchmarks.local_jets import LocalBasis
from keras_solvers.applications.pde_benchmarks.weak_momentum import WeakMomentum
from keras_solvers.applications.pde_benchmarks.weak_pressure import fit_pressure

_STEPS = 40
_PICARD = 5  # first steps, in which the flow that carries is the last one: from far away
# Share of the largest singular value of features below which they are dependent: with less, weights
# are so large that the network in float32 loses digits; with 1e-4 the flow does.
_ALIKE = 1e-5


def fit_steady_flow(network, viscosity, points, areas, on_step=None, tolerance=1e-7):
    """Trains a `stream_network` to the steady incompressible Navier-Stokes equations.

    Galerkin's method: with `u = curl psi`, and for all functions `phi` that the network can add
    to `psi`, `nu (grad u, grad curl phi) + (u . grad u, curl phi) = 0`. It has no pressure, which
    is fitted afterwards, and where fluid leaves `p n = nu du/dn`. The first step is the flow
    without inertia; Picard's iteration follows, and Newton's method. Residuals squared at points,
    in contrast, let a little residual next to each wall change the flow everywhere.

    Args:
        network: The network, in float64.
        viscosity: Kinematic viscosity `nu`.
        points: `(num_points, 2)`, points of a quadrature, denser where windows are small.
        areas: `(num_points,)`, their weights.
        on_step: Called after each step with its number and the squared norm of what was left;
            training ends when it returns `True`.
        tolerance: Of the largest change of a weight in the last step, over the largest weight.

    Returns:
        Whether the flow has converged; otherwise `on_step` has ended the training.

    Raises:
        RuntimeError: If Newton's method does not converge.
        ValueError: If points and areas do not agree, the viscosity is not positive, or the network
            is not a `stream_network` in float64.

    References: Sun, Dong and Wang, Local randomized neural networks with discontinuous Galerkin
    methods for partial differential equations, 2022; Elman, Silvester and Wathen, Finite Elements
    and Fast Iterative Solvers, 2014, section 8.2.
    """
    _check(network, viscosity, points, areas)
    walls = network.get_layer("walls")
    basis = LocalBasis(network.get_layer("stream_features"), points, _ALIKE)
    equations = WeakMomentum(walls, basis, viscosity, areas)
    weights, stopped = np.zeros(equations.size), False
    for step in range(_STEPS):
        matrix, left = equations(weights, step > _PICARD, viscous_only=step == 0)
        change, size = equations.solve(matrix, -left)
        weights = weights + change
        converged = step > _PICARD and equations.norm(change) < tolerance * equations.norm(weights)
        stopped = on_step is not None and on_step(step, size)
        if converged or stopped:
            break
    else:
        raise RuntimeError(
            f"Newton's method did not converge in {_STEPS} steps. The flow may not be steady at "
            f"this viscosity, or windows are too large for it. Received: viscosity={viscosity}"
        )
    network.get_layer("stream_features").kernel.assign(basis.kernel(weights[: basis.size]))
    walls.constants.assign(weights[basis.size :])
    fit_pressure(network, basis, equations, weights)
    return converged


def _check(network, viscosity, points, areas):
    names = {layer.name for layer in network.layers}
    if not {"walls", "stream_features", "pressure_features"} <= names:
        raise ValueError(
            f"`network` must be a `stream_network`. Received: one with the layers {sorted(names)}"
        )
    if not viscosity > 0.0:
        raise ValueError(f"`viscosity` must be positive. Received: viscosity={viscosity}")
    dtype = network.trainable_variables[0].dtype
    if dtype != "float64":
        raise ValueError(
            "The network must compute in float64: `stream_network(..., dtype='float64')`. "
            f"Received: dtype={dtype!r}"
        )
    if np.shape(points) != (len(areas), 2) or not np.all(np.isfinite(points)):
        raise ValueError(
            "Each point has two coordinates, all of them numbers, and an area. Received: shapes "
            f"{np.shape(points)} and {np.shape(areas)}, {np.sum(~np.isfinite(points))} not finite"
        )
