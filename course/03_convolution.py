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
# # Lecture 03: Convolution
#
# A photograph of 640 x 427 pixels in three colours has 820,000 numbers. A dense layer that maps it
# to an image of the same size has 670 billion weights, and after training it knows about each place
# only what it saw at that place. Both are absurd, and for the same reason: the layer ignores what
# every image has in common. This lecture builds that knowledge in, and counts what it buys.
#
# 1. Why: locality and shifts
# 2. The mathematics: linear maps that commute with shifts are convolutions
# 3. The classic method: filters made by hand, and a detector with a template
# 4. The network: LeNet-5, kernels found by gradient descent
# 5. When it pays, and when not
#
# Lab 03 is where you write these things yourself. Here the library does the work.

# %%
import itertools
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy import ndimage, signal
from sklearn.datasets import load_sample_image
from sklearn.neighbors import KNeighborsClassifier

from keras_solvers.data import load_images
from keras_solvers.grading import fast_mode
from keras_solvers.models import lenet5, mlp, softmax_regression

SIZES, EPOCHS, NUM_VALID = ((300,), 1, 300) if fast_mode() else ((300, 1_000, 3_000), 6, 2_000)

images = load_images("mnist")
x_train, y_train = images.x_train[: SIZES[-1]].copy(), images.y_train[: SIZES[-1]].copy()
x_valid, y_valid = images.x_train[-NUM_VALID:].copy(), images.y_train[-NUM_VALID:].copy()
del images  # the test images stay unseen: here models are chosen, not judged

grey = load_sample_image("china.jpg").mean(axis=-1) / 255.0
flower = load_sample_image("flower.jpg").mean(axis=-1) / 255.0

# %% [markdown]
# ## 1. Why: what images have in common
# **Neighbours belong together.** How well does one pixel tell another one, at some distance? In
# photographs the correlation is near one for neighbours and falls slowly. After a shuffle of the
# pixels nothing of it is left, though not one grey value has changed.

# %%
distances = np.arange(1, 101)
shuffled = np.random.default_rng(0).permutation(grey.ravel()).reshape(grey.shape)
for picture, label in ((grey, "temple"), (flower, "flower"), (shuffled, "temple, shuffled")):
    correlations = [
        np.corrcoef(picture[:, :-d].ravel(), picture[:, d:].ravel())[0, 1] for d in distances
    ]
    plt.plot(distances, correlations, label=label)
plt.xlabel("distance of two pixels in a row")
plt.ylabel("correlation of their grey values")
plt.legend()
plt.show()

# %% [markdown]
# **The statistics do not depend on the place.** The difference between neighbours has a
# distribution with a sharp peak and long tails: mostly smooth, sometimes an edge. It is much the
# same in the left and the right half of an image, and keeps its form even from a temple to a
# flower, though one has ten times more edges. What is worth computing at one place is worth
# computing everywhere.

# %%
bins = np.linspace(-0.3, 0.3, 121)
halves = {
    "temple, left": grey[:, :320],
    "temple, right": grey[:, 320:],
    "flower, left": flower[:, :320],
    "flower, right": flower[:, 320:],
}
for label, picture in halves.items():
    density = np.histogram(np.diff(picture, axis=1), bins, density=True)[0]
    plt.semilogy(bins[1:], density, label=label)
plt.xlabel("difference of neighbours")
plt.ylabel("density")
plt.legend()
plt.show()

# %% [markdown]
# ## 2. The mathematics
# Take signals $x\in\mathbb R^n$ on a ring and the shift $(Tx)_i=x_{i-1}$. Which linear maps $A$
# commute with it, $AT=TA$?
#
# Write $A_{ij}$ for the matrix. From $A=TAT^{-1}$ follows $A_{ij}=A_{i-1,j-1}$: the matrix is
# constant along its diagonals, $A_{ij}=k_{i-j}$, and hence
# $$(Ax)_i=\sum_j k_{i-j}\,x_j,$$
# which is a convolution with $k$. So **a linear map commutes with all shifts if and only if it is a
# convolution**. Weight sharing is no trick to save memory, it is what the symmetry says. Locality
# is the second assumption: $k$ is zero except for a few entries near $k_0$.
#
# A picture of that: project a random matrix onto the maps that commute with shifts, by averaging
# $T^{-d}AT^{d}$ over all $d$. What remains are diagonals.

# %%
rng = np.random.default_rng(1)
dense = rng.normal(size=(24, 24))
commuting = np.mean([np.roll(dense, (-d, -d), axis=(0, 1)) for d in range(24)], axis=0)
offsets = np.subtract.outer(np.arange(24), np.arange(24))
near = np.abs((offsets + 12) % 24 - 12) <= 2
titles = ("any matrix: 576", "commutes with shifts: 24", "and is local: 5")
_, axes = plt.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
for axis, matrix, title in zip(axes, (dense, commuting, commuting * near), titles, strict=True):
    limit = np.abs(matrix).max()
    axis.imshow(matrix, cmap="RdBu", vmin=-limit, vmax=limit)
    axis.set(title=title, xticks=[], yticks=[])
