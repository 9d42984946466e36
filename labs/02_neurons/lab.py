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
# # Lab 02: Neurons
#
# **You will be able to**
# - write a layer of neurons, softmax and cross-entropy as stable matrix formulas,
# - derive the gradient of a network with one hidden layer, and prove it right by differences,
# - train by stochastic gradient descent that you wrote yourself,
# - build, train, save and judge the same network in Keras, beside three classic methods.
#
# **Before**: lab 01. **Time**: 75 minutes, of which the computer needs two. **Points**: 100.
#
# A *neuron* weighs its inputs, adds them up and bends the sum. Everything else in this lab is the
# chain rule. No formula below goes beyond first-year calculus; the art is in the shapes.
#
# | symbol | meaning | shape |
# |---|---|---|
# | $X$ | inputs, one image a row | `(batch, inputs)` |
# | $W_1, b_1$ | weights and biases of the hidden layer | `(inputs, hidden)`, `(hidden,)` |
# | $H$ | hidden values | `(batch, hidden)` |
# | $W_2, b_2$ | weights and biases of the output layer | `(hidden, classes)`, `(classes,)` |
# | $Z$ | logits: one score for each class | `(batch, classes)` |
# | $P$ | probabilities | `(batch, classes)` |
# | $t$ | labels, integers from 0 on | `(batch,)` |

# %% tags=["setup"]
import keras
import matplotlib.pyplot as plt
import numpy as np

from keras_solvers.data import load_images
from keras_solvers.grading import check, check_range, fast_mode

NUM_TRAIN = 1_000 if fast_mode() else 10_000
EPOCHS = 1 if fast_mode() else 10

images = load_images("mnist")
x_train, y_train = images.x_train[:NUM_TRAIN].copy(), images.y_train[:NUM_TRAIN].copy()
# Not the very last ones: those are much neater than the rest.
others = slice(50_000, 52_000)
x_valid, y_valid = images.x_train[others].copy(), images.y_train[others].copy()
del images

# %% [markdown]
# ## 1. The data, and the simplest classifier
# MNIST: digits of 28 x 28 pixels with values in $[0, 1]$, written by hand (LeCun et al., 1998). We
# train on 10,000 and measure on 2,000 others; the official test images stay untouched.


# %% tags=["given"]
def rows(images):
    """Images `(n, 28, 28, 1)` as rows `(n, 784)`."""
    return images.reshape(len(images), -1)


def percent_wrong(predicted, labels):
    return round(100.0 * float(np.mean(predicted != labels)), 2)


# %% [markdown]
# Before any network: average the images of each class, and give a new image the class of the
# *nearest mean*. It has no parameter to tune and takes milliseconds. Whatever we build must beat
# it. A second classic, *nearest neighbour*, gives an image the label of the most similar training
# image; it needs no training at all, but must keep all 10,000 images.


# %%
def nearest(references, x):
    """Index of the reference row nearest to each row of `x`."""
    # |x - r|^2 = |x|^2 - 2 x r + |r|^2, and |x|^2 is the same for all references.
    return np.argmin(np.sum(references**2, axis=1) - 2.0 * x @ references.T, axis=1)


means = np.stack([rows(x_train)[y_train == digit].mean(axis=0) for digit in range(10)])
classifiers = {
    "nearest mean": lambda x: nearest(means, rows(x)),
    "nearest neighbour": lambda x: y_train[nearest(rows(x_train), rows(x))],
}
{name: percent_wrong(classify(x_valid), y_valid) for name, classify in classifiers.items()}

# %%
pictures = [*x_train[:10, :, :, 0], *means.reshape(10, 28, 28)]
figure, axes = plt.subplots(2, 10, figsize=(10, 2.2))
for axis, picture in zip(axes.flat, pictures, strict=True):
    axis.imshow(picture, cmap="gray_r")
    axis.axis("off")
axes[0, 0].set_title("images", loc="left", fontsize=9)
axes[1, 0].set_title("means of the classes", loc="left", fontsize=9)
plt.show()

