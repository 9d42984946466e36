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
# # Lecture 07: Physics-informed networks
#
# A differential equation says what a function must do at every point. A network *is* a function of
# the point, with derivatives of any order. Put the two together and you have a solver with no grid,
# no labels and ten lines of code. It is easy to write, easy to get wrong, and easily oversold. We
# look at what it is mathematically, why the usual training stalls, what cures it, how to find out
# what went wrong, and at the cases for which it is worth its price.
#
# 1. Why: trial functions and collocation
# 2. Conditions: weighted or exact
# 3. Why Adam stalls
# 4. Gauss–Newton, and the digits it brings
# 5. Points, waves, and other reasons to fail
# 6. The honest comparison

# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np

from keras_solvers.data import find
from keras_solvers.grading import fast_mode
from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, PINN, ResidualAdaptive, diagnose, dirichlet
from keras_solvers.training import LevenbergMarquardt

FAST = fast_mode()
LINE = Box(x=(-1.0, 1.0))
X = np.linspace(-1.0, 1.0, 801)[:, None]

# %% [markdown]
# ## 1. Why
# Look for the solution of $-u''=f$, $u(\pm1)=0$ among the functions
# $$u(x)=(1-x^2)\sum_kc_k\,\varphi_k(x),$$
# and choose the numbers $c_k$ such that the equation holds as well as possible at some points
# $x_i$: minimise $\sum_i(u''(x_i)+f(x_i))^2$. This is *collocation by least squares*, and much
# older than networks. The equation is linear in $c$, so it takes one call of `lstsq`. What matters
# is the choice of the $\varphi_k$. Three of them, for a solution with a steep front in the middle:
# powers (as Legendre polynomials), fixed random tanh units, and the tanh units that a network has
# *after training*: the same formula, but it moved its units to where they are needed.


# %%
def front(x):
    return (1.0 - x**2) * x / np.sqrt(x**2 + 0.01)


def front_source(x):
    root = np.sqrt(x**2 + 0.01)
    bend = -0.03 * x / root**5
    return 2.0 * x / root + 0.04 * x / root**3 - (1.0 - x**2) * bend


def collocated(columns, x, source):
    """Least-squares collocation; `columns(x)` gives `phi, phi', phi''`; returns values at `X`."""
    p, p1, p2 = columns(x)
    left = -((1.0 - x**2) * p2 - 4.0 * x * p1 - 2.0 * p)
    c = np.linalg.lstsq(left, source(x[:, 0]), rcond=1e-14)[0]
    return (1.0 - X[:, 0] ** 2) * (columns(X)[0] @ c)


def legendre(number):
    basis = [np.polynomial.Legendre.basis(k) for k in range(number)]
    return lambda x: tuple(
        np.concatenate([b.deriv(m)(x) if m else b(x) for b in basis], axis=1) for m in range(3)
    )


def units(w, b):
    def columns(x):
        t = np.tanh(x * w + b)
        return t, w * (1.0 - t**2), -2.0 * w**2 * t * (1.0 - t**2)

    return columns


def error_at(values, exact):
    return np.linalg.norm(values - exact) / np.linalg.norm(exact)


points = np.cos(np.pi * (np.arange(200) + 0.5) / 200)[:, None]
rng = np.random.default_rng(0)
numbers = (4, 8, 12, 16, 24, 32, 48, 64)
curves = {"polynomials": [], "random tanh units": [], "trained tanh units": []}
for number in numbers:
    w, b = rng.uniform(-6.0, 6.0, number), rng.uniform(-3.0, 3.0, number)
    curves["polynomials"].append(collocated(legendre(number), points, front_source))
    curves["random tanh units"].append(collocated(units(w, b), points, front_source))

# %%
front_problem = PDE(
    LINE,
    lambda x, u: -u.xx - front_source(x.x),
    ansatz=lambda x, n: (1.0 - x.x**2) * n,
)
for number in (4,) if FAST else (4, 12):
    keras.utils.set_random_seed(1)
    network = coordinate_mlp(1, width=number, depth=1, dtype="float64")
    model = PINN(network, front_problem)
    model.compile(LevenbergMarquardt())
    model.fit({"residual": points}, epochs=5 if FAST else 300, verbose=0)
    curves["trained tanh units"].append(np.asarray(model(X))[:, 0])
