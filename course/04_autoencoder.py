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
# # Autoencoders: coordinates on a bent surface
#
# Lab 04 builds what this lecture explains. You need singular values, gradient descent, and what a
# convolution is.
#
# ## 1. Why
# Engineers have always described large states by few numbers: modes of a beam, shapes of a wing,
# principal components of a flow. It works because the states that occur do not fill the space of
# states that could be written down. Two questions remain: how many numbers are enough, and must
# the description be linear?

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

from keras_solvers.data import load_images
from keras_solvers.grading import fast_mode
from keras_solvers.models import classic_autoencoder, conv_autoencoder

NUM_TRAIN, EPOCHS, ARC_EPOCHS = (512, 1, 20) if fast_mode() else (6_400, 4, 300)
keras.utils.set_random_seed(0)

# %%
mnist = load_images("mnist")
x, labels = mnist.x_train[:10_000], mnist.y_train[:10_000]
x_new = mnist.x_test[:1_000]
print(f"{x.shape[1] * x.shape[2]} numbers an image, all in [{x.min():.0f}, {x.max():.0f}]")

# %% [markdown]
# Random pixels never look like a digit, and the middle between two digits does not either. Digits
# are a thin set in the cube of 784 dimensions, and the set is not flat: else middles of digits
# would be digits.

# %%
rng = np.random.default_rng(0)


def show(titles, *rows):
    _, panels = plt.subplots(len(rows), len(rows[0]), figsize=(len(rows[0]), len(rows)))
    for line, images, title in zip(np.atleast_2d(panels), rows, titles):
        for panel, image in zip(line, images):
            limit = max(1.0, np.abs(image).max())
            panel.imshow(image[..., 0], cmap="gray", vmin=min(0.0, image.min()), vmax=limit)
            panel.set(xticks=[], yticks=[])
        line[0].set_ylabel(title, rotation=0, ha="right", va="center")
    plt.show()


middles = (x[:8] + x[8:16]) / 2.0
show(("digits", "middles", "random"), x[:8], middles, rng.uniform(size=(8, 28, 28, 1)))

# %% [markdown]
# ## 2. The mathematics of the flat answer
# Look for an encoder $z=E(x)$ with $k$ numbers and a decoder $\hat x=D(z)$ that minimise
# $$\frac1n\sum_i\|x_i-D(E(x_i))\|^2.$$
# If both may only be affine, the answer is closed (Pearson, 1901; Eckart and Young, 1936): centre
# the data, decompose them as $X=U\,\mathrm{diag}(\sigma)\,V^\top$, and project on the first $k$
# columns of $V$. No other plane of dimension $k$ is closer, and the error is known before anything
# is decoded: $\frac1n\sum_{j>k}\sigma_j^2$.
#
# It is the same plane that a linear autoencoder finds by gradient descent (Baldi and Hornik, 1989),
# only that the descent takes longer and never quite arrives.

# %%
mean = x.mean(axis=0)
_, sigma, modes = np.linalg.svd((x - mean).reshape(len(x), -1), full_matrices=False)
modes = modes.reshape(-1, 28, 28, 1)


def project(images, num_modes):
    weights = np.tensordot(images - mean, modes[:num_modes], axes=([1, 2, 3], [1, 2, 3]))
    return mean + np.tensordot(weights, modes[:num_modes], axes=1)


# %% [markdown]
# The mean and the first modes. Each mode is a direction of change, so it has two signs.

# %%
show(("mean, modes",), np.concatenate([mean[None], 8.0 * modes[:9]]))

# %% [markdown]
# The law of the error, checked: on the digits of the fit the formula is exact, on new digits the
# error is a little larger, the more so the more modes are kept.

# %%
sizes = np.array([1, 2, 4, 8, 16, 32, 64, 128, 256])
law = [np.sum(sigma[k:] ** 2) / x.size for k in sizes]
new = [np.mean((project(x_new, k) - x_new) ** 2) for k in sizes]
plt.loglog(sizes, law, "-", label="sum of the squares left out")
plt.loglog(sizes, new, "o", label="measured on new digits")
plt.xlabel("modes kept")
plt.ylabel("mean square error")
plt.legend()
plt.show()

# %% [markdown]
# ## 3. Where the flat answer fails
# The error falls slowly, by no cliff at any $k$. That is typical of things that *move*. The purest
# example: a bump that travels along a line of 64 points. One number says where it is, yet principal
# components need many, because the path of the bump turns in every dimension.