# %% [markdown]
# ## 2. Task 1: a layer of neurons
# A neuron with inputs $x_i$ computes $h=\varphi\big(\sum_i x_iw_i+b\big)$: a graph with a product
# on each edge, a sum, and an *activation* $\varphi$. Without $\varphi$, layers of neurons collapse
# to one matrix. We take $\mathrm{relu}(z)=\max(z, 0)$. A layer is many neurons on the same inputs,
# and a batch is many inputs at once, so both become one matrix product:
# $$H=\mathrm{relu}(XW_1+b_1).$$

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 2.8), width_ratios=(3, 2))
for i, height in enumerate((1.0, 0.0, -1.0)):
    left.plot([0.0, 2.0], [height, 0.0], "k-", lw=1)
    left.text(0.0, height, f"$x_{i + 1}$", ha="center", va="center",
              bbox={"boxstyle": "circle", "fc": "white"})  # fmt: skip
    left.text(1.0, 0.62 * height, f"$w_{i + 1}$", ha="center", va="bottom")
left.plot([2.0, 5.5], [0.0, 0.0], "k-", lw=1)
for x, text in ((2.0, r"$\Sigma + b$"), (4.0, r"$\varphi$"), (5.5, "$h$")):
    left.text(x, 0.0, text, ha="center", va="center", bbox={"boxstyle": "circle", "fc": "white"})
left.set(xlim=(-0.5, 6.0), ylim=(-1.4, 1.4))
left.axis("off")
z = np.linspace(-3.0, 3.0, 101)
for name in ("relu", "tanh", "sigmoid"):
    right.plot(z, keras.ops.convert_to_numpy(keras.activations.get(name)(z)), label=name)
right.set(xlabel="weighted sum", ylabel="activation")
right.legend()
plt.show()


# %% tags=["task:neuron"]
def weighted_sum(x, weights, bias):
    """`x` of shape `(batch, inputs)` to the sums of all neurons, shape `(batch, units)`."""
    # --- solution ---
    return x @ weights + bias
    # --- end ---


def relu(z):
    """The larger of `z` and 0, entry by entry."""
    # --- solution ---
    return np.maximum(z, 0.0)
    # --- end ---


# %% tags=["check:neuron"]
check(
    "two neurons on one input of length 3",
    lambda: relu(
        weighted_sum(
            np.array([[1.0, 2.0, 3.0]]),
            np.array([[1.0, 0.0], [0.0, -1.0], [1.0, 0.0]]),
            np.array([0.5, 1.0]),
        )
    ),
    target=[[4.5, 0.0]],
    hint="1 + 3 + 0.5 = 4.5, and -2 + 1 = -1, which relu sets to 0. Column j holds the weights "
    "of neuron j.",
)

# %% [markdown]
# ## 3. Task 2: softmax and cross-entropy
# The output layer gives scores $Z$, the *logits*. Softmax turns a row of them into probabilities,
# $$P_{ik}=\frac{e^{Z_{ik}}}{\sum_j e^{Z_{ij}}},$$
# and the loss is the mean negative logarithm of the probability of the true class,
# $$L=-\frac1n\sum_{i=1}^n\ln P_{i t_i}=\frac1n\sum_{i=1}^n\Big(\ln\sum_je^{Z_{ij}}-Z_{it_i}\Big).$$
#
# Numerically, $e^{710}$ overflows in double precision, and $\ln 0=-\infty$. Both are avoided by one
# observation: subtracting the same number from all logits of a row changes nothing. Subtract the
# largest. And compute $L$ from the logits by the right-hand formula, not by the logarithm of $P$.


# %% tags=["task:softmax"]
def softmax(logits):
    """Probabilities, shape `(batch, classes)`; right for logits of any size."""
    # --- solution ---
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True)
    # --- end ---


def cross_entropy(logits, labels):
    """Mean over the batch of `-ln(probability of the label)`; right for logits of any size."""
    # --- solution ---
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    of_labels = shifted[np.arange(len(labels)), labels]
    return np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - of_labels)
    # --- end ---


# %% tags=["check:softmax"]
check(
    "softmax of two rows",
    lambda: softmax(np.log([[1.0, 1.0, 2.0], [6.0, 1.0, 3.0]])),
    target=[[0.25, 0.25, 0.5], [0.6, 0.1, 0.3]],
    hint="Each row must add up to 1.",
)

# %% tags=["check:cross_entropy"]
check(
    "the loss of not knowing: equal logits for 10 classes",
    lambda: cross_entropy(np.zeros((4, 10)), np.array([0, 3, 3, 9])),
    target=np.log(10.0),
    hint="Each class has the probability 1 / 10; the mean of four times ln(10) is ln(10).",
)

