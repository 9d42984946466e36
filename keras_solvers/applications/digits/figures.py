"""Pictures of a trained digit network: mistakes, filters, reconstructions."""

import keras
import numpy as np
from matplotlib.figure import Figure

from keras_solvers.applications.digits.baselines import bottleneck_size, pca
from keras_solvers.plots import plot_images


def draw(recipe, network, images):
    """`{name: figure}` of the pictures that fit the network."""
    if recipe.reconstruction:
        return {"reconstructions": reconstructions(network, images)}
    figures = {"mistakes": mistakes(network, images)}
    kernel = first_kernel(network)
    return figures if kernel is None else {**figures, "filters": filters(kernel)}


def mistakes(network, images, num_columns=8, num_rows=3):
    """The wrong answers that the network is surest of, as "label > answer"."""
    logits = network.predict(images.x_test, batch_size=500, verbose=0)
    answer = np.argmax(logits, axis=-1)
    wrong = np.flatnonzero(answer != images.y_test)
    margin = logits.max(axis=-1) - logits[np.arange(len(logits)), images.y_test]
    wrong = wrong[np.argsort(-margin[wrong])]
    figure = Figure(figsize=(num_columns, 1.3 * num_rows))
    for axes, index in zip(figure.subplots(num_rows, num_columns).flat, wrong):
        axes.imshow(images.x_test[index, :, :, 0], cmap="gray")
        axes.set_title(f"{images.y_test[index]} > {answer[index]}", fontsize=9)
    for axes in figure.axes:
        axes.axis("off")
    figure.suptitle(f"{len(wrong)} of {len(answer)} test images wrong: label > answer")
    return figure


def first_kernel(network):
    """Kernel `(height, width, 1, filters)` of the first convolution, or `None`."""
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):
            return keras.ops.convert_to_numpy(layer.kernel)
    return None


def filters(kernel, num_columns=8):
    kernels = np.moveaxis(kernel[:, :, 0], -1, 0)
    num_rows = -(-len(kernels) // num_columns)
    figure = Figure(figsize=(num_columns, num_rows))
    for axes, image in zip(figure.subplots(num_rows, num_columns, squeeze=False).flat, kernels):
        axes.imshow(image, cmap="RdBu", vmin=-abs(kernel).max(), vmax=abs(kernel).max())
    for axes in figure.axes:
        axes.axis("off")
    figure.suptitle("filters of the first layer")
    return figure


def reconstructions(network, images, num_columns=10):
    """Test images, the network's reconstruction, and that of PCA with as many numbers."""
    code_size = bottleneck_size(network)
    x = images.x_test[:num_columns]
    few = images._replace(x_test=x)
    rows = [x, network.predict_on_batch(x), pca(few, code_size)]
    figure = Figure(figsize=(num_columns, 3.2))
    axes = figure.subplots(3, num_columns)
    # Ink is between 0 and 1; principal components leave those limits, which would grey the picture.
    shown = [np.clip(row[..., 0], 0.0, 1.0) for row in rows]
    plot_images(axes, shown, ["image", "network", f"PCA {code_size}"])
    return figure
