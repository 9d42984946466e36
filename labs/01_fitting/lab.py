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
# # Lab 01: Fitting
#
# **You will be able to**
# - fit a polynomial by least squares, and say what its degree does to the error on new points,
# - choose a model by data it has not seen,
# - explain with numbers why fitting becomes hard in many dimensions, and what saves us,
# - train a first network as just another fit, and say where it is no better than a polynomial.
#
# **Before**: lab 00. **Time**: 60 minutes, of which the computer needs one. **Points**: 100.
#
# A *fit* answers: which function of a family passes closest to the points we measured? Everything
# in this course is a fit. What changes from lab to lab is the family (polynomials, networks), the
# measure of closeness (squares, entropies, residuals of equations) and where the points come from.

# %% tags=["setup"]
import math

import keras
import matplotlib.pyplot as plt
import numpy as np

from keras_solvers.grading import check, check_range, fast_mode

EPOCHS = 10 if fast_mode() else 200

# %% [markdown]
# ## 1. The data: the viscosity of water
# Water at 80 °C flows five times as easily as at 0 °C. The table is the dynamic viscosity in mPa s
# at ambient pressure (IAPWS 2008 formulation, as tabulated in the CRC Handbook of Chemistry and
# Physics). The temperature is scaled to $x\in[-1, 1]$, so that powers of it stay tame.

# %% tags=["given"]
TEMPERATURE = np.linspace(0.0, 100.0, 11)  # degrees Celsius
VISCOSITY = np.array(
    [1.7911, 1.3059, 1.0016, 0.7972, 0.6527, 0.5465, 0.4660, 0.4036, 0.3541, 0.3142, 0.2816]
)  # mPa s


def scaled(temperature):
    """Temperature in degrees Celsius to `x` in [-1, 1]."""
    return np.asarray(temperature) / 50.0 - 1.0


# %%
plt.plot(TEMPERATURE, VISCOSITY, "o")
plt.xlabel("temperature [°C]")
plt.ylabel("viscosity [mPa s]")
plt.show()

# %% [markdown]
# ## 2. Task 1: the design matrix
# A polynomial of degree $d$ is linear in its coefficients:
# $p(x_i)=\sum_{j=0}^{d} A_{ij}c_j$ with $A_{ij}=x_i^j$. Build $A$.
#
# `x`: shape `(n,)`. Returns: shape `(n, degree + 1)`, column `j` holds `x**j`.


# %% tags=["task:design_matrix"]
def design_matrix(x, degree):
    """Powers `x**0 ... x**degree` as columns, shape `(n, degree + 1)`."""
    # --- solution ---
    return np.stack([np.asarray(x) ** j for j in range(degree + 1)], axis=1)
    # --- end ---


# %% tags=["check:design_matrix"]
check(
    "design matrix of degree 2",
    lambda: design_matrix(np.array([2.0, -1.0]), 2),
    target=[[1.0, 2.0, 4.0], [1.0, -1.0, 1.0]],
    hint="One row for each point, one column for each power, the constant first.",
)

# %% [markdown]
# ## 3. Task 2: least squares
# The best coefficients minimise $\|Ac-y\|^2+\rho\,\|c\|^2$. The second term, the *ridge*, holds the
# coefficients small; with $\rho=0$ it is plain least squares.
#
# Setting the gradient to zero gives $(A^\top A+\rho I)\,c=A^\top y$. For $\rho=0$ these equations
# square the condition number of $A$, so better hand the problem to `np.linalg.lstsq`. It takes the
# ridge too: append the rows $\sqrt\rho\,I$ to $A$ and as many zeros to $y$.


# %% tags=["task:fit_polynomial"]
def fit_polynomial(x, y, degree, ridge=0.0):
    """Coefficients, shape `(degree + 1,)`, that minimise `|A c - y|^2 + ridge |c|^2`."""
    # --- solution ---
    matrix = design_matrix(x, degree)
    damping = math.sqrt(ridge) * np.eye(degree + 1)
    right = np.concatenate([y, np.zeros(degree + 1)])
    return np.linalg.lstsq(np.concatenate([matrix, damping]), right, rcond=None)[0]
    # --- end ---


