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
# # Lab 08: Inverse problems
#
# **You will be able to**
# - write a forward solver of second order and its adjoint,
# - find coefficients of an equation from noisy data by least squares through the solver,
# - say how uncertain they are, and which of them the data cannot tell apart,
# - train a network of the coordinates together with unknown coefficients,
# - say which of both methods to use, and when.
#
# **Before**: labs 01 and 02. **Time**: 100 minutes, of which the computer needs two.
# **Points**: 100.
#
# A river carries organic matter to the sea. The current moves it, the tides spread it, bacteria
# consume it. On the mean over many tides its concentration $c(x)$ obeys (O'Connor, 1960)
# $$-(D\,c')'+v\,c'+r\,c=s(x),\qquad c(0)=c_0,\qquad c'(L)=0 .$$
# A tubular reactor has the same equation (Danckwerts, 1953), and so has heat in a moving wire.
# Current and discharge are known. The *dispersion* $D$ and the *decay rate* $r$ nobody can measure
# directly: they are what we want, and samples of $c$ are all that we have.
#
# | symbol | meaning | unit | in the code |
# |---|---|---|---|
# | $x$ | distance from the inlet, `n + 1` points | km | `river.x`: `(n + 1,)` |
# | $c$ | concentration | mg/L | `(n + 1,)` |
# | $D$ | dispersion between two points | km²/day | `dispersion`: a number or `(n,)` |
# | $r$ | decay rate at the points | 1/day | `decay`: a number or `(n + 1,)` |
# | $s$ | discharge of a town | mg/(L day) | `river.load(x)` |
# | $v,c_0,L$ | velocity, inlet, length | km/day, mg/L, km | `river.velocity`, `.inlet`, `.length` |
# | | samples: place, value, standard deviation | km, mg/L, mg/L | `samples`: `(m, 3)` |
#
# In kilometres and days all numbers are of order one. A network will be glad of it.

# %% tags=["setup"]
import dataclasses
import logging
from collections.abc import Callable
from time import perf_counter

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras_solvers.numerics.geometry import Box
from keras_solvers.grading import check, check_range, fast_mode
from keras_solvers.pinn import laplace
from keras_solvers.models import coordinate_mlp
from keras_solvers.pinn import PDE, Condition, dirichlet, neumann
from keras_solvers.pinn import PINN
from keras_solvers.training import LevenbergMarquardt
from scipy.optimize import least_squares, minimize
from scipy.stats import norm

# Each training compiles equations of its own: for TensorFlow a reason to warn, not for us.
logging.getLogger("tensorflow").setLevel(logging.ERROR)
CELLS = 60 if fast_mode() else 200
REFITS = 20 if fast_mode() else 100
EPOCHS = 60 if fast_mode() else 150
TRUTH = np.array([8.0, 0.3])  # km^2/day, 1/day: what we pretend not to know


# %% tags=["given"]
@dataclasses.dataclass(frozen=True)
class River:
    """All that is known about a river."""

    load: Callable  # mg/(L day) at places in km
    inlet: float = 2.0  # mg/L
    velocity: float = 2.0  # km/day
    length: float = 20.0  # km
    cells: int = CELLS

    @property
    def spacing(self):
        return self.length / self.cells

    @property
    def x(self):
        return np.linspace(0.0, self.length, self.cells + 1)


def outfall(amount, place, width):
    """A town that discharges up to `amount`, mg/(L day), around a place."""
    return lambda x: amount * np.exp(-(((x - place) / width) ** 2))


def sampled(river, places):
    """The matrix `H` of linear interpolation: `H @ c` is the concentration at the places."""
    return np.stack([np.interp(places, river.x, unit) for unit in np.eye(river.cells + 1)], axis=1)


RIVER = River(outfall(3.0, 7.0, 1.5))

# %% [markdown]
# ## 1. Task 1: the forward solver
# Whoever wants to turn a computation round must be able to do it forwards first. Let $h$ be the
# distance of two points, and $D_i$ the dispersion between the points $i$ and $i+1$. What flows
# there is
# $$F_i=v\,\frac{c_i+c_{i+1}}2-D_i\,\frac{c_{i+1}-c_i}h ,$$
# and around each point what flows out, less what flows in, and what decays add up to what is
# discharged. The last point has only half a cell, and behind it nothing is spread:
# $$\begin{aligned}c_0&=\text{inlet},\\F_i-F_{i-1}+h\,r_i\,c_i&=h\,s_i,\qquad i=1,\dots,n-1,\\
# v\,c_n-F_{n-1}+\tfrac h2\,r_n\,c_n&=\tfrac h2\,s_n .\end{aligned}$$
# Written as $Ac=b$: `matrix` returns $A$, dense, $(n+1,n+1)$; `right_side` returns $b$.
# `np.broadcast_to(decay, n + 1)` makes an array of a number and leaves an array as it is.


# %% tags=["given"]
def solve(dispersion, decay, river):
    """The concentration at the points of the river, `(n + 1,)`."""
    return np.linalg.solve(matrix(dispersion, decay, river), right_side(river))


