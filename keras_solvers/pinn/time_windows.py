"""Long times, solved in time windows, one after another."""

import itertools

import numpy as np
from keras import ops

from keras_solvers.pinn.fields.complex_field import real_parts
from keras_solvers.pinn.fields.conditions import data
from keras_solvers.pinn.model import PINN


def solve_in_time_windows(
    problem,
    initial,
    network,
    edges,
    train,
    *,
    time="t",
    order=1,
    num_points=200,
    weight=1.0,
    seed=0,
):
    """Solves one time window after another; the last solution gives the next initial conditions.

    A network for a long time must represent all of it, and an error at one time spoils all later
    ones. A window is short, and its network starts from the weights of the last one (Wight and
    Zhao, Solving Allen-Cahn and Cahn-Hilliard equations using the adaptive physics informed neural
    networks, 2021, section 3.3). A window is trained when the iteration comes to it, so that a loop
    over them can save each, draw it, or stop.

    Args:
        problem: Function `(start, end, initial)` that returns the `PDE` of a window; `initial` is
            the tuple of initial conditions of the window.
        initial: These conditions for the first window.
        network: Function `(start, end)` that returns the network of a window.
        edges: Times at which windows begin and end, increasing, `(num_windows + 1,)`.
        train: Function of a `PINN` that compiles and fits it.
        time: Name of the time coordinate.
        order: Order of the equation in time, 1 or 2; with 2 the next window starts from the time
            derivative as well.
        num_points: Points at the end of a window at which the next one starts.
        weight: Weight of the initial conditions of all windows but the first.
        seed: Seed of these points.

    Yields:
        The trained `PINN` of each window.

    Raises:
        ValueError: If `edges` do not increase, `order` is not 1 or 2, or the geometry of a window
            does not end with it.
    """
    edges = np.asarray(edges, float)
    if edges.ndim != 1 or len(edges) < 2 or not np.all(np.diff(edges) > 0.0):
        raise ValueError(f"`edges` must be two times or more that increase. Received: {edges}")
    if order not in (1, 2):
        raise ValueError(f"`order` must be 1 or 2. Received: order={order}")
    last = None
    for start, end in itertools.pairwise(edges):
        if last is not None:
            initial = _initial_conditions(last, start, time, order, num_points, weight, seed)
        model = PINN(network(start, end), problem(start, end, tuple(initial)))
        if last is not None:
            model.network.set_weights(last.network.get_weights())
        train(model)
        yield model
        last = model


def _initial_conditions(model, end, time, order, num_points, weight, seed):
    """The solution at the end of a window as initial conditions of the next."""
    geometry = model.problem.geometry
    column = geometry.coordinates.index(time)
    if geometry.bounds[column, 1] != end:
        raise ValueError(
            f"The geometry of a window must end with it, at {time} = {end}. "
            f"Received: a geometry that ends at {geometry.bounds[column, 1]}"
        )
    points, _ = geometry.sample_boundary(num_points, seed, lambda p: p[:, column] == end)

    def condition(quantity):
        values = _numbers(quantity(None, *model.fields()), points)
        return data(points, values, quantity=quantity, weight=weight)

    fields = range(len(model.fields()))
    conditions = [condition(lambda x, *u, k=k: u[k]) for k in fields]
    if order == 2:
        conditions += [condition(lambda x, *u, k=k: u[k].derivative(time)) for k in fields]
    return tuple(conditions)


def _numbers(field, points):
    """Values of a real or complex field, NumPy, `(num_points,)`."""
    real, *imag = (ops.convert_to_numpy(part(points)) for part in real_parts((field,)))
    return real + 1j * imag[0] if imag else real