# %% tags=["check:fit_exact"]
check(
    "a line through three points on it",
    lambda: fit_polynomial(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), 1),
    target=[1.0, 2.0],
    hint="The points lie on 1 + 2 x: the fit must find exactly that.",
)

# %% tags=["check:fit_ridge"]
check(
    "a ridge of 3 on a constant",
    lambda: fit_polynomial(np.array([0.5, 0.7]), np.array([5.0, 5.0]), 0, ridge=3.0),
    target=[2.0],
    hint="Minimise 2 (c - 5)^2 + 3 c^2: its gradient vanishes at c = 10 / 5.",
)

# %% [markdown]
# Three degrees on the water data. The line is too stiff, degree 10 passes through all 11 points.
# Which one would you trust between the points, and which at 110 °C?

# %%
fine = np.linspace(-15.0, 115.0, 300)
plt.plot(TEMPERATURE, VISCOSITY, "ko")
for degree in (1, 3, 10):
    coefficients = fit_polynomial(scaled(TEMPERATURE), VISCOSITY, degree)
    plt.plot(fine, design_matrix(scaled(fine), degree) @ coefficients, label=f"degree {degree}")
plt.ylim(0.0, 2.5)
plt.xlabel("temperature [°C]")
plt.ylabel("viscosity [mPa s]")
plt.legend()
plt.show()

# %% [markdown]
# ## 4. Task 3: choose the degree by data it has not seen
# Now measurements with noise. The error on the points of the fit falls with every further degree;
# the error on *other* points falls, then rises. Fit each degree on the training points, measure
# the root mean square error on the validation points, and take the best.


