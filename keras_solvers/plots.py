"""Diagrams of measurements, on Matplotlib axes."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from keras_solvers.comparison import Measurement

__all__ = ["plot_images", "plot_work_precision"]

MARKERS = "os^Dv<>P"


def plot_work_precision(
    axes: Axes,
    measurements: Sequence[Measurement],
    error_name: str,
    highlight: Sequence[str] = (),
) -> None:
    """Draws time against error, one line a family; lower left is better.

    Args:
        axes: Matplotlib axes.
        measurements: List of `Measurement` on one batch size.
        error_name: Label of the error axis.
        highlight: Names of the neural families, drawn as filled stars over the others.
    """
    for marker, name in zip(MARKERS * 2, dict.fromkeys(m.name for m in measurements)):
        family = sorted((m for m in measurements if m.name == name), key=lambda m: m.seconds)
        time = [1e3 * m.seconds for m in family]
        error = [m.error for m in family]
        if name in highlight:
            axes.plot(time, error, "*-", label=name, markersize=16, zorder=3, color="crimson")
        else:
            axes.plot(time, error, marker + "-", label=name, markersize=5, alpha=0.8)
    axes.set(xscale="log", yscale="log", xlabel="wall time of the batch [ms]", ylabel=error_name)
    low, high = axes.get_xlim()
    if high < 30.0 * low:  # too narrow for powers of ten alone
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(alpha=0.3)
    axes.legend()


def plot_images(
    axes: np.ndarray, rows: Sequence[np.ndarray], titles: Sequence[str], cmap: str = "gray"
) -> None:
    """Shows rows of images; `axes` is an array of axes `(len(rows), number of columns)`."""
    for line, images, title in zip(axes, rows, titles):
        for place, image in zip(line, images):
            limit = abs(image).max()
            low = -limit if image.min() < 0 else 0.0
            place.imshow(image, cmap=cmap, vmin=low, vmax=limit)
            place.set(xticks=[], yticks=[])
        line[0].set_ylabel(title, rotation=0, ha="right", va="center")
