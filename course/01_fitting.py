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
# # Lecture 01: Fitting and capacity
#
# A network is a fit. Everything that is known about fits holds for it: that a good fit of the data
# may be a bad answer, that a larger family needs more data, that dimension is the enemy, and that
# the equations for the parameters can be well or badly posed. This lecture tells it with families
# that can be understood completely, and ends with the first network.
#
# **Before**: lecture 00. **Afterwards**: lab 01, where you write the fits yourself.

# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_diabetes, load_digits
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from keras_solvers.grading import fast_mode
from keras_solvers.models import mlp

FAST = fast_mode()

# %% [markdown]
# ## 1. Why squares
# Given points $(x_i, y_i)$, $i=1..n$, and a family $f(x; c)$ with parameters $c$. *Least squares*
# takes the $c$ that minimises $\sum_i (f(x_i; c)-y_i)^2$. Gauss gave the reason: if $y_i$ is
# $f(x_i; c)$ plus independent normal errors of equal size, the probability of the data is
# $\propto\exp(-\sum_i(f(x_i;c)-y_i)^2/2\sigma^2)$, and the $c$ of least squares makes the data as
# probable as possible. Other errors call for other measures: in lecture 02 the answers are classes,
# and the same argument gives the cross-entropy.
#
# If $f$ is linear in $c$, $f(x_i;c)=(Ac)_i$, the minimum solves a linear system: one shot, no
# iteration, no start, no doubt. Keep this luxury in mind when networks take it away.

# %% [markdown]
# ## 2. Bias and variance
# Suppose we could repeat the measurement many times, and fit each time anew. At a point $x$ the
# fits scatter around their mean $\bar f(x)$, and the mean misses the truth $g(x)$. The expected
# squared error at a new noisy point splits without remainder:
# $$\mathbb E\,(f(x)-y)^2=\underbrace{(\bar f(x)-g(x))^2}_{\text{bias}^2}
# +\underbrace{\mathbb E\,(f(x)-\bar f(x))^2}_{\text{variance}}
# +\underbrace{\sigma^2}_{\text{noise}}.$$
# A small family cannot follow the truth: bias. A large one follows the noise of its sample:
# variance. We cannot repeat reality, but a computer can: 300 samples of 25 points each, one at a
# random place in each of 25 equal cells.


# %%
def truth(x):
    return np.exp(-x) * np.cos(6.0 * x)


NOISE, NUM_POINTS, NUM_REPEATS = 0.3, 25, 50 if FAST else 300
x_new = np.linspace(-0.95, 0.95, 200)
rng = np.random.default_rng(0)


def repeated_fits(degree, num_points=NUM_POINTS):
    """Values at `x_new` of fits to `NUM_REPEATS` fresh samples, shape `(repeats, 200)`."""
    values = []
    for _ in range(NUM_REPEATS):
        x = 2.0 * (np.arange(num_points) + rng.random(num_points)) / num_points - 1.0
        y = truth(x) + NOISE * rng.normal(size=num_points)
        values.append(np.polynomial.Chebyshev.fit(x, y, degree, domain=[-1, 1])(x_new))
    return np.array(values)


# %%
figure, axes = plt.subplots(1, 3, figsize=(12, 3.2), sharey=True)
for panel, degree in zip(axes, (2, 7, 14)):
    values = repeated_fits(degree)
    panel.plot(x_new, values[:40].T, color="C0", alpha=0.15)
    panel.plot(x_new, values.mean(axis=0), "C1", linewidth=2, label="mean of all fits")
    panel.plot(x_new, truth(x_new), "k--", label="truth")
    panel.set(title=f"degree {degree}", ylim=(-3.5, 3.5), xlabel="x")
axes[0].legend()
plt.show()

# %%
degrees = range(13)
bias, variance = [], []
for degree in degrees:
    values = repeated_fits(degree)
    bias.append(np.mean((values.mean(axis=0) - truth(x_new)) ** 2))
    variance.append(np.mean(values.var(axis=0)))
plt.semilogy(degrees, bias, "o-", label="squared bias")
plt.semilogy(degrees, variance, "s-", label="variance")
plt.semilogy(degrees, np.add(bias, variance) + NOISE**2, "k^-", label="sum, with the noise")
plt.axhline(NOISE**2, color="grey", label="noise")
plt.xlabel("degree")
plt.ylabel("mean squared error at new points")
plt.ylim(1e-4, 2.0)
plt.legend()
plt.show()

# %% [markdown]
# The sum has its minimum where a further degree costs as much variance as it saves bias. With more
# points the variance falls as $1/n$, the bias stays: *a larger sample affords a larger family*.

