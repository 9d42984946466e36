"""Pictures of a solved equation: solution, error, points and loss."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.tri import Triangulation


def draw(model, losses, used, points, found, expected):
    """`{name: figure}`."""
    return {
        "loss": _loss(losses),
        "solution": _solution(model.problem.geometry, used["residual"], points, found, expected),
    }


def _loss(losses):
    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.semilogy(np.arange(1, len(losses) + 1), losses)
    axes.set(xlabel="step", ylabel="loss: mean square of the residual")
    axes.grid(alpha=0.3)
    return figure


def _solution(geometry, used, points, found, expected):
    names = geometry.coordinates
    figure = Figure(figsize=(12, 3.5), layout="constrained")
    solution, error, places = figure.subplots(1, 3)
    error_size = np.sqrt(np.sum((found - expected) ** 2, axis=1))
    if len(names) == 1:
        solution.plot(points[:, 0], expected[:, 0], label="reference")
        solution.plot(points[:, 0], found[:, 0], "--", label="network")
        solution.legend()
        error.semilogy(points[:, 0], error_size)
        places.hist(used[:, 0], bins=40)
        for axes in (solution, error, places):
            axes.set_xlabel(names)
    elif len(names) > 2:
        solution.plot(expected[:, 0], found[:, 0], ".", markersize=3)
        solution.axline((expected[0, 0], expected[0, 0]), slope=1.0, linewidth=0.7)
        solution.set(xlabel="reference", ylabel="network")
        error.hist(error_size, bins=40)
        places.plot(used[:, 1], used[:, 0], ".", markersize=1.5)
        places.set(xlabel=names[1], ylabel=names[0])
    else:
        shown = np.sqrt(np.sum(found**2, axis=1)) if found.shape[1] > 1 else found[:, 0]
        # Time goes to the right; a plane is drawn as it is.
        across, up = (1, 0) if names[1] == "t" else (0, 1)
        triangles = Triangulation(points[:, across], points[:, up])
        middles = points[triangles.triangles].mean(axis=1)
        triangles.set_mask(geometry.distance(middles) < 0.0)  # across holes and corners
        for axes, values in ((solution, shown), (error, error_size)):
            drawn = axes.tripcolor(triangles, values, shading="gouraud", cmap="viridis")
            figure.colorbar(drawn, ax=axes, location="bottom" if across == 0 else "right")
        places.plot(used[:, across], used[:, up], ".", markersize=1.5)
        for axes in (solution, error, places):
            axes.set(xlabel=names[across], ylabel=names[up])
            axes.set_aspect("equal" if across == 0 else "auto")
    solution.set_title("network")
    error.set_title("distance to the reference")
    places.set_title("points at the end")
    return figure
