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
# # Lab 04: Autoencoder
#
# **You will be able to**
# - compress images by principal components, by hand, and say what share of the variance they hold,
# - build a fully convolutional autoencoder whose bottleneck is a true one,
# - compare it with principal components at the same number of numbers, honestly,
# - remove noise with it, beside filters that got their best setting too,
# - read its codes: a map of the digits, and a path from one digit to another.
#
# **Before**: labs 01 to 03. **Time**: 75 minutes, of which the computer needs four.
# **Points**: 100.
#
# A 28 x 28 image has 784 numbers, but most points of that space look like nothing. An *encoder* $E$
# maps an image $x$ to a short code $z=E(x)$, a *decoder* $D$ maps it back, and both are fitted so
# that $D(E(x))\approx x$. With linear $E$ and $D$ the best answer has been known since 1901
# (Pearson): principal components. This lab asks what bending them is worth.
#
# | symbol | meaning | shape |
# | --- | --- | --- |
# | $x$ | images, grey values in $[0, 1]$ | `(n, 28, 28, 1)` |
# | $z$ | code, $4\times 4$ positions of $C$ numbers | `(n, 4, 4, C)` |
# | $m$, $A$ | mean image; $k$ orthonormal axes | `(28, 28, 1)`; `(k, 28, 28, 1)` |

# %% tags=["setup"]
import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy import ndimage

from keras_solvers.data import load_images
from keras_solvers.grading import check, check_range, fast_mode

images = load_images("mnist")
x_train = images.x_train[:10_000].copy()
x_valid, y_valid = images.x_train[-2_000:].copy(), images.y_train[-2_000:].copy()
del images
NUM_TRAIN, EPOCHS = (1_024, 1) if fast_mode() else (10_000, 4)


def show(*rows):
    """Shows rows of images, each of the same number of columns."""
    size = (len(rows[0]), len(rows))
    _, axes = plt.subplots(len(rows), len(rows[0]), figsize=size, squeeze=False)
    for axis, image in zip(axes.flat, np.concatenate(rows)):
        axis.imshow(image[..., 0], cmap="gray", vmin=0.0, vmax=1.0)
        axis.axis("off")
    plt.show()


# %% [markdown]
# ## 1. Task 1: principal components by hand
# Subtract the mean image $m$, write the $n$ images as the rows of a matrix $X$, and decompose it:
# $X=U\,\mathrm{diag}(\sigma)\,V^\top$. The first $k$ columns of $V$, as images, are the axes $A$.
# They span the $k$-dimensional plane closest to the images:
# $$z_j=\langle A_j,\,x-m\rangle,\qquad \hat x=m+\sum_j z_jA_j,\qquad
# \text{share of variance}=\frac{\sum_{j\le k}\sigma_j^2}{\sum_j\sigma_j^2}.$$
#
# `np.linalg.svd` returns $V^\top$, largest $\sigma$ first. Ask it for `full_matrices=False`: the
# full $U$ of 10,000 images would have 100 million entries, and nobody looks at it. Images may have
# any height, width and number of channels; you will need that in section 6.


# %% tags=["task:pca"]
def fit_pca(images, num_components):
    """`(mean, axes, share)` of images of shape `(n, height, width, channels)`.

    `mean` has the shape of an image. `axes`, `(num_components, height, width, channels)`, are
    orthonormal, the one of largest variance first. `share`, a number in [0, 1], is the share of
    the variance that they hold.
    """
    # --- solution ---
    mean = np.mean(images, axis=0)
    rows = (images - mean).reshape(len(images), -1)
    _, sigma, axes = np.linalg.svd(rows, full_matrices=False)
    share = np.sum(sigma[:num_components] ** 2) / np.sum(sigma**2)
    return mean, axes[:num_components].reshape(num_components, *mean.shape), share
    # --- end ---


def encode_pca(images, mean, axes):
    """Codes, shape `(n, num_components)`."""
    # --- solution ---
    return np.tensordot(images - mean, axes, axes=([1, 2, 3], [1, 2, 3]))
    # --- end ---


def decode_pca(codes, mean, axes):
    """Images, shape `(n, height, width, channels)`, of codes `(n, num_components)`."""
    # --- solution ---
    return mean + np.tensordot(codes, axes, axes=([1], [0]))
    # --- end ---


# %% tags=["check:pca_share"]
check(
    "share of variance of one component of two pixels that vary 3 : 1",
    lambda: fit_pca(
        np.array([[3.0, 1.0], [-3.0, 1.0], [3.0, -1.0], [-3.0, -1.0]])[..., None, None], 1
    )[2],
    target=0.9,
    hint="Variances are squares of the singular values: 9 / (9 + 1).",
)