# %%
for num_points in (25, 100, 400):
    errors = [
        np.mean((repeated_fits(degree, num_points) - truth(x_new)) ** 2) for degree in range(2, 13)
    ]
    print(f"{num_points} points: best degree {2 + int(np.argmin(errors))}, error {min(errors):.4f}")

# %% [markdown]
# ## 3. Real data: ten measurements of 442 patients
# The data set of Efron, Hastie, Johnstone and Tibshirani (2004): age, sex, body mass, blood
# pressure and six blood values of 442 diabetes patients; to be predicted is the progression of the
# disease a year later. A linear fit has 11 coefficients. All products of two measurements make it
# 66, of three 286: nearly as many as there are patients to fit.

# %%
diabetes = load_diabetes()
order = np.random.default_rng(0).permutation(442)
fit, held_out = order[:300], order[300:]
scale = diabetes.target.std()


def relative_errors(model):
    """Root mean square errors over the spread of the target: on the fit, on other patients."""
    model.fit(diabetes.data[fit], diabetes.target[fit])
    return [
        np.sqrt(np.mean((model.predict(diabetes.data[part]) - diabetes.target[part]) ** 2)) / scale
        for part in (fit, held_out)
    ]


def with_products(degree, regression):
    return make_pipeline(
        PolynomialFeatures(degree, include_bias=False), StandardScaler(), regression
    )


for degree in (1, 2, 3):
    known, new = relative_errors(with_products(degree, LinearRegression()))
    print(f"degree {degree}: error {known:.2f} on the patients of the fit, {new:.2f} on others")

# %% [markdown]
# Always guessing the mean would give 1. The linear fit explains half of the variance, which is
# what such data contain. With all triple products the fit is three times closer to the patients it
# has seen, and worse than useless on others. The error on the data of the fit says nothing.

# %% [markdown]
# ## 4. The ridge
# A second way to make a family smaller: leave it large, and charge for size. Minimise
# $$\|Ac-y\|^2+\rho\,\|c\|^2.$$
# With the singular values $s_k$ of $A$ the solution shrinks each direction by $s_k^2/(s_k^2+\rho)$:
# directions that the data determine well ($s_k^2\gg\rho$) stay, those that only the noise
# determines vanish. The sum of these factors, the *effective number of parameters*, moves
# continuously from all of them to none.

# %%
ridges = np.logspace(-3, 6, 28)
curves = np.array([relative_errors(with_products(3, Ridge(alpha=ridge))) for ridge in ridges])
matrix = with_products(3, Ridge())[:-1].fit_transform(diabetes.data[fit])
values = np.linalg.svd(matrix, compute_uv=False) ** 2
effective = [np.sum(values / (values + ridge)) for ridge in ridges]
figure, axes = plt.subplots(1, 2, figsize=(11, 3.6))
axes[0].semilogx(ridges, curves[:, 0], "o-", label="patients of the fit")
axes[0].semilogx(ridges, curves[:, 1], "s-", label="other patients")
axes[0].set(xlabel="ridge", ylabel="relative error", ylim=(0.0, 1.5))
axes[0].legend()
axes[1].semilogx(ridges, effective)
axes[1].set(xlabel="ridge", ylabel="effective number of parameters")
plt.show()

# %%
best = int(np.argmin(curves[:, 1]))
linear = relative_errors(with_products(1, LinearRegression()))[1]
print(f"degree 3 with the best ridge: {curves[best, 1]:.3f}; plain linear fit: {linear:.3f}")
print(f"effective parameters at the best ridge: {effective[best]:.0f} of {matrix.shape[1]}")

# %% [markdown]
# The minimum of the orange curve repairs the damage of 285 features, and yet it is not better than
# the plain linear fit: where the data hold no more, the smallest family that says it is the best.
# (The ridge was chosen on the very patients it is quoted for, so its number even flatters. A third
# set of patients would be needed.)

# %% [markdown]
# ## 5. The curse of dimension
# Why not simply look up the nearest measured point? In one dimension that works: $n$ points on an
# interval leave gaps of $1/n$. In $d$ dimensions the gaps are $n^{-1/d}$: to halve them takes $2^d$
# times the data. And worse, the notion of *near* fades: the distances from a point to all others
# become equal.

# %%
rng = np.random.default_rng(1)
for dimension in (2, 10, 100, 784):
    points = rng.uniform(size=(1000, dimension))
    distances = np.linalg.norm(points[1:] - points[0], axis=1)
    distances /= distances.mean()
    label = f"{dimension} dimensions, nearest {distances.min():.2f}"
    plt.hist(distances, bins=50, range=(0, 2), histtype="step", linewidth=2, label=label)