# %%
places = np.linspace(0.0, 1.0, 64)
centres = np.linspace(0.1, 0.9, 400)
for width in (0.2, 0.05, 0.02):
    bumps = np.exp(-0.5 * ((places - centres[:, None]) / width) ** 2)
    energy = np.linalg.svd(bumps - bumps.mean(axis=0), compute_uv=False) ** 2
    left = 1.0 - np.cumsum(energy) / np.sum(energy)
    plt.semilogy(np.arange(1, 31), np.maximum(left[:30], 1e-8), "o-", label=f"width {width}")
plt.xlabel("modes kept")
plt.ylabel("share of the variance left out")
plt.legend()
plt.show()

# %% [markdown]
# The sharper the bump, the more modes for the same single number. The engineer meets this with
# shocks, flames, vortices that drift: wherever something is carried along. It is the reason to look
# for a bent surface.
#
# The smallest bent surface: points near an arc in the plane, one number for each. PCA must take a
# straight line. A network from 2 numbers to 1 and back may take a curve.

# %%
angles = rng.uniform(0.2, np.pi - 0.2, 400)
arc = np.stack([np.cos(angles), np.sin(angles)], axis=1) + 0.03 * rng.normal(size=(400, 2))


def bottleneck(activation):
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(32, activation=activation),
            keras.layers.Dense(1),
            keras.layers.Dense(32, activation=activation),
            keras.layers.Dense(2),
        ]
    )


def fit_arc(activation):
    model = bottleneck(activation)
    model.compile(keras.optimizers.Adam(0.01), loss="mse", jit_compile=False)
    model.fit(arc, arc, batch_size=100, epochs=ARC_EPOCHS, verbose=0)
    return model.predict(arc, verbose=0)


curves = {"bent network": fit_arc("tanh"), "linear network": fit_arc(None)}

# %%
middle = arc.mean(axis=0)
direction = np.linalg.svd(arc - middle, full_matrices=False)[2][0]
curves["PCA"] = middle + np.outer((arc - middle) @ direction, direction)
plt.plot(*arc.T, ".", color="lightgrey")
for (name, points), mark in zip(curves.items(), ("o", "s", "x")):
    error = np.mean((points - arc) ** 2)
    plt.plot(*points.T, mark, markersize=3, label=f"{name}, error {error:.4f}")
plt.axis("equal")
plt.legend()
plt.show()

# %% [markdown]
# The linear network lands on the line of PCA, whatever its width: without an activation depth is
# worth nothing. The bent one follows the arc; what is left is the noise across it.
#
# ## 4. The network for images
# A convolutional encoder halves the image three times and ends in 4 x 4 positions of $C$ numbers;
# the decoder mirrors it. Three choices to understand:
#
# - *Weights are shared over places.* A bump that moves is then one pattern, not many.
# - *The code has no activation.* A ReLU would throw half of each number away.
# - *Doubling the size* is done by transposed convolutions with a kernel size that the stride
#   divides (4 and 2); other sizes write some pixels more often than others, as a checkerboard.
#
# The library's network with $C=2$, so 32 numbers, trained on a few thousand digits only.

# %%
network = conv_autoencoder(code_channels=2, widths=(16, 24, 32))
steps = EPOCHS * int(np.ceil(NUM_TRAIN / 64))
rate = keras.optimizers.schedules.CosineDecay(5e-3, steps)
network.compile(keras.optimizers.Adam(rate), loss="mse", jit_compile=False)
history = network.fit(x[:NUM_TRAIN], x[:NUM_TRAIN], batch_size=64, epochs=EPOCHS, verbose=0)

# %%
training_images = x[:1_000]
in_training = np.asarray(network(training_images, training=True))
restored = network.predict(x_new, verbose=0)
for name, result, target in (
    ("network, digits of the fit, statistics of the batch", in_training, training_images),
    ("network, new digits", restored, x_new),
    ("PCA, new digits, 32 modes", project(x_new, 32), x_new),
):
    print(f"{name:52} {np.mean((result - target) ** 2):.4f}")

# %% [markdown]
# The first line uses the statistics of the batch in `BatchNormalization`, the second the running
# ones. After a very short training the second can be far worse: running statistics with momentum
# 0.99 need some hundreds of steps to arrive. That is no overfitting, and more data do not cure it;
# more steps do, or a smaller momentum.

# %%
modes_only = project(x_new[:10], 32)
show(("digits", "32 modes", "network"), x_new[:10], modes_only, restored[:10])

