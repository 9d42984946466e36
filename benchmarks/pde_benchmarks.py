"""`python -m benchmarks pde_benchmarks`: equations solved by networks, beside classic solvers.

Relative L2 errors on the grid of the reference after the CPU-seconds of each case, compilation
included, those of a case that another starts from not. `--fast` trains for a moment, for the
tests.
"""

import functools
import statistics

from benchmarks.harness import Figure
from benchmarks.peers import beside_deepxde
from keras_solvers.applications.pde_benchmarks.cases import NAMES, case
from keras_solvers.applications.pde_benchmarks.run import rival_measured
from keras_solvers.applications.pde_benchmarks.training import train_chain


def solved(name, fast, seeds, progress):
    """A case, and those it starts from: the network and the classic solver of each."""
    share = 2.0 / case(name).training.seconds if fast else 1.0
    runs = []
    for seed in seeds:
        chain = train_chain(name, seed, share, progress)
        runs.append([(each, each.error(model), steps) for each, model, _, steps in chain])
    for stages in zip(*runs, strict=True):
        solved_case = stages[0][0]
        title, rival = solved_case.title, solved_case.rival.name
        errors = tuple(e for _, e, _ in stages)
        yield Figure(f"{title}: relative error", errors, solved_case.target)
        spent = tuple(steps[-1]["cpu_seconds"] for *_, steps in stages)
        yield Figure(f"{title}: training", spent, unit="CPU-s")
        yield Figure(f"{title}: steps", tuple(len(steps) for *_, steps in stages))
        error, seconds = rival_measured(solved_case)
        yield Figure(f"{title}: {rival}, relative error", (error,))
        yield Figure(f"{title}: {rival}", (1e3 * seconds,), unit="CPU-ms")
        # What the training costs in classic solves: below 1 it pays for a single answer.
        worse = ", which is less accurate" if error > statistics.median(errors) else ""
        label = f"{title}: training, over the time of {rival}{worse}"
        yield Figure(label, tuple(s / seconds for s in spent), unit="times")


_STARTS = {case(name).training.start for name in NAMES}
PARTS = {
    name: functools.partial(solved, name) for name in NAMES if name not in _STARTS
} | beside_deepxde.PARTS