# %% tags=["check:pca_codes"]
check(
    "one image, encoded on an axis",
    lambda: encode_pca(
        np.full((1, 2, 1, 1), 3.0), np.ones((2, 1, 1)), np.array([0.6, 0.8]).reshape(1, 2, 1, 1)
    ),
    target=[[2.8]],
    hint="Subtract the mean, then take the inner product with the axis: 0.6 * 2 + 0.8 * 2.",
)

# %% [markdown]
# The error on digits that took no part in the fit, for 2 to 128 numbers an image. All errors here
# are mean square errors of a pixel: 0.01 is a root mean square error of a tenth of white.

# %%
mean, axes, _ = fit_pca(x_train[:5_000], 128)


def pca_error(num_components, images, targets):
    kept = axes[:num_components]
    return np.mean((decode_pca(encode_pca(images, mean, kept), mean, kept) - targets) ** 2)


sizes = [2, 4, 8, 16, 32, 64, 128]
pca_errors = [pca_error(k, x_valid, x_valid) for k in sizes]
plt.loglog(sizes, pca_errors, "o-")
plt.xlabel("numbers an image")
plt.ylabel("mean square error")
plt.grid(alpha=0.3)
plt.show()

# %%
kept = [decode_pca(encode_pca(x_valid[:10], mean, axes[:k]), mean, axes[:k]) for k in (8, 32, 128)]
show(x_valid[:10], *kept)

# %% [markdown]
# From above: the digits, and what 8, 32 and 128 components keep of them. Mind the grey ghosts: a
# plane holds sums and differences of digits too, and those are no digits.
#
# ## 2. Task 2: the network
# Build a Keras model with two sub-models, its layers named `encoder` and `decoder`:
#
# | part | from | to |
# | --- | --- | --- |
# | `encoder` | `(n, 28, 28, 1)` | `(n, 4, 4, code_channels)` |
# | `decoder` | `(n, 4, 4, code_channels)` | `(n, 28, 28, 1)` |
#
# - *A true bottleneck*: whatever reaches the decoder passes through the code. No path around it.
# - *Fully convolutional*: no `Dense`, no `Flatten`, no fixed size. With `keras.Input((None, None,
#   1))` the model takes other images too: every height and width of $8j-4$ pixels becomes $j$
#   positions. So $28$ is $4$ positions, and $36\times 44$ pixels are $5\times 6$.
# - *Built-in layers only*, at most 150,000 parameters, random weights from `seed`.
#
# Three halvings of 28 leave no even number. Either pad 28 to 32 first (`ZeroPadding2D(2)`), halve
# to 16, 8, 4, and crop at the end (`Cropping2D(2)`), or let `padding="same"` round up to 14, 7, 4,
# and crop one row and one column on the way back (`Cropping2D(((0, 1), (0, 1)))`). To halve, use
# `Conv2D(..., strides=2)`; to double, `Conv2DTranspose(..., strides=2)` or `UpSampling2D(2)`, which
# repeats each pixel, before a convolution.
#
# Why convolutions? The same stroke detector serves at all places, so its weights are learned from
# all of them; and a shift of the image by 8 pixels shifts the code by one position.
#
# A warning from experience: so narrow a network without `BatchNormalization` is easily trapped at
# the mean image, with an error of 0.07, or at black, with 0.11. Put one between each inner
# convolution and its activation, with `momentum=0.9`, because a short training has few steps to
# average over. And let the activation keep a slope for negative numbers, such as `LeakyReLU(0.2)`:
# with a plain `ReLU` one training in five stays trapped.


# %% tags=["task:autoencoder"]
def build_autoencoder(code_channels, seed):
    """Untrained autoencoder, at most 150,000 parameters; its code has 4 x 4 x `code_channels`."""

    # --- solution ---
    def block(x, layer, filters, size, strides):
        x = layer(filters, size, strides=strides, padding="same", use_bias=False)(x)
        return keras.layers.LeakyReLU(0.2)(keras.layers.BatchNormalization(momentum=0.9)(x))

    keras.utils.set_random_seed(seed)
    image = keras.Input((None, None, 1))
    x = keras.layers.ZeroPadding2D(2)(image)
    for filters in (16, 32, 64):
        x = block(x, keras.layers.Conv2D, filters, 4, strides=2)
    encoder = keras.Model(image, keras.layers.Conv2D(code_channels, 1)(x), name="encoder")

    code = keras.Input((None, None, code_channels))
    x = block(code, keras.layers.Conv2D, 64, 3, strides=1)
    for filters in (32, 16):
        x = block(x, keras.layers.Conv2DTranspose, filters, 4, strides=2)
    x = keras.layers.Conv2DTranspose(1, 4, 2, padding="same", activation="sigmoid")(x)
    decoder = keras.Model(code, keras.layers.Cropping2D(2)(x), name="decoder")
    return keras.Model(image, decoder(encoder(image)))
    # --- end ---


