"""Pictures of an anisotropy: its map, its components and where the closure doubts."""

import itertools

import numpy as np
from matplotlib.figure import Figure

from keras_solvers.applications.turbulence_closure.realizability import barycentric_map

_COMPONENTS = (
    ((0, 0), "$b_{11}$"),
    ((1, 1), "$b_{22}$"),
    ((2, 2), "$b_{33}$"),
    ((0, 1), "$b_{12}$"),
)
_STATIONS = (0.1, 0.4, 0.6, 0.9)  # shares of the points that lie before
_LINES = ("C0-", "C1--", "C2:", "C3-.")
_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5 * np.sqrt(3.0)], [0.0, 0.0]])


def draw(flow, answers, doubt):
    """`{name: figure}` of a `TurbulentFlow`, the answers of closures, and doubt.

    Args:
        flow: The flow.
        answers: `{name: (n, 3, 3)}`, that of the committee among them.
        doubt: `(n,)`, of the committee.
    """
    found = answers["committee"]
    figures = {"map": _map(flow.anisotropy, found), "doubt": _doubt(flow, found, doubt)}
    if flow.places is not None:
        figures["fields"] = _fields(flow, found)
        figures["profiles"] = _profiles(flow, answers)
    return figures


def _map(expected, found):
    figure = Figure(figsize=(9, 4), layout="constrained")
    for axes, b, title in zip(figure.subplots(1, 2), (expected, found), ("resolved", "closure")):
        axes.plot(*_CORNERS.T, color="black", linewidth=0.8)
        axes.plot(*barycentric_map(b).T, ".", markersize=1.5, alpha=0.4)
        for (x, y), text in zip(_CORNERS, ("two components", "one", "three"), strict=False):
            axes.annotate(text, (x, y), ha="center", va="top" if y == 0.0 else "bottom")
        axes.set(title=title, aspect="equal")
        axes.axis("off")
    return figure


def _fields(flow, found):
    figure = Figure(figsize=(14, 6), layout="constrained")
    for column, ((i, j), name) in zip(figure.subplots(2, 4).T, _COMPONENTS, strict=True):
        largest = np.quantile(np.abs(flow.anisotropy[:, i, j]), 0.99)
        for axes, b, title in zip(column, (flow.anisotropy, found), ("resolved", "closure")):
            drawn = axes.scatter(
                *flow.places.T, c=b[:, i, j], s=2, cmap="coolwarm", vmin=-largest, vmax=largest
            )
            axes.set_title(f"{name}, {title}")
        figure.colorbar(drawn, ax=column)
    return figure


def _profiles(flow, answers):
    """Components along lines across the flow, beside the resolved ones."""
    figure = Figure(figsize=(14, 9), layout="constrained")
    x, y = flow.places.T
    stations = np.quantile(x, _STATIONS)
    rows = figure.subplots(len(_COMPONENTS), len(stations), sharey="row")
    for station, column in zip(stations, rows.T, strict=True):
        # As many points next to the line as one of these would have on a square.
        near = np.argsort(np.abs(x - station))[: int(2.0 * np.sqrt(len(x)))]
        near = near[np.argsort(y[near])]
        column[0].set_title(f"x = {station:.3g}")
        column[-1].set_xlabel("y")
        for axes, ((i, j), _) in zip(column, _COMPONENTS, strict=True):
            axes.plot(y[near], flow.anisotropy[near, i, j], "k.", markersize=3, label="resolved")
            for (closure, b), style in zip(answers.items(), itertools.cycle(_LINES)):
                axes.plot(y[near], b[near, i, j], style, linewidth=1, label=closure)
            axes.grid(alpha=0.3)
    for axes, (_, name) in zip(rows[:, 0], _COMPONENTS, strict=True):
        axes.set_ylabel(name)
    rows[0, 0].legend(fontsize="small")
    return figure


def _doubt(flow, found, doubt):
    """Errors of tenths of the points, from those with the least doubt to those with the most."""
    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    error = np.linalg.norm(found - flow.anisotropy, axis=(1, 2))
    parts = np.array_split(np.argsort(doubt), 10)
    medians = [np.median(doubt[part]) for part in parts]
    axes.plot(medians, [np.median(error[part]) for part in parts], "o-", label="median")
    axes.plot(medians, [np.quantile(error[part], 0.9) for part in parts], "s--", label="90 %")
    axes.set(xlabel="how far members are apart", ylabel="size of the error", ylim=(0.0, None))
    axes.legend()
    axes.grid(alpha=0.3)
    return figure
