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
# # Lab 00: Doctor and tour
#
# **You will be able to**
# - see what your installation can do, and what is missing,
# - say what a solver is, and bound the error of any solver's answer without knowing the truth,
# - replace iterations by an answer that was learned beforehand, and use it to start Newton,
# - read a diagram of time against error, and compute the only speed-ups that may be quoted.
#
# **Before**: nothing but NumPy. **Time**: 60 minutes, of which the computer needs one.
# **Points**: 100.
#
# Each task has a hole to fill, and below it a check that says PASS or FAIL. The grade comes from
# other inputs than those of the checks you see.
#
# | symbol | meaning | shape |
# |---|---|---|
# | $x=(M, e)$ | input: mean anomaly in radians, eccentricity | `(n, 2)` |
# | $y$ | answer: eccentric anomaly in radians | `(n,)` |
# | $r(x, y)$ | residual, zero for the exact answer | `(n,)` |

# %% tags=["setup"]
import importlib.metadata
import subprocess
import sys
import time

import matplotlib.pyplot as plt
import numpy as np

from keras_solvers.grading import check, check_range, fast_mode

NUM_PROBLEMS = 1_000 if fast_mode() else 10_000
NUM_REPEATS = 3 if fast_mode() else 15

# %% [markdown]
# ## 1. The doctor
# Versions first: whoever reports a number reports what it was measured on.

# %%
for name in ("keras-solvers", "keras", "numpy"):
    print(f"{name:15} {importlib.metadata.version(name)}")

# %% [markdown]
# The command `keras-solvers doctor` says more: the backend, the devices, the data sets at hand, and
# for all that is missing the command that brings it. This lab needs none of it, the next ones use
# Keras, and from lab 02 on the digits of MNIST.

# %%
doctor = [sys.executable, "-m", "keras_solvers", "doctor"]
print(subprocess.run(doctor, capture_output=True, text=True).stdout)

# %% [markdown]
# How fast is this machine? Times in the course are stated for two cores. A machine that multiplies
# matrices at less than some 20 GFlop/s will need longer.

# %%
matrix = np.random.default_rng(0).normal(size=(1000, 1000)).astype("float32")
matrix @ matrix  # warms up
begin = time.perf_counter()
for _ in range(5):
    matrix @ matrix
print(f"{5 * 2e-9 * 1000**3 / (time.perf_counter() - begin):.0f} GFlop/s")

# %% [markdown]
# ## 2. A problem without a formula: where is the planet?
# A planet runs on an ellipse of semi-major axis $a$ and eccentricity $e$, with the sun in a focus.
# With an angle $y$, the *eccentric anomaly*, its place is
# $$a\,(\cos y-e,\ \sqrt{1-e^2}\,\sin y).$$
# Time enters through the *mean anomaly* $M=2\pi t/T$, with $t$ since the passage nearest to the
# sun and $T$ the period, and through Kepler's equation (1609)
# $$y-e\,\sin y=M.$$
# From $y$ to $M$ it is a formula. The question asked is the other way round, and there is none.
#
# The elements below are those of the JPL tables (planets: mean elements at J2000; comet: JPL
# small-body database).

# %% tags=["given"]
ORBITS = {  # semi-major axis in astronomical units, eccentricity
    "Mercury": (0.3871, 0.2056),
    "Earth": (1.0000, 0.0167),
    "Mars": (1.5237, 0.0934),
    "Halley": (17.834, 0.9671),
}


def place(y, axis, eccentricity):
    """Coordinates in the plane of the orbit, sun at the origin, shape `(2, n)`."""
    return axis * np.stack([np.cos(y) - eccentricity, np.sqrt(1 - eccentricity**2) * np.sin(y)])


# %%
angles = np.linspace(0.0, 2.0 * np.pi, 400)
figure, axes = plt.subplots(1, 2, figsize=(12, 4), width_ratios=[1, 2])
for name, (axis, eccentricity) in ORBITS.items():
    axes[int(name == "Halley")].plot(*place(angles, axis, eccentricity), label=name)
