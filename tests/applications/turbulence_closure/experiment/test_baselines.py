"""Fitted baselines recover closures that they can represent."""

from synthetic_flows import synthetic_flow

from keras_solvers.applications.turbulence_closure.experiment.baselines import (
    fit_baselines,
    rms_error,
)


def test_constants_are_exact_and_trees_approximate():
    flows, test = [synthetic_flow(0), synthetic_flow(1)], synthetic_flow(2)
    predictions = {name: each(test.inputs()) for name, each in fit_baselines(flows, 0).items()}
    size = rms_error(0.0, test.anisotropy)
    assert rms_error(predictions["constant coefficients"], test.anisotropy) < 1e-6 * size
    # Trees use three tensors, which do not span all anisotropies in three dimensions: 0.52 here.
    assert rms_error(predictions["boosted trees"], test.anisotropy) < 0.7 * size
