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
# # Lecture 02: Neurons
#
# How do you tell a computer what a handwritten 7 looks like? Not by rules: whoever tries finds an
# exception to each. Here the computer gets examples instead, and a family of functions with many
# parameters. This lecture says what those functions are, how their parameters are found, and what
# they are worth beside the classics. Lab 02 writes the same machinery by hand.
#
# **The way**: one neuron, what it cannot do, a hidden layer, the loss, the derivative, the descent,
# the start; then digits, first by classic methods, then by networks.

# %%
import itertools
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn.svm import SVC

from keras_solvers.data import load_images
from keras_solvers.grading import fast_mode
from keras_solvers.models import mlp, softmax_regression

SIZES = (1_000,) if fast_mode() else (200, 1_000, 5_000)
EPOCHS, STEPS = (1, 50) if fast_mode() else (15, 600)

images = load_images("mnist")
x_train, y_train = images.x_train[: SIZES[-1]], images.y_train[: SIZES[-1]]
x_valid, y_valid = images.x_train[50_000:52_000], images.y_train[50_000:52_000]

# %%
figure, axes = plt.subplots(2, 12, figsize=(10, 1.9))
for axis, picture in zip(axes.flat, x_train[..., 0]):
    axis.imshow(picture, cmap="gray_r")
    axis.axis("off")
plt.show()

# %% [markdown]
# ## 1. One neuron is a ramp across the plane
# $$p(x)=\sigma\Big(\sum_iw_ix_i+b\Big),\qquad\sigma(z)=\frac1{1+e^{-z}}.$$
# The weighted sum is a plane through the space of inputs, the activation $\sigma$ bends it to
# values between 0 and 1: read them as the probability of a yes. The yes ends at the line where the
# sum vanishes, at right angles to $w$; the length of $w$ says how sharply. Statisticians have
# called this *logistic regression* since the 1950s.
#
# To see it, we look at zeros and ones along two directions only, the first two principal components
# of their images.

# %%
pair = np.isin(y_train, (0, 1))
flat = x_train[pair].reshape(np.count_nonzero(pair), -1)
directions = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)[2][:2]
plane = ((flat - flat.mean(axis=0)) @ directions.T / 5.0).astype("float32")
is_one = (y_train[pair] == 1).astype("float32")


