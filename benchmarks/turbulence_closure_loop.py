"""Closures in flow solvers, a posteriori: parts of `benchmarks.turbulence_closure`.

Mean velocities of channels are compared with direct simulations at unseen Reynolds numbers. The
secondary flow of a square duct is compared with direct simulations, and with the secondary flow
that the stresses of a large-eddy simulation drive. It is solved on several grids. All flows are
solved to the tolerance of the solver. The initial flow is that of the linear closure, which is
solved from a plug flow.
"""

import functools
import time

from benchmarks.harness import Figure
from keras_solvers.applications.turbulence_closure import Channel, KOmega, SquareDuct, van_driest
from keras_solvers.applications.turbulence_closure.experiment.channel import (
    SPLITS,
    load_profile,
    train_closure,
    velocity_errors,
)
from keras_solvers.applications.turbulence_closure.experiment.duct import (
    channel_closure,
    les_stresses,
    max_and_rms_speed,
    reference_secondary_flow,
    required_pressure_gradient,
)
from keras_solvers.classic import ExplicitAlgebraicStress
from keras_solvers.problems import AlgebraicStress

_EXPLICIT = ExplicitAlgebraicStress(AlgebraicStress())
CLOSURES = {
    "linear eddy viscosity (Wilcox)": KOmega().linear,
    "explicit algebraic stress": lambda x: _EXPLICIT(x["tensors"]),
}
_DNS_SPEED = 0.02  # maximum secondary speed over the bulk velocity: Huser and Biringen, 1993
_DUCT = "square duct, secondary flow"
_FRICTION = 300.0  # `Re_tau`: a bulk Reynolds number of 10,000, that of the simulations
_CASES = [(300.0, 32), (600.0, 24)]  # other `Re_tau` and numbers of cells per side
# Twice the mean wall shear stress, in half widths and bulk velocities: Blasius, Das
# Aehnlichkeitsgesetz bei Reibungsvorgaengen in Fluessigkeiten, 1913, with the hydraulic diameter.
_PRESSURE = 2.0 * 0.3164 / 10000.0**0.25 / 8.0


def channel(test, fast, seeds, progress):
    """Velocity of an unseen channel: learned closures, algebraic ones and the mixing length."""
    profile = load_profile(test)
    case = Channel(profile.friction_reynolds, 40 if fast else 160)
    title = f"channel, Re_tau {profile.friction_reynolds:.0f}, mean velocity"
    rows, steps = [], []
    for seed in progress.track(seeds, description=title):
        closure = train_closure(SPLITS[test], seed, 1000 if fast else 4000)
        flow = case.solve(closure)
        rows.append(velocity_errors(flow.y, flow.velocity, profile))
        steps.append(len(flow.residuals) - 1)
    yield from _errors(title, "learned closure", rows, 0.03)
    yield Figure(f"{title}: solver steps from the linear flow, learned closure", tuple(steps))
    for name, closure in CLOSURES.items():
        flow = case.solve(closure)
        yield from _errors(title, name, [velocity_errors(flow.y, flow.velocity, profile)])
    velocity = van_driest(profile.friction_reynolds, profile.y)
    yield from _errors(title, "mixing length", [velocity_errors(profile.y, velocity, profile)])


def _errors(title, name, rows, target=None):
    relative, maximum = zip(*rows, strict=True)
    yield Figure(f"{title}: relative L2 error, {name}", relative, target)
    yield Figure(f"{title}: maximum error, {name}", maximum)


def duct(fast, seeds, progress):
    """Secondary flow of a square duct, with a closure trained on channels and with others."""
    case = SquareDuct(_FRICTION, 12 if fast else 24)
    reference = reference_secondary_flow(case)
    maximum, rms = max_and_rms_speed(case, reference)
    yield Figure(f"{_DUCT}: maximum speed, LES stresses", (maximum,), unit="bulk")
    yield Figure(f"{_DUCT}: rms speed, LES stresses", (rms,), unit="bulk")
    pressure = required_pressure_gradient(case, *les_stresses(case.elements.points)) / _PRESSURE
    yield Figure(
        f"{_DUCT}: pressure gradient that LES stresses require, over Blasius's law", (pressure,)
    )
    closures = [
        channel_closure(seed, 500 if fast else 4000)
        for seed in progress.track(seeds, description=_DUCT)
    ]
    yield from _compared("learned from channels", case, closures, reference, 0.3)
    yield from _other_cases("learned from channels", closures[0], fast)
    for name, closure in CLOSURES.items():
        yield from _compared(name, case, [closure], reference)
    yield from _other_cases(
        "explicit algebraic stress", CLOSURES["explicit algebraic stress"], fast
    )


def _other_cases(name, closure, fast):
    """Maximum secondary speed on other grids and at another Reynolds number."""
    for friction, num_cells in [(_FRICTION, 12), *([] if fast else _CASES)]:
        case = SquareDuct(friction, num_cells)
        maximum, _ = max_and_rms_speed(case, _secondary(case, closure))
        where = f"Re_tau {friction:.0f}, {num_cells} cells per side"
        yield Figure(f"{_DUCT}: maximum speed, {where}, {name}", (maximum,), unit="bulk")


def _secondary(case, closure):
    flow = case.solve(closure)
    return flow.velocity[1:] / flow.bulk


def _compared(name, case, closures, reference, target=None):
    maximum_expected, rms_expected = max_and_rms_speed(case, reference)
    start = time.perf_counter()
    flows = [_secondary(case, closure) for closure in closures]
    seconds = (time.perf_counter() - start) / len(closures)
    maximum, rms = zip(*(max_and_rms_speed(case, flow) for flow in flows), strict=True)
    # Of the velocity difference: a measure of the whole pattern of the flow.
    difference = tuple(max_and_rms_speed(case, flow - reference)[1] for flow in flows)
    yield Figure(f"{_DUCT}: maximum speed, {name}", maximum, unit="bulk")
    errors = {
        "relative error of the maximum speed against the DNS value 0.02": _relative_errors(
            maximum, _DNS_SPEED
        ),
        "relative error of the maximum speed against LES stresses": _relative_errors(
            maximum, maximum_expected
        ),
        "relative error of the rms speed against LES stresses": _relative_errors(rms, rms_expected),
        "relative L2 error against LES stresses": tuple(d / rms_expected for d in difference),
    }
    for metric, values in errors.items():
        yield Figure(f"{_DUCT}: {metric}, {name}", values, target)
    yield Figure(f"{_DUCT}: time of a solution, {name}", (seconds,), unit="s")


def _relative_errors(values, expected):
    return tuple(abs(value / expected - 1.0) for value in values)


PARTS = {f"channel-{test}": functools.partial(channel, test) for test in SPLITS} | {"duct": duct}