# %% tags=["task:river"]
def matrix(dispersion, decay, river):
    """`A`, `(n + 1, n + 1)`."""
    # --- solution ---
    n, h = river.cells, river.spacing
    spread = np.broadcast_to(dispersion, n) / h
    before, behind = spread + 0.5 * river.velocity, 0.5 * river.velocity - spread
    lengths = np.append(np.full(n, h), 0.5 * h)
    a = np.diag(lengths * np.broadcast_to(decay, n + 1))
    i = np.arange(n)
    a[i, i] += before  # F_i leaves point i ...
    a[i, i + 1] += behind
    a[i + 1, i] -= before  # ... and enters point i + 1
    a[i + 1, i + 1] -= behind
    a[n, n] += river.velocity
    a[0] = np.eye(n + 1)[0]
    return a
    # --- end ---


def right_side(river):
    """`b`, `(n + 1,)`."""
    # --- solution ---
    b = river.spacing * river.load(river.x)
    b[0] = river.inlet
    b[-1] *= 0.5
    return b
    # --- end ---


# %% tags=["check:matrix"]
check(
    "matrix of two cells of 1 km, D = (3, 4) km²/day, r = 1/day, v = 2 km/day",
    lambda: matrix(np.array([3.0, 4.0]), 1.0, River(lambda x: 0.0 * x, length=2.0, cells=2)),
    target=[[1, 0, 0], [-4, 8, -3], [0, -5, 5.5]],
    hint="Row 1 is F_1 - F_0 + h r c_1; row 2 is v c_2 - F_1 + (h / 2) r c_2.",
)


# %% tags=["check:solve"]
def order_of_convergence():
    """From the mean over the river, of which the closed form is known for s = 0, D = 8, r = 1."""
    roots = (2.0 + np.array([1.0, -1.0]) * 6.0) / 16.0  # 8 k^2 - 2 k - 1 = 0
    weights = np.linalg.solve([[1.0, 1.0], roots * np.exp(20.0 * roots)], [2.0, 0.0])
    errors = []
    for cells in (20, 40):
        river = River(lambda x: 0.0 * x, cells=cells)
        exact = np.exp(np.outer(river.x, roots)) @ weights
        errors.append(np.max(np.abs(solve(8.0, 1.0, river) - exact)))
    return np.log2(errors[0] / errors[1])


check_range(
    "order of convergence, against a closed form",
    order_of_convergence,
    1.9,
    2.1,
    hint="One: is a slope one-sided, or the last cell a whole one? Zero: a term is wrong.",
)

# %% [markdown]
# What do the unknown numbers do to the river? More dispersion makes the peak flatter and carries
# matter upstream, against the current. More decay lets it vanish sooner. Two kinds of samples will
# tell: ten bottles for the laboratory (0.05 mg/L) and twenty readings of a cheap probe (0.2 mg/L).


# %% tags=["given"]
def measured(river, clean, seed):
    """Samples of a concentration: ten bottles and twenty readings of a probe, `(30, 3)`."""
    shares = np.append(np.linspace(0.05, 0.95, 10), np.linspace(0.025, 0.975, 20))
    places, sigma = river.length * shares, np.repeat([0.05, 0.2, 0.2], 10)
    noise = np.random.default_rng(seed).normal(size=30)
    return np.stack([places, sampled(river, places) @ clean + sigma * noise, sigma], axis=1)


# %%
truth = solve(*TRUTH, RIVER)
samples = measured(RIVER, truth, seed=0)
bottles, probe = samples[:10], samples[10:]


def draw_samples():
    plt.errorbar(*probe.T, fmt="x", color="0.6", label="probe")
    plt.errorbar(*bottles.T, fmt="ko", markersize=4, label="bottles")
    plt.xlabel("x, km")
    plt.ylabel("c, mg/L")
    plt.legend()


for dispersion, decay in (TRUTH, TRUTH * (4.0, 1.0), TRUTH * (1.0, 2.0)):
    label = f"D = {dispersion:g} km²/day, r = {decay:g}/day"
    plt.plot(RIVER.x, solve(dispersion, decay, RIVER), label=label)
draw_samples()
plt.show()

# %% [markdown]
# ## 2. Task 2: the adjoint
# How badly do coefficients explain the samples? With $H$ from `sampled` and the data $d_k$, whose
# errors are normal with standard deviation $\sigma_k$, the negative logarithm of their probability
# is, but for a constant,
# $$J=\tfrac12\sum_k\Big(\frac{(Hc)_k-d_k}{\sigma_k}\Big)^2,\qquad A(D,r)\,c=b .$$
# So each sample counts with the inverse of its variance: that is statistics, not taste.
#
# To minimise $J$ we need its derivatives. Differences would need a solve for each coefficient: 401
# of them for $D$ and $r$ as fields on 200 cells. The adjoint needs *one* (Giles and Pierce, 2000).
# Since $Ac=b$ holds for all coefficients $p$, $\;\partial_pc=-A^{-1}(\partial_pA)\,c$, and so
# $$\partial_pJ=(\partial_cJ)^\top\partial_pc=-\lambda^\top(\partial_pA)\,c\qquad\text{with}\qquad
# A^\top\lambda=\partial_cJ=H^\top\frac{Hc-d}{\sigma^2} .$$
# Each $p$ stands in one or two rows of $A$, so the rest costs nothing. Find them: $D_i$ stands in
# the rows $i$ and $i+1$, but never in row 0, which is the inlet's. And $A$ is not symmetric: the
# adjoint flows upstream.


