"""Pictures of sparse coding: work-precision diagrams, patches, thresholds."""

import dataclasses

import numpy as np
from keras import ops
from matplotlib.figure import Figure

from keras_solvers.applications.sparse_coding.fista import FISTA
from keras_solvers.applications.sparse_coding.measure import CERTIFIED, CODE_ERROR, NEURAL
from keras_solvers.applications.sparse_coding.shrinkage import Shrinkage
from keras_solvers.plots import plot_images, plot_work_precision
from keras_solvers.solver import compiled


def draw(problem, network, x, reference, one, many):
    """`{name: figure}`."""
    return {
        "work_precision": work_precision_figure(one, many),
        "patches": patches_figure(problem, network, x, reference),
        "thresholds": thresholds_figure(problem, network),
        "atoms": atoms_figure(problem),
    }


def work_precision_figure(one, many):
    figure = Figure(figsize=(12, 9), layout="constrained")
    panels = figure.subplots(2, 2, sharey="row")
    for column, measurements in zip(panels.T, (one, many)):
        batch = measurements[0].batch_size
        codes = [dataclasses.replace(m, error=m.extra_metrics[CODE_ERROR]) for m in measurements]
        highlight = (NEURAL, CERTIFIED)
        plot_work_precision(column[0], measurements, "relative objective gap", highlight[:1])
        plot_work_precision(column[1], codes, "relative squared code error", highlight[:1])
        column[0].set_title(f"batch {batch:,}: lower left is better")
    return figure


def patches_figure(problem, network, x, reference, num_columns=12):
    """Held-out patches, and what the codes of the network and of FISTA make of them."""
    x = x[:num_columns]
    num_layers = len(learned_thresholds(network))
    codes = [
        reference[:num_columns],
        network.predict_on_batch(x),
        compiled(FISTA(problem, num_layers))(x),
    ]
    side = int(np.sqrt(x.shape[1]))
    rows = [x, *(np.asarray(code) @ problem.dictionary.T for code in codes)]
    figure = Figure(figsize=(num_columns, 4.4))
    axes = figure.subplots(len(rows), num_columns)
    titles = ["patch", "optimum", f"{NEURAL}, {num_layers} layers", f"FISTA, {num_layers} steps"]
    plot_images(axes, [row.reshape(-1, side, side) for row in rows], titles)
    return figure


def thresholds_figure(problem, network):
    """Learned thresholds of each layer beside the analytic threshold of ISTA."""
    thresholds = learned_thresholds(network)
    depth = np.arange(1, len(thresholds) + 1)
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    low, middle, high = np.quantile(thresholds, [0.1, 0.5, 0.9], axis=1)
    axes.fill_between(depth, low, high, alpha=0.3, color="crimson", label="80 % of the atoms")
    axes.plot(depth, middle, "*-", color="crimson", label="learned, median")
    axes.axhline(problem.penalty / problem.lipschitz, ls="--", label="ISTA: penalty / L")
    axes.set(xlabel="layer", ylabel="threshold", ylim=(0, None))
    axes.legend()
    return figure


def learned_thresholds(network):
    """Array `(number of steps, atoms or 1)`."""
    layers = [layer for layer in network.layers if isinstance(layer, Shrinkage)]
    return np.concatenate([ops.convert_to_numpy(layer.thresholds) for layer in layers])


def atoms_figure(problem, num_columns=25):
    """The atoms of the dictionary."""
    side = int(np.sqrt(problem.dictionary.shape[0]))
    atoms = problem.dictionary.T.reshape(-1, side, side)
    num_rows = -(-len(atoms) // num_columns)
    canvas = np.full((num_rows * (side + 1), num_columns * (side + 1)), np.nan)
    for index, atom in enumerate(atoms):
        row, column = divmod(index, num_columns)
        top, left = row * (side + 1), column * (side + 1)
        canvas[top : top + side, left : left + side] = atom / abs(atom).max()
    figure = Figure(figsize=(12, 12 * num_rows / num_columns), layout="constrained")
    axes = figure.subplots()
    axes.imshow(canvas, cmap="gray")
    axes.axis("off")
    return figure