# %% tags=["given"]
def noisy_samples(num_samples, seed, noise=0.2):
    """Points of `sin(3 x) + x / 2` on [-1, 1] with Gaussian noise."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1.0, 1.0, num_samples)
    return x, np.sin(3.0 * x) + 0.5 * x + noise * rng.normal(size=num_samples)


# %% tags=["task:choose_degree"]
def choose_degree(x, y, x_valid, y_valid, max_degree):
    """`(degree, errors)`: the best degree on the validation points, and its competitors.

    `errors` has shape `(max_degree + 1,)`: the root mean square error on the validation points of
    each degree from 0 on.
    """
    # --- solution ---
    errors = np.empty(max_degree + 1)
    for degree in range(max_degree + 1):
        coefficients = fit_polynomial(x, y, degree)
        misfit = design_matrix(x_valid, degree) @ coefficients - y_valid
        errors[degree] = np.sqrt(np.mean(misfit**2))
    return int(np.argmin(errors)), errors
    # --- end ---


# %% tags=["check:choose_degree"]
check_range(
    "the degree chosen for 25 noisy points",
    lambda: choose_degree(*noisy_samples(25, 1), *noisy_samples(200, 2), 15)[0],
    3,
    6,
    hint="Fit on the first pair of arrays only; measure the error on the second pair only.",
)

# %%
x_train, y_train = noisy_samples(25, 1)
x_valid, y_valid = noisy_samples(200, 2)
degree, errors = choose_degree(x_train, y_train, x_valid, y_valid, 15)
train_errors = [
    np.std(design_matrix(x_train, d) @ fit_polynomial(x_train, y_train, d) - y_train)
    for d in range(16)
]
plt.semilogy(train_errors, "o-", label="points of the fit")
plt.semilogy(errors, "s-", label="other points")
plt.axhline(0.2, color="grey", label="noise")
plt.xlabel("degree")
plt.ylabel("root mean square error")
plt.ylim(0.05, 20.0)
plt.legend()
plt.show()

# %% [markdown]
# Left of the minimum the family is too small (*underfitting*), right of it the fit follows the
# noise (*overfitting*). The error cannot fall below the noise: that is the floor of any method.
#
# ## 5. Task 4: many dimensions
# An image of 28 x 28 pixels is a point in 784 dimensions. Intuition from three fails there. The
# unit ball has the volume
# $$V_n=\frac{\pi^{n/2}}{\Gamma(n/2+1)},$$
# and the cube $[-1,1]^n$ around it has $2^n$. Write both the formula and the experiment: the share
# of uniformly random points of the cube that fall into the ball.


# %% tags=["task:ball"]
def ball_volume(dimension):
    """Volume of the ball of radius 1."""
    # --- solution ---
    return math.pi ** (dimension / 2) / math.gamma(dimension / 2 + 1)
    # --- end ---


def ball_share(dimension, num_samples, seed):
    """Share of `num_samples` random points of the cube [-1, 1]^n whose norm is at most 1."""
    # --- solution ---
    points = np.random.default_rng(seed).uniform(-1.0, 1.0, (num_samples, dimension))
    return np.mean(np.sum(points**2, axis=1) <= 1.0)
    # --- end ---


# %% tags=["check:ball_volume"]
check(
    "volume of the ball in 3 dimensions",
    lambda: ball_volume(3),
    target=4.0 / 3.0 * math.pi,
    hint="math.gamma; mind the + 1 in its argument.",
)

# %% tags=["check:ball_share"]
check_range(
    "share of the square that the disc fills",
    lambda: ball_share(2, 100_000, 0),
    math.pi / 4 - 0.01,
    math.pi / 4 + 0.01,
    hint="The norm of a point is a sum over its coordinates, so over the last axis.",
)

# %%
dimensions = np.arange(1, 21)
shares = [ball_share(n, 100_000, 0) for n in dimensions]
plt.semilogy(dimensions, [ball_volume(n) / 2.0**n for n in dimensions], label="formula")
plt.semilogy(dimensions, np.maximum(shares, 1e-9), "o", label="100,000 random points")
plt.xlabel("dimension")
plt.ylabel("ball / cube")
plt.ylim(1e-9, 2.0)
plt.legend()
plt.show()

# %% [markdown]
# In 20 dimensions not one of 100,000 points falls into the ball: the cube is all corners. A grid
# of 10 points a side needs $10^{784}$ points for images. Nobody can fill such a space with data.
#
# What saves us: real data do not fill it. Below, points of the 64-dimensional cube of 8 x 8 grey
# values, and real digits (scikit-learn's). Digits lie near a *manifold* of few dimensions: 20
# principal components hold 90 % of their variance, of random points hardly a third.

# %%
from sklearn.datasets import load_digits

digits = load_digits().data / 16.0
noise = np.random.default_rng(0).uniform(size=digits.shape)
for points, label in ((digits, "digits"), (noise, "random images")):
    variance = np.linalg.svd(points - points.mean(axis=0), compute_uv=False) ** 2
    plt.plot(np.cumsum(variance) / np.sum(variance), label=label)
plt.xlabel("number of principal components")
plt.ylabel("share of the variance")
plt.legend()
plt.show()

# %%
pictures = np.concatenate([digits[:8], noise[:8]]).reshape(16, 8, 8)
figure, axes = plt.subplots(2, 8, figsize=(8, 2))
for axis, picture in zip(axes.flat, pictures, strict=True):
    axis.imshow(picture, cmap="gray_r")
    axis.axis("off")
plt.show()

# %% [markdown]
# ## 6. Task 5: a network as a fit
# A network with one hidden layer is a sum, $\sum_k v_k\,\sigma(w_kx+b_k)+a$
# with a bent function $\sigma$ such as $\tanh$. Unlike a
# polynomial it is not linear in its parameters, so there is no `lstsq`: gradient descent must do.
#
# Build a Keras model from shape `(1,)` to shape `(1,)` with at least one hidden layer and at most
# 2,000 parameters, and train it in `fit_network` (any optimizer; 20 seconds at most). It is graded
# by its error on new points of a function that is *not* the one below.


# %% tags=["task:network"]
def build_network(seed):
    """Untrained Keras model from `(batch, 1)` to `(batch, 1)`, at most 2,000 parameters."""
    # --- solution ---
    keras.utils.set_random_seed(seed)
    bent = {"activation": "gelu", "kernel_initializer": "he_normal"}
    hidden = [keras.layers.Dense(24, **bent) for _ in range(3)]
    return keras.Sequential([keras.Input((1,)), *hidden, keras.layers.Dense(1)])
    # --- end ---


def fit_network(x, y, seed, epochs):
    """The network trained on `x` and `y`, both of shape `(n,)`, for `epochs` epochs."""
    # --- solution ---
    network = build_network(seed)
    steps = epochs * math.ceil(len(x) / 32)
    rate = keras.optimizers.schedules.CosineDecay(0.01, steps)
    network.compile(keras.optimizers.Adam(rate), loss="mse")
    network.fit(x[:, None], y[:, None], batch_size=32, epochs=epochs, verbose=0)
    return network
    # --- end ---


# %% [markdown]
# Sanity before training: the untrained network knows nothing, so its error is about the size of
# the data itself; and a network that cannot fit eight points cannot fit anything.

# %% tags=["check:network_start"]
check_range(
    "error of the untrained network",
    lambda: np.std(np.ravel(build_network(0)(x_train[:, None])) - y_train),
    0.3,
    3.0,
    hint="The model must be a Keras model from (batch, 1) to (batch, 1), and not yet trained.",
)

# %% tags=["check:network_overfits"]
check_range(
    "error of the network on eight points it was trained on",
    lambda: np.std(
        np.ravel(fit_network(x_train[:8], y_train[:8], 0, 200)(x_train[:8, None])) - y_train[:8]
    ),
    0.0,
    0.1,
    hint="Does the loss fall? Try a larger learning rate, or more units.",
)

# %%
x_many, y_many = noisy_samples(400, 3, noise=0.05)
network = fit_network(x_many, y_many, seed=0, epochs=EPOCHS)
polynomial = fit_polynomial(x_many, y_many, 7)

# %% [markdown]
# Network and polynomial side by side, with the truth, inside and outside of the data.

# %%
wide = np.linspace(-1.6, 1.6, 200)
plt.plot(x_many, y_many, ".", color="lightgrey", label="data")
plt.plot(wide, np.sin(3.0 * wide) + 0.5 * wide, "k--", label="truth")
plt.plot(wide, np.ravel(network(wide[:, None])), label="network")
plt.plot(wide, design_matrix(wide, 7) @ polynomial, label="polynomial, degree 7")
plt.ylim(-3.0, 3.0)
plt.legend()
plt.show()

# %% [markdown]
# Inside the data both are good, and the polynomial was a thousand times faster: in one dimension
# a network does not pay. Outside both are wrong, each in its own way: no fit knows what it has not
# seen. Networks begin to pay when the input has many dimensions and lies near a manifold, which is
# the rest of this course.
#
# ## 7. Explore
# Change one thing at a time: the noise in `noisy_samples`, the 25 points, the width of the network,
# the activation. When does the best degree grow? When does the network beat degree 7?
#
# **Questions to answer for yourself.** Why must the validation points be others than those the
# degree was chosen by, if you want to publish the error? What would a straight line in
# $\log(\text{viscosity})$ over $1/T$ predict at 110 °C, and why is physics the best regulariser?
#
# ## 8. Save, and the library's version
# A trained network is a file. Whoever loads it needs none of the code above.

# %%
network.save("fit.keras")
loaded = keras.saving.load_model("fit.keras")
np.max(np.abs(np.ravel(loaded(x_many[:, None])) - np.ravel(network(x_many[:, None]))))

# %% [markdown]
# The library builds such networks with `keras_solvers.models.mlp`, and trains them in a folder that
# survives interruption: `keras-solvers run mnist --model mlp` is this lab's network on images.

# %%
from keras_solvers.models import mlp

mlp((1,), 1, width=32).summary()