# %% tags=["task:adjoint"]
def misfit(dispersion, decay, river, samples):
    """`J` and its derivatives with respect to `D`, `(n,)`, and to `r`, `(n + 1,)`.

    `A` is assembled once.
    """
    # --- solution ---
    places, values, sigma = samples.T
    h, h_matrix, a = river.spacing, sampled(river, places), matrix(dispersion, decay, river)
    c = np.linalg.solve(a, right_side(river))
    deviation = (h_matrix @ c - values) / sigma
    adjoint = np.linalg.solve(a.T, h_matrix.T @ (deviation / sigma))
    adjoint[0] = 0.0  # the row of the inlet has no coefficients
    by_decay = -h * adjoint * c
    by_decay[-1] *= 0.5
    return 0.5 * np.sum(deviation**2), -np.diff(adjoint) * np.diff(c) / h, by_decay
    # --- end ---


# %% tags=["check:misfit"]
def misfit_of_two_samples():
    river = River(lambda x: 0.0 * x, inlet=1.0)
    two = np.array([[0.0, 1.2, 0.1], [20.0, np.exp(-1.0), 0.5]])
    far = solve(1.0, 0.1, river)[-1]
    return misfit(1.0, 0.1, river, two)[0] - 0.5 * ((far - np.exp(-1.0)) / 0.5) ** 2


check(
    "misfit of a sample that is two standard deviations off",
    misfit_of_two_samples,
    target=2.0,
    hint="Half the sum of the squares of deviations, each over its own standard deviation.",
)


# %% tags=["check:gradient"]
def ratio_to_differences():
    """Derivatives along a random direction of both fields, from the adjoint and numerically."""
    rng, n = np.random.default_rng(0), RIVER.cells
    dispersion, decay = rng.uniform(4.0, 12.0, n), rng.uniform(0.1, 0.5, n + 1)
    one, other = rng.normal(size=n), rng.normal(size=n + 1) / 20.0
    places = np.linspace(1.0, 20.0, 7)
    data = np.stack([places, np.full(7, 1.0), np.linspace(0.1, 0.5, 7)], axis=1)
    high, low = (
        misfit(dispersion + e * one, decay + e * other, RIVER, data)[0] for e in (1e-4, -1e-4)
    )
    _, by_dispersion, by_decay = misfit(dispersion, decay, RIVER, data)
    return np.array([one @ by_dispersion, other @ by_decay]).sum() / ((high - low) / 2e-4)


check(
    "derivative by the adjoint over derivative by differences",
    ratio_to_differences,
    target=1.0,
    rtol=1e-5,
    hint="Minus one: a sign. Two: the half in J. Else: is A transposed? The inlet, the half cell?",
)

# %% [markdown]
# What it is for: the time of all 401 derivatives, and what they look like. They say what a sample
# feels: whatever happens upstream, and a few kilometres downstream, as far as the tides spread
# matter against the current. We ask for the gradient of a single sample at 12 km.

# %%
begin = perf_counter()
fields = np.full(CELLS, 8.0), np.full(CELLS + 1, 0.3)
_, by_dispersion, by_decay = misfit(*fields, RIVER, samples)
seconds_adjoint = perf_counter() - begin
begin = perf_counter()
for _ in range(5):
    solve(*fields, RIVER)
seconds_differences = (2 * CELLS + 1) * (perf_counter() - begin) / 5
print(f"{2 * CELLS + 1} derivatives: adjoint {1e3 * seconds_adjoint:.1f} ms, ", end="")
print(f"differences {1e3 * seconds_differences:.0f} ms")

single = np.array([[12.0, 0.0, 1.0]])
_, by_dispersion, by_decay = misfit(*fields, RIVER, single)
plt.figure(figsize=(8, 4))
plt.plot(RIVER.x, by_decay / np.max(np.abs(by_decay)), label="to the decay at x")
middles = 0.5 * (RIVER.x[1:] + RIVER.x[:-1])
plt.plot(middles, by_dispersion / np.max(np.abs(by_dispersion)), label="to the dispersion at x")
plt.axvline(12.0, color="0.7")
plt.xlabel("x, km")
plt.ylabel("sensitivity of a sample at 12 km, scaled")
plt.legend(loc="upper right")
plt.show()

# %% [markdown]
# ## 3. Task 3: least squares through the solver
# Now $D$ and $r$ are two numbers, the same everywhere. Neither can be negative. So search for their
# *logarithms*: then all values are allowed, steps are relative, and so will be the error bars. By
# the chain rule
# $$\frac{\partial J}{\partial\ln D}=D\sum_i\frac{\partial J}{\partial D_i} ,$$
# and likewise for $r$. `minimize(function, start, jac=True, method="L-BFGS-B")` of SciPy takes a
# function that returns value and gradient; `options={"ftol": 1e-13, "gtol": 1e-8}` makes it go on
# until the minimum is exact, also from a `first` that is several times too large or too small.