# %% tags=["check:ae_code"]
check(
    "shape of the code of two images, with three channels",
    lambda: build_autoencoder(3, 0).get_layer("encoder")(x_valid[:2]).shape,
    target=[2, 4, 4, 3],
    hint="Name the sub-model: keras.Model(..., name='encoder').",
)

# %% tags=["check:ae_other_sizes"]
check(
    "shape that comes out if 36 x 44 pixels go in",
    lambda: build_autoencoder(3, 0)(np.zeros((1, 36, 44, 1))).shape,
    target=[1, 36, 44, 1],
    hint="keras.Input((None, None, 1)); no layer may know the number 28.",
)

# %% [markdown]
# ## 3. Task 3: training
# Compile the model and fit it to the mean square error between its output and `targets`. In this
# section targets are the inputs themselves; in the next they will not be.
#
# Name the learning rate yourself. The listing of many introductions (4,385 parameters, Keras blog,
# 2016) says `optimizer="adadelta"`. That meant a rate of 1 when it was written; today Keras 3
# starts Adadelta at 0.001, a thousand times less, and the listing does not train: it runs without
# a complaint and returns grey. Adam with 0.005 to 0.01, falling towards zero at the end, is a
# good start. `jit_compile=False` saves the ten seconds that compilation would take, more than it
# gives back in so short a training.


# %% tags=["task:train"]
def train_autoencoder(model, inputs, targets, epochs):
    """The model, trained to map `inputs` to `targets`, both of shape `(n, 28, 28, 1)`."""
    # --- solution ---
    steps = epochs * int(np.ceil(len(inputs) / 32))
    rate = keras.optimizers.schedules.CosineDecay(0.01, steps)
    model.compile(keras.optimizers.Adam(rate), loss="mse", jit_compile=False)
    model.fit(inputs, targets, batch_size=32, epochs=epochs, verbose=0)
    return model
    # --- end ---


# %% [markdown]
# Sanity before training. A sigmoid that knows nothing says about 1/2 everywhere: against mostly
# black images that is an error of about 0.23. A linear output starts near 0.1 or above. And a
# network that cannot learn eight images by heart will not learn ten thousand.

# %% tags=["check:start"]
check_range(
    "error of the untrained network",
    lambda: np.mean((np.asarray(build_autoencoder(2, 0)(x_valid[:200])) - x_valid[:200]) ** 2),
    0.05,
    0.5,
    hint="The model must be untrained, and its output of the size of grey values.",
)


# %% tags=["check:overfits"]
def error_on_eight():
    model = train_autoencoder(build_autoencoder(2, 0), x_train[:8], x_train[:8], 150)
    return np.mean((np.asarray(model(x_train[:8])) - x_train[:8]) ** 2)


check_range(
    "error on eight images that it was trained on",
    error_on_eight,
    0.0,
    0.02,
    hint="Does the loss fall? Larger learning rate; momentum=0.9 in BatchNormalization.",
)

# %% [markdown]
# Now with two channels, so 32 numbers an image, against 32 principal components. Same images to
# fit, same unseen images to judge by.

# %%
x_fit = x_train[:NUM_TRAIN]
autoencoder = train_autoencoder(build_autoencoder(2, seed=0), x_fit, x_fit, EPOCHS)
restored = autoencoder.predict(x_valid, verbose=0)
ae_error = np.mean((restored - x_valid) ** 2)
print(f"mean square error with 32 numbers: network {ae_error:.4f}, PCA {pca_errors[4]:.4f}")

# %%
show(x_valid[:10], kept[1], restored[:10])