axes[1].plot(*place(angles, *ORBITS["Mars"]), color="grey", label="Mars, for scale")
for panel in axes:
    panel.plot(0.0, 0.0, "y*", markersize=12)
    panel.set(aspect="equal", xlabel="astronomical units")
    panel.legend()
plt.show()

# %% [markdown]
# ## 3. Task 1: how good is an answer?
# Whoever solved the equation, by whatever means: the *residual*
# $$r(x, y)=y-e\sin y-M$$
# says at once whether the answer is any good. It also bounds the error. The slope of the residual
# in $y$ is $1-e\cos y\ge 1-e$, so by the mean value theorem
# $$|y-y^*|\le\frac{|r(x,y)|}{1-e}.$$
# Write both. The bound needs no truth: it is a *certificate* for any solver, neural or not.


# %% tags=["task:kepler"]
def residual(x, y):
    """`y - e sin(y) - M`, shape `(n,)`; the columns of `x`, shape `(n, 2)`, are `M` and `e`."""
    # --- solution ---
    return y - x[:, 1] * np.sin(y) - x[:, 0]
    # --- end ---


def error_bound(x, y):
    """What the error of `y` cannot exceed, shape `(n,)`."""
    # --- solution ---
    return np.abs(residual(x, y)) / (1.0 - x[:, 1])
    # --- end ---


# %% tags=["check:residual"]
check(
    "residual of three answers",
    lambda: residual(np.array([[1.0, 0.0], [1.0, 0.5], [0.0, 0.9]]), np.array([1.0, 0.0, np.pi])),
    target=[0.0, -1.0, np.pi],
    hint="x[:, 0] is M and x[:, 1] is e. On a circle, e = 0, the answer is M itself.",
)

# %% tags=["check:error_bound"]
check(
    "bound of the error of two answers",
    lambda: error_bound(np.array([[1.0, 0.5], [0.0, 0.9]]), np.array([0.0, np.pi])),
    target=[2.0, 10.0 * np.pi],
    hint="A bound is never negative: take the size of the residual first.",
)

# %% [markdown]
# ## 4. Task 2: two classic solvers
# A *solver* is any callable `y = solver(x)`. Two of them:
#
# - *Fixed point*: $y_0=M$ and $y_{k+1}=M+e\sin y_k$. Each step shrinks the error by a factor of
#   about $e\,|\cos y|$.
# - *Newton*: $y_{k+1}=y_k-r(x,y_k)\,/\,(1-e\cos y_k)$. Near the answer each step squares the error.
#   It starts from the answer of another solver, `initial_guess(x)`.
#
# Both return the last iterate, and leave `x` as it is (mind: `x[:, 0]` is no copy, so `y -= ...`
# may change it).


# %% tags=["task:iterations"]
def fixed_point(x, num_steps):
    """The answers after `num_steps` steps of the fixed-point iteration, shape `(n,)`."""
    # --- solution ---
    y = x[:, 0]
    for _ in range(num_steps):
        y = x[:, 0] + x[:, 1] * np.sin(y)
    return y
    # --- end ---


def newton(x, initial_guess, num_steps):
    """The answers after `num_steps` steps from `initial_guess(x)`, shape `(n,)`."""
    # --- solution ---
    mean_anomaly, eccentricity = x[:, 0], x[:, 1]
    y = initial_guess(x)
    for _ in range(num_steps):
        error = y - eccentricity * np.sin(y) - mean_anomaly
        y = y - error / (1.0 - eccentricity * np.cos(y))
    return y
    # --- end ---


# %% tags=["check:fixed_point"]
check(
    "one step and two steps on Mars",
    lambda: [fixed_point(np.array([[1.0, 0.0934]]), k)[0] for k in (1, 2)],
    target=[1.0785934, 1.0823129],
    hint="Start from M; zero steps return M, one step returns M + e sin(M).",
)