# %% tags=["task:fit"]
def fit(river, samples, first):
    """The `D` and `r` that minimise the misfit, `(2,)`, from the pair `first`."""

    # --- solution ---
    def function(logarithms):
        dispersion, decay = np.exp(logarithms)
        value, by_dispersion, by_decay = misfit(dispersion, decay, river, samples)
        return value, [dispersion * np.sum(by_dispersion), decay * np.sum(by_decay)]

    options = {"ftol": 1e-13, "gtol": 1e-8}
    found = minimize(function, np.log(first), jac=True, method="L-BFGS-B", options=options)
    return np.exp(found.x)
    # --- end ---


# %% tags=["check:fit"]
def fit_of_exact_samples():
    exact = measured(RIVER, solve(5.0, 0.6, RIVER), seed=0)
    exact[:, 1] = sampled(RIVER, exact[:, 0]) @ solve(5.0, 0.6, RIVER)
    return fit(RIVER, exact, (20.0, 2.4))


check(
    "D and r from samples without noise, first values four times too large",
    fit_of_exact_samples,
    target=[5.0, 0.6],
    rtol=1e-4,
    hint="The derivative to ln D is D times the sum of those to D_i. Return D and r themselves.",
)

# %%
begin = perf_counter()
estimate = fit(RIVER, samples, (1.0, 1.0))
seconds_fit = perf_counter() - begin
print(f"D = {estimate[0]:.3f} km²/day, r = {estimate[1]:.4f}/day, {1e3 * seconds_fit:.0f} ms")
print(f"misfit at the estimate: {misfit(*estimate, RIVER, samples)[0]:.1f}, ", end="")
print(f"at the truth: {misfit(*TRUTH, RIVER, samples)[0]:.1f}")

# %% [markdown]
# The estimate explains the samples *better* than the truth does: it fits a part of the noise. If
# all is right, twice the misfit is about the number of samples less that of the coefficients, 28.
#
# ## 4. Task 4: how sure are we?
# Other samples would have given another estimate. Near the minimum the concentration at the samples
# changes linearly, $Hc\approx Hc^*+S\,\delta$, with $\delta$ the change of $(\ln D,\ln r)$ and $S$
# its *sensitivities*, `(m, 2)`. Then the estimate is normal around the truth with the covariance
# $$C=\Big(S^\top\Sigma^{-1}S+\frac I{\tau^2}\Big)^{-1},\qquad
# \Sigma=\operatorname{diag}(\sigma_k^2) .$$
# This is Laplace's approximation (of 1774). $\tau$ is what was known before: the standard deviation
# of both logarithms, infinite if nothing. A standard deviation of $\ln D$ of 0.06 means 6 % of $D$.
#
# The sensitivities are derivatives of the solver: central differences with steps of 1e-4 in $\ln D$
# and $\ln r$ are exact enough. `interval` turns a value and the standard deviation of its logarithm
# into bounds that hold the truth with a probability, `level`. And `weakest` says about which
# combination of both the data know least: the direction of unit length in which $C$ is largest, and
# the standard deviation along it.


# %% tags=["task:uncertainty"]
def covariance(dispersion, decay, river, samples, prior=np.inf):
    """Of `(ln D, ln r)`, `(2, 2)`."""
    # --- solution ---
    h_matrix, sigma = sampled(river, samples[:, 0]), samples[:, 2]
    columns = []
    for step in 1e-4 * np.eye(2):
        high, low = (np.exp(sign * step) * (dispersion, decay) for sign in (1.0, -1.0))
        columns.append(h_matrix @ (solve(*high, river) - solve(*low, river)) / 2e-4 / sigma)
    scaled = np.stack(columns, axis=1)
    return np.linalg.inv(scaled.T @ scaled + np.eye(2) / prior**2)
    # --- end ---


def interval(value, std, level):
    """Bounds of a coefficient, a pair, from the standard deviation of its logarithm."""
    # --- solution ---
    half = norm.ppf(0.5 + 0.5 * level) * std
    return value * np.exp(-half), value * np.exp(half)
    # --- end ---


def weakest(covariance):
    """The direction of which least is known, of length 1, `(2,)`, and the deviation along it."""
    # --- solution ---
    values, vectors = np.linalg.eigh(covariance)
    return vectors[:, -1], np.sqrt(values[-1])
    # --- end ---


# %% tags=["check:covariance"]
def deviations_where_nothing_happens():
    """Nothing is discharged, nothing decays: there are 2 mg/L everywhere, whatever D is."""
    eight = np.array([[2.0 * k, 2.0, 0.1] for k in range(1, 9)])
    return np.sqrt(np.diag(covariance(8.0, 1e-9, River(lambda x: 0.0 * x), eight, prior=0.5)))


