"""`python -m benchmarks.pinn`: equations solved by networks, beside classic solvers.

Relative L2 errors on the grid of the reference after the CPU-seconds of each case, compilation
included, those of a case that another starts from not. `--fast` trains for a moment, for the
tests.
"""

import functools
import statistics

from benchmarks.harness import Figure, run_benchmark
from benchmarks.peers import beside_deepxde
from keras_solvers.applications.pde_benchmarks.cases import CASES
from keras_solvers.applications.pde_benchmarks.run import classic_error
from keras_solvers.applications.pde_benchmarks.training import train_chain


def solved(name, fast, seeds, progress):
    """A case, and those it starts from: the network and the classic solver of each."""
    share = 2.0 / CASES[name].seconds if fast else 1.0
    runs = []
    for seed in seeds:
        chain = train_chain(name, seed, share, progress)
        runs.append([(case, case.error(model), steps) for case, model, _, steps in chain])
    for stages in zip(*runs, strict=True):
        case = stages[0][0]
        yield Figure(f"{case.title}: relative error", tuple(e for _, e, _ in stages), case.target)
        spent = tuple(steps[-1]["cpu_seconds"] for *_, steps in stages)
        yield Figure(f"{case.title}: training", spent, unit="CPU-s")
        yield Figure(f"{case.title}: steps", tuple(len(steps) for *_, steps in stages))
        error, seconds = classic_error(case)
        yield Figure(f"{case.title}: {case.classic_name}, relative error", (error,))
        yield Figure(f"{case.title}: {case.classic_name}", (1e3 * seconds,), unit="CPU-ms")
        yield _price(case, [e for _, e, _ in stages], spent, error, seconds)


def _price(case, errors, spent, classic_error, classic_seconds):
    """What the training costs in classic solves: below 1 the network pays for a single answer."""
    worse = ", which is less accurate" if classic_error > statistics.median(errors) else ""
    name = f"{case.title}: training, over the time of {case.classic_name}{worse}"
    return Figure(name, tuple(s / classic_seconds for s in spent), unit="times")


if __name__ == "__main__":
    starts = {case.start for case in CASES.values()}
    parts = {name: functools.partial(solved, name) for name in CASES if name not in starts}
    run_benchmark("pinn", parts | beside_deepxde.PARTS)