# %% tags=["check:newton"]
check(
    "two steps on a comet, from pi",
    lambda: newton(np.array([[0.1, 0.9671]]), lambda x: np.array([np.pi]), 2),
    target=[1.0790721],
    hint="The residual and its slope are both taken at the old y.",
)

# %% [markdown]
# Now look at both on the real orbits, a quarter of a period after the passage nearest to the sun.
# The truth comes from a third classic, *bisection*: slow, but it cannot fail, since the residual
# grows with $y$ and changes its sign between $M-e$ and $M+e$.


# %% tags=["given"]
def bisection(x, num_steps=60):
    """Answers to rounding, shape `(n,)`: halves the interval `[M - e, M + e]` again and again."""
    low, high = x[:, 0] - x[:, 1], x[:, 0] + x[:, 1]
    for _ in range(num_steps):
        middle = 0.5 * (low + high)
        above = middle - x[:, 1] * np.sin(middle) > x[:, 0]
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return 0.5 * (low + high)


def start_at_mean(x):
    """The cheapest solver of all, exact on a circle: `y = M`."""
    return x[:, 0]


# %%
quarter = np.array([[0.5 * np.pi, eccentricity] for _, eccentricity in ORBITS.values()])
truth, steps = bisection(quarter), np.arange(41)
slow = np.array([np.abs(fixed_point(quarter, k) - truth) for k in steps])
fast = np.array([np.abs(newton(quarter, start_at_mean, k) - truth) for k in steps[:8]])
for i, name in enumerate(ORBITS):
    plt.semilogy(steps, np.maximum(slow[:, i], 1e-17), f"C{i}.-", label=f"{name}, fixed point")
    plt.semilogy(steps[:8], np.maximum(fast[:, i], 1e-17), f"C{i}s--", label=f"{name}, Newton")
plt.axhline(2.2e-16, color="grey")
plt.xlabel("number of steps")
plt.ylabel("error in y [rad]")
plt.legend(fontsize=7)
plt.show()

# %% [markdown]
# Straight lines on a logarithmic axis: the fixed point wins a factor in each step. Newton bends
# down: it doubles the digits. Both end at the rounding of numbers near 1, the grey line.
#
# With a solver in hand, the comet: where it was every second year since February 1986. It spends
# decades beyond Neptune and rushes past the sun in months.

# %%
years = np.arange(0.0, 75.3, 2.0)
x_comet = np.stack([2.0 * np.pi * years / 75.3, np.full(years.shape, 0.9671)], axis=1)
y_comet = newton(x_comet, lambda x: np.full(len(x), np.pi), 20)
plt.figure(figsize=(9, 3))
plt.plot(*place(angles, *ORBITS["Halley"]), color="lightgrey")
plt.scatter(*place(y_comet, *ORBITS["Halley"]), c=1986.1 + years)
plt.colorbar(label="year")
plt.plot(0.0, 0.0, "y*", markersize=12)
plt.xlabel("astronomical units")
plt.axis("equal")
plt.show()
print(f"largest error of the comet's y, certified: {np.max(error_bound(x_comet, y_comet)):.1e}")

# %% [markdown]
# ## 5. Task 3: the first trained solver
# A solver for one orbit iterates. If millions of orbits are to be solved (catalogues, fits of
# exoplanets), pay once: *learn* the map from $x$ to $y$, then only evaluate it.
#
# **Labels for nothing.** From $y$ to $M$ it is a formula. So draw $y$ and $e$, compute $M$, and you
# have solved problems without any solver. Draw $y\in[0,2\pi)$ and $e\in[0,e_\max)$ uniformly, with
# `np.random.default_rng(seed)`.
#
# **The family.** The guess is $M+\sum_j c_j\,f_j(x)$ with at most 40 features $f_j$ of your choice.
# The problem prescribes two properties, so build them in rather than learn them: on a circle the
# answer is $M$, so each feature vanishes at $e=0$; and adding $2\pi$ to $M$ adds $2\pi$ to $y$, so
# each has the period $2\pi$ in $M$. (Euler and Lagrange expanded $y-M$ in $e^i\sin(jM)$.)
#
# **Training** is least squares, `np.linalg.lstsq`: the coefficients that bring the guess closest
# to the labels `y`. Mind that the features stand for $y-M$.
#
# You are graded by the error on new orbits with $e<0.8$: a root mean square error of 0.006 rad
# gets all points, 0.09 rad, hardly better than $M+e\sin M$, none.