plt.show()

# %% [markdown]
# The eigenvectors of $T$ are the waves $e^{2\pi i\omega j/n}$, so they are the eigenvectors of
# every convolution, and its eigenvalues are the Fourier transform of $k$: the *convolution
# theorem*. Numerics knows these matrices well. The second difference $k=(1,-2,1)$ is a
# convolution; so is one explicit step of the heat equation, and a blur is just that.

# %%
identity = np.eye(24)
heat = identity + 0.25 * (np.roll(identity, 1, 0) - 2.0 * identity + np.roll(identity, -1, 0))
by_matrix = np.sort(np.linalg.eigvalsh(heat))
by_fourier = np.sort(np.fft.fft(heat[:, 0]).real)
print("eigenvalues, matrix against Fourier:", np.max(np.abs(by_matrix - by_fourier)))

# %% [markdown]
# The three assumptions in numbers, for one layer between images of 28 x 28 with 6 maps:
#
# | map | assumption | weights |
# |---|---|---|
# | dense | none | 784 · 4,704 = 3,687,936 |
# | dense, 25 pixels each | local | 25 · 4,704 = 117,600 |
# | convolution 5 x 5 | local, and commutes with shifts | 25 · 6 = 150 |
#
# An assumption that is true costs nothing and replaces data. One that is false costs accuracy that
# no amount of data brings back: keep that in mind for section 5.
#
# ## 3. The classic method
# **Filters.** A blur is a mean with Gaussian weights; the difference of two blurs keeps the details
# between two scales. Each of them is one kernel.

# %%
scales = (0.0, 1.0, 4.0, 16.0)
blurred = [ndimage.gaussian_filter(grey, scale) for scale in scales]
bands = [a - b for a, b in itertools.pairwise(blurred)]
_, axes = plt.subplots(2, 3, figsize=(12, 5.4), layout="constrained")
for column, (picture, band) in enumerate(zip(blurred[1:], bands, strict=True)):
    low, high = scales[column : column + 2]
    axes[0, column].imshow(picture, cmap="gray")
    axes[0, column].set_title(f"blurred, {high:g} pixels")
    axes[1, column].imshow(band, cmap="gray", vmin=-0.2, vmax=0.2)
    axes[1, column].set_title(f"details between {low:g} and {high:g} pixels")
for axis in axes.flat:
    axis.set(xticks=[], yticks=[])
plt.show()

# %% [markdown]
# The bands and the last blur add up to the photograph: nothing is lost, it is only sorted by scale.

# %%
print("left over:", np.max(np.abs(sum(bands) + blurred[-1] - grey)))

# %% [markdown]
# **Templates.** To find a pattern, correlate with the pattern: where the image resembles it, the
# sum is large. Cut one window out of the temple's roof and look for it, with the mean removed, in
# the photograph with noise added. The maximum finds the place, to the pixel, although the
# eye hardly does: the sum over 24 x 40 pixels averages the noise away.

# %%
row, column, height, width = 110, 250, 24, 40
template = grey[row : row + height, column : column + width]
template = template - template.mean()
noisy = grey + 0.3 * rng.normal(size=grey.shape)
local_mean = signal.fftconvolve(noisy, np.full(template.shape, 1.0 / template.size), "valid")
local_square = signal.fftconvolve(noisy**2, np.full(template.shape, 1.0 / template.size), "valid")
response = signal.fftconvolve(noisy, template[::-1, ::-1], "valid")
response /= np.sqrt(template.size * (local_square - local_mean**2)) * np.linalg.norm(template)
found = np.unravel_index(np.argmax(response), response.shape)
print("cut out at", (row, column), "found at", tuple(map(int, found)))

# %%
_, axes = plt.subplots(1, 2, figsize=(13, 4), layout="constrained")
axes[0].imshow(noisy, cmap="gray", vmin=0.0, vmax=1.0)
axes[0].add_patch(plt.Rectangle(found[::-1], width, height, fill=False, color="red"))
axes[0].set(title="with noise; the window that was found", xticks=[], yticks=[])
shown = axes[1].imshow(response, cmap="magma", vmin=0.0)
axes[1].set(title="correlation with the template", xticks=[], yticks=[])
plt.colorbar(shown, ax=axes[1])
plt.show()

# %% [markdown]
# The limit of templates shows as soon as the object itself changes. Ten digits in hundreds of
# handwritings are not ten templates: the mean image of each class, used as a template, is a poor
# classifier. Comparing with *all* images, the nearest neighbour, is a good one; it is the baseline
# to beat.