check(
    "standard deviations of ln D and ln r that data do not know and that were 0.5 before",
    deviations_where_nothing_happens,
    target=[0.5, 0.5],
    rtol=1e-3,
    hint="Add I / prior² to the inverse of the covariance, before you invert.",
)


# %% tags=["check:deviations"]
def halved_by_four_times_as_many():
    once = covariance(*TRUTH, RIVER, samples)
    four_times = covariance(*TRUTH, RIVER, np.tile(samples, (4, 1)))
    rougher = covariance(*TRUTH, RIVER, samples * (1.0, 1.0, 3.0))
    return np.sqrt(np.diag(once) / np.diag(four_times)), np.sqrt(np.diag(rougher / once))


check(
    "deviations: once over four times the samples, and three times the noise over once",
    halved_by_four_times_as_many,
    target=[[2.0, 2.0], [3.0, 3.0]],
    rtol=1e-6,
    hint="Divide the sensitivities by the standard deviations of the samples; then (S^T S)^-1.",
)

# %% tags=["check:interval"]
check(
    "interval of 95 % of a value 8 with deviation 0.1 of its logarithm",
    lambda: interval(8.0, 0.1, 0.95),
    target=[6.576132, 9.732165],
    rtol=1e-5,
    hint="1.96 deviations up and down, of the logarithm: norm.ppf(0.975) is 1.96.",
)

# %% tags=["check:weakest"]
check(
    "deviation along the weakest direction",
    lambda: weakest(np.array([[4.0, 1.0], [1.0, 4.0]]))[1],
    target=np.sqrt(5.0),
    hint="The square root of the largest eigenvalue; np.linalg.eigh sorts them upwards.",
)

# %%
spread = covariance(*estimate, RIVER, samples)
for name, value, std in zip(("D", "r"), estimate, np.sqrt(np.diag(spread))):
    low, high = interval(value, std, 0.95)
    print(
        f"{name} = {value:.3f}, ± {100.0 * std:.1f} %, with 95 % between {low:.3f} and {high:.3f}"
    )

# %% [markdown]
# Do these numbers hold? Repeat the campaign many times on the computer, and count. On the left:
# estimates from new noise each, and the ellipse that should hold 95 % of them. On the right the
# same river *without the town*: what comes in at the inlet decays, and its profile is nearly an
# exponential. It has one number to tell, and we ask for two.


# %%
def campaigns(river, count):
    """Estimates from new noise each, `(count, 2)`, and how many intervals hold the truth."""
    clean = solve(*TRUTH, river)
    found = np.array([fit(river, measured(river, clean, 100 + k), TRUTH) for k in range(count)])
    deviations = np.sqrt(np.diag(covariance(*TRUTH, river, measured(river, clean, 0))))
    inside = np.abs(np.log(found / TRUTH)) < norm.ppf(0.975) * deviations
    return found, np.mean(inside, axis=0)


def ellipse(covariance, share):
    """Points on the border of the region that holds a share of a normal distribution."""
    angles = np.linspace(0.0, 2.0 * np.pi, 100)
    circle = np.sqrt(-2.0 * np.log(1.0 - share)) * np.stack([np.cos(angles), np.sin(angles)])
    return np.linalg.cholesky(covariance) @ circle


coarse = dataclasses.replace(RIVER, cells=60)
no_town = dataclasses.replace(coarse, load=lambda x: 0.0 * x)
figure, axes = plt.subplots(1, 2, figsize=(11, 4.2))
for axis, river, name in zip(axes, (coarse, no_town), ("town", "no town")):
    estimates, inside = campaigns(river, REFITS)
    doubt = covariance(*TRUTH, river, samples)
    direction, deviation = weakest(doubt)
    axis.plot(*estimates.T, ".", color="0.6", label="estimates")
    axis.plot(*(TRUTH[:, None] * np.exp(ellipse(doubt, 0.95))), "k", label="95 %, Laplace")
    axis.plot(*TRUTH, "r+", markersize=12, label="truth")
    axis.set_title(f"{name}: {deviation:.2f} along ({direction[0]:.2f}, {direction[1]:.2f})")
    axis.set_xlabel("D, km²/day")
    print(f"{name}: intervals of 95 % that hold the truth:", *(f"{100 * k:.0f} %" for k in inside))
axes[1].set(xscale="log", yscale="log", xlim=(0.03, 3e3), ylim=(0.1, 3.0))
axes[1].minorticks_off()
axes[0].set_ylabel("r, 1/day")
axes[0].legend()
plt.show()