# %% tags=["task:guess"]
def solved_samples(num_samples, max_eccentricity, seed):
    """`(x, y)` of shapes `(n, 2)` and `(n,)`: random problems with their exact answers."""
    # --- solution ---
    rng = np.random.default_rng(seed)
    y = rng.uniform(0.0, 2.0 * np.pi, num_samples)
    eccentricity = rng.uniform(0.0, max_eccentricity, num_samples)
    return np.stack([y - eccentricity * np.sin(y), eccentricity], axis=1), y
    # --- end ---


def features(x):
    """The features of each problem, shape `(n, num_features)` with `num_features <= 40`."""
    # --- solution ---
    waves = np.sin(x[:, :1] * np.arange(1, 9))
    powers = x[:, 1:] ** np.arange(1, 6)
    return (waves[:, :, None] * powers[:, None, :]).reshape(len(x), -1)
    # --- end ---


def train(x, y):
    """Coefficients, shape `(num_features,)`, for which `M + features(x) @ c` is closest to `y`."""
    # --- solution ---
    return np.linalg.lstsq(features(x), y - x[:, 0], rcond=None)[0]
    # --- end ---


# %% tags=["check:solved_samples"]
check_range(
    "largest residual of 100 problems that come with their answers",
    lambda: np.max(np.abs(residual(*solved_samples(100, 0.9, 0)))),
    0.0,
    1e-12,
    hint="Draw y, not M: then M = y - e sin(y) is a formula. (This check uses your `residual`.)",
)


# %% tags=["check:train"]
def misfit(x, y):
    return np.sqrt(np.mean((x[:, 0] + features(x) @ train(x, y) - y) ** 2))


check_range(
    "root mean square error of the guess on its training samples",
    lambda: misfit(*solved_samples(2000, 0.8, 0)),
    0.0,
    0.02,
    hint="Products of powers of e, from the first on, and sines of multiples of M.",
)

# %% [markdown]
# The trained solver, and beside it the other extreme: a *table* of answers on a fine grid of
# $(M, e)$, read at the nearest entry. The fit stores 40 numbers, the table a million. Its entries
# too come without a solver: on a fine grid of $y$ the equation gives $M$, and interpolation gives
# the $y$ at the $M$ wanted.

# %%
begin = time.perf_counter()
coefficients = train(*solved_samples(5_000, 0.8, seed=0))
fit_seconds = time.perf_counter() - begin


def guess(x):
    return x[:, 0] + features(x) @ coefficients


# %%
def make_table(max_eccentricity, rows=512, columns=2048):
    """Answers at the centres of cells of a grid over `e` (rows) and `M` (columns)."""
    means = 2.0 * np.pi * (np.arange(columns) + 0.5) / columns
    y = np.linspace(0.0, 2.0 * np.pi, 8 * columns)
    eccentricities = max_eccentricity * (np.arange(rows) + 0.5) / rows
    return np.array([np.interp(means, y - e * np.sin(y), y) - means for e in eccentricities])


begin = time.perf_counter()
TABLE = make_table(0.8)
table_seconds = time.perf_counter() - begin


def table(x):
    row = (x[:, 1] * (TABLE.shape[0] / 0.8)).astype(int)
    column = (x[:, 0] * (TABLE.shape[1] / (2.0 * np.pi))).astype(int)
    return x[:, 0] + TABLE[row, column]


# %% [markdown]
# The picture shows how many steps Newton needs to bring the residual below $10^{-12}$, for all
# orbits at once: left from $y=M$, right from the trained guess. The guess was trained below the
# white line. There it saves steps; above it nothing is promised, and the stripes show the strain.

