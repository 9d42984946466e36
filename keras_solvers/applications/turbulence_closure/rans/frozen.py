"""The scales of turbulence that belong to a mean flow that is known."""

import dataclasses

import numpy as np
from scipy.interpolate import PchipInterpolator

from keras_solvers.applications.turbulence_closure.rans.channel import Channel


@dataclasses.dataclass(frozen=True)
class FrozenChannel:
    """A known channel at points, with what a closure has to answer for it to come out of a solver.

    The scales of turbulence are those of a model, in balance with the known mean velocity and shear
    stress, and the anisotropy is that of the known stresses in units of the model's energy; see
    `scales_of`.

    Attributes:
        y: `(n,)`, distance to the wall over the half height.
        slope: `(n,)`, `dU/dy`, velocities in friction velocities.
        energy: `(n,)`, `k` of the model.
        dissipation: `(n,)`, its `epsilon`.
        features: What a closure is asked with; see `KOmega.features`.
        anisotropy: `(n, 3, 3)`, what it should answer. Next to the wall, where the `k` of the
            model is too small for the normal stresses of a simulation, it is not realizable.
    """

    y: np.ndarray
    slope: np.ndarray
    energy: np.ndarray
    dissipation: np.ndarray
    features: dict
    anisotropy: np.ndarray


def frozen_channel(profile):
    """A `FrozenChannel` of a `ChannelProfile`.

    Raises:
        NotConvergedError: If the equations of the scales are not solved.
    """
    channel = Channel(profile.friction_reynolds)
    y = channel.elements.points[:, 0]
    slope = _at(profile, profile.slope, y, middle=0.0)
    stresses = np.zeros((len(y), 3, 3))
    for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (1, 0)):
        values = profile.stresses[:, i, j]
        stresses[:, i, j] = _at(profile, values, y, middle=values[-1] if i == j else 0.0)
    scales = scales_of(channel, slope, stresses[:, 0, 1])
    features = channel.features(np.stack([np.stack([np.zeros_like(slope), slope]), *scales]))
    (q, g), k = scales[:, 0], scales[0, 0] ** 2
    isotropic = np.trace(stresses, axis1=1, axis2=2)[:, None, None] / 3.0 * np.eye(3)
    b = (stresses - isotropic) / (2.0 * k[:, None, None])
    dissipation = channel.model.beta_star * (q / g) ** 2
    return FrozenChannel(y, slope, k, dissipation, features, b)


def _at(profile, values, y, middle):
    y_known = profile.y
    if y_known[-1] < 1.0:  # some files end one cell before the middle
        y_known, values = np.append(y_known, 1.0), np.append(values, middle)
    return PchipInterpolator(y_known, values)(y)


def scales_of(channel, slope, shear_stress):
    """`(2, 2, n)`: `sqrt(k)` and `sqrt(1 / omega)` and their derivatives at the Gauss points.

    The two equations of the model are solved with the production `-<u v> dU/dy` of a given flow. A
    closure that answers the features of these fields with `b_12 = <u v> / (2 k)` makes the given
    flow an exact answer of the channel: that, and not the anisotropy of the simulation, is what it
    has to learn, because the `k` of a model is not that of a simulation (Duraisamy, Iaccarino and
    Xiao, Turbulence modeling in the age of data, 2019, Annual Review of Fluid Mechanics 51, section
    4, on the consistency of model and data).

    Args:
        channel: `Channel`.
        slope: `(n,)`, `dU/dy` at the Gauss points of its elements.
        shear_stress: `(n,)`, `<u v>` there.

    Raises:
        NotConvergedError: If the equations are not solved.
        ValueError: If slope and stress are not those at the points.
    """
    model, num_points = channel.model, len(channel.elements.points)
    if np.shape(slope) != (num_points,) or np.shape(shear_stress) != (num_points,):
        raise ValueError(
            f"Slope and stress are expected at the {num_points} points `channel.elements.points`. "
            f"Received: shapes {np.shape(slope)} and {np.shape(shear_stress)}"
        )
    production = -shear_stress * slope

    def local(points):
        q, g = points
        rate = np.resize(production, q.shape[1]) / np.maximum(q[0] ** 2, 1e-30)
        return np.stack(model.equations(q, g, rate, 1.0 / channel.friction_reynolds))

    balance = channel.balance(local)
    u, _ = channel.solver(balance, channel.plug()[1:, 1:].ravel())
    return balance.at_points(u)
