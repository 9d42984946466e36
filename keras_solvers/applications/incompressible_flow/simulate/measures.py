"""What is measured of a flow: divergence, energy, smoke, vorticity, and the force on solids."""

from keras import ops

from keras_solvers.applications.incompressible_flow.simulate.forces import extended, in_cells
from keras_solvers.numerics.staggered import PERIODIC, take


def mean_divergence(domain, state):
    """Mean of `|div u|` over the fluid, `(batch,)`, in units of velocity per length."""
    return _mean(ops.abs(domain.outflow(state)), state["fluid"])


def kinetic_energy(domain, state):
    """Integral of `|u|^2 / 2` over the fluid, `(batch,)`, for a density of 1."""
    squares = sum(ops.square(u) for u in in_cells(state["velocity"]))
    return 0.5 * _total(state["fluid"] * squares) * domain.cell_size**domain.num_axes


def smoke_mass(domain, state):
    """Integral of the smoke over the fluid, `(batch,)`."""
    return _total(state["fluid"] * state["smoke"]) * domain.cell_size**domain.num_axes


def vorticity(domain, state):
    """`dv/dx - du/dy` of a flow in two dimensions, on the corners between cells inside.

    Returns:
        `(batch, n_0 - 1, n_1 - 1)`.
    """
    u, v = state["velocity"]
    across = take(v, 0, 1) - take(v, 0, 0, -1), take(u, 1, 1) - take(u, 1, 0, -1)
    return (take(across[0], 1, 1, -1) - take(across[1], 0, 1, -1)) / domain.cell_size


def pressure_force(domain, state):
    """Force of the pressure on all solids, a list by axis of `(batch,)`, for a density of 1."""
    fluid, pressure = state["fluid"], state["pressure"]
    forces = []
    for axis, (low, _) in enumerate(domain.problem.sides):
        around = extended(fluid, axis, low == PERIODIC)
        pushed = extended(pressure * fluid, axis, low == PERIODIC)
        push = take(pushed, axis, 0, -1) * (1.0 - take(around, axis, 1))
        pull = take(pushed, axis, 1) * (1.0 - take(around, axis, 0, -1))
        force = push - pull
        if low == PERIODIC:
            force = take(force, axis, 0, -1)  # the last face is the first one
        forces.append(_total(force) * domain.cell_size ** (domain.num_axes - 1))
    return forces


def _total(array):
    return ops.sum(array, axis=tuple(range(1, len(array.shape))))


def _mean(array, fluid):
    return _total(array * fluid) / ops.maximum(_total(fluid), 1.0)