# %%
size = 100 if fast_mode() else 300
grid = np.meshgrid(np.linspace(0.0, 2 * np.pi, size), np.linspace(0.0, 0.99, size))
x_map = np.stack(grid, axis=-1).reshape(-1, 2)


def steps_needed(initial_guess, at_most=12):
    y, count = initial_guess(x_map), np.zeros(len(x_map))
    for _ in range(at_most):
        count += np.abs(residual(x_map, y)) > 1e-12
        y = newton(x_map, lambda _, y=y: y, 1)
    return count.reshape(size, size)


# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
for panel, solver, title in zip(axes, (start_at_mean, guess), ("y = M", "trained guess")):
    extent = (0.0, 2 * np.pi, 0.0, 0.99)
    image = panel.imshow(
        steps_needed(solver), origin="lower", extent=extent, aspect="auto", vmin=0, vmax=12
    )
    panel.set(title=f"Newton from {title}", xlabel="mean anomaly M [rad]")
    panel.axhline(0.8, color="white")
axes[0].set_ylabel("eccentricity e")
figure.colorbar(image, ax=axes, label="steps")
plt.show()

# %% [markdown]
# ## 6. Task 4: time against error
# Which solver is *faster*? The question has no answer before an error is named: one Newton step is
# faster than two. So measure each solver at several settings, and draw time against error. Lower
# left is better. All solvers get the same batch on the same machine, after a first call that warms
# up, and the time is the median of several calls.

# %%
rng = np.random.default_rng(1)
x_test = rng.uniform(0.0, (2.0 * np.pi, 0.8), (NUM_PROBLEMS, 2))
y_test = bisection(x_test)


def measured(solver):
    """`(seconds, error)`: median wall time on the batch, and root mean square error."""
    seconds = []
    for _ in range(NUM_REPEATS + 1):
        begin = time.perf_counter()
        y = solver(x_test)
        seconds.append(time.perf_counter() - begin)
    return np.median(seconds[1:]), np.sqrt(np.mean((y - y_test) ** 2))


# %%
def first_order(x):
    return x[:, 0] + x[:, 1] * np.sin(x[:, 0])


curves = {
    "fixed point": [measured(lambda x, k=k: fixed_point(x, k)) for k in (1, 2, 4, 8, 16, 32)],
    "Newton": [measured(lambda x, k=k: newton(x, first_order, k)) for k in range(5)],
    "Newton from the fit": [measured(lambda x, k=k: newton(x, guess, k)) for k in range(4)],
    "Newton from the table": [measured(lambda x, k=k: newton(x, table, k)) for k in range(3)],
}

# %%
for (name, pairs), marker in zip(curves.items(), "osv*"):
    seconds, errors = np.transpose(pairs)
    plt.loglog(1e3 * seconds, errors, f"{marker}-", label=name)
plt.xlabel(f"time for {NUM_PROBLEMS:,} orbits [ms]")
plt.ylabel("root mean square error [rad]")
plt.legend()
plt.show()

# %% [markdown]
# Read it: the leftmost star is the table alone. At its error it lies far left of Newton: there
# learning pays, because an answer is one look into memory. With a step or two of Newton behind it,
# it keeps some of the lead at any accuracy: *a learned start with a classic end*. The fit saves
# steps too, but it pays for its 40 features: it lies right of Newton, so it is *slower than the
# classic*, however neat. Newton is a strong baseline here, since a step costs a sine and a cosine.
#
# Now a number. The **speed-up at equal accuracy** is the time of the classic solver *at the error
# of the new one*, over the time of the new one. The classic one was measured at a few errors only:
# between these, $\log(\text{time})$ is interpolated linearly in $\log(\text{error})$. Beyond its
# smallest and largest measured error we know nothing, so the answer there is NaN: *no
# extrapolation*. The pairs come in any order.