# %% tags=["check:softmax_stable"]
check(
    "the loss of being wrong by a logit of 1000",
    lambda: cross_entropy(np.array([[1000.0, 0.0]]), np.array([1])),
    target=1000.0,
    hint="Subtract the largest logit first, and never take the logarithm of a probability.",
)

# %% [markdown]
# Softmax is a soft maximum: the larger the logits, the more it looks like 0 and 1. The loss grows
# only linearly in a wrong logit, so one bad label cannot ruin a batch as it would with squares.

# %%
logits = np.array([[2.0, 1.0, 0.0, -1.0]])
for factor in (0.3, 1.0, 4.0):
    plt.plot(softmax(factor * logits)[0], "o-", label=f"logits times {factor:g}")
plt.xticks(range(4), [f"class {k}, logit {value:g}" for k, value in enumerate(logits[0])])
plt.ylabel("probability")
plt.legend()
plt.show()

# %% [markdown]
# ## 4. Task 3: back-propagation
# How does $L$ change with each weight? Walk the graph backwards, one chain rule a step. The first
# step is a gift: exponential and logarithm cancel, and
# $$E=\frac{\partial L}{\partial Z}=\frac1n\,(P-Y),$$
# where row $i$ of $Y$ is 1 at the label $t_i$, else 0. From there on, each matrix product
# gives back a product with a transpose:
# $$\frac{\partial L}{\partial W_2}=H^\top E,\qquad
# \frac{\partial L}{\partial b_2}=\sum_i E_{i\cdot},\qquad
# E_1=\big(E\,W_2^\top\big)\odot[H>0],$$
# where $\odot$ multiplies entry by entry and $[H>0]$ is the slope of relu: 1 where the neuron
# is active, else 0. The hidden layer's gradients are the same formulas with $X$ and $E_1$ in place
# of $H$ and $E$. **If the shapes fit, it is probably right; the differences will prove it.**
#
# Write also the referee, `numerical_gradient`, by central differences
# $\big(f(a+\delta)-f(a-\delta)\big)/2\delta$ in each entry of the array.


# %% tags=["task:backward"]
def numerical_gradient(function, array, step=1e-5):
    """Gradient of `function(array)`, a number, by central differences; shape of `array`."""
    # --- solution ---
    slopes = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        nudge = np.zeros(array.shape)
        nudge[index] = step
        slopes[index] = (function(array + nudge) - function(array - nudge)) / (2.0 * step)
    return slopes
    # --- end ---


def backward(parameters, x, hidden, probabilities, labels):
    """Gradients of the mean cross-entropy with respect to all parameters.

    `parameters` is `{"w1": ..., "b1": ..., "w2": ..., "b2": ...}`; so is the result. `hidden` is
    what relu gave, of shape `(batch, hidden)`, and `probabilities` what softmax gave.
    """
    # --- solution ---
    error = probabilities.copy()
    error[np.arange(len(labels)), labels] -= 1.0
    error /= len(labels)
    error_hidden = (error @ parameters["w2"].T) * (hidden > 0.0)
    return {
        "w1": x.T @ error_hidden,
        "b1": np.sum(error_hidden, axis=0),
        "w2": hidden.T @ error,
        "b2": np.sum(error, axis=0),
    }
    # --- end ---


# %% [markdown]
# Your functions, put together to a network:


# %% tags=["given"]
def initial_parameters(num_inputs, num_hidden, num_classes, seed):
    """Random weights, zero biases."""
    rng = np.random.default_rng(seed)
    # Half of the neurons are silent, hence the 2: it keeps the size of the signal.
    return {
        "w1": rng.normal(size=(num_inputs, num_hidden)) * np.sqrt(2.0 / num_inputs),
        "b1": np.zeros(num_hidden),
        "w2": rng.normal(size=(num_hidden, num_classes)) * np.sqrt(1.0 / num_hidden),
        "b2": np.zeros(num_classes),
    }


def forward(parameters, x):
    """`(hidden, logits)` of the rows `x`."""
    hidden = relu(weighted_sum(x, parameters["w1"], parameters["b1"]))
    return hidden, weighted_sum(hidden, parameters["w2"], parameters["b2"])


def loss(parameters, x, labels):
    return cross_entropy(forward(parameters, x)[1], labels)


def gradient(parameters, x, labels):
    """Gradients of the `loss`."""
    hidden, logits = forward(parameters, x)
    return backward(parameters, x, hidden, softmax(logits), labels)