# %% [markdown]
# The axes on the right are logarithmic. Without the town the points leave the ellipse: they lie on
# a curve, $D$ is known within a factor of ten, not within some per cent, and a linear model of such
# a wide region is wrong. That is the limit of Laplace's approximation. The remedy is not a better
# formula but another experiment: with a town, both are known.
#
# ## 5. Task 5: a network that finds the coefficients
# Now without a grid. A network of the coordinate, $c_\theta(x)$, is trained together with $\ln D$
# and $\ln r$ until the equation, the ends and the samples agree (Raissi, Perdikaris and
# Karniadakis, 2019). The loss is
# $$\underbrace{\operatorname{mean}_x\big(v\,c'-D\,c''+r\,c-s\big)^2}_{\text{equation}}
# +(c(0)-c_0)^2+c'(L)^2
# +\varepsilon\,\operatorname{mean}_k\Big(\frac{c(x_k)-d_k}{\sigma_k}\Big)^2 .$$
# The weight of a sample is again $1/\sigma_k^2$. What is $\varepsilon$? The samples are noisy, the
# equation is not: it holds exactly, so it must weigh far more. `TRUST` is $10^{-4}$.
#
# In the library an equation is written as on paper: in `residual(x, c, ln_dispersion, ln_decay)`
# derivatives are `c.x` and `c.xx`, the place is `x.x`, functions are NumPy's. `dirichlet(value,
# where)` and `neumann(value, where)` are the ends, with `where` such as `lambda x: x.x == 0.0`.
# `Condition(equation, None, weight, samples)` holds at the samples; in its `equation(x, c)` the
# values are `x.values`, and `x.column(2)` is the third column of `samples`. `coefficients` has the
# first values of `ln_dispersion` and `ln_decay`.
#
# `train` builds the model with `PINN(network, problem)`, compiles it with `LevenbergMarquardt()`, a
# Gauss–Newton method that does for the network what `fit` did for the solver, and fits it to
# points, `problem.sample(100, num_boundary=1)`, with `verbose=0`.


# %% tags=["given"]
TRUST = 1e-4


def small_network(river, seed=0):
    """One hidden layer with 16 units, in double precision: from the place to the concentration."""
    keras.utils.set_random_seed(seed)
    return coordinate_mlp(
        1, width=16, depth=1, bounds=Box(x=(0.0, river.length)).bounds, dtype="float64"
    )


def coefficients(model):
    """`D` and `r` of a model, `(2,)`."""
    return np.exp([float(model.coefficients[name]) for name in ("ln_dispersion", "ln_decay")])


# %% tags=["task:network"]
def make_problem(river, samples, first):
    """The `PDE` with all conditions and the coefficients `ln_dispersion` and `ln_decay`."""

    # --- solution ---
    def residual(x, c, ln_dispersion, ln_decay):
        spread = np.exp(ln_dispersion) * c.xx
        return river.velocity * c.x - spread + np.exp(ln_decay) * c - river.load(x.x)

    def deviation(x, c):
        return (c - x.values) / x.column(2)

    ends = (
        dirichlet(river.inlet, lambda x: x.x == 0.0),
        neumann(0.0, lambda x: x.x == river.length),
    )
    logarithms = dict(zip(("ln_dispersion", "ln_decay"), np.log(first)))
    conditions = (*ends, Condition(deviation, None, TRUST, samples))
    return PDE(Box(x=(0.0, river.length)), residual, conditions, coefficients=logarithms)
    # --- end ---


def train(network, problem, epochs):
    """The trained `PINN` and the points of its training."""
    # --- solution ---
    model, points = PINN(network, problem), problem.sample(100, num_boundary=1)
    model.compile(LevenbergMarquardt())
    model.fit(points, epochs=epochs, verbose=0)
    return model, points
    # --- end ---


# %% [markdown]
# Sanity first. A network whose last layer is zero has the concentration 0 everywhere, so its loss
# is known: the mean square of the discharge, the square of the inlet, and the mean square of the
# values over their deviations, times $\varepsilon$.


# %% tags=["check:loss"]
def loss_of_nothing():
    problem = make_problem(RIVER, np.array([[5.0, 1.0, 0.1], [9.0, 3.0, 0.2]]), (1.0, 1.0))
    model, points = PINN(small_network(RIVER), problem), problem.sample(100, num_boundary=1)
    model.network.layers[-1].set_weights([np.zeros((16, 1)), np.zeros(1)])
    return model.evaluate_loss(points) - np.mean(RIVER.load(points["residual"]) ** 2)


check(
    "loss of a network that is zero, less the mean square of the discharge",
    loss_of_nothing,
    target=4.0 + 1e-4 * (100.0 + 225.0) / 2.0,
    hint="4 is the inlet's square; each sample is divided by its own deviation, then the mean.",
)


# %% tags=["check:known"]
def trained_on_exact_samples():
    """A river whose samples have no noise: both coefficients are known."""
    exact = measured(RIVER, truth, seed=0)
    exact[:, 1] = sampled(RIVER, exact[:, 0]) @ solve(*TRUTH, RIVER)
    model, _ = train(small_network(RIVER), make_problem(RIVER, exact, (4.0, 0.6)), EPOCHS)
    return np.max(np.abs(coefficients(model) / TRUTH - 1.0))


check_range(
    "largest relative error of D and r from samples without noise",
    trained_on_exact_samples,
    0.0,
    0.05 if fast_mode() else 0.005,
    hint="Is the loss of nothing right? Check the signs in the residual: v c' - D c'' + r c - s.",
)

