"""`python -m benchmarks.pinn`: equations solved by networks, beside classic solvers.

Relative L2 errors on the grid of the reference after the CPU-seconds of each case, compilation
included. `--fast` trains for a moment, for the tests.
"""

import functools

from keras import ops

from benchmarks.harness import Figure, run_benchmark
from keras_solvers.experiments.pinn_cases import CASES
from keras_solvers.experiments.pinn_run import classic_error, relative_error, train_case


def solved(name, fast, seeds, progress):
    """One case: the network, the classic solver, and zero."""
    case = CASES[name]
    budget = 2.0 if fast else case.seconds
    points, expected = case.reference()
    errors, spent, steps = [], [], []
    for seed in seeds:
        model, _, history = train_case(case, seed, budget, progress)
        errors.append(relative_error(ops.convert_to_numpy(model(points)), expected))
        spent.append(history[-1]["cpu_seconds"])
        steps.append(len(history))
    yield Figure(f"{case.title}: relative error", tuple(errors), case.target)
    yield Figure(f"{case.title}: training", tuple(spent), unit="CPU-s")
    yield Figure(f"{case.title}: steps", tuple(steps))
    error, seconds = classic_error(case)
    yield Figure(f"{case.title}: {case.classic_name}, relative error", (error,))
    yield Figure(f"{case.title}: {case.classic_name}", (1e3 * seconds,), unit="CPU-ms")


if __name__ == "__main__":
    run_benchmark("pinn", {name: functools.partial(solved, name) for name in CASES})