def difference(name, step=1e-5):
    """Largest difference of the two gradients of a small network, relative to the largest slope."""
    rng = np.random.default_rng(5)
    parameters = initial_parameters(6, 5, 3, seed=1)
    x, labels = rng.normal(size=(8, 6)), rng.integers(0, 3, 8)
    slopes = gradient(parameters, x, labels)[name]
    numerical = numerical_gradient(
        lambda value: loss({**parameters, name: value}, x, labels), parameters[name], step
    )
    return np.max(np.abs(slopes - numerical)) / np.max(np.abs(numerical))


# %% tags=["check:numerical_gradient"]
check(
    "differences of a sum of cubes",
    lambda: numerical_gradient(lambda a: np.sum(a**3), np.array([[1.0, 2.0], [3.0, 0.0]])),
    target=[[3.0, 12.0], [27.0, 0.0]],
    rtol=1e-8,
    hint="Change one entry at a time, by +step and by -step, and divide by twice the step.",
)

# %% tags=["check:backward_output"]
check_range(
    "back-propagation against differences, weights of the output layer",
    lambda: difference("w2"),
    0.0,
    1e-6,
    hint="Subtract 1 at the labels, divide by the size of the batch, multiply by hidden from left.",
)

# %% tags=["check:backward_hidden"]
check_range(
    "back-propagation against differences, weights of the hidden layer",
    lambda: difference("w1"),
    0.0,
    1e-6,
    hint="Pass the error back through w2 transposed; stop it where the hidden value is 0.",
)

# %% [markdown]
# The difference of the two gradients over the step: too large a step leaves the error of the
# formula, $O(\delta^2)$; too small a one leaves rounding, $O(10^{-16}/\delta)$. The minimum is the
# best that differences can do. (The last point of `w1` leaps: such a step crosses kinks of relu.)
# Back-propagation is exact, and costs about two forward passes more, whatever the number of
# weights; differences cost two forward passes *for each weight*.

# %%
steps = 10.0 ** np.arange(-11.0, -1.0, 0.5)
for name in ("w1", "w2"):
    plt.loglog(steps, [difference(name, step) for step in steps], "o-", label=name)
plt.xlabel("step of the differences")
plt.ylabel("relative difference of the gradients")
plt.legend()
plt.show()

# %% [markdown]
# ## 5. Task 4: stochastic gradient descent
# Go downhill: $\theta\leftarrow\theta-\eta\,\partial L/\partial\theta$ with the *rate* $\eta$. The
# gradient over all 10,000 images is expensive, and no better a direction than one over 32 of
# them, so: shuffle the images, cut them into batches, make a step for each. One run through all
# images is an *epoch*; shuffle anew for each. The last batch may be smaller.


# %% tags=["task:sgd"]
def sgd(gradient, parameters, x, labels, rate, batch_size, epochs, seed):
    """Parameters after `epochs` of steps `-rate * gradient(parameters, x_batch, labels_batch)`.

    `parameters` and the gradients are dicts of arrays with the same keys. The parameters passed in
    stay as they are; the same `seed` repeats the same batches.
    """
    # --- solution ---
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            slopes = gradient(parameters, x[batch], labels[batch])
            parameters = {name: parameters[name] - rate * slopes[name] for name in parameters}
    return parameters
    # --- end ---


# %% [markdown]
# First on something whose solution we know: the mean of numbers is where
# $\frac12\sum_i(w-x_i)^2$ has its minimum. With $\eta=1$ and all numbers in one batch, a
# single step must land there.

# %% tags=["check:sgd_step"]
check(
    "one step to the mean of 1, 2, 6",
    lambda: sgd(
        lambda p, x, labels: {"w": np.mean(p["w"] - x)},
        {"w": 10.0}, np.array([1.0, 2.0, 6.0]), np.zeros(3, int), 1.0, 3, 1, seed=0,
    )["w"],
    target=3.0,
    hint="Subtract the rate times the slope from each parameter, and return the new dict.",
)  # fmt: skip


# %% tags=["given"]
def batches_of_an_epoch(num_samples, batch_size):
    """The samples in the order in which `sgd` saw them."""
    seen = []

    def spy(parameters, x, labels):
        seen.extend(x)
        return {"w": 0.0}

    sgd(spy, {"w": 0.0}, np.arange(num_samples), np.arange(num_samples), 0.1, batch_size, 1, seed=0)
    return np.array(seen)


