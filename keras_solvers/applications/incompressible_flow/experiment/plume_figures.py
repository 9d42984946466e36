"""Pictures and films of simulated plumes."""

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

_FRAME_HEIGHT = 512


def draw(plume, runs):
    """`{name: figure}`: smoke and divergence at the end, and what was measured in each step."""
    return {"plume": last_states(plume, runs), "measures": measures(runs)}


def last_states(plume, runs):
    """Smoke, and the divergence that is left, of each run after the last step."""
    figure = Figure(figsize=(4.2 * len(runs), 8.4), layout="constrained")
    left = [np.abs(np.asarray(plume.domain.outflow(r.state))[0]) for r in runs]
    highest = max(values.max() for values in left)
    for column, (run, outflow) in enumerate(zip(runs, left, strict=True)):
        solid = run.state["fluid"][0] == 0.0
        upper = figure.add_subplot(2, len(runs), column + 1)
        lower = figure.add_subplot(2, len(runs), len(runs) + column + 1)
        upper.imshow(_upright(_section(run.smoke[-1], solid)), cmap="inferno", vmin=0.0, vmax=1.0)
        image = lower.imshow(
            _upright(_section(outflow, solid)),
            cmap="viridis",
            norm=matplotlib.colors.LogNorm(1e-4 * highest, highest, clip=True),
        )
        upper.set_title(f"{run.name}: {1e3 * run.pressure_seconds:.1f} ms for the pressure")
        lower.set_title("|div u| at the end")
        figure.colorbar(image, ax=lower, shrink=0.8)
        for axes in (upper, lower):
            axes.set(xticks=[], yticks=[], facecolor="0.5")
    return figure


def measures(runs):
    names = list(runs[0].measures)
    figure = Figure(figsize=(4.2 * len(names), 3.4), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(names)), names, strict=True):
        for run, style in zip(runs, ("-", "--")):
            axes.plot(1 + np.arange(len(run.smoke)), run.measures[name], style, label=run.name)
        axes.set(xlabel="step", ylabel=name)
    axes.legend()
    figure.axes[0].set_yscale("log")
    return figure


def frames(runs, progress):
    """Frames of the smoke of all runs side by side, `(rows, columns, 3)` bytes."""
    solid = runs[0].state["fluid"][0] == 0.0
    colours = matplotlib.colormaps["inferno"]
    steps = range(len(runs[0].smoke))
    for step in progress.track(steps, description="film"):
        pictures = []
        for run in runs:
            smoke = _section(run.smoke[step], solid)
            pixels = colours(np.ma.filled(smoke, 0.0), bytes=True)[..., :3]
            pixels[np.ma.getmaskarray(smoke)] = 128
            pictures.append(_labelled(_upright(pixels), run.name))
        yield np.concatenate(pictures, axis=1)


def _section(field, solid):
    """The field without solids; of three dimensions, the plane in the middle."""
    masked = np.ma.array(field, mask=solid)
    return masked if field.ndim == 2 else masked[:, field.shape[1] // 2]


def _upright(section):
    """Rows from top to bottom, as pictures have them."""
    return np.swapaxes(section, 0, 1)[::-1]


def _labelled(pixels, text):
    width = 2 * round(0.5 * _FRAME_HEIGHT * pixels.shape[1] / pixels.shape[0])
    image = Image.fromarray(pixels).resize((width, _FRAME_HEIGHT), Image.Resampling.BILINEAR)
    ImageDraw.Draw(image).text((8, 8), text, fill="white", font_size=20)
    return np.asarray(image)