for name, values in curves.items():
    errors = [error_at(v, front(X[:, 0])) for v in values]
    shown = (4, 12) if len(errors) < 4 else numbers
    plt.semilogy(shown[: len(errors)], errors, "o-", label=name)
plt.xlabel("trial functions")
plt.ylabel("relative error")
plt.legend()
plt.show()

# %% [markdown]
# A network is a trial function whose basis is *learned*: a few units in the right places do what
# takes dozens of fixed ones. The price: the problem is no longer linear in the unknowns, so it has
# valleys, plateaus and several minima, and a solution of a linear equation now takes a training.
#
# Why can it work at all? If the residual is small everywhere and the problem is *stable*, the error
# is small: $\|u-u^*\|\le C\,(\|r\|+\|\text{error of the conditions}\|)$. For $-u''=f$ the constant
# is below 1; for some equations it is astronomical, and then a small loss means nothing.
#
# ## 2. Conditions: weighted or exact
# In the loss $E=\operatorname{mean}r^2+\beta\operatorname{mean}(\text{conditions})^2$ two
# quantities with different units are added. Which $\beta$ is right? Try: an easier problem, the
# same network, the same steps of Adam, three weights, and once with the condition in the formula.


# %%
def bump(x):
    return (1.0 - x**2) * np.exp(x)


def bump_source(x):
    return (1.0 + 4.0 * x + x**2) * np.exp(x)


def exact_problem(source=bump_source):
    return PDE(LINE, lambda x, u: -u.xx - source(x.x), ansatz=lambda x, n: (1.0 - x.x**2) * n)


def soft_problem(weight):
    condition = dirichlet(0.0, weight=weight)
    return PDE(LINE, lambda x, u: -u.xx - bump_source(x.x), (condition,))


def prepared(problem, optimizer, num_points=60, bounds=None):
    """`(model, points)`; after one step, which compiles what is timed later."""
    keras.utils.set_random_seed(0)
    network = coordinate_mlp(1, width=16, depth=2, bounds=bounds, dtype="float64")
    model = PINN(network, problem)
    points = problem.sample(num_points, num_boundary=2 if problem.conditions else 0)
    model.compile(optimizer)
    model.fit(points, epochs=1, verbose=0)
    return model, points


def trained(model, points, epochs):
    """`(losses, seconds)` of a training in place."""
    begin = time.perf_counter()
    losses = model.fit(points, epochs=epochs, verbose=0).history["loss"]
    return losses, time.perf_counter() - begin


def error_of(model, exact=bump):
    return error_at(np.asarray(model(X.astype(model.dtype)))[:, 0], exact(X[:, 0]))


ADAM_STEPS = 20 if FAST else 1500
weights = (1.0,) if FAST else (0.01, 1.0, 1000.0)
soft_errors = []
for weight in weights:
    model, points = prepared(soft_problem(weight), keras.optimizers.Adam(3e-3))
    trained(model, points, ADAM_STEPS)
    soft_errors.append(error_of(model))
hard, points = prepared(exact_problem(), keras.optimizers.Adam(3e-3))
adam_losses, adam_seconds = trained(hard, points, ADAM_STEPS)
plt.loglog(weights, soft_errors, "o-", label="condition in the loss")
plt.axhline(error_of(hard), color="C1", label="condition in the formula")
plt.xlabel("weight of the condition")
plt.ylabel("relative error")
plt.legend()
plt.show()

# %% [markdown]
# Too little weight, and the answer belongs to other boundary values; too much, and the equation is
# forgotten. A weight in between may do as well as the formula, but who knows it before the
# answer is known? The formula needs none. Where a domain is too complicated for it, weights are
# adapted to the sizes of the gradients (Wang, Teng and Perdikaris, 2021); the library's shapes have
# an `approximate_distance` that often does it.
#
# ## 3. Why Adam stalls
# Near a minimum the residuals are linear in the weights, $r(w+d)\approx r+Jd$. A step of gradient
# descent of length $1/\sigma_1^2$ multiplies the part of $r$ along the $k$-th left singular vector
# of $J$ by $1-\sigma_k^2/\sigma_1^2$. So after $m$ steps everything with $\sigma_k>\sigma_1/\sqrt
# m$ is learned, and all else is still there.