# %%
means = np.stack([x_train[y_train == digit].mean(axis=0) for digit in range(10)])
_, axes = plt.subplots(1, 10, figsize=(10, 1.3))
for axis, mean in zip(axes, means, strict=True):
    axis.imshow(mean, cmap="gray_r")
    axis.axis("off")
plt.show()
distance = np.linalg.norm(x_valid.reshape(-1, 1, 784) - means.reshape(1, 10, 784), axis=-1)
print(f"nearest mean: {np.mean(np.argmin(distance, axis=1) == y_valid):.1%} right")

# %% [markdown]
# ## 4. The network
# LeNet-5 (LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document
# recognition, 1998) stacks what this lecture has collected: convolution, bend, pooling, twice; then
# dense layers on what is left. Its kernels are parameters. Nobody designs them: the gradient of the
# error at the output reaches them through all layers.
#
# Why twice? One kernel of 5 x 5 sees a piece of a stroke. Behind a pooling, 5 x 5 places cover 14
# pixels of the image, and the second layer combines strokes into corners and loops.

# %%
network = lenet5(modern=True)
rows = [
    (layer.name, str(layer.output.shape[1:]), layer.count_params()) for layer in network.layers[1:]
]
for name, shape, numbers in rows:
    print(f"{name:18s} {shape:16s} {numbers:>7,}")

# %% [markdown]
# Nearly all numbers sit in the first dense layer, nearly all operations in the convolutions: a
# weight of a kernel is used at each place, a weight of a dense layer once.
#
# Three networks and one classic method, trained on few and on more digits. The same optimizer, the
# same number of passes; the dense network has as many numbers as LeNet-5.


