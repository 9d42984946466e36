# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lab 03: Convolution
#
# **You will be able to**
# - write the convolution of a network by hand, with channels and padding, and use it as a filter,
# - count what weight sharing saves, and how far a stack of layers sees,
# - measure which maps commute with a shift of the image, and which do not,
# - build and train LeNet-5, read what it learned, and say when it is worth its price.
#
# **Before**: labs 01 and 02. **Time**: 75 minutes, of which the computer needs two.
# **Points**: 100.
#
# A dense layer does not know that two pixels are neighbours: shuffle all pixels in the same way,
# and it learns just as well. A *convolution* builds in two facts about images: what belongs
# together is close together, and a stroke is the same stroke wherever it stands.

# %% tags=["setup"]
import math

import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_sample_image

from keras_solvers.data import load_images
from keras_solvers.grading import check, check_range, fast_mode

NUM_TRAIN, NUM_VALID, EPOCHS = (1_000, 300, 1) if fast_mode() else (10_000, 2_000, 4)

images = load_images("mnist")
x_train, y_train = images.x_train[:NUM_TRAIN].copy(), images.y_train[:NUM_TRAIN].copy()
x_valid, y_valid = images.x_train[-NUM_VALID:].copy(), images.y_train[-NUM_VALID:].copy()
del images  # the test images stay unseen

# %% [markdown]
# ## 1. Task 1: the correlation
# | symbol | meaning | shape |
# |---|---|---|
# | $x$ | image: row, column, channel | $(H, W, C)$ |
# | $k$ | kernel: row, column, input channel, filter | $(K, L, C, F)$ |
# | $y$ | maps: row, column, filter | $(H', W', F)$ |
#
# $$y_{rsf}=\sum_{i=0}^{K-1}\sum_{j=0}^{L-1}\sum_{c=0}^{C-1} x_{r+i,\,s+j,\,c}\;k_{ijcf}$$
#
# Networks call this a convolution. Strictly it is a *correlation*: a convolution runs through the
# kernel backwards. A network that learns its kernels does not care, somebody who types them does.
#
# With `"valid"` padding the kernel stays inside the image: $H'=H-K+1$, $W'=W-L+1$. With `"same"`
# padding a frame of zeros, $(K-1)/2$ rows above and below and $(L-1)/2$ columns at each side, keeps
# $H'=H$ and $W'=W$. Kernels have an odd number of rows and of columns, not always the same.
#
# Loop over the entries $(i, j)$ of the kernel, not over pixels: each is one shifted copy of the
# image times a matrix $(C, F)$, which NumPy does at once.