# %% [markdown]
# From above: the digits, 32 principal components, 32 numbers of the network. You should see errors
# near 0.008 and 0.017 (in fast mode the network is hardly trained, and loses). So half a minute of
# training is enough to beat PCA at equal size, but count fairly: the network has 84,611 parameters
# and took a thousand steps; PCA has 32 axes and one SVD of two seconds, and its solution is
# exact. PCA needs about 75 numbers for the network's error.
#
# With many numbers the race is closer: PCA with 128 numbers, fitted to all digits, has an error of
# 0.0042 on the test images of MNIST. Does your network get there with 8 channels, and how long does
# it take? `keras_solvers.models.conv_autoencoder`, trained long, does.
#
# ## 4. Task 4: noise
# A code of few numbers has no room for noise. Train on pairs (noisy image, clean image), and the
# network learns to restore: a *denoising autoencoder* (Vincent et al., 2008).
#
# `noisy_pairs` adds Gaussian noise of standard deviation `deviation` to every pixel and clips the
# result to $[0, 1]$, as a camera would. The targets stay clean.
#
# The opponents get their best setting: `best_gaussian` tries all widths of a Gaussian filter
# (`scipy.ndimage.gaussian_filter`). Its `sigma` may have an entry for each axis: 0 for the axes
# that must not be blurred.
#
# `train_denoiser` is your design, graded by its error on unseen noisy digits after training on a
# few thousand images for `epochs` epochs: how many channels does the code need, when nobody counts
# the numbers any more?


# %% tags=["task:denoising"]
def noisy_pairs(images, deviation, copies, seed):
    """`(inputs, targets)`: every image `copies` times, each time with other noise; float32."""
    # --- solution ---
    targets = np.repeat(images, copies, axis=0).astype("float32")
    noise = np.random.default_rng(seed).normal(size=targets.shape)
    return np.clip(targets + deviation * noise, 0.0, 1.0).astype("float32"), targets
    # --- end ---


def best_gaussian(noisy, clean, widths):
    """`(width, errors)`: the width of least mean square error, and the errors of all `widths`.

    A width is the `sigma` of the filter along height and width, in pixels.
    """
    # --- solution ---
    filtered = [ndimage.gaussian_filter(noisy, (0.0, width, width, 0.0)) for width in widths]
    errors = np.array([np.mean((image - clean) ** 2) for image in filtered])
    return widths[np.argmin(errors)], errors
    # --- end ---


def train_denoiser(images, deviation, epochs, seed):
    """A model, trained to remove noise of standard deviation `deviation` from such images."""
    # --- solution ---
    inputs, targets = noisy_pairs(images, deviation, 1, seed)
    return train_autoencoder(build_autoencoder(8, seed), inputs, targets, epochs)
    # --- end ---


# %% tags=["check:noisy_pairs"]
check_range(
    "standard deviation of the noise on grey images",
    lambda: np.std(np.subtract(*noisy_pairs(np.full((50, 28, 28, 1), 0.5), 0.1, 2, 0))),
    0.097,
    0.103,
    hint="deviation * normal noise, of the shape of the repeated images; the target stays clean.",
)

# %% tags=["check:best_gaussian"]
check(
    "error of a width of 0 on one wrong pixel of 784, twice",
    lambda: best_gaussian(np.eye(28)[None, ..., None], np.zeros((1, 28, 28, 1)), [0.0])[1],
    target=[28.0 / 784.0],
    hint="A width of 0 changes nothing: the error is the mean of the squared difference.",
)

# %%
deviation = 0.5
noisy, clean = noisy_pairs(x_valid, deviation, 1, seed=1)
width, _ = best_gaussian(noisy, clean, np.linspace(0.4, 1.6, 7))
denoiser = train_denoiser(x_fit, deviation, EPOCHS, seed=0)
size = min(sizes, key=lambda k: pca_error(k, noisy, clean))
cleaned = {
    "nothing": noisy,
    f"Gaussian filter, width {width:.1f}": ndimage.gaussian_filter(noisy, (0, width, width, 0)),
    "median filter, 3 x 3": ndimage.median_filter(noisy, (1, 3, 3, 1)),
    f"PCA, {size} numbers": decode_pca(encode_pca(noisy, mean, axes[:size]), mean, axes[:size]),
    "network": denoiser.predict(noisy, verbose=0),
}
for name, result in cleaned.items():
    print(f"{name:26} {np.mean((result - clean) ** 2):.4f}")

# %%
show(clean[:10], *(result[:10] for result in cleaned.values()))

# %% [markdown]
# From above: the clean digits, then the rows of the table. The filters know nothing of digits, and
# blur strokes and noise alike. PCA knows the plane of digits: that is better than any filter. The
# network knows the bent surface, and is better again. The price: a filter works on any
# image; the network turns whatever it gets into digits. Try it on noise alone, below.
#
# ## 5. Task 5: from one digit to another
# Pixel blending, $(1-t)\,x_0+t\,x_1$, shows two ghosts. Blending codes instead stays closer to what
# the decoder knows: $D\big((1-t)\,E(x_0)+t\,E(x_1)\big)$.
#
# `model` has sub-models `encoder` and `decoder` as in task 2.


