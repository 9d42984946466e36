"""Pictures of a run of the pressure projection."""

import numpy as np
from keras import ops
from matplotlib.figure import Figure

from keras_solvers.plots import plot_work_precision


def draw(problem, network, x, measurements):
    """`{name: figure}`: the diagram for each batch, and some flows."""
    batches = sorted({m.batch_size for m in measurements})
    figure = Figure(figsize=(6.5 * len(batches), 4.8), layout="constrained")
    for axes, batch in zip(np.atleast_1d(figure.subplots(1, len(batches))), batches, strict=True):
        plot_work_precision(
            axes,
            [m for m in measurements if m.batch_size == batch],
            "relative residual",
            highlight=("learned multigrid",),
        )
        axes.set_title(f"{' x '.join(map(str, problem.cells))} cells, batch {batch}")
        axes.legend(fontsize="small")
    return {"work_precision": figure, "flows": flows(problem, network, x[:3])}


def flows(problem, network, x):
    """Divergence before, pressure, and divergence after, of two-dimensional flows."""
    y = network.predict_on_batch(x)
    after = ops.convert_to_numpy(problem.residual(x, y))
    figure = Figure(figsize=(9.5, 3.0 * len(x)), layout="constrained")
    titles = ("divergence before", "pressure", "divergence after, scale 1/100")
    for row, sample, pressure, left in zip(figure.subplots(len(x), 3), x, y, after, strict=True):
        solid = sample[..., 1] == 0.0
        centred = pressure[..., 0] - np.mean(pressure[..., 0][~solid])
        limit = np.abs(sample[..., 0]).max()
        limits = (limit, np.abs(centred[~solid]).max(), 0.01 * limit)
        for axes, title, values, end in zip(row, titles, (sample[..., 0], centred, left), limits):
            image = np.ma.array(values, mask=solid)
            drawn = axes.imshow(image, cmap="RdBu_r", vmin=-end, vmax=end, origin="lower")
            axes.set_facecolor("0.3")
            axes.set(xticks=[], yticks=[], title=title)
            figure.colorbar(drawn, ax=axes, shrink=0.8)
    return figure
