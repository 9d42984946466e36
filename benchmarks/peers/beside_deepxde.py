"""DeepXDE beside this library, one thread each: parts of `benchmarks.pde_benchmarks`."""

import functools

from benchmarks.harness import Figure
from benchmarks.peers import call
from keras_solvers.applications.pde_benchmarks.case import relative_error
from keras_solvers.applications.pde_benchmarks.cases import case as case_named

_REQUIREMENTS = ("deepxde==1.15.0", "tensorflow", "tf-keras", "tensorflow-probability")
_deepxde = functools.partial(
    call, "deepxde_tensorflow", _REQUIREMENTS, {"DDE_BACKEND": "tensorflow"}
)


def solved(name, fast, seeds, progress):
    """A case with the same network, points and time."""
    case = case_named(name)
    grid, expected = case.reference()
    seconds = 5.0 if fast else case.training.seconds
    errors, adam, spent = [], [], []
    task = progress.add_task(f"DeepXDE, {case.title}", total=len(seeds))
    for seed in seeds:
        points = case.problem().sample(case.training.num_points, case.training.num_boundary, seed)[
            "residual"
        ]
        job = {"case": name, "task": "solve", "seed": seed, "dtype": "float64"}
        found = _deepxde(points=points, grid=grid, seconds=seconds, **job)
        errors.append(relative_error(found["values"], expected))
        adam.append(relative_error(found["adam"], expected))
        spent.append(float(found["spent"]))
        progress.advance(task)
    yield Figure(f"{case.title}: DeepXDE 1.15, Adam and L-BFGS, relative error", tuple(errors))
    yield Figure(f"{case.title}: DeepXDE 1.15, training", tuple(spent), unit="CPU-s")
    yield Figure(f"{case.title}: DeepXDE 1.15, Adam alone, half the time", tuple(adam))


def steps(fast, seeds, progress):
    """Time of a step of Adam on 10,000 points over DeepXDE's, measured in turns."""
    case = case_named("burgers")
    ratios = []
    for seed in progress.track(seeds, description="steps of Adam beside DeepXDE"):
        points = case.problem().sample(1000 if fast else 10000, 0, seed)["residual"]
        job = {"case": "burgers", "task": "step", "seed": seed, "dtype": "float32"}
        own = call("own_step", None, {"KERAS_BACKEND": "tensorflow"}, points=points, **job)
        ratios.append(float(own["seconds"] / _deepxde(points=points, **job)["seconds"]))
    yield Figure("a step of Adam, Burgers' equation, over DeepXDE's", tuple(ratios), 0.6)


PARTS = {
    "deepxde-burgers": functools.partial(solved, "burgers"),
    "deepxde-poisson-square": functools.partial(solved, "poisson-square"),
    "deepxde-steps": steps,
}