plt.xlabel("distance to the other points, over its mean")
plt.ylabel("number of points")
plt.legend()
plt.show()

# %% [markdown]
# ## 6. The manifold
# If that were the whole story, nobody could recognise a digit. But pictures are no random points.
# Scikit-learn's digits have 8 x 8 grey values, so they live in 64 dimensions; yet nearest
# neighbour, the method that must fail, is right almost always.

# %%
digits = load_digits()
images, labels = digits.data / 16.0, digits.target
split = np.random.default_rng(0).permutation(len(images))
train, test = split[:1200], split[1200:]
neighbour = KNeighborsClassifier(1).fit(images[train], labels[train])
share = np.mean(neighbour.predict(images[test]) == labels[test])
print(f"nearest neighbour: {100 * share:.1f} % right on {len(test)} new digits")

# %% [markdown]
# Digits that a hand can write form a thin, curved set: move, slant, thicken, and little else. How
# many dimensions does it have? Count the neighbours within a radius $r$: on a set of dimension $d$
# their number grows like $r^d$, so the slope of $\log(\text{pairs})$ over $\log r$ is the dimension
# (Grassberger and Procaccia, 1983).

# %%
random_images = np.random.default_rng(2).uniform(size=images.shape)
for cloud, label in ((images, "digits"), (random_images, "random images")):
    squares = np.sum(cloud**2, axis=1)
    squared = squares[:, None] + squares - 2.0 * cloud @ cloud.T
    distances = np.sort(np.sqrt(squared[np.triu_indices(len(cloud), 1)].clip(0.0)))
    pairs = np.arange(1, len(distances) + 1) / len(distances)
    part = (pairs > 1e-4) & (pairs < 1e-2)
    slope = np.polyfit(np.log(distances[part]), np.log(pairs[part]), 1)[0]
    plt.loglog(distances[::200], pairs[::200], label=f"{label}: slope {slope:.0f}")
plt.xlabel("distance")
plt.ylabel("share of pairs that are nearer")
plt.legend()
plt.show()

# %% [markdown]
# A handful of dimensions instead of dozens (for the random images 1797 points are too few to count
# them all). Learning works on real data because they lie near a manifold of few dimensions, and a
# good family follows it without being told where it is.

# %% [markdown]
# ## 7. Two ways to the minimum
# The quadratic $\|Ac-y\|^2$ has its minimum at the solution of a linear system: solve it directly.
# Or walk downhill,
# $$c\leftarrow c-\eta\,A^\top(Ac-y),$$
# which needs only products with $A$. Its error in the direction of the singular value $s_k$ falls
# by $1-\eta s_k^2$ in each step. The step must satisfy $\eta<2/s_1^2$, so the weakest direction
# needs about $\kappa=s_1^2/s_m^2$ steps. The condition number decides.


# %%
def descend(matrix, right, num_steps):
    """Gradient descent with the step 1 / s_1^2; returns the relative error after each step."""
    exact = np.linalg.lstsq(matrix, right, rcond=None)[0]
    step = 1.0 / np.linalg.norm(matrix, 2) ** 2
    c, errors = np.zeros_like(exact), []
    for _ in range(num_steps):
        c = c - step * matrix.T @ (matrix @ c - right)
        errors.append(np.linalg.norm(c - exact) / np.linalg.norm(exact))
    return errors


x = np.linspace(-1.0, 1.0, 100)
bases = {
    "powers of x": np.polynomial.polynomial.polyvander(x, 9),
    "Chebyshev polynomials": np.polynomial.chebyshev.chebvander(x, 9),
}
for name, basis in bases.items():
    condition = np.linalg.cond(basis) ** 2
    errors = descend(basis, truth(x), 2_000)
    plt.loglog(np.arange(1, 2_001), errors, label=f"{name}, condition {condition:.0e}")
plt.xlabel("steps of gradient descent")
plt.ylabel("relative error of the coefficients")
plt.legend()
plt.show()

# %% [markdown]
# The same polynomials, the same points, the same minimum; only the basis differs. With Chebyshev
# polynomials a hundred steps give six digits; with powers two thousand give none, while the direct
# solver does not care. Much of the craft of training networks (scaling of inputs, normalisation
# layers, Adam) is about the condition number, and where a direct solver applies, it wins.

# %% [markdown]
# ## 8. A network as a fit
# A network chooses its own basis: $f(x)=\sum_k v_k\,\sigma(w_k x+b_k)+a$ is linear in $v$, but the
# bent functions $\sigma(w_kx+b_k)$ move with $w$ and $b$. The price: no direct solver, many minima,
# a start that matters. In one dimension it is a bad bargain, as a comparison at equal numbers of
# parameters shows.