# %% tags=["check:sgd_batches"]
check(
    "10 samples in batches of 4: each is seen once",
    lambda: np.sort(batches_of_an_epoch(10, 4)),
    target=np.arange(10),
    hint="The batches have 4, 4 and 2 samples.",
)

# %% [markdown]
# Sanity before training. An untrained network should know about nothing, so its loss is near
# $\ln 10\approx2.30$; and it must learn eight images by heart.

# %%
x_rows = rows(x_train)
start = initial_parameters(784, 64, 10, seed=0)
learnt = sgd(gradient, start, x_rows[:8], y_train[:8], rate=0.1, batch_size=8, epochs=200, seed=0)
{
    "loss at the start": loss(start, x_rows, y_train),
    "loss of eight images learnt by heart": loss(learnt, x_rows[:8], y_train[:8]),
}

# %% [markdown]
# Now the digits, by nothing but your own functions. *Softmax regression* is the network without a
# hidden layer, a classic method of statistics: its `W` holds one template for each class.


# %%
def linear_gradient(parameters, x, labels):
    error = softmax(weighted_sum(x, parameters["w"], parameters["b"])) - np.eye(10)[labels]
    return {"w": x.T @ error / len(x), "b": np.mean(error, axis=0)}


blank = {"w": np.zeros((784, 10)), "b": np.zeros(10)}
linear = sgd(linear_gradient, blank, x_rows, y_train, 0.1, 32, EPOCHS, seed=0)
network_by_hand, history = start, []
for epoch in range(EPOCHS):
    network_by_hand = sgd(gradient, network_by_hand, x_rows, y_train, 0.1, 32, 1, seed=epoch)
    history.append(
        [loss(network_by_hand, x_rows, y_train), loss(network_by_hand, rows(x_valid), y_valid)]
    )

# %%
classifiers["softmax regression"] = lambda x: np.argmax(
    weighted_sum(rows(x), linear["w"], linear["b"]), axis=1
)
classifiers["network by hand"] = lambda x: np.argmax(forward(network_by_hand, rows(x))[1], axis=1)
{name: percent_wrong(classify(x_valid), y_valid) for name, classify in classifiers.items()}

# %%
plt.semilogy(np.arange(1, EPOCHS + 1), history, "o-", label=["training", "other images"])
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.show()

# %% [markdown]
# The loss on the training images falls on and on, the loss on others ever more slowly: the gap is
# what the network has learnt by heart (lab 01: overfitting).
#
# What did the weights learn? Above the ten templates of softmax regression: red speaks for the
# class, blue against it. Below, what training added to the random weights of twenty hidden neurons:
# blobs and strokes in places where digits differ, rather than digits.

# %%
added = network_by_hand["w1"] - start["w1"]
pictures = np.concatenate([linear["w"].T, added.T[:20]]).reshape(30, 28, 28)
figure, axes = plt.subplots(3, 10, figsize=(10, 3.3))
for axis, picture in zip(axes.flat, pictures, strict=True):
    limit = np.max(np.abs(picture))
    axis.imshow(picture, cmap="RdBu_r", vmin=-limit, vmax=limit)
    axis.axis("off")
plt.show()

# %% [markdown]
# ## 6. Task 5: the network in Keras
# Keras does the same with automatic derivatives. Build a network
# - from images `(28, 28, 1)` to 10 **logits**: no activation at the end, so that the loss can be
#   computed stably as in task 2; tell the loss so by `from_logits=True`,
# - of `Flatten` and `Dense` layers with at least one non-linear hidden layer,
# - with at most 60,000 parameters.
#
# Train it in `fit_network`. You are graded by the error on hidden digits **moved by up to one pixel
# and with a little noise**, after training on 8,000 others with `epochs=10` (30 seconds at most).


