"""Figures of anisotropies: barycentric map, components, profiles and ensemble spread."""

import itertools

import numpy as np
from matplotlib.figure import Figure

from keras_solvers.applications.turbulence_closure.data.turbulent_flows import TurbulentFlow
from keras_solvers.applications.turbulence_closure.realizability import barycentric_map

_COMPONENTS = (
    ((0, 0), "$b_{11}$"),
    ((1, 1), "$b_{22}$"),
    ((2, 2), "$b_{33}$"),
    ((0, 1), "$b_{12}$"),
)
_STATIONS = (0.1, 0.4, 0.6, 0.9)  # quantiles of the streamwise coordinate of the points
_LINES = ("C0-", "C1--", "C2:", "C3-.")
_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5 * np.sqrt(3.0)], [0.0, 0.0]])


def draw(
    flow: TurbulentFlow, predictions: dict[str, np.ndarray], spread: np.ndarray
) -> dict[str, Figure]:
    """Draws the predictions of closures beside the resolved anisotropy.

    Args:
        flow: The flow.
        predictions: `{name: (n, 3, 3)}`; the first is that of the ensemble.
        spread: `(n,)`, the ensemble spread.

    Returns:
        `{name: figure}`; "fields" and "profiles" only if the flow has coordinates.
    """
    b = next(iter(predictions.values()))
    figures = {
        "barycentric_map": _barycentric_map(flow.anisotropy, b),
        "ensemble_spread": _spread(flow, b, spread),
    }
    if flow.coordinates is not None:
        figures["fields"] = _fields(flow, b)
        figures["profiles"] = _profiles(flow, predictions)
    return figures


def _barycentric_map(resolved, predicted):
    figure = Figure(figsize=(9, 4), layout="constrained")
    titles = ("resolved", "closure")
    for axes, b, title in zip(figure.subplots(1, 2), (resolved, predicted), titles):
        axes.plot(*_CORNERS.T, color="black", linewidth=0.8)
        axes.plot(*barycentric_map(b).T, ".", markersize=1.5, alpha=0.4)
        labels = ("two-component", "one-component", "isotropic")
        for (x, y), text in zip(_CORNERS, labels, strict=False):
            axes.annotate(text, (x, y), ha="center", va="top" if y == 0.0 else "bottom")
        axes.set(title=title, aspect="equal")
        axes.axis("off")
    return figure


def _fields(flow, predicted):
    figure = Figure(figsize=(14, 6), layout="constrained")
    for column, ((i, j), name) in zip(figure.subplots(2, 4).T, _COMPONENTS, strict=True):
        limit = np.quantile(np.abs(flow.anisotropy[:, i, j]), 0.99)
        for axes, b, title in zip(column, (flow.anisotropy, predicted), ("resolved", "closure")):
            drawn = axes.scatter(
                *flow.coordinates.T, c=b[:, i, j], s=2, cmap="coolwarm", vmin=-limit, vmax=limit
            )
            axes.set_title(f"{name}, {title}")
        figure.colorbar(drawn, ax=column)
    return figure


def _profiles(flow, predictions):
    """Components along lines across the flow, beside the resolved ones."""
    figure = Figure(figsize=(14, 9), layout="constrained")
    x, y = flow.coordinates.T
    stations = np.quantile(x, _STATIONS)
    rows = figure.subplots(len(_COMPONENTS), len(stations), sharey="row")
    for station, column in zip(stations, rows.T, strict=True):
        # About as many of the nearest points as two lines of a square grid would have.
        near = np.argsort(np.abs(x - station))[: int(2.0 * np.sqrt(len(x)))]
        near = near[np.argsort(y[near])]
        column[0].set_title(f"x = {station:.3g}")
        column[-1].set_xlabel("y")
        for axes, ((i, j), _) in zip(column, _COMPONENTS, strict=True):
            axes.plot(y[near], flow.anisotropy[near, i, j], "k.", markersize=3, label="resolved")
            for (closure, b), style in zip(predictions.items(), itertools.cycle(_LINES)):
                axes.plot(y[near], b[near, i, j], style, linewidth=1, label=closure)
            axes.grid(alpha=0.3)
    for axes, (_, name) in zip(rows[:, 0], _COMPONENTS, strict=True):
        axes.set_ylabel(name)
    rows[0, 0].legend(fontsize="small")
    return figure


def _spread(flow, predicted, spread):
    """Quantiles of the error in ten bins of the ensemble spread with equally many points."""
    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    error = np.linalg.norm(predicted - flow.anisotropy, axis=(1, 2))
    bins = np.array_split(np.argsort(spread), 10)
    medians = [np.median(spread[each]) for each in bins]
    axes.plot(medians, [np.median(error[each]) for each in bins], "o-", label="median")
    axes.plot(medians, [np.quantile(error[each], 0.9) for each in bins], "s--", label="90 %")
    axes.set(xlabel="ensemble spread", ylabel="norm of the error", ylim=(0.0, None))
    axes.legend()
    axes.grid(alpha=0.3)
    return figure
