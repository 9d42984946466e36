"""The scales of turbulence that belong to a mean flow that is known."""

import numpy as np


def scales_of(channel, slope, shear_stress):
    """`(2, 2, n)`: `sqrt(k)` and `sqrt(1 / omega)` and their derivatives at the Gauss points.

    The two equations of the model are solved with the production `-<u v> dU/dy` of a given flow. A
    closure that answers the features of these fields with `b_12 = <u v> / 2 k` makes the given flow
    an exact answer of the channel: that, and not the anisotropy of the simulation, is what it has
    to learn, because the `k` of a model is not that of a simulation (Duraisamy, Iaccarino and Xiao,
    Turbulence modeling in the age of data, 2019, Annual Review of Fluid Mechanics 51, section 4,
    on the consistency of model and data).

    Args:
        channel: `Channel`.
        slope: `(n,)`, `dU/dy` at the Gauss points of its elements.
        shear_stress: `(n,)`, `<u v>` there.

    Raises:
        NotConvergedError: If the equations are not solved.
    """
    model = channel.model
    production = -shear_stress * slope

    def local(points):
        q, g = points
        rate = np.resize(production, q.shape[1]) / np.maximum(q[0] ** 2, 1e-30)
        return np.stack(model.equations(q, g, rate, 1.0 / channel.friction_reynolds))

    balance = channel.balance(local)
    u, _ = channel.solver(balance, channel.plug()[1:].ravel()[balance.free])
    return balance.at_points(u)
