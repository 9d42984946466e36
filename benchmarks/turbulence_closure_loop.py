"""Closures in the loop, in channels and in a square duct: parts of `benchmarks.closure`.

Mean velocities beside direct simulations at Reynolds numbers that training never saw, and the
motion across a duct beside direct simulations and that which the stresses of a large-eddy
simulation drive, on several grids. All flows are solved to the tolerance of the solver, by way of
the linear closure's flow, which is solved from a plug of fluid.
"""

import functools
import time

from benchmarks.harness import Figure
from keras_solvers.applications.turbulence_closure import Channel, KOmega, SquareDuct, van_driest
from keras_solvers.applications.turbulence_closure.experiment.channel import (
    SPLITS,
    profile,
    train_closure,
    velocity_errors,
)
from keras_solvers.applications.turbulence_closure.experiment.duct import (
    balanced_pressure,
    channel_closure,
    largest_and_mean,
    reference,
    simulated_stresses,
)
from keras_solvers.classic import ExplicitAlgebraicStress
from keras_solvers.problems import AlgebraicStress

_EXPLICIT = ExplicitAlgebraicStress(AlgebraicStress())
CLOSURES = {
    "linear eddy viscosity (Wilcox)": KOmega().linear,
    "explicit algebraic stress": lambda x: _EXPLICIT(x["tensors"]),
}
_DNS = 0.02  # largest speed across, over the bulk velocity: Huser and Biringen, 1993
_DUCT = "square duct, motion across"
_FRICTION = 300.0  # of the half width: a bulk Reynolds number of 10,000, that of the simulations
_CASES = [(300.0, 32), (600.0, 24)]  # and numbers of cells a side
# Twice the mean wall stress, in half widths and bulk velocities: Blasius, Das Aehnlichkeitsgesetz
# bei Reibungsvorgaengen in Fluessigkeiten, 1913, with the hydraulic diameter.
_PRESSURE = 2.0 * 0.3164 / 10000.0**0.25 / 8.0


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
    yield Figure(f"{title}: steps taken from the linear flow, learned", tuple(steps))
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
    yield Figure(f"{_DUCT}: largest speed, from simulated stresses", (largest,), unit="bulk")
    yield Figure(f"{_DUCT}: root mean square, from simulated stresses", (mean,), unit="bulk")
    force = balanced_pressure(case, *simulated_stresses(case.elements.points)) / _PRESSURE
    yield Figure(f"{_DUCT}: pressure that simulated stresses need, over Blasius's", (force,))
    closures = [
        channel_closure(seed, 500 if fast else 4000)
        for seed in progress.track(seeds, description=_DUCT)
    ]
    yield from _compared("learned from channels", case, closures, simulated, 0.3)
    yield from _other_cases("learned from channels", closures[0], fast)
    for name, closure in CLOSURES.items():
        yield from _compared(name, case, [closure], simulated)
    yield from _other_cases(
        "explicit algebraic stress", CLOSURES["explicit algebraic stress"], fast
    )


def _other_cases(name, closure, fast):
    """The largest speed on other grids, and at another Reynolds number."""
    for friction, num_cells in [(_FRICTION, 12), *([] if fast else _CASES)]:
        case = SquareDuct(friction, num_cells)
        largest, _ = largest_and_mean(case, _across(case, closure))
        where = f"Re_tau {friction:.0f}, {num_cells} cells a side"
        yield Figure(f"{_DUCT}: largest speed, {where}, {name}", (largest,), unit="bulk")


def _across(case, closure):
    flow = case.solve(closure)
    return flow.velocity[1:] / flow.bulk


def _compared(name, case, closures, simulated, target=None):
    title, expected = _DUCT, largest_and_mean(case, simulated)
    start = time.perf_counter()
    motions = [_across(case, closure) for closure in closures]
    seconds = (time.perf_counter() - start) / len(closures)
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
    yield Figure(f"{title}: solve, {name}", (seconds,), unit="s")


PARTS = {f"channel-{test}": functools.partial(channel, test) for test in SPLITS} | {"duct": duct}