# %%
rng = np.random.default_rng(3)
x = rng.uniform(-1.0, 1.0, 200)
y = truth(x) + 0.05 * rng.normal(size=200)
keras.utils.set_random_seed(0)
network = mlp((1,), 1, width=20, depth=1)
network.compile(keras.optimizers.Adam(0.02), loss="mse")
begin = time.perf_counter()
network.fit(x[:, None], y, batch_size=50, epochs=20 if FAST else 150, verbose=0)
network_seconds = time.perf_counter() - begin
begin = time.perf_counter()
polynomial = np.polynomial.Chebyshev.fit(x, y, 12, domain=[-1, 1])
polynomial_seconds = time.perf_counter() - begin

# %%
values = network.predict(x_new[:, None], verbose=0)[:, 0]
for name, result, number, seconds in (
    ("network", values, network.count_params(), network_seconds),
    ("polynomial", polynomial(x_new), 13, polynomial_seconds),
):
    error = np.sqrt(np.mean((result - truth(x_new)) ** 2))
    print(f"{name:10} {number:3} parameters, error {error:.3f}, fitted in {seconds:.4f} s")
plt.plot(x, y, ".", color="lightgrey")
plt.plot(x_new, truth(x_new), "k--", label="truth")
plt.plot(x_new, values, label="network, 20 bent lines")
plt.plot(x_new, polynomial(x_new), label="polynomial, degree 12")
plt.legend()
plt.show()

# %% [markdown]
# In 64 dimensions the polynomial of degree 12 has $\binom{76}{12}\approx 10^{13}$ coefficients and
# is out of the question. The network has a few thousand and does not notice. Beside it stand two
# classics: the linear model and nearest neighbour.


# %%
def trained_network(num_train):
    """A network with one hidden layer, trained on the first digits."""
    keras.utils.set_random_seed(0)
    network = mlp((64,), 10, width=64, depth=1)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(3e-3), loss=loss)
    part, epochs = train[:num_train], 5 if FAST else 60 + 2_000 // num_train
    network.fit(images[part], labels[part], batch_size=32, epochs=epochs, verbose=0)
    return network


def percent_right(num_train):
    """Linear model, nearest neighbour and network, from `num_train` digits."""
    part = train[:num_train]
    classics = [LogisticRegression(max_iter=1000), KNeighborsClassifier(1)]
    answers = [c.fit(images[part], labels[part]).predict(images[test]) for c in classics]
    scores = trained_network(num_train).predict(images[test], verbose=0)
    answers.append(np.argmax(scores, axis=1))
    return [100.0 * np.mean(answer == labels[test]) for answer in answers]


# %%
sizes = (50, 100, 300, 1200)
shares = np.array([percent_right(size) for size in sizes])
for column, name in zip(shares.T, ("linear model", "nearest neighbour", "network")):
    plt.loglog(sizes, 100.0 - column, "o-", label=name)
plt.xlabel("number of digits to learn from")
plt.ylabel("error on new digits [%]")
plt.legend()
plt.show()
print(f"after {sizes[-1]} digits: " + ", ".join(f"{share:.1f} %" for share in shares[-1]))

# %% [markdown]
# On these small, centred digits nearest neighbour beats the network: a thin manifold, well sampled.
# Its weakness is the price of an answer, a comparison with every digit ever seen, and that it knows
# no shift, no slant and no noise it has not been shown. Networks that have such knowledge built in
# are the subject of lecture 03.

# %% [markdown]
# ## 9. When it pays, and when not
#
# - *One to three dimensions, smooth*: polynomials, splines, tables. Direct solvers, error bounds.
# - *Many features, linear effects, few data*: linear models with a ridge. Try them first, always.
# - *Many dimensions near a manifold, many data*: networks, with the structure of the problem built
#   in as far as it is known.
# - *In any case*: error on data not seen, a baseline, and the noise floor. Three numbers, without
#   which a fourth has no meaning.

# %% [markdown]
# ## Exercises
# 1. Compute bias and variance for nearest neighbour in one dimension, averaged over its $k$ nearest
#    points. Which $k$ plays the part of a small degree?
# 2. Split the patients differently (ten seeds). By how much does the best ridge move? Is degree 3
#    with a ridge better than the linear fit?
# 3. Show that gradient descent from zero, stopped early, acts like a ridge: compare the factors
#    $1-(1-\eta s_k^2)^m$ and $s_k^2/(s_k^2+\rho)$. Which $\rho$ belongs to $m$ steps?
# 4. Estimate the dimension of each digit's set alone. Which digit is written in most ways?
# 5. Shift the test digits by one pixel. What happens to the three classifiers?
