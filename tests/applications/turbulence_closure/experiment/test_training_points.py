"""Sample weights and random gradients of the training data."""

import dataclasses

import numpy as np
import pytest
from synthetic_flows import synthetic_flow

from keras_solvers.applications.turbulence_closure.experiment.training_points import (
    add_random_gradients,
    draw_points,
    with_sample_weights,
)


def test_flows_have_equal_weight_and_half_of_the_points_mask_the_wall_distance():
    flows = [synthetic_flow(0, num=50), synthetic_flow(1, num=500)]
    points = draw_points(flows, 0, num_points=200)
    sums = np.bincount(points.flow, weights=points.weights)
    assert sums[0] == pytest.approx(sums[1])
    known = points.x["scalars"][:, 1] > 0.0
    assert np.sum(points.weights[known]) == pytest.approx(0.5 * np.sum(points.weights))


def test_sample_weights_grow_with_the_energy_and_the_weight_of_the_flow():
    energy = np.repeat([1.0, 3.0], 25)
    flows = [
        dataclasses.replace(synthetic_flow(0, num=50), resolved_energy=energy),
        dataclasses.replace(synthetic_flow(1, num=50), weight=10.0),
    ]
    points = with_sample_weights(draw_points(flows, 0), flows)
    assert points.weights.mean() == pytest.approx(1.0)
    first, second = (points.weights[points.flow == i] for i in range(2))
    assert second.sum() == pytest.approx(10.0 * first.sum())
    np.testing.assert_allclose(second, second[0])
    # The energies are 0.5 and 1.5 in units of the mean.
    assert first.max() == pytest.approx(3.0 * first.min())


def test_random_gradients_have_no_weight_and_all_magnitudes():
    points = draw_points([synthetic_flow(0)], 0)
    more = add_random_gradients(points, 0)
    added = len(more.b) - len(points.b)
    assert added == len(points.b) // 2
    assert more.weights[len(points.b) :].sum() == 0.0
    tensors = more.x["tensors"][len(points.b) :]
    np.testing.assert_allclose(np.trace(tensors[:, 0], axis1=1, axis2=2), 0.0, atol=1e-4)
    norms = np.sqrt(np.sum(tensors**2, axis=(1, 2, 3)))
    assert norms.min() < 0.2
    assert 20.0 < norms.max() <= 100.1
    plane = tensors[::2]
    assert np.abs(plane[:, :, 2]).max() < 1e-4
    assert np.abs(plane[:, :, :, 2]).max() < 1e-4