# %%
start, points = prepared(exact_problem(), LevenbergMarquardt())
residuals, jacobian = start.least_squares(points).jacobian()
left, sigma, _ = np.linalg.svd(jacobian, full_matrices=False)
parts = (left.T @ residuals) ** 2
steps = np.logspace(0.0, 12.0, 100)
shrunk = [np.sum(parts * (1.0 - (sigma / sigma[0]) ** 2) ** (2.0 * m)) for m in steps]
figure, axes = plt.subplots(1, 2, figsize=(11, 3.4))
axes[0].semilogy(sigma / sigma[0], "o", markersize=3)
axes[0].set(xlabel="number", ylabel="singular value, relative", title="Jacobian of the residuals")
axes[1].loglog(steps, np.array(shrunk) / np.sum(parts))
axes[1].set(xlabel="steps of gradient descent", ylabel="share of the loss that is left")
axes[1].set_title("what the linear model foretells")
figure.tight_layout()
plt.show()

# %% [markdown]
# After two dozen the singular values have fallen below rounding. A thousand steps use those down to
# a thirtieth of the largest, a million those down to a thousandth: each further digit of the
# residual costs a hundred times as many steps. Adam rescales single weights, but the bad directions
# are no single weights. It is not the network that cannot do better; nobody goes there.
#
# ## 4. Gauss–Newton, and the digits it brings
# The cure is to solve the linear model instead of creeping down in it: minimise
# $|r+Jd|^2+\lambda|d|^2$. Directions with $\sigma_k^2\gg\lambda$ are done in one step, whatever
# their size; $\lambda$ keeps the others from going where the model does not hold, and it shrinks
# while steps succeed (Levenberg, 1944; Marquardt, 1963). In the library it is an optimizer like
# others. Both from the same weights:

# %%
STOPS = (5, 20) if FAST else (25, 50, 100, 200)
model, points = prepared(exact_problem(), LevenbergMarquardt())
losses, spent, snapshots = [], 0.0, []
for first, stop in zip((0, *STOPS), STOPS):
    more, seconds = trained(model, points, stop - first)
    losses, spent = losses + more, spent + seconds
    snapshots.append((np.asarray(model(X))[:, 0], spent))
runs = {
    "Adam": (adam_losses, adam_seconds, error_of(hard)),
    "Levenberg–Marquardt": (losses, spent, error_of(model)),
}
for name, (losses, spent, error) in runs.items():
    plt.loglog(np.linspace(0.0, spent, len(losses) + 1)[1:], losses, label=name)
    print(f"{name}: error {error:.1e} after {len(losses)} steps, {spent:.1f} s")
plt.xlabel("seconds, compilation left out")
plt.ylabel("mean square of the residual")
plt.legend()
plt.show()

# %% [markdown]
# A step costs the square of the number of weights, for every point; with ten thousand weights it is
# hopeless, with a thousand a fraction of a second. In between stand methods that keep an
# approximate inverse: `LBFGS()`, and `SelfScaledBroyden()`, which is the better one here.
#
# All of this needs double precision. Second derivatives magnify rounding, and what is left of the
# squares of small singular values drowns in it.
#
# ## 5. Points, waves, and other reasons to fail
# **Too few points.** A network with 300 weights can make the residual vanish at 12 points and do
# anything in between. The loss never tells; new points do.