# %%
begin = perf_counter()
model, points = train(small_network(RIVER), make_problem(RIVER, samples, (1.0, 1.0)), EPOCHS)
seconds_network = perf_counter() - begin
found = coefficients(model)
print(f"D = {found[0]:.3f} km²/day, r = {found[1]:.4f}/day, {seconds_network:.1f} s")

# %% [markdown]
# How it gets there: both coefficients after each step of another training, beside the estimate by
# least squares and its interval of 95 %. About one start in twenty is caught in a minimum that
# explains nothing. The loss says so: at a good one it is about $\varepsilon$, there more than ten
# times as large. Then start again with another seed.


# %%
class Coefficients(keras.callbacks.Callback):
    """Remembers both coefficients after each step."""

    path: list

    def on_train_begin(self, logs=None):
        self.path = []

    def on_epoch_end(self, epoch, logs=None):
        self.path.append(coefficients(self.model))


history = Coefficients()
again = PINN(small_network(RIVER, seed=1), make_problem(RIVER, samples, (1.0, 1.0)))
again.compile(LevenbergMarquardt())
losses = again.fit(points, epochs=EPOCHS, verbose=0, callbacks=[history]).history["loss"]
figure, axes = plt.subplots(1, 3, figsize=(13, 3.6))
axes[0].semilogy(losses)
axes[0].set_ylabel("loss")
stds = np.sqrt(np.diag(spread))
for axis, path, value, std, name in zip(
    axes[1:], np.transpose(history.path), estimate, stds, ("D, km²/day", "r, 1/day")
):
    axis.plot(path)
    axis.axhspan(*interval(value, std, 0.95), alpha=0.3, label="least squares, 95 %")
    axis.set_ylabel(name)
    axis.legend()
for axis in axes:
    axis.set_xlabel("step")
figure.tight_layout()
plt.show()

# %%
plt.plot(RIVER.x, truth, "0.5", label="truth")
plt.plot(RIVER.x, solve(*estimate, RIVER), label="least squares")
plt.plot(RIVER.x, np.asarray(model(RIVER.x[:, None]))[:, 0], "--", label="network")
draw_samples()
plt.show()

# %% [markdown]
# ## 6. The honest comparison
# The same samples, both methods, and the library's `laplace` for the network's own uncertainty. It
# estimates the noise from what the samples leave, so it need not be equal to yours.

# %%
own = laplace(model, points).std
rows = {
    "least squares": (estimate, stds, seconds_fit),
    "network": (found, list(own.values()), seconds_network),
}
print(f"truth          D {TRUTH[0]:.3f}         r {TRUTH[1]:.4f}")
for name, (values, deviations, seconds) in rows.items():
    print(
        f"{name:14s} D {values[0]:.3f} ± {100 * deviations[0]:.1f} %"
        f"  r {values[1]:.4f} ± {100 * deviations[1]:.1f} %  {seconds:8.3f} s"
    )
apart = np.abs(np.log(found / estimate)) / stds
print("network from least squares:", *np.round(apart, 3), "standard deviations")
print(f"times as long: {seconds_network / seconds_fit:.0f}")

# %% [markdown]
# The two agree within a hundredth of what the noise allows: at its minimum the network *is* least
# squares. But it takes many times as long, because it searches for the 49 weights of a curve that
# the solver computes from the coefficients in a millisecond. With few coefficients and a cheap
# solver, take least squares through the solver.
#
# ## 7. When nobody knows the ends
# The network needs the equation only where there are samples. Suppose that the campaign went from 4
# to 16 km: what comes in at 4 km was not measured, and at 16 km the river goes on. A solver needs
# both ends. Three ways: invent them (2 mg/L come in, as the map says, and at the end nothing is
# spread); make the ends two more unknowns of the least squares; or train the network on the reach
# alone, without any end.

# %%
START, END = 4.0, 16.0
reach = River(lambda x: RIVER.load(x + START), length=END - START)
taken = samples[(samples[:, 0] > START) & (samples[:, 0] < END)]
shifted = taken - (START, 0.0, 0.0)
ways = {}
begin = perf_counter()
invented = fit(reach, shifted, (1.0, 1.0))
doubts = np.sqrt(np.diag(covariance(*invented, reach, shifted)))
ways["ends invented"] = invented, doubts, perf_counter() - begin

# %% [markdown]
# The concentration is linear in what happens at both ends. So for each $D$ and $r$ the best ends
# follow from a linear least-squares problem, and the search is still for two numbers.


# %%
def deviations_with_free_ends(logarithms):
    a = matrix(*np.exp(logarithms), reach)
    unit = np.eye(reach.cells + 1)
    parts = np.stack([right_side(dataclasses.replace(reach, inlet=0.0)), unit[0], unit[-1]], axis=1)
    known, *free = (sampled(reach, shifted[:, 0]) @ np.linalg.solve(a, parts)).T / shifted[:, 2]
    free, left = np.stack(free, axis=1), shifted[:, 1] / shifted[:, 2] - known
    return free @ np.linalg.lstsq(free, left)[0] - left


begin = perf_counter()
search = least_squares(deviations_with_free_ends, (0.0, 0.0))
doubts = np.sqrt(np.diag(np.linalg.inv(search.jac.T @ search.jac)))
ways["ends found"] = np.exp(search.x), doubts, perf_counter() - begin