# %% [markdown]
# How the errors are spread over the digits: the mean hides that some digits are restored far worse
# than others, by either method.

# %%
errors = {
    "PCA": np.mean((project(x_new, 32) - x_new) ** 2, axis=(1, 2, 3)),
    "network": np.mean((restored - x_new) ** 2, axis=(1, 2, 3)),
}
for name, values in errors.items():
    plt.hist(values, bins=np.linspace(0.0, 0.06, 40), alpha=0.6, label=name)
plt.xlabel("mean square error of a digit")
plt.ylabel("number of digits")
plt.legend()
plt.show()

# %% [markdown]
# ## 5. An old listing, and what became of it
# Many introductions show a network of 4,385 parameters (Keras blog, 2016). Its code has 128
# numbers, so its rival is PCA with 128. And its optimizer, `"adadelta"`, meant a rate of 1 when it
# was written; Keras 3 starts at 0.001. The same text, and a thousandth of the step.

# %%
results = {"PCA, 128 modes": new[7]}
for name, optimizer in (
    ("listing, Adadelta at its default of 0.001", keras.optimizers.Adadelta()),
    ("listing, Adadelta at 1", keras.optimizers.Adadelta(1.0)),
    ("listing, Adam at 0.003", keras.optimizers.Adam(3e-3)),
):
    listing = classic_autoencoder()
    listing.compile(optimizer, loss="binary_crossentropy", jit_compile=False)
    listing.fit(x[:NUM_TRAIN], x[:NUM_TRAIN], batch_size=128, epochs=EPOCHS, verbose=0)
    results[name] = np.mean((listing.predict(x_new, verbose=0) - x_new) ** 2)
for name, error in results.items():
    print(f"{name:42} {error:.4f}")

# %% [markdown]
# Two lessons. A network that runs without a complaint may not train at all: look at the loss, and
# compare it with that of the mean image. And a network that trains may still lose to the classic
# method at the same size: without the comparison nobody would have noticed.

# %%
print(f"mean image alone: {np.mean((x_new - mean) ** 2):.4f}")

# %% [markdown]
# ## 6. What else a bottleneck is good for
# It cannot restore what it has not seen. The error then tells the strange from the familiar: here
# digits, digits with their halves exchanged, and digits with their columns shuffled.

# %%
strange = {
    "digits": x_new,
    "halves exchanged": np.roll(x_new, 14, axis=1),
    "columns in random order": x_new[:, :, rng.permutation(28)],
}
for name, images in strange.items():
    bent = np.mean((network.predict(images, verbose=0) - images) ** 2)
    flat = np.mean((project(images, 32) - images) ** 2)
    print(f"{name:24} network {bent:.4f}   PCA {flat:.4f}")

# %% [markdown]
# Two warnings. A small error does not prove that an image is familiar: what is smooth or empty is
# easily restored by either. And PCA is a detector of the strange too, one that costs nothing:
# whoever proposes a network for the task has to beat it.
#
# ## 7. When it pays, and when not
# | | principal components | autoencoder |
# | --- | --- | --- |
# | training | one decomposition, exact | thousands of steps, choices, luck |
# | best for | diffusion, vibration: what adds up | transport, shapes: what moves |
# | order of the numbers | by variance, any $k$ afterwards | none; a new $k$ is a new training |
# | new sizes of images | no | yes, if fully convolutional |
# | error outside of the data | bounded by the distance from the plane | anything |
# | few numbers | loses | wins |
# | many numbers, little training | wins | loses |
#
# Start with PCA. If its error falls like a cliff, stop there. If it falls slowly, ask what moves.
# If the movement is known, remove it (align the images), and try PCA again. Only then bend.
#
# ## 8. Exercises
# 1. The bump travels on a circle (its ends joined). Which functions are the modes now, and why?
#    How many are needed for a width of 0.05 and a share of 99 %?
# 2. The error of PCA on new digits lies above the law of section 2. How does the gap depend on the
#    number of digits in the fit? Predict first, then measure with 500, 2,000 and 10,000.
# 3. Show that a linear autoencoder has no unique solution: which matrices can be put between its
#    encoder and its decoder without changing its output? What does PCA choose to make it unique?
# 4. Align the digits by their centre of mass and their slant before the SVD. How many modes does
#    the alignment save? Count the numbers of the alignment as well.
# 5. Quantise the 32 numbers of both methods to 8, 4 and 2 bits. Which of the two suffers more?
