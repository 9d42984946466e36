"""What doubt is worth in a flow left out: a part of `benchmarks.closure`.

Two kinds: members that saw different flows, and draws of weights whose distributions were learned.
"""

import keras

from benchmarks.harness import Figure
from keras_solvers.applications.turbulence_closure import PAIRED_FLOWS
from keras_solvers.applications.turbulence_closure.experiment.doubt import LeftOut
from keras_solvers.applications.turbulence_closure.experiment.training import (
    train_committee,
    train_variational,
)

KINDS = {"committee": train_committee, "variational": train_variational}


def figures(fast, seeds, progress):
    """Ten trainings a seed and kind: each flow left out, and each pair."""
    names = PAIRED_FLOWS[:1] if fast else PAIRED_FLOWS
    task = progress.add_task("doubt", total=len(KINDS) * len(seeds) * len(names))
    for kind, train in KINDS.items():
        told = {name: [] for name in names}
        for seed in seeds:
            epochs = {"epochs": 1} if fast else {}
            trained = LeftOut(lambda flows, seed, e=epochs, t=train: t(flows, seed, **e), seed)
            for name in names:
                told[name].append(trained.told(name))
                progress.advance(task)
            del trained
            keras.utils.clear_session()  # a hundred networks with all their functions fill a memory
        for name, rows in told.items():
            for measure in rows[0]:
                title = f"{name} left out, {kind}: {measure}"
                yield Figure(title, tuple(row[measure] for row in rows), *_GOALS.get(measure, ()))


_GOALS = {"doubt, over that on flows in training": (1.0, "higher")}