# %% tags=["task:speed_up"]
def speed_up(seconds, error, classic_seconds, classic_errors):
    """How many times faster a solver with `seconds` and `error` is than the classic one.

    `classic_seconds` and `classic_errors` have shape `(n,)`. NaN if no two of the classic
    errors enclose `error`.
    """
    # --- solution ---
    order = np.argsort(classic_errors)
    times, errors = np.log(classic_seconds[order]), np.log(classic_errors[order])
    at_error = np.interp(np.log(error), errors, times, left=np.nan, right=np.nan)
    return np.exp(at_error) / seconds
    # --- end ---


# %% tags=["check:speed_up"]
check(
    "half way on both logarithms",
    lambda: speed_up(0.5, 1e-2, np.array([1.0, 4.0, 32.0]), np.array([1e-1, 1e-3, 1e-4])),
    target=4.0,
    hint="The classic time at 1e-2 is the geometric mean, 2. np.interp needs rising errors.",
)

# %% tags=["check:speed_up_refuses"]
check(
    "refuses beyond both ends",
    lambda: [
        np.isnan(speed_up(0.5, error, np.array([1.0, 4.0]), np.array([1e-1, 1e-3])))
        for error in (1.0, 1e-6)
    ],
    target=[1, 1],
    hint="np.interp holds the last value beyond the ends; its left= and right= change that.",
)

# %%
classic = np.transpose(curves["Newton"])
for name in ("Newton from the fit", "Newton from the table"):
    for k, pair in enumerate(curves[name]):
        print(f"{name}, {k} steps: error {pair[1]:.1e}, speed-up {speed_up(*pair, *classic):.2f}")

# %% [markdown]
# ## 7. The demo of this library, read together
# `make demo` trains a network, LISTA, that finds sparse codes of image patches, and measures it
# beside three classic solvers. Below are the measurements of one such run (two cores; the picture
# in the README shows the same): milliseconds for the batch, and the gap to the optimum.

# %%
GAP = {
    "ISTA": np.array([0.428, 0.305, 0.207, 0.131, 0.0741, 0.0358]),
    "FISTA": np.array([0.388, 0.224, 0.101, 0.0275, 0.0036, 0.000188]),
    "LISTA": np.array([0.00331]),
}
MILLISECONDS = {
    1: {
        "ISTA": np.array([1.016, 0.9611, 0.9584, 1.103, 1.243, 1.611]),
        "FISTA": np.array([0.9745, 0.8964, 1.031, 1.171, 1.433, 2.006]),
        "LISTA": np.array([1.755]),
    },
    10_000: {
        "ISTA": np.array([85.59, 161.3, 320.6, 511.2, 965.6, 1887.0]),
        "FISTA": np.array([145.0, 221.6, 404.5, 792.4, 1612.0, 3294.0]),
        "LISTA": np.array([163.0]),
    },
}

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
for panel, (batch, times) in zip(axes, MILLISECONDS.items()):
    for name, marker in (("ISTA", "o-"), ("FISTA", "s-"), ("LISTA", "*")):
        size = 16 if marker == "*" else 6
        panel.loglog(times[name], GAP[name], marker, label=name, markersize=size)
        ratio = speed_up(times["LISTA"][0], GAP["LISTA"][0], times[name], GAP[name])
        if name != "LISTA":
            print(f"batch {batch:,}: speed-up of LISTA over {name} {ratio:.2f}")
    panel.set(title=f"batch {batch:,}", xlabel="time for the batch [ms]")
axes[0].set_ylabel("relative gap to the optimum")
axes[0].legend()
plt.show()

# %% [markdown]
# Three things to see. *The batch matters*: ten times faster on 10,000 patches, slower on one,
# where a call costs more than its arithmetic. *The baseline matters*: ISTA never reached the gap of
# the network in this measurement, so against ISTA there is no number at all; whoever wants to
# impress would pick it. *The end matters*: the network stops at its gap, FISTA goes on.
#
# ## 8. Task 5: is the training repaid?
# Training took 64 s before the first patch was coded. Each solve saves the difference of the times
# for *one* input. After how many solves has the saving repaid the training? Never, that is
# `np.inf`, if nothing is saved.