whole = make_problem(RIVER, samples, (1.0, 1.0))
alone = dataclasses.replace(
    whole,
    geometry=Box(x=(START, END)),
    conditions=(Condition(whole.conditions[-1].equation, None, TRUST, taken),),
)
begin = perf_counter()
free_model, free_points = train(small_network(RIVER), alone, EPOCHS)
doubts = list(laplace(free_model, free_points).std.values())
ways["network, no ends"] = coefficients(free_model), doubts, perf_counter() - begin
print(f"truth             D {TRUTH[0]:5.2f}         r {TRUTH[1]:.3f}")
for name, (values, deviations, seconds) in ways.items():
    print(
        f"{name:17s} D {values[0]:5.2f} ± {100 * deviations[0]:2.0f} %"
        f"  r {values[1]:.3f} ± {100 * deviations[1]:2.0f} %  {seconds:6.2f} s"
    )

# %% [markdown]
# The invented ends look harmless, and promise more than they hold: an $r$ that is far off for its
# small error bar, because no error bar speaks of a wrong model. The network simply has no ends,
# with not one line more. Least squares with free ends finds the same, and faster; but somebody had
# to think of it. In two dimensions, where the boundary is a curve with a function on it, that is
# more than two numbers, and there the network begins to be worth its time. (Its error bars are
# smaller here because `laplace` takes the noise from what the samples leave, and these leave
# little.)
#
# ## 8. A whole field
# What if the decay is not the same everywhere? Now there are 201 unknowns and 30 samples. The
# adjoint makes it cheap; the statistics make it hopeless, unless we say what we expect: a smooth
# field. The penalty $\tfrac\beta2\sum_i(\ln r_{i+1}-\ln r_i)^2/h$ says it (Tikhonov, 1963).

# %%
true_decay = 0.15 + 0.3 / (1.0 + np.exp(-(RIVER.x - 11.0) / 1.2))
patchy = measured(RIVER, solve(TRUTH[0], true_decay, RIVER), seed=2)


def smooth_fit(beta):
    def function(logarithms):
        value, _, slope = misfit(TRUTH[0], np.exp(logarithms), RIVER, patchy)
        steps = np.diff(logarithms) / RIVER.spacing
        slope = slope * np.exp(logarithms) - beta * np.diff(steps, prepend=0.0, append=0.0)
        return value + 0.5 * beta * RIVER.spacing * np.sum(steps**2), slope

    start = np.full(CELLS + 1, np.log(0.3))
    options = {"maxiter": 30 if fast_mode() else 300}
    found = minimize(function, start, jac=True, method="L-BFGS-B", options=options)
    decay = np.exp(found.x)
    return decay, 2.0 * misfit(TRUTH[0], decay, RIVER, patchy)[0]


begin = perf_counter()
plt.plot(RIVER.x, true_decay, "k", label="truth")
for beta in (0.01, 200.0, 5000.0):
    decay, left = smooth_fit(beta)
    plt.plot(RIVER.x, decay, label=f"β = {beta:g}: squares {left:.0f} of 30 samples")
print(f"three fits of {CELLS + 1} unknowns: {perf_counter() - begin:.1f} s")
plt.ylim(0.0, 1.0)
plt.xlabel("x, km")
plt.ylabel("r, 1/day")
plt.legend()
plt.show()

# %% [markdown]
# Too small a $\beta$ fits the noise, too large a one ignores the data. What is left of the samples
# says which: the sum of squares should be about their number (Morozov, 1966).
#
# ## 9. Explore
# Move the town to 15 km, or let the velocity be 10 km/day: which coefficient gets lost? Take the
# bottles alone, then the probe alone. Set `TRUST` to 1 and to $10^{-8}$ and train again. Let the
# solver use 20 cells and the samples come from 200: how large may the error of the solver be before
# it shifts the estimate by a standard deviation?
#
# **Questions to answer for yourself.** Why is the misfit at the estimate smaller than at the truth?
# By how much does the standard deviation shrink with four times as many samples, and why not the
# error of a wrong velocity? Where would you take one more bottle to learn about $D$, where about
# $r$? Which of your numbers would change if the samples were fitted with the network first, without
# the equation, and its derivatives inserted into the equation afterwards?
#
# ## 10. Save, and the library's version
# The profile is a Keras model; the coefficients are numbers beside it.

# %%
model.network.save("river.keras")
loaded = keras.saving.load_model("river.keras")
places = RIVER.x[:, None]
np.max(np.abs(np.asarray(loaded(places)) - np.asarray(model(places))))

# %% [markdown]
# The library's version is what you just used: `PDE`, `data`, `coefficients`, `PINN`, `laplace`. If
# all samples had the same deviation, `data(places, values, weight=...)` would replace the condition
# that you wrote. `keras-solvers run pinn --case lorenz-inverse` finds the three coefficients of
# Lorenz's equations in this way, `--case reaction-inverse` two of a reaction that diffuses; each
# beside least squares through a classic solver.