# %%
few, points = prepared(exact_problem(), LevenbergMarquardt(), 12)
losses, _ = trained(few, points, STOPS[-1] // 4)
print(f"12 points: loss {losses[-1]:.0e}, error {error_of(few):.0e}")
print(diagnose(few, points))

# %% [markdown]
# **Short waves.** Units of tanh are smooth on the scale of the domain, and gradient methods find
# long waves first and short ones late (Rahaman et al., 2019). The solution is $u=\sin4\pi x$, the
# network the same as before. Second-order steps suffer less. Random waves in place of the
# coordinates help too, if their length is about right (`FourierFeatures`; Tancik et al., 2020).

# %%
waves = exact_problem(lambda x: (4.0 * np.pi) ** 2 * np.sin(4.0 * np.pi * x))
plt.figure(figsize=(9, 3))
plt.plot(X, np.sin(4.0 * np.pi * X), "k--", linewidth=1, label="exact")
optimizers = {
    "Adam": (keras.optimizers.Adam(3e-3), ADAM_STEPS),
    "Levenberg–Marquardt": (LevenbergMarquardt(), STOPS[-1]),
}
for name, (optimizer, epochs) in optimizers.items():
    model, points = prepared(waves, optimizer, 100)
    trained(model, points, epochs)
    error = error_of(model, lambda x: np.sin(4.0 * np.pi * x))
    plt.plot(X, np.asarray(model(X)), label=f"{name}: error {error:.0e}")
plt.xlabel("x")
plt.ylim(-3.5, 5.5)
plt.legend(loc="upper right")
plt.show()

# %% [markdown]
# **Points in the wrong place.** Burgers' equation, $u_t+uu_x=\nu u_{xx}$, builds a steep front
# whose width is about $\nu$; few of the points that are spread evenly fall into it. Points can
# follow the residual while it is trained (Wu et al., 2023). Its exact solution is known (Cole,
# 1951; Hopf, 1950), so we need no reference on a grid, and can even check one where it is at hand.

# %%
VISCOSITY = 0.1 if FAST else 0.015
SPACE_TIME = Box(x=(-1.0, 1.0), t=(0.0, 1.0))


def cole_hopf(places, viscosity):
    """The solution that starts as `-sin(pi x)`, by Gauss-Hermite quadrature; `t > 0`."""
    nodes, weights = np.polynomial.hermite.hermgauss(200)
    y = places[:, :1] - np.sqrt(4.0 * viscosity * places[:, 1:]) * nodes
    heat = weights * np.exp((1.0 - np.cos(np.pi * y)) / (2.0 * np.pi * viscosity))
    return np.sum(-np.sin(np.pi * y) * heat, axis=1) / np.sum(heat, axis=1)


path = find("pinn_refs/raissi/burgers_shock.mat")
if path is not None:
    from scipy.io import loadmat

    file = loadmat(path)
    t = file["t"].ravel()[1:]
    places = np.stack(np.meshgrid(file["x"].ravel(), t, indexing="ij"), axis=-1).reshape(-1, 2)
    gap = file["usol"][:, 1:].ravel() - cole_hopf(places, 0.01 / np.pi)
    print(f"published reference, viscosity 0.01/pi: off by {np.max(np.abs(gap)):.1e} at most")

# %%
burgers = PDE(
    SPACE_TIME,
    lambda x, u: u.t + u * u.x - VISCOSITY * u.xx,
    ansatz=lambda x, n: -np.sin(np.pi * x.x) + x.t * (1.0 - x.x**2) * n,
)
grid = np.stack(np.meshgrid(np.linspace(-1, 1, 121), np.linspace(0.02, 1, 50), indexing="ij"), -1)
places = grid.reshape(-1, 2)
exact = cole_hopf(places, VISCOSITY)


class Kept:
    """A sampler that remembers the points of its last choice."""

    def __init__(self, sampler):
        self.every, self.sampler, self.points = sampler.every, sampler, None

    def __call__(self, model, points, epoch):
        self.points = self.sampler(model, points, epoch)
        return self.points


figure, axes = plt.subplots(1, 3, figsize=(13, 3.4))
image = {"origin": "lower", "extent": (0, 1, -1, 1), "aspect": "auto"}
axes[0].imshow(exact.reshape(grid.shape[:2]), cmap="RdBu", **image)
axes[0].set(title="solution", xlabel="t", ylabel="x")
samplers = {"even points": None, "points that follow": Kept(ResidualAdaptive(every=10))}
for axis, (name, sampler) in zip(axes[1:], samplers.items()):
    keras.utils.set_random_seed(0)
    model = PINN(coordinate_mlp(2, width=16, depth=3, dtype="float64"), burgers)
    model.compile(LevenbergMarquardt())
    points = burgers.sample(60 if FAST else 400)
    begin = time.perf_counter()
    model.fit(points, epochs=5 if FAST else 100, verbose=0, sampler=sampler)
    spent = time.perf_counter() - begin
    error = error_at(np.asarray(model(places))[:, 0], exact)
    print(f"{name}: error {error:.1e} after {spent:.0f} s")
    wrong = np.log10(np.abs(np.asarray(model(places))[:, 0] - exact) + 1e-16)
    picture = axis.imshow(wrong.reshape(grid.shape[:2]), cmap="magma", vmin=-6, vmax=-1, **image)
    shown = points if sampler is None or sampler.points is None else sampler.points
    axis.plot(*shown["residual"][:, ::-1].T, "w.", markersize=1.5)
    axis.set(title=name, xlabel="t")
plt.colorbar(picture, ax=axes, label="log10 of the error")
plt.show()

# %% [markdown]
# ## 6. The honest comparison
# The strongest opponent in one dimension is spectral collocation at Chebyshev points (Trefethen,
# 2000): section 1 with the best basis, seven lines. Beside it differences of second order, and the
# network after more and more steps.


# %%
def chebyshev(source, n):
    """`-u'' = f` with zero ends at `n + 1` Chebyshev points, as a polynomial."""
    x = np.cos(np.pi * np.arange(n + 1) / n)
    ends = np.r_[2.0, np.ones(n - 1), 2.0] * (-1.0) ** np.arange(n + 1)
    slope = np.outer(ends, 1.0 / ends) / (x[:, None] - x + np.eye(n + 1))
    slope -= np.diag(slope.sum(axis=1))
    inner = np.linalg.solve(-(slope @ slope)[1:-1, 1:-1], source(x[1:-1]))
    return np.polynomial.Chebyshev.fit(x, np.r_[0.0, inner, 0.0], n)(X[:, 0])


def differences(source, n):
    from scipy.linalg import solveh_banded

    x = np.linspace(-1.0, 1.0, n + 1)
    bands = np.stack([np.full(n - 1, -1.0), np.full(n - 1, 2.0)])
    inner = solveh_banded(bands, (2.0 / n) ** 2 * source(x[1:-1]))
    return np.interp(X[:, 0], x, np.r_[0.0, inner, 0.0])


def timed(function, *arguments):
    """Its answer, and the least seconds of seven calls."""
    spent = []
    for _ in range(7):
        begin = time.perf_counter()
        answer = function(*arguments)
        spent.append(time.perf_counter() - begin)
    return answer, min(spent)


table = {
    "Chebyshev": [timed(chebyshev, bump_source, n) for n in (4, 6, 8, 12, 16)],
    "differences": [timed(differences, bump_source, n) for n in (25, 100, 400, 1600, 6400)],
    "network, Adam": [(np.asarray(hard(X))[:, 0], adam_seconds)],
    "network, Levenberg–Marquardt": snapshots,
}
for name, runs in table.items():
    errors = [error_at(values, bump(X[:, 0])) for values, _ in runs]
    plt.loglog([seconds for _, seconds in runs], errors, "o-", label=name)
plt.xlabel("seconds, compilation left out")
plt.ylabel("relative error")
plt.legend()
plt.show()

# %% [markdown]
# Four orders of magnitude in time, and more digits. In two dimensions it is no different (lab 07
# does it for Burgers' equation, against differences). Whoever publishes a network that beats "the
# finite element method" here has chosen a slow one.
#
# So when *is* it the right tool?
# - **Many coordinates.** A grid with ten points along each of ten axes has ten billion.
#   `keras-solvers run pinn --case poisson-ten` reaches an error of about $10^{-4}$ in a minute of
#   one processor. Random walks, the classic opponent there, give $3\cdot10^{-3}$ at 300 points in
#   ten seconds, and a hundred times the walks for each further digit.
# - **Families.** A parameter is one more coordinate: trained once, asked a million times.
# - **Unknown coefficients.** A number in the equation becomes one more weight, and measurements one
#   more condition: equation, data and unknowns are fitted together. That is lab 08.
# - **A first answer** where meshing is the work: shapes given by formulas or by scattered points.
#
# Three sentences to keep: meet exactly what can be met exactly; use second-order steps in double
# precision while the network is small; and before any of it, ask which classic method would be done
# in a millisecond.
#
# ## Exercises
# 1. Draw the learned units of the front problem of section 1. Where are their steepest points?
# 2. For $-u''=f$ show that the largest error of $u$ is at most half of the largest residual if the
#    conditions are exact. Which constant has $-\varepsilon u''+u'=f$?
# 3. Repeat section 3 with the soft condition and $\beta=10^4$. What happens to the singular values?
# 4. Derive the step of section 4 for residuals with different weights.
# 5. How many points of Burgers' equation does 0.003 in place of 0.015 take? Which part of the
#    training grows with them, which with the network?
