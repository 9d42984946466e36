"""The simulator beside exact, tabulated and published flows: `benchmarks.incompressible_flow`.

`--fast` computes a few coarse ones, for the tests.
"""

import numpy as np

from benchmarks.harness import Figure
from benchmarks.incompressible_flow_known import (
    cavity_errors,
    cylinder_drag,
    mean_relative,
    published_drag,
    taylor_green,
)


def vortices(fast, seeds, progress):
    """Taylor-Green vortices: error, and its order as steps and cells are halved together."""
    sizes = (16, 32) if fast else (16, 32, 64, 128)
    for reflected, name, order in ((False, "projected", 0.9), (True, "mirrored half way", 1.7)):
        errors = [
            taylor_green(n, n // 2, reflected=reflected)
            for n in progress.track(sizes, description=f"vortices, {name}")
        ]
        for n, error in zip(sizes, errors, strict=True):
            yield Figure(f"vortices, {n} x {n}, {n // 2} steps, {name}: error of u", (error,))
        measured = float(np.log2(errors[-2] / errors[-1]))
        yield Figure(f"vortices, {name}: order", (measured,), order, "higher")


def cavity(fast, seeds, progress):
    """Largest distance to the tables of Ghia, Ghia and Shin, speed of the lid 1."""
    cases = ((100, 32),) if fast else ((100, 64), (400, 128), (1000, 128))
    targets = {(100, 64): 0.01, (400, 128): 0.015, (1000, 128): 0.015}
    for reynolds, n in progress.track(cases, description="cavity"):
        errors = cavity_errors(n, reynolds, courant=1.0)
        for name, error in zip("uv", errors, strict=True):
            label = f"cavity, Re {reynolds}, {n} x {n}: largest error of {name}"
            yield Figure(label, (error,), targets.get((reynolds, n)))


def cylinder(fast, seeds, progress):
    """Drag of the started cylinder from the time on at which the steps resolve its boundary layer.

    Walls that move with the free stream stand half a width away and raise the drag a little.
    """
    cases = ((40, 10, 10, 1.0),) if fast else ((40, 32, 20, 3.0), (550, 48, 12, 3.0))
    for reynolds, cells, width, end in progress.track(cases, description="cylinder"):
        time, drag = cylinder_drag(reynolds, cells, width, end)
        at, published = published_drag(reynolds)
        later = (at > 0.5) & (at < end)
        ours = np.interp(at[later], time, drag)
        label = f"cylinder, Re {reynolds}, {cells} cells across, box of {width}: drag"
        error = mean_relative(ours, published[later])
        yield Figure(f"{label}, mean relative error", (error,), None if fast else 0.1)
        for moment in (0.5, 1.0, 2.0, 3.0):
            if moment <= end:
                values = [
                    float(np.interp(moment, *curve)) for curve in ((time, drag), (at, published))
                ]
                yield Figure(f"{label} at t* = {moment:g}", values[:1])
                yield Figure(f"{label} at t* = {moment:g}, published", values[1:])


PARTS = {"vortices": vortices, "cavity": cavity, "cylinder": cylinder}
