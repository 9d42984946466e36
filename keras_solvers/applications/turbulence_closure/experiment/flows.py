"""All flows for training and testing: RANS/LES flows, channels and hills."""

import functools

import numpy as np

from keras_solvers.applications.turbulence_closure.data.channel_profiles import channel_profile
from keras_solvers.applications.turbulence_closure.data.hills import (
    hill_wall_distance,
    load_hill_simulation,
)
from keras_solvers.applications.turbulence_closure.data.turbulent_flows import (
    RANS_LES_FLOWS,
    TurbulentFlow,
    energy_and_anisotropy,
    rans_les_flow,
)
from keras_solvers.applications.turbulence_closure.rans.channel import Channel
from keras_solvers.applications.turbulence_closure.rans.gradients import strain_and_rotation

CHANNEL_CASES = (  # arguments of `channel_profile`
    ("lee_moser", 180),
    ("lee_moser", 550),
    ("lee_moser", 2000),
    ("lee_moser", 5200),
    ("moser_kim_mansour", 180),
    ("moser_kim_mansour", 395),
    ("moser_kim_mansour", 590),
    ("hoyas_jimenez", 180),
    ("hoyas_jimenez", 550),
    ("hoyas_jimenez", 950),
    ("hoyas_jimenez", 2000),
)
# Channels have the most accurate stresses, and near-wall turbulence is similar in other flows. This
# weight reduces the error on each of the left-out flows.
CHANNEL_WEIGHT = 30.0


def channel_flow(source: str, case: int) -> TurbulentFlow:
    """A channel of the two-equation model, with the stresses of a direct simulation.

    Args:
        source: As of `channel_profile`.
        case: The nominal friction Reynolds number.
    """
    profile = channel_profile(source, case)
    channel = Channel(profile.friction_reynolds)
    flow = channel.solve(channel.model.linear)
    points = channel.at_points(flow)
    x = channel.features(points)
    y = channel.elements.points[:, 0]
    stress = np.apply_along_axis(
        lambda values: np.interp(y, profile.y, values), 0, profile.stresses.reshape(-1, 9)
    )
    resolved, b = energy_and_anisotropy(stress.reshape(-1, 3, 3))
    name = f"channel_{source}_{case}"
    return TurbulentFlow(name, x["tensors"], b, x["scalars"][:, 0], resolved, weight=CHANNEL_WEIGHT)


def hill_flow(slope: float) -> TurbulentFlow:
    """A direct simulation of periodic hills, whose resolved mean flow is the input.

    The data do not contain the dissipation. It is that of the two-layer model,
    `epsilon = k^(3/2) / l` with `l = 2.44 d (1 - exp(-sqrt(k) d / 5.1 nu))` (Wolfshtein, The
    velocity and temperature distribution in one-dimensional flow with turbulence augmentation and
    pressure gradient, 1969, Int. J. Heat Mass Transfer 12).

    Args:
        slope: As of `load_hill_simulation`.
    """
    hills = load_hill_simulation(slope)
    energy, b = energy_and_anisotropy(hills["stress"])
    distance = hill_wall_distance(hills["coordinates"], slope)
    velocity = np.sqrt(energy)
    reynolds = velocity * distance / hills["viscosity"]
    length = 2.44 * distance * (1.0 - np.exp(-reynolds / 5.1))
    time_scale = length / np.maximum(velocity, 1e-12)
    tensors = strain_and_rotation(hills["gradient"] * time_scale[:, None, None])
    name = f"hills_{slope}"
    return TurbulentFlow(name, tensors, b, reynolds, energy, hills["coordinates"])


@functools.cache
def all_flows() -> dict[str, TurbulentFlow]:
    """The RANS/LES flows and the channels by name."""
    flows = [*map(rans_les_flow, RANS_LES_FLOWS)]
    flows += [channel_flow(*case) for case in CHANNEL_CASES]
    return {flow.name: flow for flow in flows}


def training_flows(*exclude: str) -> list[TurbulentFlow]:
    """All flows except some of the RANS/LES flows.

    Raises:
        ValueError: If an excluded name is not one of `RANS_LES_FLOWS`.
    """
    if not set(exclude) <= set(RANS_LES_FLOWS):
        raise ValueError(
            f"Flows to exclude are {', '.join(RANS_LES_FLOWS)}. "
            f"Received: {', '.join(map(repr, exclude))}"
        )
    return [flow for name, flow in all_flows().items() if name not in exclude]
