"""Channel flow with any closure: law of the wall, momentum balance, order of convergence."""

import pickle

import numpy as np
import pytest
from keras import ops

from keras_solvers.applications.turbulence_closure import Channel, KOmega, turbulence_scales
from keras_solvers.classic import ExplicitAlgebraicStress, LinearEddyViscosity
from keras_solvers.models import tensor_basis_network
from keras_solvers.numerics import Newton, NotConvergedError
from keras_solvers.problems import AlgebraicStress

pytestmark = pytest.mark.jax
# JAX computes in float32 by default: rounding of the closure limits the residual.
ROUGH = Newton(tolerance=1e-4)


def linear(x):
    """`LinearEddyViscosity`, in NumPy: float64 with every backend."""
    return -0.09 * x["tensors"][:, 0]


def test_the_law_of_the_wall_has_the_constants_of_the_model():
    # kappa^2 = sqrt(beta*) (beta / beta* - alpha) / sigma; far from the wall and from the middle.
    model = KOmega()
    karman = np.sqrt(0.3 * (model.beta / model.beta_star - model.alpha) / model.sigma)
    flow = Channel(1e6).solve(linear)
    first, last = np.interp([3e-3, 1e-2], flow.y, flow.velocity)
    assert np.log(1e-2 / 3e-3) / (last - first) == pytest.approx(karman, rel=0.01)
    # Wilcox states 5.1 for the additive constant; viscosity reduces it slightly at y+ = 1000.
    at = np.interp(1e-3, flow.y, flow.velocity)
    assert at - np.log(1000.0) / 0.41 == pytest.approx(5.1, abs=0.2)


def test_the_total_shear_stress_is_linear():
    channel = Channel(395.0)
    flow = channel.solve(linear)
    y = channel.elements.points[:, 0]
    velocity_gradient = np.diff(flow.velocity) / np.diff(flow.y)
    stress = velocity_gradient / 395.0 - channel.stresses(flow, linear)[:, 0, 1]
    np.testing.assert_allclose(stress, 1.0 - y, atol=1e-9)


def test_the_error_is_of_second_order_in_the_cell_size():
    coarse, middle, fine = (Channel(550.0, n).solve(linear).velocity[-1] for n in (40, 80, 160))
    assert np.log2((middle - coarse) / (fine - middle)) == pytest.approx(2.0, abs=0.3)
    assert fine == pytest.approx(middle, rel=2e-4)


def test_different_starts_and_step_sizes_lead_to_the_same_flow():
    channel = Channel(550.0, 60)
    flow = channel.solve(linear)
    assert flow.residuals[-1] <= 1e-9
    again = channel.solve(linear, start=flow)
    assert len(again.residuals) == 1
    other = Channel(550.0, 60, solver=Newton(change=0.3)).solve(linear)
    np.testing.assert_allclose(other.velocity, flow.velocity, rtol=1e-6)


def test_newton_converges_with_a_nonlinear_closure_of_keras():
    closure = ExplicitAlgebraicStress(AlgebraicStress())
    flow = Channel(180.0, 60, solver=ROUGH).solve(lambda x: closure(x["tensors"]))
    # The velocity differs near the wall, where this closure has no damping, by a few percent.
    other = Channel(180.0, 60).solve(linear)
    assert flow.velocity[-1] == pytest.approx(other.velocity[-1], rel=0.05)


def test_a_closure_in_keras_and_the_same_in_numpy_have_the_same_flow():
    closure = LinearEddyViscosity()
    flow = Channel(180.0, 40, solver=ROUGH).solve(lambda x: closure(x["tensors"]))
    np.testing.assert_allclose(flow.velocity, Channel(180.0, 40).solve(linear).velocity, rtol=1e-3)


def test_the_scales_of_a_solved_flow_are_recovered():
    channel = Channel(395.0, 80)
    flow = channel.solve(linear)
    velocity_gradient = np.diff(flow.velocity) / np.diff(flow.y)
    shear = channel.stresses(flow, linear)[:, 0, 1]
    (q, _), (g, _) = turbulence_scales(channel, velocity_gradient, shear)
    np.testing.assert_allclose(q, 0.5 * np.sum(_ends(np.sqrt(flow.energy)), axis=0), rtol=1e-5)
    np.testing.assert_allclose(g, 0.5 * np.sum(_ends(np.sqrt(flow.time_scale)), axis=0), rtol=1e-5)


def _ends(values):
    return values[:-1], values[1:]


def test_a_network_is_a_closure():
    network = tensor_basis_network(8, 2, scalar_sizes=(50.0, 1.0))

    def closure(x):  # a small contribution of it, as it is untrained
        return linear(x) * (1.0 + 1e-3 * np.tanh(ops.convert_to_numpy(network(x))))

    flow = Channel(180.0, 30).solve(closure)
    assert flow.residuals[-1] <= 1e-9


def test_a_flow_that_is_not_converged_is_not_returned():
    with pytest.raises(NotConvergedError, match="residual is") as caught:
        Channel(550.0, 40, solver=Newton(num_steps=3)).solve(linear)
    assert caught.value.residual > 1e-9
    again = pickle.loads(pickle.dumps(caught.value))  # as from another process
    assert (str(again), again.residual) == (str(caught.value), caught.value.residual)
    with pytest.raises(NotConvergedError):  # a random closure has no solution
        noise = np.random.default_rng(0)
        Channel(550.0, 40).solve(lambda x: linear(x) * noise.uniform(0.0, 2.0, (1, 3, 3)))


def test_the_last_step_is_used():
    steps = next(n for n in range(1, 60) if solved_in(n))
    assert not solved_in(steps - 1)
    flow = Channel(180.0, 40).solve(linear)
    assert Channel(180.0, 40, solver=Newton(num_steps=0)).solve(linear, flow).residuals[-1] <= 1e-9


def solved_in(num_steps):
    try:
        Channel(180.0, 40, solver=Newton(num_steps=num_steps)).solve(linear)
    except NotConvergedError:
        return False
    return True


def test_rounding_of_the_closure_is_named_as_the_cause():
    def rounded(x):
        return linear(x).astype("float32")

    with pytest.raises(NotConvergedError, match="tolerance=1e-4"):
        Channel(180.0, 40, solver=Newton(tolerance=1e-12, num_steps=60)).solve(rounded)


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="friction_reynolds"):
        Channel(5.0)
    with pytest.raises(ValueError, match="num_cells"):
        Channel(180.0, 40.5)
    with pytest.raises(ValueError, match="tolerance"):
        Newton(tolerance=0.0)
    channel = Channel(180.0, 40)
    with pytest.raises(ValueError, match="n=40 points"):
        channel.solve(lambda x: x["tensors"])
    with pytest.raises(ValueError, match="of int"):
        channel.solve(lambda x: np.zeros((len(x["tensors"]), 3, 3), int))
    with pytest.raises(ValueError, match=r"lambda x.*Received: a dict of tensors, scalars"):
        channel.solve(LinearEddyViscosity())
    with pytest.raises(ValueError, match=r"\(2, 3, 3\)"):
        LinearEddyViscosity()(np.ones((2, 3, 3)))
    with pytest.raises(ValueError, match="not finite"):
        channel.solve(lambda x: np.full((len(x["tensors"]), 3, 3), np.nan))
    with pytest.raises(ValueError, match=r"on 40 cells.*Received: ChannelFlow on 50 cells"):
        channel.solve(linear, start=Channel(180.0, 50).solve(linear))
    with pytest.raises(ValueError, match="40 points"):
        turbulence_scales(channel, np.ones(41), np.ones(41))