# %% tags=["task:network"]
def build_network(seed):
    """Untrained Keras model from `(batch, 28, 28, 1)` to logits `(batch, 10)`."""
    # --- solution ---
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(72, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    # --- end ---


def fit_network(x, labels, seed, epochs):
    """The network trained on images `x`, shape `(n, 28, 28, 1)`, and labels `(n,)`."""
    # --- solution ---
    network = build_network(seed)
    network.compile(
        keras.optimizers.Adam(0.001),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    network.fit(x, labels, batch_size=32, epochs=epochs, verbose=0)
    return network
    # --- end ---


# %% tags=["given"]
def network_loss(network, x, labels):
    return cross_entropy(network.predict(x, verbose=0), labels)


# %% tags=["check:network_start"]
check_range(
    "loss of the untrained network: about ln(10)",
    lambda: network_loss(build_network(0), x_train[:500], y_train[:500]),
    1.8,
    3.2,
    hint="The last layer has 10 units and no activation.",
)

# %% tags=["check:network_overfits"]
check_range(
    "loss of eight images learnt by heart",
    lambda: network_loss(fit_network(x_train[:8], y_train[:8], 0, 200), x_train[:8], y_train[:8]),
    0.0,
    0.1,
    hint="Does the loss get logits, and is it told so? Is the rate of learning large enough?",
)

# %%
network = fit_network(x_train, y_train, seed=0, epochs=EPOCHS)
classifiers["network in Keras"] = lambda x: np.argmax(network.predict(x, verbose=0), axis=1)
{name: percent_wrong(classify(x_valid), y_valid) for name, classify in classifiers.items()}

# %% [markdown]
# Be honest: on 10,000 digits the network is only about as good as the nearest neighbour, which
# needed no training at all. But it stores 57,000 numbers instead of 7.8 million, and takes as much
# less work for an answer. Now move the images to the right, pixel by pixel:


# %%
def moved(x, columns):
    return np.roll(x, columns, axis=2)


for name, classify in classifiers.items():
    errors = [percent_wrong(classify(moved(x_valid, n)), y_valid) for n in range(5)]
    plt.plot(errors, "o-", label=name)
plt.axhline(90.0, color="grey", lw=1, label="guessing")
plt.xlabel("pixels to the right")
plt.ylabel("error [%]")
plt.legend()
plt.show()

# %% [markdown]
# A step of three pixels, which no reader would mind, makes every second answer of all of them
# wrong: to a `Dense` layer the pixels are 784 unrelated numbers. A layer that knows neighbours
# comes in lab 03.
#
# Digits that the network gets wrong, with its answer and the label. Would you have known?

# %%
answers = classifiers["network in Keras"](x_valid)
figure, axes = plt.subplots(1, 10, figsize=(10, 1.4))
for axis, i in zip(axes, np.flatnonzero(answers != y_valid)):
    axis.imshow(x_valid[i, :, :, 0], cmap="gray_r")
    axis.set_title(f"{answers[i]}, not {y_valid[i]}", fontsize=8)
    axis.axis("off")
plt.show()

# %% [markdown]
# ## 7. Explore
# Change one thing at a time: the rate of the descent by hand (0.01, 1, 3: what happens first?), the
# batch size at a fixed number of epochs, the 10,000 images (who wins with 500?). Then let
# `fit_network` train on copies of its images moved by a pixel, others in each epoch, and draw the
# curves over the pixels again. That is *augmentation*, the cheapest way to tell a network what does
# not matter: the error on the hidden digits falls from about 16 % to 7 %. Without it the nearest
# neighbour, with 13 %, is the better reader of such digits.
#
# **Questions to answer for yourself.** All weights start at zero: what are the gradients of the
# hidden layer, and why are random weights needed there but not in softmax regression? A weight of
# the first layer that belongs to a corner pixel, which is white in all images: how does it change
# in training, and what will it do to a noisy image?
#
# ## 8. Save, and the library's version
# A trained network is a file. Whoever loads it needs none of the code above.

# %%
network.save("digits.keras")
loaded = keras.saving.load_model("digits.keras")
np.max(np.abs(loaded.predict(x_valid, verbose=0) - network.predict(x_valid, verbose=0)))

# %% [markdown]
# The library has both networks, and `keras-solvers run mnist --model softmax` (or `mlp`) trains
# them on all 60,000 images. Here they train on ours, for a comparison with your own.

# %%
from keras_solvers.models import mlp, softmax_regression

library = {"softmax_regression()": softmax_regression(), "mlp(width=72)": mlp((28, 28, 1), 10, 72)}
for model in library.values():
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x_train, y_train, batch_size=32, epochs=EPOCHS, verbose=0)
{
    name: percent_wrong(np.argmax(model.predict(x_valid, verbose=0), axis=1), y_valid)
    for name, model in library.items()
}
