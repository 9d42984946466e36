"""Honest comparison: time against error, and the only speed-ups that may be quoted."""

import dataclasses
import itertools
import math
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from keras import ops


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One solver at one setting: its error on all inputs, its time for one batch size.

    Attributes:
        name: The family of the solver, for example "FISTA".
        setting: What is swept in the family, for example the number of iterations.
        batch_size: Number of inputs solved at once when the time was taken.
        seconds: Median wall time of a warm call for the whole batch.
        fastest: Least wall time of a call.
        error: Mean error over all inputs.
        max_error: Largest error of an input.
        extra_metrics: Means of further errors, by name.
    """

    name: str
    setting: str
    batch_size: int
    seconds: float
    fastest: float
    error: float
    max_error: float
    extra_metrics: dict = dataclasses.field(default_factory=dict)


def measure(
    name: str,
    solver: Callable,
    x: np.ndarray,
    error: Callable,
    repeats: int = 5,
    setting: str = "",
) -> Measurement:
    """Times one solver and its error; compilation and the first call are left out.

    Args:
        name: Name in tables and diagrams.
        solver: Callable `y = solver(x)`; one of `keras.ops` belongs in `compiled` first.
        x: `(batch, ...)` NumPy array.
        error: Callable from `(x, y)` to errors `(batch,)`, such as `problem.objective`.
        repeats: Number of timed calls.
        setting: Label of the setting.

    Raises:
        ValueError: If the batch is empty or an error is not finite.
    """
    (measurement,) = work_precision({name: {setting: solver}}, x, error, repeats=repeats)
    return measurement


def work_precision(
    families: Mapping[str, Mapping[Any, Callable]],
    x: np.ndarray,
    error: Callable,
    *,
    batch_sizes: Sequence[int] | None = None,
    repeats: int = 5,
    extra_metrics: Mapping[str, Callable] | None = None,
    progress: Callable[[Iterable], Iterable] = iter,
) -> list[Measurement]:
    """Measures families of solvers side by side, errors and times apart.

    Errors are those of all inputs: a solver treats each alike, and a single one may be easy. Times
    are taken in turns, all solvers once and then all again, which spreads a drift of the machine's
    speed over all of them.

    Args:
        families: `{name: {setting: solver}}`.
        x: `(num_inputs, ...)` NumPy array, the same for all.
        error: Callable from `(x, y)` to errors `(num_inputs,)`.
        batch_sizes: Numbers of inputs for which times are taken, the first ones of `x`; all at
            once if `None`.
        repeats: Number of timed calls of each solver; up to ten times as many for small batches.
        extra_metrics: `{name: callable from (x, y) to errors}`, further errors to report.
        progress: Wraps the loop over the turns, for example `rich.progress.track`.

    Returns:
        Measurements in the order of `batch_sizes`, then of `families`.

    Raises:
        ValueError: If the batch is empty or an error is not finite.
    """
    if len(x) == 0:
        raise ValueError("`x` must hold at least one input to solve. Received: an empty batch")
    solvers = {
        (name, str(setting)): solver
        for name, settings in families.items()
        for setting, solver in settings.items()
    }
    metrics = {_ERROR: error, **(extra_metrics or {})}
    errors = {}
    for key, solver in solvers.items():  # the first call compiles
        y = solver(x)
        errors[key] = {name: _errors(key, x, y, metric) for name, metric in metrics.items()}
    measured = []
    for size in batch_sizes or [len(x)]:
        turns = repeats * min(10, max(1, len(x) // size))
        seconds = _seconds(solvers, x[:size], progress(range(turns)), warm=size == len(x))
        measured += [_measurement(key, size, seconds[key], errors[key]) for key in solvers]
    return measured


_ERROR = "error"


def _seconds(solvers, x, turns, warm):
    """`{solver: wall time of each of its calls}`, the solvers in turns."""
    if not warm:
        for solver in solvers.values():
            solver(x)
    seconds = {key: [] for key in solvers}
    for _ in turns:
        for key, solver in solvers.items():
            begin = time.perf_counter()
            solver(x)
            seconds[key].append(time.perf_counter() - begin)
    return seconds


def _measurement(key, batch_size, seconds, errors):
    return Measurement(
        *key,
        batch_size=batch_size,
        seconds=statistics.median(seconds),
        fastest=min(seconds),
        error=float(np.mean(errors[_ERROR])),
        max_error=float(np.max(errors[_ERROR])),
        extra_metrics={n: float(np.mean(e)) for n, e in errors.items() if n != _ERROR},
    )


def _errors(key, x, y, error):
    errors = np.asarray(ops.convert_to_numpy(error(x, y)), dtype="float64")
    if not np.isfinite(errors).all():
        raise ValueError(
            f"The error of solver {' '.join(key)!r} is not finite for "
            f"{np.count_nonzero(~np.isfinite(errors))} of {errors.size} inputs: "
            "check the inputs for NaN, then the solver."
        )
    return errors


@dataclasses.dataclass(frozen=True)
class Speedup:
    """How many times faster `neural` is than the best classic solver at the same error.

    Attributes:
        neural: The measurement of the neural solver.
        classic_name: Family of the fastest classic solver at that error; "none" if none gets there.
        classic_seconds: Its wall time; infinite if no setting measured gets there.
        ratio: `classic_seconds / neural.seconds`; below 1 the classic solver wins.
    """

    neural: Measurement
    classic_name: str
    classic_seconds: float
    ratio: float


def speedup_at_equal_accuracy(neural: Measurement, classic: Sequence[Measurement]) -> Speedup:
    """Compares with the fastest classic solver that is as accurate as the neural one.

    Between two settings of a family the time is interpolated in the logarithms of time and error,
    in favour of the classic solver.

    Args:
        neural: `Measurement` of the neural solver.
        classic: Measurements of classic solvers on the same batch.

    Returns:
        `Speedup`.

    Raises:
        ValueError: If `classic` is empty, or a batch size differs from that of `neural`.
    """
    if not classic:
        raise ValueError("`classic` must hold at least one measurement. Received: none")
    wrong = {m.batch_size for m in classic} - {neural.batch_size}
    if wrong:
        raise ValueError(
            "Speed-ups compare equal batches. Received: a neural measurement with batch "
            f"{neural.batch_size} and classic ones with batch {sorted(wrong)}"
        )
    times = {
        name: _seconds_to_reach(neural.error, [m for m in classic if m.name == name])
        for name in {m.name for m in classic}
    }
    name = min(times, key=times.get)
    seconds = times[name]
    reached = math.isfinite(seconds)
    return Speedup(neural, name if reached else "none", seconds, seconds / neural.seconds)


def _seconds_to_reach(error, family):
    """Least time in which a family reaches `error`, along its measured curve."""
    best = min((m.seconds for m in family if m.error <= error), default=math.inf)
    ordered = sorted(family, key=lambda m: m.seconds)
    for coarse, fine in itertools.pairwise(ordered):
        if coarse.error > error >= fine.error > 0.0:
            share = math.log(coarse.error / error) / math.log(coarse.error / fine.error)
            best = min(best, coarse.seconds * (fine.seconds / coarse.seconds) ** share)
    return best


def break_even(
    neural: Measurement, classic: Sequence[Measurement], training_seconds: float
) -> float:
    """Number of inputs after which training (labels included) is repaid.

    Args:
        neural: `Measurement` of the neural solver.
        classic: Measurements of classic solvers on the same batch.
        training_seconds: Wall time of training, of its labels and its data.

    Returns:
        Number of inputs; infinite if the neural solver is not faster at equal error.
    """
    if not training_seconds >= 0.0:
        raise ValueError(
            f"`training_seconds` must be at least 0. Received: training_seconds={training_seconds}"
        )
    speedup = speedup_at_equal_accuracy(neural, classic)
    saved = (speedup.classic_seconds - neural.seconds) / neural.batch_size
    return training_seconds / saved if saved > 0.0 else math.inf