# %% tags=["task:interpolate"]
def interpolate(model, first, last, num_steps):
    """Images `(num_steps, height, width, 1)` on the way from `first` to `last`, in code space.

    `first` and `last` have shape `(height, width, 1)`; the path begins and ends with what the
    model makes of them, in equal steps.
    """
    # --- solution ---
    codes = np.asarray(model.get_layer("encoder")(np.stack([first, last])))
    t = np.linspace(0.0, 1.0, num_steps)[:, None, None, None]
    path = (1.0 - t) * codes[0] + t * codes[1]
    return np.asarray(model.get_layer("decoder")(path))
    # --- end ---


# %% tags=["check:interpolate"]
def gap_at_the_ends():
    model = build_autoencoder(2, 0)
    path = interpolate(model, x_valid[0], x_valid[1], 5)
    return np.max(np.abs(path[[0, -1]] - np.asarray(model(x_valid[:2]))))


check_range(
    "gap between the ends of a path and what the model makes of the two images",
    gap_at_the_ends,
    0.0,
    1e-4,
    hint="t runs from 0 to 1, both included: np.linspace.",
)

# %%
first, last = x_valid[np.flatnonzero(y_valid == 1)[0]], x_valid[np.flatnonzero(y_valid == 7)[3]]
t = np.linspace(0.0, 1.0, 9)[:, None, None, None]
show((1.0 - t) * first + t * last, interpolate(autoencoder, first, last, 9))

# %% [markdown]
# Above pixels, below codes. How much better it looks depends on the pair, and seldom is it a film
# of digits: nothing in the training asked for a straight path between codes to stay among digits.
#
# ## 6. A map of the codes
# The code has 32 numbers; their two first principal components make a map. Your `fit_pca` takes
# codes as it took images. Beside it the map of the pixels themselves.

# %%
codes = autoencoder.get_layer("encoder").predict(x_valid, verbose=0)
_, panels = plt.subplots(1, 2, figsize=(11, 5))
for panel, points, title in ((panels[0], x_valid, "pixels"), (panels[1], codes, "codes")):
    centre, directions, share = fit_pca(points, 2)
    places = encode_pca(points, centre, directions)
    dots = panel.scatter(*places.T, c=y_valid, cmap="tab10", s=6)
    panel.set_title(f"{title}: {share:.0%} of the variance")
plt.colorbar(dots, ax=panels, label="class")
plt.show()

# %% [markdown]
# The classes overlap in both maps. The network was asked to restore pixels, not to sort digits;
# that a code "discovers the classes" is a hope, and here is its measure.
#
# ## 7. Explore
# One at a time: `code_channels` from 1 to 8 against PCA with as many numbers. Noise of 0.2 and 0.8
# into the denoiser trained at 0.5. `denoiser` on pure noise, or on letters of your own. Without
# `BatchNormalization`: does it still train?
#
# **Questions to answer for yourself.** If all activations are left out, which error can the network
# reach at best, and why? An image of 36 x 44 pixels has a code of 5 x 6 positions: why did a
# network trained on 28 x 28 never have to see such images?
#
# ## 8. Save, and the library's version
# The file holds encoder and decoder. Whoever loads it needs none of the code above.

# %%
autoencoder.save("autoencoder.keras")
loaded = keras.saving.load_model("autoencoder.keras")
np.max(np.abs(loaded.predict(x_valid[:100], verbose=0) - restored[:100]))

# %% [markdown]
# The library has both networks of this lab: `conv_autoencoder`, with more convolutions at 4 x 4,
# which `keras-solvers run mnist --model autoencoder-32` trains on all digits, and the listing of
# 2016 as `classic_autoencoder`, kept for comparison. Its code has 128 numbers: four times yours.

# %%
from keras_solvers.models import classic_autoencoder, conv_autoencoder

for model in (autoencoder, conv_autoencoder(code_channels=2), classic_autoencoder()):
    print(f"{model.name:20} {model.count_params():8,} parameters")

# %%
x_short = x_fit[:6_400]
for name, optimizer in (("rate 0.001", "adadelta"), ("rate 1", keras.optimizers.Adadelta(1.0))):
    classic = classic_autoencoder()
    classic.compile(optimizer, loss="mse", jit_compile=False)
    classic.fit(x_short, x_short, batch_size=64, epochs=1, verbose=0)
    print(
        f"listing of 2016, Adadelta with {name}: {classic.evaluate(x_valid, x_valid, 500, 0):.4f}"
    )

# %% [markdown]
# An untrained sigmoid has an error of 0.23: at a rate of 0.001 the listing is still where it began.
# At a rate of 1 it moves, at first hardly further than a grey image. Trained to its end, PCA with
# as many numbers is still several times better. Old listings are worth a sanity check.
