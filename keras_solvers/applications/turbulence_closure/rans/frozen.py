"""Frozen-field inversion: model scales and stresses that reproduce a given mean flow."""

import dataclasses

import numpy as np
from scipy.interpolate import PchipInterpolator

from keras_solvers.applications.turbulence_closure.data.channel_profiles import ChannelProfile
from keras_solvers.applications.turbulence_closure.rans.channel import Channel


@dataclasses.dataclass(frozen=True)
class FrozenChannel:
    """The frozen-field inversion of a channel: features and the anisotropy to be learned.

    With the mean velocity and the shear stress frozen, `turbulence_scales` solves the model
    equations for `k` and `epsilon`. The anisotropy follows from the given stresses and this `k`. A
    closure with these outputs for these features reproduces the given mean flow.

    Attributes:
        y: `(n,)`, wall distance over the half height.
        velocity_gradient: `(n,)`, `dU/dy`, velocities in friction velocities.
        energy: `(n,)`, `k` of the model.
        dissipation: `(n,)`, `epsilon` of the model.
        features: Inputs of a closure; see `KOmega.features`.
        anisotropy: `(n, 3, 3)`, its target output. It is not realizable next to the wall, where the
            `k` of the model is too small for the simulated normal stresses.
    """

    y: np.ndarray
    velocity_gradient: np.ndarray
    energy: np.ndarray
    dissipation: np.ndarray
    features: dict[str, np.ndarray]
    anisotropy: np.ndarray


def frozen_channel(profile: ChannelProfile) -> FrozenChannel:
    """Inverts a channel profile.

    Raises:
        NotConvergedError: If the equations of the scales are not solved.
    """
    channel = Channel(profile.friction_reynolds)
    y = channel.elements.points[:, 0]
    velocity_gradient = _interpolated(profile, profile.velocity_gradient, y, centreline=0.0)
    stresses = np.zeros((len(y), 3, 3))
    for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (1, 0)):
        values = profile.stresses[:, i, j]
        centreline = values[-1] if i == j else 0.0
        stresses[:, i, j] = _interpolated(profile, values, y, centreline)
    scales = turbulence_scales(channel, velocity_gradient, stresses[:, 0, 1])
    velocity = np.stack([np.zeros_like(velocity_gradient), velocity_gradient])
    features = channel.features(np.stack([velocity, *scales]))
    (q, g), k = scales[:, 0], scales[0, 0] ** 2
    isotropic = np.trace(stresses, axis1=1, axis2=2)[:, None, None] / 3.0 * np.eye(3)
    b = (stresses - isotropic) / (2.0 * k[:, None, None])
    dissipation = channel.model.beta_star * (q / g) ** 2
    return FrozenChannel(y, velocity_gradient, k, dissipation, features, b)


def _interpolated(profile, values, y, centreline):
    known = profile.y
    if known[-1] < 1.0:  # some files end one cell before the centreline
        known, values = np.append(known, 1.0), np.append(values, centreline)
    return PchipInterpolator(known, values)(y)


def turbulence_scales(
    channel: Channel, velocity_gradient: np.ndarray, shear_stress: np.ndarray
) -> np.ndarray:
    """`sqrt(k)` and `sqrt(1 / omega)` of a given mean flow, with derivatives: `(2, 2, n)`.

    The two model equations are solved with the production `-<u v> dU/dy` of the given flow. A
    closure with the output `b_12 = <u v> / (2 k)` for the features of these fields makes the given
    flow an exact solution of the channel. The target is therefore not the anisotropy of the
    simulation, because the `k` of the model differs from the simulated one (Duraisamy, Iaccarino
    and Xiao, Turbulence modeling in the age of data, 2019, Annual Review of Fluid Mechanics 51,
    section 4, on the consistency of model and data).

    Args:
        channel: The channel, for its elements and model.
        velocity_gradient: `(n,)`, `dU/dy` at the Gauss points of the elements.
        shear_stress: `(n,)`, `<u v>` at these points.

    Raises:
        NotConvergedError: If the equations are not solved.
        ValueError: If gradient and stress are not given at the Gauss points.
    """
    model, num_points = channel.model, len(channel.elements.points)
    if np.shape(velocity_gradient) != (num_points,) or np.shape(shear_stress) != (num_points,):
        raise ValueError(
            f"Gradient and stress are expected at the {num_points} points "
            "`channel.elements.points`. "
            f"Received: shapes {np.shape(velocity_gradient)} and {np.shape(shear_stress)}"
        )
    production = -shear_stress * velocity_gradient

    def integrand(points):
        q, g = points
        rate = np.resize(production, q.shape[1]) / np.maximum(q[0] ** 2, 1e-30)
        return np.stack(model.equations(q, g, rate, 1.0 / channel.friction_reynolds))

    system = channel.galerkin_system(integrand)
    u, _ = channel.solver(system, channel.plug_flow()[1:, 1:].ravel())
    return system.at_points(u)
