"""Channels and hills beside the RANS/LES flows."""

import numpy as np
import pytest

from keras_solvers.applications.turbulence_closure import is_realizable
from keras_solvers.applications.turbulence_closure.experiment.flows import (
    channel_flow,
    hill_flow,
    training_flows,
)
from keras_solvers.data import find


@pytest.mark.skipif(
    find("turbulence/rans_les_flows/square_duct.npz") is None,
    reason="no simulated flows: set KERAS_SOLVERS_DATA",
)
def test_channels_and_hills_have_scaled_gradients_and_realizable_stresses():
    channel, hills = channel_flow("lee_moser", 550), hill_flow(1.0)
    for flow in (channel, hills):
        strain = np.sqrt(np.sum(flow.tensors[:, 0] ** 2, axis=(1, 2)))
        assert 1.0 < np.median(strain) < 4.0  # 2.36 in the logarithmic layer
        assert is_realizable(flow.anisotropy, 1e-3).mean() > 0.99
    # Near the wall of a channel b_11 exceeds a half: streaks; far from it a fifth.
    assert channel.anisotropy[:, 0, 0].max() > 0.5


def test_an_unknown_flow_is_named():
    with pytest.raises(ValueError, match="square_duct"):
        training_flows("square_duct", "hills")
