"""Closures on flows that were left out: laws they keep, and that they learn."""

import dataclasses

import keras
import numpy as np
import pytest
from made_up_flows import made_up

from keras_solvers.applications.turbulence_closure import is_realizable
from keras_solvers.applications.turbulence_closure.experiment.comparison import (
    fitted,
    learned,
    rms,
    turn,
    turns,
)
from keras_solvers.applications.turbulence_closure.experiment.flows import (
    channel_flow,
    hill_flow,
    others,
)
from keras_solvers.applications.turbulence_closure.experiment.samples import samples, weighed
from keras_solvers.data import find

needs_flows = pytest.mark.skipif(
    find("turbulence/rans_les_flows/square_duct.npz") is None,
    reason="no paired flows: set KERAS_SOLVERS_DATA",
)


def test_constants_and_trees_recover_what_they_can_show():
    flows, asked = [made_up(0), made_up(1)], made_up(2)
    answers = {name: closure(asked.inputs()) for name, closure in fitted(flows, 0).items()}
    size = rms(0.0, asked.anisotropy)
    assert rms(answers["constant coefficients"], asked.anisotropy) < 1e-6 * size
    # Along three tensors only, which do not span all answers in three dimensions: 0.52 here.
    assert rms(answers["boosted trees"], asked.anisotropy) < 0.7 * size


@pytest.fixture(scope="module")
def committee():
    return learned([made_up(seed) for seed in range(4)], 0, epochs=100)


def test_a_committee_learns_turns_with_the_axes_and_stays_realizable(committee):
    asked = made_up(9)
    x = asked.inputs()
    found = committee(x)
    assert rms(found, asked.anisotropy) < 0.1 * rms(0.0, asked.anisotropy)
    axes = turns(1, seed=3)[0]
    turned = committee(x | {"tensors": turn(x["tensors"], axes).astype("float32")})
    np.testing.assert_allclose(turned, turn(found, axes), atol=1e-5)
    wild = x | {"tensors": 30.0 * x["tensors"]}
    assert is_realizable(committee(wild)).all()


def test_members_disagree_where_no_flow_has_been(committee):
    asked = made_up(9)
    seen = committee.doubt(asked.inputs()).mean()
    far = asked.inputs() | {"scalars": np.full((len(asked), 2), 1e5, dtype="float32")}
    assert committee.doubt(far).mean() > 3.0 * seen


def test_every_flow_weighs_the_same_and_half_of_it_withholds_the_wall():
    flows = [made_up(0, num=50), made_up(1, num=500)]
    drawn = samples(flows, 0, num_points=200)
    sums = np.bincount(drawn.flow, weights=drawn.weights)
    assert sums[0] == pytest.approx(sums[1])
    known = drawn.x["scalars"][:, 1] > 0.0
    assert np.sum(drawn.weights[known]) == pytest.approx(0.5 * np.sum(drawn.weights))


def test_points_with_energy_and_heavy_flows_count_more_in_a_training():
    energy = np.repeat([1.0, 3.0], 25)
    flows = [
        dataclasses.replace(made_up(0, num=50), resolved_energy=energy),
        dataclasses.replace(made_up(1, num=50), weight=10.0),
    ]
    drawn = weighed(samples(flows, 0), flows)
    assert drawn.weights.mean() == pytest.approx(1.0)
    first, second = (drawn.weights[drawn.flow == i] for i in range(2))
    assert second.sum() == pytest.approx(10.0 * first.sum())
    np.testing.assert_allclose(second, second[0])
    # In units of the mean: 0.5 and 1.5.
    assert first.max() == pytest.approx(3.0 * first.min())


def test_the_closure_is_saved_with_its_committee(committee, tmp_path):
    committee.closure.save(tmp_path / "closure.keras")
    loaded = keras.models.load_model(tmp_path / "closure.keras")
    x = made_up(9).inputs()
    np.testing.assert_allclose(
        loaded.predict(x, verbose=0), committee.closure.predict(x, verbose=0), rtol=1e-5
    )


@needs_flows
def test_channels_and_hills_are_asked_in_the_units_of_the_other_flows():
    channel, hills = channel_flow("lee_moser", 550), hill_flow(1.0)
    for flow in (channel, hills):
        strain = np.sqrt(np.sum(flow.tensors[:, 0] ** 2, axis=(1, 2)))
        assert 1.0 < np.median(strain) < 4.0  # 2.36 in a layer of constant stress
        assert is_realizable(flow.anisotropy, 1e-3).mean() > 0.99
    # Near the wall of a channel b_11 exceeds a half: streaks; far from it a fifth.
    assert channel.anisotropy[:, 0, 0].max() > 0.5


def test_an_unknown_flow_is_named():
    with pytest.raises(ValueError, match="square_duct"):
        others("square_duct", "hills")
