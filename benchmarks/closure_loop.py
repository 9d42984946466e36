"""Closures in the loop, in channels and in a square duct: parts of `benchmarks.closure`.

Mean velocities beside direct simulations at Reynolds numbers that training never saw, and the
motion across a duct beside that which the stresses of a large-eddy simulation drive. All flows are
solved to the tolerance of the solver, by way of the linear closure's, from a plug of fluid.
"""

import functools
import time

from benchmarks.harness import Figure
from keras_solvers.classic import ExplicitAlgebraicStress
from keras_solvers.experiments.closure_channel import (
    SPLITS,
    profile,
    train_closure,
    velocity_errors,
)
from keras_solvers.experiments.closure_duct import channel_closure, largest_and_mean, reference
from keras_solvers.problems import AlgebraicStress
from keras_solvers.rans import Channel, SquareDuct, van_driest

_EXPLICIT = ExplicitAlgebraicStress(AlgebraicStress())
CLOSURES = {
    "linear eddy viscosity (Wilcox)": lambda x: -0.09 * x["tensors"][:, 0],
    "explicit algebraic stress": lambda x: _EXPLICIT(x["tensors"]),
}
_DNS = 0.02  # largest speed across, over the bulk velocity: Huser and Biringen, 1993
_FRICTION = 300.0  # of the half width: a bulk Reynolds number of 10,000, that of the simulations


def channel(test, fast, seeds, progress):
    """Velocity in an unseen channel: learned closures, classic ones, and the mixing length."""
    known = profile(test)
    case = Channel(known.friction_reynolds, 40 if fast else 160)
    title = f"channel, Re_tau {known.friction_reynolds:.0f}, mean velocity"
    rows, steps = [], []
    for seed in progress.track(seeds, description=title):
        closure = train_closure(SPLITS[test], seed, 1000 if fast else 4000)
        flow = case.solve(closure)
        rows.append(velocity_errors(flow.y, flow.velocity, known))
        steps.append(len(flow.residuals) - 1)
    yield from _errors(title, "learned", rows, 0.03)
    yield Figure(f"{title}: steps of the solver, learned", tuple(steps))
    for name, closure in CLOSURES.items():
        flow = case.solve(closure)
        yield from _errors(title, name, [velocity_errors(flow.y, flow.velocity, known)])
    velocity = van_driest(known.friction_reynolds, known.y)
    yield from _errors(title, "mixing length", [velocity_errors(known.y, velocity, known)])


def _errors(title, name, rows, target=None):
    square, largest = zip(*rows, strict=True)
    yield Figure(f"{title}: relative L2 error, {name}", square, target)
    yield Figure(f"{title}: largest error, {name}", largest)


def duct(fast, seeds, progress):
    """Motion across a square duct, of a closure that has seen channels alone, and of others."""
    case = SquareDuct(_FRICTION, 12 if fast else 24)
    simulated = reference(case)
    largest, mean = largest_and_mean(case, simulated)
    title = "square duct, Re_tau 300, motion across"
    yield Figure(f"{title}: largest speed, from simulated stresses", (largest,), unit="bulk")
    yield Figure(f"{title}: root mean square, from simulated stresses", (mean,), unit="bulk")
    learned, seconds = [], []
    for seed in progress.track(seeds, description=title):
        closure = channel_closure(seed, 500 if fast else 4000)
        start = time.perf_counter()
        learned.append(_across(case, closure))
        seconds.append(time.perf_counter() - start)
    yield from _compared(title, "learned from channels", case, learned, simulated, 0.3)
    yield Figure(f"{title}: solve, learned from channels", tuple(seconds), unit="s")
    for name, closure in CLOSURES.items():
        yield from _compared(title, name, case, [_across(case, closure)], simulated)


def _across(case, closure):
    flow = case.solve(closure)
    return flow.velocity[1:] / flow.bulk


def _compared(title, name, case, motions, simulated, target=None):
    expected = largest_and_mean(case, simulated)
    largest, mean = zip(*(largest_and_mean(case, motion) for motion in motions), strict=True)
    yield Figure(f"{title}: largest speed, {name}", largest, unit="bulk")
    off = tuple(abs(value / _DNS - 1.0) for value in largest)
    yield Figure(f"{title}: largest speed off the 0.02 of DNS, {name}", off, target)
    off = tuple(abs(value / expected[0] - 1.0) for value in largest)
    yield Figure(f"{title}: largest speed off that of simulated stresses, {name}", off, target)
    off = tuple(abs(value / expected[1] - 1.0) for value in mean)
    yield Figure(f"{title}: root mean square off that of simulated stresses, {name}", off, target)
    # All of the pattern: where the fluid turns, too.
    off = tuple(largest_and_mean(case, m - simulated)[1] / expected[1] for m in motions)
    yield Figure(f"{title}: relative L2 error to simulated stresses, {name}", off, target)


PARTS = {f"channel-{test}": functools.partial(channel, test) for test in SPLITS} | {"duct": duct}