# %% tags=["task:correlate"]
def correlate(image, kernel, padding="valid"):
    """Maps of shape `(rows, columns, filters)`.

    Args:
        image: Shape `(rows, columns, channels)`.
        kernel: Shape `(kernel rows, kernel columns, channels, filters)`.
        padding: "valid", or "same" for maps as large as the image.
    """
    # --- solution ---
    rows, columns, _, filters = kernel.shape
    if padding == "same":
        image = np.pad(image, ((rows // 2, rows // 2), (columns // 2, columns // 2), (0, 0)))
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    maps = np.zeros((height, width, filters))
    for i in range(rows):
        for j in range(columns):
            maps += image[i : i + height, j : j + width] @ kernel[i, j]
    return maps
    # --- end ---


# %% tags=["check:correlate_valid"]
check(
    "differences between neighbours in a row",
    lambda: correlate(
        np.array([1.0, 2.0, 4.0, 8.0]).reshape(1, 4, 1), np.array([-1.0, 0, 1]).reshape(1, 3, 1, 1)
    ),
    target=[[[3.0], [6.0]]],
    hint="4 - 1 and 8 - 2. The opposite sign means that the kernel was turned round.",
)

# %% tags=["check:correlate_same"]
check(
    "sums of three neighbours, as many as there are pixels",
    lambda: correlate(np.ones((3, 4, 1)), np.ones((1, 3, 1, 1)), padding="same")[..., 0],
    target=[[2.0, 3.0, 3.0, 2.0]] * 3,
    hint="Beyond the border there are zeros; a kernel of one row needs no rows of zeros.",
)

# %% tags=["check:correlate_channels"]
check(
    "two channels, three filters",
    lambda: correlate(np.ones((1, 1, 2)), np.arange(6.0).reshape(1, 1, 2, 3)),
    target=[[[3.0, 5.0, 7.0]]],
    hint="Every filter sums over all channels; there is one map for each filter.",
)

# %% [markdown]
# ## 2. Task 2: kernels made by hand
# Long before networks learned kernels, people designed them:
# - **box**: the mean of `size` x `size` pixels. It blurs.
# - **sharpen**: the image plus `strength` times what a 3 x 3 box takes away from it,
#   $x+s\,(x-\text{box}(x))$, as one 3 x 3 kernel.
# - **edge** (Sobel): the derivative along a row, from left to right: the central difference
#   $(x_{s+1}-x_{s-1})/2$, averaged over three rows with the weights 1/4, 1/2, 1/4.
#
# Each function returns the plain matrix, `(rows, columns)`, to be used by *correlation*.


# %% tags=["task:kernels"]
def box_kernel(size):
    """Mean of `size` times `size` pixels."""
    # --- solution ---
    return np.full((size, size), 1.0 / size**2)
    # --- end ---


def sharpen_kernel(strength):
    """`x + strength * (x - box(x))` as a 3x3 kernel."""
    # --- solution ---
    identity = np.zeros((3, 3))
    identity[1, 1] = 1.0
    return identity + strength * (identity - box_kernel(3))
    # --- end ---


def edge_kernel():
    """Derivative from left to right, averaged over three rows; 3x3."""
    # --- solution ---
    return np.outer([0.25, 0.5, 0.25], [-0.5, 0.0, 0.5])
    # --- end ---


# %% tags=["check:kernels_sum"]
check(
    "sums of the three kernels: what they do to an image of ones",
    lambda: [np.sum(box_kernel(5)), np.sum(sharpen_kernel(2.0)), np.sum(edge_kernel())],
    target=[1.0, 1.0, 0.0],
    hint="A mean of ones is one, and nothing is to be sharpened; a constant has no derivative.",
)

# %% tags=["check:kernels_ramp"]
check(
    "derivative of an image that grows by one from each column to the next",
    lambda: np.sum(edge_kernel() * np.arange(3.0)),
    target=1.0,
    hint="The central difference is (right - left) / 2; the weights of the rows add up to one.",
)

# %% [markdown]
# Your correlation and your kernels on photographs. A kernel for one channel becomes one for three
# that treats each colour by itself. *Emboss* mixes a diagonal derivative with the image.


# %%
def for_colours(kernel):
    """`(rows, columns)` to `(rows, columns, 3, 3)`, each colour by itself."""
    return kernel[:, :, None, None] * np.eye(3)


china, flower = (
    load_sample_image(name)[:400, :600] / 255.0 for name in ("china.jpg", "flower.jpg")
)
emboss = np.array([[-2.0, -1.0, 0.0], [-1.0, 1.0, 1.0], [0.0, 1.0, 2.0]])
kernels = {
    "photograph": np.ones((1, 1)),
    "box 9x9": box_kernel(9),
    "sharpen": sharpen_kernel(3.0),
    "emboss": emboss,
}
_, axes = plt.subplots(2, 4, figsize=(14, 5), layout="constrained")
for row, photograph in zip(axes, (china, flower), strict=True):
    for axis, (name, kernel) in zip(row, kernels.items(), strict=True):
        axis.imshow(np.clip(correlate(photograph, for_colours(kernel), "same"), 0.0, 1.0))
        axis.set(title=name, xticks=[], yticks=[])
plt.show()

# %% [markdown]
# The derivative has a sign: bright on the right of a dark line, dark on the left of a bright one.
# Turned by 90 degrees the same kernel finds the horizontal edges; the length of both together is
# the classic edge detector.

# %%
grey = china.mean(axis=-1, keepdims=True)
both_edges = np.stack([edge_kernel(), edge_kernel().T], axis=-1)[:, :, None, :]
gradient = correlate(grey, both_edges)
pictures = [gradient[..., 0], gradient[..., 1], np.linalg.norm(gradient, axis=-1)]
titles = ["along the rows", "along the columns", "length of the gradient"]
_, axes = plt.subplots(1, 3, figsize=(14, 3.4), layout="constrained")
for axis, picture, title in zip(axes, pictures, titles, strict=True):
    axis.imshow(picture, cmap="gray", vmin=min(0.0, picture.min()), vmax=picture.max() / 1.5)
    axis.set(title=title, xticks=[], yticks=[])
plt.show()

# %% [markdown]
# Is yours the convolution of the library? And is its derivative known? Let $L=\sum g\,y$ with any
# weights $g$. Then $\partial L/\partial k$ is the correlation of the image *with $g$*: training a
# convolution needs nothing new. A finite difference confirms it.

# %%
rng = np.random.default_rng(0)
image, kernel = rng.normal(size=(9, 8, 1)), rng.normal(size=(3, 3, 1, 1))
by_keras = np.asarray(keras.ops.conv(image[None], kernel, padding="valid"))[0]
print("difference to keras.ops.conv:", np.max(np.abs(by_keras - correlate(image, kernel))))

weights, step = rng.normal(size=(7, 6, 1)), 1e-6
bump = np.zeros_like(kernel)
bump[0, 2] = step
higher, lower = (np.sum(weights * correlate(image, kernel + b)) for b in (bump, -bump))
formula = correlate(image, weights[..., None])[0, 2, 0]
print("derivative by differences:", (higher - lower) / (2.0 * step), "by formula:", formula)

# %% [markdown]
# ## 3. Task 3: count
# A layer of a network adds one bias for each of its outputs (dense) or filters (convolution).
# Count all its numbers.
#
# The *receptive field* is the number of pixels in a row of the image that one value of a map
# depends on. A layer with kernel size $K$ and stride $t$ (a pooling layer is one, too) reads $K$
# neighbours of the map before it. Neighbours there are $J$ pixels of the image apart, with $J=1$
# at the image; behind the layer they are $Jt$ apart.


# %% tags=["task:counts"]
def convolution_parameters(size, channels, filters):
    """Numbers in a convolution with kernels `size` x `size`, biases included."""
    # --- solution ---
    return size * size * channels * filters + filters
    # --- end ---


def dense_parameters(input_shape, output_shape):
    """Numbers in a dense layer between arrays of these shapes, biases included."""
    # --- solution ---
    inputs, outputs = math.prod(input_shape), math.prod(output_shape)
    return inputs * outputs + outputs
    # --- end ---


def receptive_field(layers):
    """Pixels in a row that one value depends on, behind the layers `[(size, stride), ...]`."""
    # --- solution ---
    field, apart = 1, 1
    for size, stride in layers:
        field += (size - 1) * apart
        apart *= stride
    return field
    # --- end ---


# %% tags=["check:parameters"]
check(
    "numbers in a 3 x 3 convolution from RGB to 8 maps, and in a dense layer from (2, 2) to (3,)",
    lambda: [convolution_parameters(3, 3, 8), dense_parameters((2, 2), (3,))],
    target=[224, 15],
    hint="216 weights and 8 biases; 12 weights and 3 biases.",
)

# %% tags=["check:receptive_field"]
check(
    "receptive field of two 3 x 3 convolutions, and of a pooling of 2 and a 3 x 3 convolution",
    lambda: [receptive_field([(3, 1), (3, 1)]), receptive_field([(2, 2), (3, 1)])],
    target=[5, 6],
    hint="Behind the pooling, three neighbours cover 2 + 2 + 2 pixels.",
)

# %% [markdown]
# LeNet-5 starts with 6 filters of 5 x 5 on a padded image, 32 x 32 to 28 x 28. The same shapes
# joined by a dense layer:

# %%
print(f"convolution:  {convolution_parameters(5, 1, 6):>12,}")
print(f"dense layer:  {dense_parameters((32, 32, 1), (28, 28, 6)):>12,}")
print("sees behind both convolutions and poolings:", end=" ")
print(receptive_field([(5, 1), (2, 2), (5, 1), (2, 2)]), "pixels of 32")

# %% [markdown]
# ## 4. Task 4: pooling, and what commutes with a shift
# *Pooling* keeps the largest of each `size` x `size` block of each channel, so that maps shrink.
# Rows and columns that fill no block are left out.
#
# Let $T_d$ move an image to the right by $d$ columns; what leaves on the right returns on the left
# (`np.roll`). A map $f$ is *equivariant* if $f(T_d\,x)=T_{d/t}\,f(x)$, where $t$ is its stride. How
# far is it from that? Measure the *defect*
# $$\frac{\max|f(T_d\,x)-T_{d/t}\,f(x)|}{\max|f(x)|},$$
# where the upper maximum leaves out `margin` columns at the left and at the right (there a padded
# convolution meets its border), and the lower one takes all. $d$ is a multiple of $t$.


# %% tags=["task:shifts"]
def max_pool(image, size):
    """Largest value of each block, `(rows // size, columns // size, channels)`."""
    # --- solution ---
    rows, columns, channels = image.shape[0] // size, image.shape[1] // size, image.shape[2]
    blocks = image[: rows * size, : columns * size].reshape(rows, size, columns, size, channels)
    return np.max(blocks, axis=(1, 3))
    # --- end ---


def equivariance_defect(function, image, shift, stride=1, margin=0):
    """How far `function` is from commuting with a shift, relative to its largest value.

    Args:
        function: From `(rows, columns, channels)` to maps `(rows', columns', filters)`.
        image: Its argument.
        shift: Columns that the image is moved to the right, a multiple of `stride`.
        stride: Columns of the image for each column of the maps.
        margin: Columns of the maps left out of the difference at either side.
    """
    # --- solution ---
    maps = function(image)
    difference = function(np.roll(image, shift, axis=1)) - np.roll(maps, shift // stride, axis=1)
    inner = difference[:, margin : difference.shape[1] - margin]
    return np.max(np.abs(inner)) / np.max(np.abs(maps))
    # --- end ---


# %% tags=["check:max_pool"]
check(
    "pooling of a 3 x 5 image",
    lambda: max_pool(-np.arange(15.0).reshape(3, 5, 1), 2)[..., 0],
    target=[[0.0, -2.0]],
    hint="Two blocks; the last row and column fill none. The largest of negative numbers, too.",
)

# %% tags=["check:equivariance_defect"]
check(
    "defect of the map that keeps the left half of an image of ones and doubles it",
    lambda: equivariance_defect(
        lambda x: 2.0 * x * (np.arange(4) < 2)[:, None], np.ones((1, 4, 1)), 1
    ),
    target=1.0,
    hint="f(T x) = 2 2 0 0, T f(x) = 0 2 2 0: the largest difference is 2, the largest value is 2.",
)

# %% [markdown]
# Four maps on a digit: your convolution, your pooling with a shift of one and of two columns, and
# a dense layer with random weights.

# %%
digit = x_train[0]
random_kernel = rng.normal(size=(5, 5, 1, 6))
random_dense = rng.normal(size=(784, 784)) / 28.0
candidates = {
    "convolution 5x5": (lambda x: correlate(x, random_kernel, "same"), 3, 1, 6),
    "pooling 2x2, shift 1": (lambda x: max_pool(x, 2), 1, 1, 3),
    "pooling 2x2, shift 2": (lambda x: max_pool(x, 2), 2, 2, 3),
    "dense layer": (lambda x: (random_dense @ x.ravel()).reshape(28, 28, 1), 3, 1, 6),
}
for name, (function, shift, stride, margin) in candidates.items():
    print(f"{name:22s} {equivariance_defect(function, digit, shift, stride, margin):.1e}")

# %% [markdown]
# The convolution commutes to rounding, because every place uses the same weights. Pooling commutes
# with whole blocks only; a shift of half a block changes its maps, though less than it changes the
# image. Nothing ties a dense layer to shifts: it would have to learn each place by itself.
#
# ## 5. Task 5: LeNet-5
# The network of 1998, with the parts of today:
#
# | layer | output | numbers |
# |---|---|---|
# | image | 28 x 28 x 1 | |
# | frame of 2 zeros | 32 x 32 x 1 | |
# | convolution 5 x 5, activation | 28 x 28 x 6 | 156 |
# | pooling 2 x 2 | 14 x 14 x 6 | |
# | convolution 5 x 5, activation | 10 x 10 x 16 | 2,416 |
# | pooling 2 x 2 | 5 x 5 x 16 | |
# | dense, activation | 120 | 48,120 |
# | dense, activation | 84 | 10,164 |
# | dense: the logits | 10 | 850 |
#
# Build it with built-in layers of Keras (`ZeroPadding2D`, `Conv2D`, `MaxPooling2D`, `Flatten`,
# `Dense`), then train it on the cross entropy of the logits with any optimizer. Other layers are
# welcome if the network has at most 65,000 numbers, starts with a convolution of at least 6 filters
# that keeps 24 x 24 places or more, and has an activation behind every layer with weights but the
# last. Four passes over 10,000 images should take less than 40 seconds. On a CPU add
# `jit_compile=False` to `compile`: small convolutions are slower when they are compiled by XLA.


# %% tags=["task:lenet"]
def build_lenet(seed):
    """Untrained Keras model from images `(batch, 28, 28, 1)` to logits `(batch, 10)`."""
    # --- solution ---
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.ZeroPadding2D(2),
            keras.layers.Conv2D(6, 5, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(16, 5, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(120, activation="relu"),
            keras.layers.Dense(84, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    # --- end ---


def train_lenet(x, y, seed, epochs):
    """The network trained on images `(n, 28, 28, 1)` and labels `(n,)` from 0 to 9."""
    # --- solution ---
    network = build_lenet(seed)
    rate = keras.optimizers.schedules.CosineDecay(0.002, epochs * math.ceil(len(x) / 32))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)
    network.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return network
    # --- end ---


# %% [markdown]
# Before a long training, three short questions. Has the network as many numbers as it should? Does
# it know nothing at the start, so that the cross entropy is about $\ln 10=2.3$? Can it learn 32
# digits by heart?

# %% tags=["check:lenet_parameters"]
check_range(
    "numbers in the network",
    lambda: build_lenet(0).count_params(),
    1,
    65_000,
    hint="The first dense layer reads 5 x 5 x 16 values, not more: is the pooling there?",
)

# %% tags=["check:lenet_start"]
check_range(
    "cross entropy of the untrained network",
    lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True)(
        y_valid, build_lenet(0).predict(x_valid, verbose=0)
    ),
    2.1,
    2.6,
    hint="ln 10 = 2.30. The last layer has no activation: softmax belongs to the loss.",
)

# %% tags=["check:lenet_overfits"]
check_range(
    "share of 32 digits that it learns by heart",
    lambda: np.mean(
        np.argmax(
            train_lenet(np.tile(x_train[:32], (25, 1, 1, 1)), np.tile(y_train[:32], 25), 0, 4)(
                x_train[:32]
            ),
            axis=-1,
        )
        == y_train[:32]
    ),
    0.95,
    1.0,
    hint="If the loss does not fall: is the loss told that it gets logits?",
)

# %%
lenet = train_lenet(x_train, y_train, seed=0, epochs=EPOCHS)

# %% [markdown]
# Two baselines: the best linear classifier (softmax regression), and a network without
# convolutions that has about as many numbers as LeNet-5.

# %%
from keras_solvers.models import mlp, softmax_regression


def trained(network, rate=0.002):
    """The network trained on the same images for as many epochs."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)
    network.fit(x_train, y_train, batch_size=32, epochs=EPOCHS, verbose=0)
    return network


linear, dense = trained(softmax_regression()), trained(mlp((28, 28, 1), 10, width=77))

# %%
networks = {"linear": linear, "dense": dense, "LeNet-5": lenet}


def accuracy(network, x):
    """Share of the validation labels that the network finds in `x`."""
    return np.mean(np.argmax(network.predict(x, verbose=0), axis=-1) == y_valid)


for name, network in networks.items():
    print(f"{name:8s} {network.count_params():>7,} numbers, {accuracy(network, x_valid):.1%} right")

# %% [markdown]
# All three have never seen a digit that stands elsewhere: those of MNIST are centred. Now move the
# validation digits to the right. Equivariant maps and pooling help LeNet-5, but the dense layers
# behind them still know places: it is more robust, not invariant.

# %%
shifts = np.arange(7)
for name, network in networks.items():
    scores = [accuracy(network, np.roll(x_valid, shift, axis=2)) for shift in shifts]
    plt.plot(shifts, 100.0 * np.array(scores), "o-", label=name)
plt.axhline(10.0, color="grey", linestyle="--", label="guess")
plt.xlabel("shift to the right [pixels]")
plt.ylabel("right [%]")
plt.legend()
plt.show()

# %% [markdown]
# ## 6. Read the network
# Above the six kernels it learned. Twenty-five numbers are hard to read, and most of them have not
# moved far from their random start. Their maps are easier: some answer to strokes of one direction,
# some to one side of a stroke, as the kernels did that you typed. The last row shows the same digit
# moved by four pixels: the maps move along.

# %%
first = next(layer for layer in lenet.layers if isinstance(layer, keras.layers.Conv2D))
maps = keras.Model(lenet.inputs[0], first.output)
two = np.stack([digit, np.roll(digit, 4, axis=1)])
kernels = np.moveaxis(np.asarray(first.kernel)[:, :, 0], -1, 0)
_, axes = plt.subplots(3, 7, figsize=(12, 5), layout="constrained")
axes[0, 0].axis("off")
for row, picture, responses in zip(axes[1:], two, np.asarray(maps(two)), strict=True):
    row[0].imshow(picture, cmap="gray_r")
    for axis, response in zip(row[1:], np.moveaxis(responses, -1, 0), strict=False):
        axis.imshow(response, cmap="viridis", vmax=np.max(responses))
for axis, kernel in zip(axes[0, 1:], kernels, strict=False):
    axis.imshow(kernel, cmap="RdBu", vmin=-np.abs(kernel).max(), vmax=np.abs(kernel).max())
for axis in axes.flat:
    axis.set(xticks=[], yticks=[])
plt.show()

# %% [markdown]
# Where is it wrong? Look before you blame the network.

# %%
logits = lenet.predict(x_valid, verbose=0)
wrong = np.flatnonzero(np.argmax(logits, axis=-1) != y_valid)[:12]
_, axes = plt.subplots(1, 12, figsize=(12, 1.5))
for axis, index in zip(axes, wrong, strict=False):
    axis.imshow(x_valid[index], cmap="gray_r")
    axis.set_title(f"{y_valid[index]}, not {np.argmax(logits[index])}", fontsize=8)
for axis in axes:
    axis.axis("off")
plt.show()

# %% [markdown]
# ## 7. Explore
# Change one thing at a time: average instead of maximum pooling; 3 instead of 6 filters; a dropped
# second convolution. Then shuffle the 784 pixels of all images in the same way and train the dense
# network and LeNet-5 again: which of the two notices, and why?

# %%
shuffle = np.random.default_rng(0).permutation(784)
plt.imshow(digit.reshape(784)[shuffle].reshape(28, 28), cmap="gray_r")
plt.axis("off")
plt.show()

# %% [markdown]
# **Questions to answer for yourself.** Does the accuracy of a network say whether it has learned a
# shape or a place, and which picture of this lab does? For which data would weight sharing be a
# mistake, for instance the cells of a table, or a flow near a wall?
#
# ## 8. Save, and the library's version
# Whoever loads the file needs none of the code above.

# %%
lenet.save("lenet.keras")
loaded = keras.saving.load_model("lenet.keras")
np.max(np.abs(loaded.predict(x_valid, verbose=0) - logits))

# %% [markdown]
# The library builds the network as it was published in 1998 (trainable subsampling, a third layer
# that reads only some of the maps, distances to drawn digits at the end) and, with `modern=True`,
# the one of this lab. `keras-solvers run mnist --model lenet5` trains the first on all images.

# %%
from keras_solvers.models import lenet5

library = lenet5(modern=True)
for network in (lenet, library, lenet5()):
    numbers = sum(math.prod(weight.shape) for weight in network.trainable_weights)
    print(f"{network.name:15s} {numbers:,} trainable numbers")

# %% [markdown]
# If your weights have the shapes of the table, they fit into the library's network, and both are
# the same function.

# %%
if [w.shape for w in lenet.get_weights()] == [w.shape for w in library.get_weights()]:
    library.set_weights(lenet.get_weights())
    print(f"yours {accuracy(lenet, x_valid):.1%}, the library's {accuracy(library, x_valid):.1%}")