def train_two_classes(network, x, y):
    """Trains a network with one logit to tell `y` 0 from 1."""
    network.compile(keras.optimizers.Adam(0.03), keras.losses.BinaryCrossentropy(from_logits=True))
    epochs = max(1, STEPS * 64 // len(x))
    network.fit(x, y[:, None], batch_size=64, epochs=epochs, verbose=0)
    return network


keras.utils.set_random_seed(0)
neuron = train_two_classes(mlp((2,), 1, depth=0), plane, is_one)


def outputs(network, x):
    return keras.ops.convert_to_numpy(network(x))


# %%
def draw_probability(axis, network, x, y, limit):
    grid = np.linspace(-limit, limit, 101).astype("float32")
    points = np.stack(np.meshgrid(grid, grid), axis=-1)
    logits = outputs(network, points.reshape(-1, 2)).reshape(101, 101)
    share = 1.0 / (1.0 + np.exp(-logits))
    axis.contourf(grid, grid, share, np.linspace(0.0, 1.0, 11), cmap="RdBu_r", alpha=0.6)
    axis.contour(grid, grid, share, [0.5], colors="k")
    axis.scatter(*x[y == 0][:300].T, s=5, c="navy")
    axis.scatter(*x[y == 1][:300].T, s=5, c="darkred")


figure, axis = plt.subplots(figsize=(4, 4))
draw_probability(axis, neuron, plane, is_one, 1.8)
axis.set(xlabel="first component", ylabel="second component", title="zeros (blue), ones (red)")
plt.show()

# %% [markdown]
# ## 2. What one neuron cannot do
# A line separates half-planes, nothing else. Four clouds in the corners of a square, equal along
# the diagonals (the *exclusive or*), defeat it: a line cuts off one corner at best, and the colours
# stay pale: the neuron is sure of nothing. With one hidden layer of eight the problem is solved.

# %%
rng = np.random.default_rng(0)
corners = rng.choice([-1.0, 1.0], (1_000, 2))
clouds = (corners + 0.3 * rng.normal(size=corners.shape)).astype("float32")
differ = (corners[:, 0] != corners[:, 1]).astype("float32")

keras.utils.set_random_seed(1)
figure, axes = plt.subplots(1, 2, figsize=(8, 4))
for axis, depth in zip(axes, (0, 1)):
    network = train_two_classes(mlp((2,), 1, width=8, depth=depth), clouds, differ)
    right = np.mean((np.ravel(outputs(network, clouds)) > 0.0) == differ)
    draw_probability(axis, network, clouds, differ, 2.0)
    axis.set_title(f"{'one hidden layer' if depth else 'one neuron'}: {100.0 * right:.0f} % right")
plt.show()

# %% [markdown]
# ## 3. A hidden layer is a broken line
# What can one hidden layer of $\mathrm{relu}(z)=\max(z, 0)$ represent? In one dimension the answer
# is an old friend: piecewise linear interpolation. Through points $(x_k, f_k)$,
# $$f(x)\approx f_0+\sum_{k=0}^{n-1}(s_k-s_{k-1})\,\mathrm{relu}(x-x_k),\qquad
# s_k=\frac{f_{k+1}-f_k}{x_{k+1}-x_k},\quad s_{-1}=0,$$
# which *is* a network: $n$ neurons with weights 1, biases $-x_k$, and output weights equal to
# the changes of slope. So a hidden layer can approximate any continuous function, with an error of
# $O(n^{-2})$ for smooth ones, and no training is needed to prove it (Cybenko, 1989, for all
# dimensions and sigmoids).


# %%
def broken_line(function, num_neurons):
    """The network above as a function, for `num_neurons` equal pieces of [0, 1]."""
    knots = np.linspace(0.0, 1.0, num_neurons + 1)
    changes = np.diff(np.diff(function(knots)) * num_neurons, prepend=0.0)
    return lambda x: function(0.0) + np.maximum(x[:, None] - knots[:-1], 0.0) @ changes


def wave(x):
    return np.sin(2.0 * np.pi * x) * np.exp(-x)


fine = np.linspace(0.0, 1.0, 501)
counts = 2 ** np.arange(2, 9)
errors = [np.max(np.abs(broken_line(wave, int(n))(fine) - wave(fine))) for n in counts]
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
left.plot(fine, wave(fine), "k--", label="function")
for n in (4, 8):
    left.plot(fine, broken_line(wave, n)(fine), label=f"{n} neurons")
left.legend()
right.loglog(counts, errors, "o-", label="largest error")
right.loglog(counts, errors[0] * (counts[0] / counts) ** 2.0, "k:", label="slope -2")
right.set_xlabel("neurons")
right.legend()
plt.show()

# %% [markdown]
# If a network is only interpolation, why train one? Because interpolation puts its knots on a grid,
# and a grid in 784 dimensions is out of the question (lecture 01). Training moves the kinks to
# where the data bend: the network chooses its own grid, along directions that it also chooses.
#
# ## 4. The loss: surprise
# Ten classes need ten scores $z_k$ and the *softmax* $p_k=e^{z_k}/\sum_je^{z_j}$. Which parameters
# are best? Those under which the labels are most probable (maximum likelihood). The product of the
# probabilities of independent samples is largest where
# $$L=-\frac1n\sum_i\ln p_{t_i}(x_i)$$
# is smallest: the mean *surprise*, also called cross-entropy. Squares would do too, but see what
# they do to a sample of two classes that is badly wrong: the slope vanishes, and with it the wish
# to learn. The slope of the cross-entropy tends to $-1$.

# %%
margin = np.linspace(-8.0, 8.0, 201)  # logit of the right class minus that of the wrong one
probability = 1.0 / (1.0 + np.exp(-margin))
surprise, square = np.log1p(np.exp(-margin)), (1.0 - probability) ** 2
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
for values, name in ((surprise, "cross-entropy"), (square, "square")):
    left.plot(margin, values, label=name)
    right.plot(margin, np.gradient(values, margin), label=name)
left.set(xlabel="margin", title="loss")
right.set(xlabel="margin", title="slope of the loss")
left.legend()
plt.show()

# %% [markdown]
# ## 5. The derivative: multiply from the right end
# A network is a chain of functions, so its derivative is a product of Jacobian matrices,
# $$\frac{\partial L}{\partial x}=\frac{\partial L}{\partial z}\cdot
# \frac{\partial z}{\partial h_3}\cdot\frac{\partial h_3}{\partial h_2}\cdot
# \frac{\partial h_2}{\partial h_1}\cdot\frac{\partial h_1}{\partial x}.$$
# Matrix products are associative; their cost is not. The first factor is a *row*, because the loss
# is one number. Starting there, all products are row times matrix. Starting at the input they are
# matrix times matrix. That is all of *back-propagation* (reverse mode; Linnainmaa, 1970; Rumelhart,
# Hinton and Williams, 1986), and the reason that a million slopes cost little more than one value.

# %%
sizes = (784, 512, 512, 512, 10, 1)
jacobians = [rng.normal(size=(m, n)) / np.sqrt(n) for n, m in itertools.pairwise(sizes)]


def seconds_of(function, repeats=5):
    """Least wall time of several calls."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        function()
        times.append(time.perf_counter() - begin)
    return min(times)


def from_the_loss():
    product = jacobians[-1]
    for jacobian in jacobians[-2::-1]:
        product = product @ jacobian
    return product


def from_the_input():
    product = jacobians[0]
    for jacobian in jacobians[1:]:
        product = jacobian @ product
    return product


{
    "same result": bool(np.allclose(from_the_loss(), from_the_input())),
    "times as slow from the input": round(seconds_of(from_the_input) / seconds_of(from_the_loss)),
}

# %% [markdown]
# ## 6. The descent: a rate between too small and too large
# Gradient descent on a bowl $\frac12\sum_i\lambda_i\theta_i^2$ multiplies each coordinate by
# $1-\eta\lambda_i$ in each step. It converges if $\eta<2/\lambda_{\max}$, and the number of steps
# grows with the condition number $\lambda_{\max}/\lambda_{\min}$: what numerical analysts know
# as explicit Euler on a stiff equation.

# %%
curvature = np.array([1.0, 12.0])
first, second = np.meshgrid(np.linspace(-2.2, 2.2, 100), np.linspace(-1.2, 1.2, 100))
figure, axes = plt.subplots(1, 3, figsize=(10, 2.6), sharey=True)
for axis, rate in zip(axes, (0.02, 0.14, 0.169)):
    path = [np.array([-2.0, 0.7])]
    for _ in range(25):
        path.append(path[-1] * (1.0 - rate * curvature))
    axis.contour(first, second, curvature[0] * first**2 + curvature[1] * second**2, 12, alpha=0.5)
    axis.plot(*np.array(path).T, "ko-", ms=3)
    axis.set(xlim=(-2.2, 2.2), ylim=(-1.2, 1.2), title=f"rate {rate:g}, limit {2.0 / 12.0:.3f}")
plt.show()

# %% [markdown]
# The gradient over all images is exact and expensive; over a few it is noisy and cheap. Measured
# in images looked at, small batches win by far at the beginning: thousands of similar images agree
# on where down is. That is *stochastic* gradient descent (Robbins and Monro, 1951).


# %%
def trained(model, x, y, epochs, batch_size=64, optimizer="adam"):
    """`(model, loss of each epoch on other images)` after training a classifier."""
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = []

    class OnOthers(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            losses.append(float(keras.ops.mean(model.loss(y_valid, model(x_valid)))))

    model.fit(x, y, batch_size, epochs, verbose=0, callbacks=[OnOthers()])
    return model, losses


for batch_size in (32, 500, len(x_train)):
    keras.utils.set_random_seed(0)
    sgd = keras.optimizers.SGD(0.1)
    curve = trained(softmax_regression(), x_train, y_train, EPOCHS, batch_size, sgd)[1]
    plt.semilogy(np.arange(1, EPOCHS + 1), curve, "o-", label=f"{batch_size} images in a batch")
plt.xlabel("epoch: all images looked at once")
plt.ylabel("loss on other images")
plt.legend()
plt.show()

# %% [markdown]
# ## 7. The start: neither silence nor thunder
# Each layer multiplies. Weights a little too small, and the signal dies within a few layers; a
# little too large, and it explodes; so do the gradients on the way back. For relu the variance is
# kept if weights have the variance $2/n$ for $n$ inputs, as half of the signal is cut (He et al.,
# 2015).

# %%
for factor in (1.0, 2.0, 3.0):
    signal, sizes = x_train[:200].reshape(200, -1), []
    for _ in range(30):
        width = signal.shape[1]
        weights = np.sqrt(factor / width) * rng.normal(size=(width, 256))
        signal = np.maximum(signal @ weights, 0.0)
        sizes.append(np.sqrt(np.mean(signal**2)))
    plt.semilogy(np.arange(1, 31), sizes, label=f"variance {factor:g} / n")
plt.xlabel("layer")
plt.ylabel("size of the signal")
plt.legend()
plt.show()

# %% [markdown]
# ## 8. Digits, first by the classics
# Before a network there must be a number to beat. From the plainest to the strongest:
# - *nearest mean*: ten average images, no training;
# - *nearest neighbour* (Cover and Hart, 1967): the label of the most similar training image;
# - *softmax regression*: ten neurons, no hidden layer;
# - *support vector machine* with a Gaussian kernel (Cortes and Vapnik, 1995): the classic champion
#   of middle-sized data.


# %%
def nearest(references, x):
    return np.argmin(np.sum(references**2, axis=1) - 2.0 * x @ references.T, axis=1)


def nearest_mean(x, y):
    means = np.stack([x[y == digit].mean(axis=0) for digit in range(10)])
    return lambda new: nearest(means, new)


def nearest_neighbour(x, y):
    return lambda new: y[nearest(x, new)]


def support_vectors(x, y):
    return SVC(C=5.0, gamma=0.02).fit(x, y).predict


def by_network(build):
    """A method that trains the network `build()`; a small set is looked at more often."""

    def method(x, y):
        keras.utils.set_random_seed(0)
        epochs = min(50, EPOCHS * SIZES[-1] // len(x))
        model = trained(build(), x.reshape(-1, 28, 28, 1), y, epochs)[0]
        return lambda new: np.argmax(outputs(model, new.reshape(-1, 28, 28, 1)), axis=1)

    return method


methods = {
    "nearest mean": nearest_mean,
    "nearest neighbour": nearest_neighbour,
    "support vector machine": support_vectors,
    "softmax regression": by_network(softmax_regression),
    "network, 128 hidden neurons": by_network(lambda: mlp((28, 28, 1), 10, width=128)),
}

# %% [markdown]
# ## 9. Then by a network
# All five on 200 to 5,000 images, measured on 2,000 others.

# %%
flat_train = x_train.reshape(len(x_train), -1)
flat_valid = x_valid.reshape(len(x_valid), -1)


def percent_wrong(classify, x=flat_valid):
    return round(100.0 * float(np.mean(classify(x) != y_valid)), 2)


curves, best = {}, {}


def measure(name):
    fitted = [methods[name](flat_train[:size], y_train[:size]) for size in SIZES]
    curves[name], best[name] = [percent_wrong(classify) for classify in fitted], fitted[-1]


for name in ("nearest mean", "nearest neighbour", "support vector machine"):
    measure(name)

# %%
for name in ("softmax regression", "network, 128 hidden neurons"):
    measure(name)

# %%
for name, curve in curves.items():
    plt.loglog(SIZES, curve, "o-", label=name)
plt.xticks(SIZES, SIZES)
plt.minorticks_off()
plt.xlabel("training images")
plt.ylabel("error on others [%]")
plt.legend()
plt.show()

# %% [markdown]
# Read the picture honestly. Nearest mean and softmax regression flatten first: with so few
# parameters more data help them less. The others go on learning, and **at this size the classic
# champion beats the network**, with two settings to choose and a convex problem to solve. What do
# answers cost?

# %%
{
    name: f"{1e6 * seconds_of(lambda c=classify: c(flat_valid[:500]), 3) / 500:.0f} µs"
    for name, classify in best.items()
}

# %% [markdown]
# There the network pays: its cost for an answer does not grow with the data it has learnt from,
# while neighbours and support vectors must be kept and compared. With ten million images the
# classic champion could not even be trained.
#
# How wide should the hidden layer be? Wider is better, with less and less gain. There is no sign of
# the overfitting that polynomials suffer from with too many coefficients: descent from small
# weights prefers tame functions among those that fit.

# %%
widths = (8,) if fast_mode() else (2, 8, 32, 128)
width_errors = [
    percent_wrong(by_network(lambda w=width: mlp((28, 28, 1), 10, width=w))(flat_train, y_train))
    for width in widths
]
plt.loglog(widths, width_errors, "o-", label="one hidden layer")
plt.axhline(curves["softmax regression"][-1], color="grey", label="none (softmax regression)")
plt.xlabel("hidden neurons")
plt.ylabel("error [%]")
plt.legend()
plt.show()

# %% [markdown]
# ## 10. When it does not pay
# **It does not know that it sees a picture.** Shuffle the pixels of all images by one and the same
# permutation: no human could read them, but the network errs about as often as before, within the
# chance of another start and of 2,000 images. So it never used that pixels have neighbours. A layer
# that does use it is the subject of lecture 03.

# %%
scramble = rng.permutation(784)
scrambled = methods["network, 128 hidden neurons"](flat_train[:, scramble], y_train)
{
    "error in order": curves["network, 128 hidden neurons"][-1],
    "error scrambled": percent_wrong(scrambled, flat_valid[:, scramble]),
}

# %%
figure, axes = plt.subplots(2, 8, figsize=(8, 2.2))
for k in range(8):
    axes[0, k].imshow(flat_valid[k].reshape(28, 28), cmap="gray_r")
    axes[1, k].imshow(flat_valid[k][scramble].reshape(28, 28), cmap="gray_r")
for axis in axes.flat:
    axis.axis("off")
plt.show()

# %% [markdown]
# **It is sure of itself where it knows nothing.** Softmax must distribute 100 % among ten digits,
# whatever the image: there is no answer "none of them". Below, the share of images for which the
# network claims more than 90 % for its answer, and the share of right answers.

# %%
keras.utils.set_random_seed(0)
network = trained(mlp((28, 28, 1), 10, width=128), x_train, y_train, EPOCHS)[0]
cases = {
    "digits": x_valid,
    "digits moved by 3 pixels": np.roll(x_valid, 3, axis=2),
    "white on black swapped": 1.0 - x_valid,
    "noise, no digits": rng.uniform(size=x_valid.shape).astype("float32"),
}
sure, correct = [], []
for pictures in cases.values():
    answers = keras.ops.convert_to_numpy(keras.ops.softmax(network(pictures)))
    sure.append(100.0 * np.mean(np.max(answers, axis=1) > 0.9))
    correct.append(100.0 * np.mean(np.argmax(answers, axis=1) == y_valid))
place = np.arange(len(cases))
plt.barh(place + 0.2, sure, 0.4, label="sure of its answer")
plt.barh(place - 0.2, correct, 0.4, label="right (for noise: by chance)")
plt.yticks(place, cases)
plt.xlabel("share of the images [%]")
plt.legend()
plt.show()

# %% [markdown]
# ## 11. What to keep
# - A neuron is a weighted sum and a bend; a hidden layer is a broken line with knots of its choice.
# - The loss of a classifier is the mean surprise; its gradient costs little more than its value.
# - The rate is bounded by the largest curvature; the batch is small because images agree.
# - On a few thousand examples with a good distance between them, classic methods are as good or
#   better. Networks pay by the cost of an answer, by large data, and by structure built into them.
#
# ## Exercises
# 1. Write the broken line of section 3 as the weights of a Keras network with one hidden layer, set
#    them by `set_weights`, then train it further. Where do the kinks go?
# 2. Show that the cross-entropy of softmax regression is convex in its weights. Is the loss of a
#    network with a hidden layer convex? Exchange two hidden neurons before you answer.
# 3. Estimate the largest curvature of softmax regression from the largest eigenvalue of
#    $X^\top X/n$, and find by experiment the rate at which full-batch descent diverges.
# 4. Support vector machines like pixels with zero mean and small variance. Do they gain from
#    dividing each image by its norm? Does the network?
# 5. Give the network an eleventh class "no digit" and train it with noise images in it. Does it now
#    recognise swapped colours as no digit?
