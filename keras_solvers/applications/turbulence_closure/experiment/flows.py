"""Flows that closures are trained on and tested with: those computed twice, and channels."""

import functools

import numpy as np

from keras_solvers.applications.turbulence_closure.data.channel_profiles import channel_profile
from keras_solvers.applications.turbulence_closure.data.hills import hill_distance, simulated_hills
from keras_solvers.applications.turbulence_closure.data.turbulent_flows import (
    PAIRED_FLOWS,
    TurbulentFlow,
    anisotropy_of,
    paired_flow,
)
from keras_solvers.applications.turbulence_closure.rans.channel import Channel
from keras_solvers.applications.turbulence_closure.rans.gradients import strain_and_rotation

CHANNELS = (
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
# In a training. Their stresses are the most certain, and what is right near their walls is right
# near others: with more weight of channels errors in all flows left out fall, whichever is.
CHANNEL_WEIGHT = 30.0


def channel_flow(source, case):
    """A channel as the two-equation model computes it, beside the simulation's stresses.

    Args:
        source: See `channel_profile`.
        case: The nominal friction Reynolds number.
    """
    profile = channel_profile(source, case)
    channel = Channel(profile.friction_reynolds)
    flow = channel.solve(channel.model.linear)
    points = channel.at_points(flow)
    x, energy = channel.features(points), points[1, 0] ** 2
    y = channel.elements.points[:, 0]
    stress = np.apply_along_axis(
        lambda values: np.interp(y, profile.y, values), 0, profile.stresses.reshape(-1, 9)
    )
    resolved, b = anisotropy_of(stress.reshape(-1, 3, 3))
    name = f"channel_{source}_{case}"
    return TurbulentFlow(
        name, x["tensors"], b, x["scalars"][:, 0], energy, resolved, weight=CHANNEL_WEIGHT
    )


def hill_flow(slope):
    """A direct simulation of hills, asked about its own mean flow.

    It tells no dissipation: that of the two-layer model is taken, `epsilon = k^(3/2) / l` with
    `l = 2.44 d (1 - exp(-sqrt(k) d / 5.1 nu))` (Wolfshtein, The velocity and temperature
    distribution in one-dimensional flow with turbulence augmentation and pressure gradient, 1969,
    Int. J. Heat Mass Transfer 12).

    Args:
        slope: See `simulated_hills`.
    """
    hills = simulated_hills(slope)
    energy, b = anisotropy_of(hills["stress"])
    distance = hill_distance(hills["places"], slope)
    velocity = np.sqrt(energy)
    reynolds = velocity * distance / hills["viscosity"]
    length = 2.44 * distance * (1.0 - np.exp(-reynolds / 5.1))
    time = length / np.maximum(velocity, 1e-12)
    tensors = strain_and_rotation(hills["gradient"] * time[:, None, None])
    name = f"hills_{slope}"
    return TurbulentFlow(name, tensors, b, reynolds, energy, energy, hills["places"])


@functools.cache
def all_flows():
    """The paired flows and the channels, `{name: TurbulentFlow}`."""
    flows = [*map(paired_flow, PAIRED_FLOWS), *(channel_flow(*case) for case in CHANNELS)]
    return {flow.name: flow for flow in flows}


def others(*left_out):
    """All flows but one, or some, of the paired ones."""
    if not set(left_out) <= set(PAIRED_FLOWS):
        raise ValueError(
            f"Flows to leave out are {', '.join(PAIRED_FLOWS)}. "
            f"Received: {', '.join(map(repr, left_out))}"
        )
    return [flow for name, flow in all_flows().items() if name not in left_out]