# %%
def trained(network, x, y):
    """The network after `EPOCHS` passes over the images."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(0.002), loss, jit_compile=False)
    network.fit(x, y, batch_size=20, epochs=EPOCHS, verbose=0)
    return network


def accuracy(network, x):
    """Share of the validation digits that the network finds in `x`."""
    return np.mean(np.argmax(network.predict(x, verbose=0), axis=-1) == y_valid)


BUILDERS = {
    "linear": softmax_regression,
    "dense": lambda: mlp((28, 28, 1), 10, width=77),
    "LeNet-5": lambda: lenet5(modern=True),
}

# %%
scores, seconds, networks = {name: [] for name in BUILDERS}, {}, {}
for name, build in BUILDERS.items():
    for size in SIZES:
        keras.utils.set_random_seed(0)
        begin = time.perf_counter()
        networks[name] = trained(build(), x_train[:size], y_train[:size])
        seconds[name] = time.perf_counter() - begin
        scores[name].append(accuracy(networks[name], x_valid))

# %%
NEIGHBOURS = "nearest neighbour"
scores[NEIGHBOURS] = []
for size in SIZES:
    begin = time.perf_counter()
    neighbours = KNeighborsClassifier(1).fit(x_train[:size].reshape(size, -1), y_train[:size])
    scores[NEIGHBOURS].append(np.mean(neighbours.predict(x_valid.reshape(-1, 784)) == y_valid))
    seconds[NEIGHBOURS] = time.perf_counter() - begin

# %%
for name, values in scores.items():
    plt.loglog(SIZES, 100.0 * (1.0 - np.array(values)), "o-", label=name)
plt.xlabel("digits to learn from")
plt.ylabel("wrong [%]")
plt.xticks(SIZES, SIZES)
plt.legend()
plt.show()
for name, values in scores.items():
    print(f"{name:18s} {values[-1]:6.1%} right, {seconds[name]:5.1f} s for {SIZES[-1]:,} digits")

# %% [markdown]
# The nearest neighbour, which needs no training at all, is hard to beat with so few digits: LeNet-5
# hardly gets ahead of it, at many times the seconds. At equal *numbers* of weights LeNet-5 makes
# fewer errors than the dense network, because its assumptions are true for digits; lab 03 goes on
# to 10,000 digits. (In the fast mode of this notebook nothing has learned enough to compare.)
#
# ### What the maps show
# One digit, the six maps of the first layer, and some of the sixteen of the second. The first
# layer keeps the shape and marks its edges by direction; the second is coarse and sparse.

# %%
lenet = networks["LeNet-5"]
convolutions = [layer for layer in lenet.layers if isinstance(layer, keras.layers.Conv2D)]
look_inside = keras.Model(lenet.inputs[0], [layer.output for layer in convolutions])
digit = x_train[:1]
_, axes = plt.subplots(2, 7, figsize=(12, 3.6), layout="constrained")
for line, maps in zip(axes, look_inside(digit), strict=True):
    line[0].imshow(digit[0], cmap="gray_r")
    for axis, one in zip(line[1:], np.moveaxis(np.asarray(maps)[0], -1, 0), strict=False):
        axis.imshow(one, cmap="viridis")
for axis in axes.flat:
    axis.set(xticks=[], yticks=[])
plt.show()

# %% [markdown]
# ### What a shift does to each stage
# Move all validation digits to the right, and compare every stage with what it was: the share of
# its squared size by which it changed. Four pixels change the image by more than its own size.
# Each pooling forgets a little of the place, and the dense layers behind learn to forget more, but
# nothing forgets it all: the logits of a digit moved by four pixels are far from the old ones. A
# convolution alone forgets nothing, it may even sharpen the difference.

# %%
stages = [layer for layer in lenet.layers if layer.output is not None][1:]
by_stage = keras.Model(lenet.inputs[0], [layer.output for layer in stages])
sample = x_valid[:200]
before = [np.asarray(stage) for stage in by_stage(sample)]
for shift in (1, 2, 4):
    after = [np.asarray(stage) for stage in by_stage(np.roll(sample, shift, axis=2))]
    changes = [np.sum((a - b) ** 2) / np.sum(b**2) for a, b in zip(after, before, strict=True)]
    plt.plot(changes, "o-", label=f"moved by {shift}")
names = [type(layer).__name__ for layer in stages]
plt.xticks(range(len(stages)), names, rotation=45, ha="right")
plt.ylabel("relative squared change")
plt.legend()
plt.show()

# %% [markdown]
# ## 5. When it pays, and when not
# **The test.** Shuffle the pixels of all digits in one fixed way. Every number is still there, and
# a dense network does not notice. The convolution loses its two assumptions, and with them most of
# what it was better by.

# %%
order = np.random.default_rng(2).permutation(784)


def shuffled_pixels(x):
    """The same pixels in another order, the same for all images."""
    return x.reshape(-1, 784)[:, order].reshape(-1, 28, 28, 1)


for name, build in BUILDERS.items():
    keras.utils.set_random_seed(0)
    network = trained(build(), shuffled_pixels(x_train), y_train)
    score = accuracy(network, shuffled_pixels(x_valid))
    print(f"{name:8s} {scores[name][-1]:.1%} right, shuffled {score:.1%}")

# %% [markdown]
# **It pays** for signals on a grid whose laws are the same everywhere: images, sound, solutions of
# differential equations with constant coefficients, where a convolution is a finite-difference
# stencil with learned entries (later lectures live on that).
#
# **It does not pay**
# - where the place matters: near walls and boundaries, on a map of the Earth from above, in a form
#   whose fields have fixed places. A channel that holds the coordinates repairs that;
# - where neighbours mean nothing: columns of a table, coefficients of an expansion;
# - on unstructured meshes, where there is no shift. Graphs and point clouds have their own layers;
# - where data are few and a distance is known: the nearest neighbour above had no training at all.
#
# **What remains open.** Turned or scaled digits are new to a convolution: it commutes with shifts
# and with nothing else. Either one shows it turned copies while it learns (the library's
# `RandomDistortion`), or one builds further symmetries in.

# %%
lenet_scores, neighbour_scores, angles = [], [], np.arange(0, 91, 15)
for angle in angles:
    turned = ndimage.rotate(x_valid, angle, axes=(1, 2), reshape=False, order=1)
    lenet_scores.append(accuracy(lenet, turned))
    neighbour_scores.append(np.mean(neighbours.predict(turned.reshape(-1, 784)) == y_valid))
plt.plot(angles, 100.0 * np.array(lenet_scores), "o-", label="LeNet-5")
plt.plot(angles, 100.0 * np.array(neighbour_scores), "s-", label=NEIGHBOURS)
plt.xlabel("turned by [degrees]")
plt.ylabel("right [%]")
plt.legend()
plt.show()

# %% [markdown]
# ## Summary
# - A linear map commutes with shifts exactly if it is a convolution; small kernels add locality.
# - Filters and templates are convolutions whose kernels people design; a network learns them.
# - Pooling and depth trade place for meaning, step by step. No stage is invariant by itself.
# - At equal numbers of weights a convolution needs fewer data *if its assumptions are true*.
#
# ## Exercises
# 1. A Gaussian kernel is an outer product. How many products does a blur with 15 x 15 pixels need
#    per pixel, done as two passes? Which of the kernels of lab 03 are outer products?
# 2. Show that the adjoint of a correlation with kernel $k$ is the correlation with $k$ turned round
#    (on a ring), and say where back-propagation uses it.
# 3. Which kernel makes one explicit step of the heat equation in two dimensions? For which time
#    steps is it stable, and what does the Fourier transform of the kernel say about it?
# 4. Find the template in the noisy photograph at noise 0.5, 1 and 2. When does it fail, and how
#    does the size of the window change that?
# 5. Give the network two more channels that hold the coordinates of each pixel. Predict first what
#    this does to the accuracy on centred and on moved digits, then try it.
#
# **Next**: lab 03, `keras-solvers lab start 03`.