# %% tags=["task:break_even"]
def break_even(training_seconds, seconds, classic_seconds, batch_size):
    """Number of inputs after which training is repaid; both times are those of a whole batch."""
    # --- solution ---
    saved = (classic_seconds - seconds) / batch_size
    return training_seconds / saved if saved > 0.0 else np.inf
    # --- end ---


# %% tags=["check:break_even"]
check(
    "60 s of training, 3 s instead of 5 s for a batch of 100",
    lambda: break_even(60.0, 3.0, 5.0, 100),
    target=3000.0,
    hint="2 s are saved in each batch of 100, so 0.02 s for each input.",
)

# %% tags=["check:break_even_never"]
check(
    "a solver that is slower, or as slow",
    lambda: [np.isposinf(break_even(60.0, 5.0, seconds, 100)) for seconds in (4.0, 5.0)],
    target=[1, 1],
    hint="A negative number of solves makes no sense: return np.inf.",
)

# %%
times = MILLISECONDS[10_000]
fista_seconds = 0.163 * speed_up(0.163, GAP["LISTA"][0], times["FISTA"] / 1e3, GAP["FISTA"])
print(f"demo: repaid after {break_even(63.9, 0.163, fista_seconds, 10_000):,.0f} patches")
for name, training in (("fit", fit_seconds), ("table", table_seconds)):
    seconds, error = curves[f"Newton from the {name}"][0]
    newton_seconds = seconds * speed_up(seconds, error, *classic)
    count = break_even(training, seconds, newton_seconds, NUM_PROBLEMS)
    print(f"{name}: trained in {training:.2f} s, repaid after {count:,.0f} orbits")

# %% [markdown]
# ## 9. Explore
# Change one thing at a time. How do the curves move with 100 orbits, or a million? How do they with
# $e<0.3$, where all planets live? What does a coarser table give, and one that interpolates? When
# does the fit beat Newton: with fewer features? Does the certificate of section 3 hold for the
# table?
#
# **Questions to answer for yourself.** The table is hopeless for images with 784 pixels: why, and
# what would a fit have to know about images to do better (lab 01)? Someone reports a network that
# is 1000 times faster than "the numerical solver": which four questions do you ask?
#
# ## 10. Save, and the library's version
# A trained solver is a file: here 40 numbers, later the weights of a network. Whoever loads it
# needs the features, but none of the training.

# %%
np.save("guess.npy", coefficients)
loaded = x_test[:, 0] + features(x_test) @ np.load("guess.npy")
print(f"largest difference after loading: {np.max(np.abs(loaded - guess(x_test)))}")

# %% [markdown]
# `keras_solvers` measures and compares in the same way. Where the classic solver was not measured
# it is stricter or more lenient than your NaN: if no setting reaches the error, the classic time is
# infinite; if even the coarsest setting is better than asked, its time counts.

# %%
from keras_solvers import Measurement, speedup_at_equal_accuracy, work_precision
from keras_solvers import break_even as library_break_even


def demo_measurement(name, i, batch=10_000):
    seconds, gap = MILLISECONDS[batch][name][i] / 1e3, GAP[name][i]
    return Measurement(name, str(i), batch, seconds, seconds, gap, gap)


lista = demo_measurement("LISTA", 0)
others = [demo_measurement(name, i) for name in ("ISTA", "FISTA") for i in range(6)]
print(speedup_at_equal_accuracy(lista, others))
print(f"repaid after {library_break_even(lista, others, 63.9):,.0f} patches")

# %% [markdown]
# And it measures: any callable will do, so your solvers are as good as its own. It reports the mean
# error over the batch.

# %%
*newtons, looked_up = work_precision(
    {
        "Newton": {k: lambda x, k=k: newton(x, first_order, k) for k in range(5)},
        "table": {"512 x 2048": table},
    },
    x_test,
    error=lambda x, y: np.abs(y - y_test),
    repeats=NUM_REPEATS,
)
print(f"speed-up of the table: {speedup_at_equal_accuracy(looked_up, newtons).ratio:.1f}")
