"""Closures trained on channels, in the solvers of channels and of a square duct."""

import numpy as np
import pytest

from keras_solvers.applications.turbulence_closure import Channel, SquareDuct
from keras_solvers.applications.turbulence_closure.experiment import channel as channels
from keras_solvers.applications.turbulence_closure.experiment import duct as ducts
from keras_solvers.data import find

pytestmark = pytest.mark.skipif(
    find("turbulence/channel_lee_moser2015/LM_Channel_Retau550.txt") is None,
    reason="no channel profiles: set KERAS_SOLVERS_DATA",
)


def linear(x):
    return -0.09 * x["tensors"][:, 0]


def test_the_inversion_reproduces_the_simulated_flow():
    # A closure that interpolates the eddy viscosity of the inversion, whatever the gradient is.
    profile = channels.load_profile("550")
    x, b, _ = channels.inversion_data(profile)
    viscosity = b[:, 0, 1] / x["tensors"][:, 0, 0, 1]
    known = x["scalars"][:, 0]

    def closure(x):
        return (x["tensors"][:, 0].T * np.interp(x["scalars"][:, 0], known, viscosity)).T

    flow = Channel(profile.friction_reynolds).solve(closure)
    assert channels.velocity_errors(flow.y, flow.velocity, profile)[0] < 0.005


def test_a_closure_trained_on_other_channels_is_better_than_the_linear_one():
    profile = channels.load_profile("550")
    channel = Channel(profile.friction_reynolds, 60)
    learned = channel.solve(channels.train_closure(("180", "950"), 0, 1000))
    classic = channel.solve(linear)
    errors = [
        channels.velocity_errors(flow.y, flow.velocity, profile)[0] for flow in (learned, classic)
    ]
    assert errors[0] < 0.03 < errors[1]


def test_les_stresses_drive_fluid_into_the_corner_and_out_along_the_walls():
    duct = SquareDuct(300.0, 12)
    v, w = ducts.reference_secondary_flow(duct).reshape(2, 13, 13)
    middle = np.abs(np.unique(duct.elements.nodes[:, 0]) - 0.3).argmin()
    assert v[middle, middle] < 0.0
    assert w[middle, middle] < 0.0
    assert 0.015 < np.hypot(v, w).max() < 0.03  # about 2 % of the bulk velocity in all simulations


def test_isotropic_stresses_drive_no_secondary_flow():
    duct = SquareDuct(300.0, 12)
    y, z = duct.elements.points.T
    stresses = (np.sin(9.0 * y) * np.exp(2.0 * z))[:, None, None] * np.eye(3)
    assert np.abs(ducts.secondary_flow(duct, 0.01, stresses)).max() < 1e-10


def test_a_closure_of_channels_has_a_secondary_flow_of_one_to_two_percent():
    duct = SquareDuct(300.0, 12)
    flow = duct.solve(ducts.channel_closure(0, 1000))
    v, w = flow.velocity[1:].reshape(2, 13, 13) / flow.bulk
    middle = np.abs(np.unique(duct.elements.nodes[:, 0]) - 0.3).argmin()
    assert v[middle, middle] < 0.0
    assert w[middle, middle] < 0.0
    assert 0.01 < flow.secondary.max() < 0.02
