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
# # Lecture 08: Inverse problems
#
# A solver goes from causes to effects. Engineers often have the effects and want the causes: which
# source, which material, which rate explains what the sensors say? Two things make that hard:
# noise, and that many causes have nearly the same effect. Two things make it possible: statistics,
# and cheap derivatives.
#
# 1. Why: a problem that amplifies noise
# 2. The mathematics: least squares, prior, uncertainty
# 3. The classic method: adjoints
# 4. Networks with unknown coefficients
# 5. Noise and weights
# 6. What Laplace's approximation does not see
# 7. A field as the unknown

# %%
import logging
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares

from keras_solvers.grading import fast_mode
from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, PINN, data, equations, laplace
from keras_solvers.training import LevenbergMarquardt

logging.getLogger("tensorflow").setLevel(logging.ERROR)  # each training compiles equations anew
FAST = fast_mode()
rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. Why
# A rod with cold ends had a temperature $u_0(x)$; a little later it is $u=Ku_0$. Heat conduction
# multiplies each wave $\sin\pi kx$ by $e^{-\pi^2k^2t}$: these are the singular values of $K$. They
# fall so fast that short waves vanish in the noise, and dividing by them makes noise of them.

# %%
n, lapse, sigma = 100, 0.01, 0.01
x = (np.arange(n) + 0.5) / n
k = np.arange(1, n + 1)
waves = np.sqrt(2.0 / n) * np.sin(np.pi * np.outer(x, k))  # columns of length 1
waves[:, -1] /= np.sqrt(2.0)
gains = np.exp(-((np.pi * k) ** 2) * lapse)
first = np.where(np.abs(x - 0.3) < 0.1, 1.0, 0.0) + np.exp(-(((x - 0.7) / 0.07) ** 2))
later = waves @ (gains * (waves.T @ first))
seen = later + sigma * rng.normal(size=n)


def regularised(seen, alpha):
    """Minimum of `|K u - seen|^2 + alpha |u|^2`: a filter of each wave."""
    return waves @ (gains / (gains**2 + alpha) * (waves.T @ seen))


# %%
figure, axes = plt.subplots(1, 3, figsize=(13, 3.6))
axes[0].semilogy(k[:20], gains[:20], "o-", label="singular values")
axes[0].semilogy(k[:20], np.abs(waves.T @ later)[:20], "x", label="data, no noise")
axes[0].semilogy(k[:20], np.abs(waves.T @ seen)[:20], "+", label="data")
axes[0].set_ylim(1e-8, 20.0)
axes[0].set_xlabel("wave")
axes[0].legend()
axes[1].plot(x, seen, ".", color="0.6", label="data")
axes[1].plot(x, first, "k", label="before")
for alpha in (1e-7, 1e-3, 1.0):
    axes[1].plot(x, regularised(seen, alpha), label=f"α = {alpha:g}")
axes[1].set_ylim(-1.0, 3.0)
axes[1].set_xlabel("x")
axes[1].legend(fontsize=8, ncol=3, loc="upper center")
alphas = 10.0 ** np.linspace(-8.0, 1.0, 40)
errors = [np.linalg.norm(regularised(seen, a) - first) / np.linalg.norm(first) for a in alphas]
left = [
    np.linalg.norm(waves @ (gains * (waves.T @ regularised(seen, a))) - seen) / (sigma * np.sqrt(n))
    for a in alphas
]
axes[2].loglog(alphas, errors, label="error")
axes[2].loglog(alphas, left, label="misfit over noise")
axes[2].axhline(1.0, color="0.7")
axes[2].set_xlabel("α")
axes[2].legend()
plt.show()

# %% [markdown]
# Hadamard (1902) called a problem *well-posed* if an answer exists, is unique, and depends
# continuously on the data. Here the third fails, in practice. Tikhonov (1963) asks for less: small
# misfit *and* small norm,
# $$\min_u\|Ku-d\|^2+\alpha\|u\|^2 ,\qquad u=\sum_k\frac{s_k}{s_k^2+\alpha}\,(w_k\cdot d)\,v_k .$$
# With a small $\alpha$ noise remains, with a large one the rod is flat. Which one? Nobody knows the
# error, but everybody knows the misfit: where it equals the noise (Morozov, 1966), the error is not
# far from its minimum. What is lost for ever is the edge of the box.
#
# ## 2. The mathematics
# Why squares, and what does $\alpha$ mean? If the data have independent normal errors with
# deviation $\sigma$, and if we expect waves with the deviation $\tau$ before we measure, then by
# Bayes' rule
# $$-2\ln p(u\mid d)=\frac{\|Ku-d\|^2}{\sigma^2}+\frac{\|u\|^2}{\tau^2}+\text{const.}$$
# So $\alpha=\sigma^2/\tau^2$, and more: the whole posterior is a normal distribution with the
# covariance $C=(K^\top K/\sigma^2+I/\tau^2)^{-1}$. One formula for the estimate and its doubt.

# %%
tau = 0.7
variances = 1.0 / (gains**2 / sigma**2 + 1.0 / tau**2)
mean = regularised(seen, sigma**2 / tau**2)
deviation = np.sqrt(waves**2 @ variances)
inside = np.mean(np.abs(mean - first) < 1.96 * deviation)
print(f"the truth lies inside the band of 95 % at {100 * inside:.0f} % of the points")
plt.fill_between(x, mean - 1.96 * deviation, mean + 1.96 * deviation, alpha=0.3, label="95 %")
plt.plot(x, mean, label="mean")
plt.plot(x, first, "k", label="truth")
for _ in range(3):
    plt.plot(x, mean + waves @ (np.sqrt(variances) * rng.normal(size=n)), "0.6", linewidth=0.7)
plt.ylim(-2.0, 3.0)
plt.xlabel("x")
plt.legend()
plt.show()

# %% [markdown]
# The band is wide because we said so: a prior without smoothness lets every point be anything. The
# thin lines show it: they are equally good answers. The data know about five numbers. Whoever shows
# one smooth curve without a band has put the rest in by hand.
#
# ## 3. The classic method: adjoints
# Most unknowns enter the equation in a nonlinear way, such as a conductivity $\kappa(x)$ in
# $u_t=(\kappa u_x)_x$. Then one needs derivatives of the misfit $J$. In steps, $Bu^{j+1}=u^j$ with
# $B=I+\Delta t\,A(\kappa)$. Differentiate all of them and collect, from the last to the first:
# $$B^\top\lambda^{j}=\lambda^{j+1}+\partial_{u^j}J,\qquad \frac{\partial J}{\partial\kappa_i}=
# -\Delta t\sum_j\lambda^j\cdot\frac{\partial A}{\partial\kappa_i}\,u^j .$$
# The adjoint runs *backwards in time*. It costs as much as the simulation, and all states must be
# kept or computed again. Reverse-mode differentiation of the program gives the same numbers; it is
# how gradients of networks are computed (Griewank and Walther, 2008). One solve for all
# derivatives:

# %%
cells, steps = (20, 20) if FAST else (50, 100)
spacing, step, ends_at = 1.0 / cells, 0.2 / steps, (cells // 4, cells // 2, 3 * cells // 4)
middles = (np.arange(cells) + 0.5) / cells
start = np.sin(np.pi * middles) + 0.5 * np.sin(3.0 * np.pi * middles)


def conduction(kappa):
    """`A`, for conductivities on the `cells + 1` faces; both ends are cold."""
    matrix = np.diag(kappa[1:] + kappa[:-1]) - np.diag(kappa[1:-1], 1) - np.diag(kappa[1:-1], -1)
    matrix[0, 0] += kappa[0]  # the wall is half a cell away
    matrix[-1, -1] += kappa[-1]
    return matrix / spacing**2


def history(kappa):
    inverse = np.linalg.inv(np.eye(cells) + step * conduction(kappa))
    states = [start]
    for _ in range(steps):
        states.append(inverse @ states[-1])
    return np.array(states), inverse


def misfit(kappa, readings):
    """Half the sum of squares at three sensors and all times, and its gradient."""
    states, inverse = history(kappa)
    deviations = states[1:, ends_at] - readings
    adjoint, gradient = np.zeros(cells), np.zeros(cells + 1)
    for state, deviation in zip(states[:0:-1], deviations[::-1]):
        adjoint[list(ends_at)] += deviation
        adjoint = inverse.T @ adjoint
        slopes = [np.diff(w, prepend=-w[0], append=-w[-1]) for w in (adjoint, state)]
        gradient -= step * slopes[0] * slopes[1] * ([0.5] + (cells - 1) * [1.0] + [0.5])
    return 0.5 * np.sum(deviations**2), gradient / spacing**2


# %%
kappa = np.linspace(0.5, 1.5, cells + 1)
readings = history(kappa)[0][1:, ends_at] + 0.02 * rng.normal(size=(steps, 3))
guess, direction = np.ones(cells + 1), rng.normal(size=cells + 1)
begin = time.perf_counter()
gradient = misfit(guess, readings)[1]
seconds = time.perf_counter() - begin
high, low = (misfit(guess + h * direction, readings)[0] for h in (1e-5, -1e-5))
print(f"by the adjoint {gradient @ direction:.8f}, by differences {(high - low) / 2e-5:.8f}")
print(f"{cells + 1} derivatives in {1e3 * seconds:.1f} ms, two simulations long")

# %% [markdown]
# ## 4. Networks with unknown coefficients
# Now without steps. A network $u_\theta(x,t)$ and the unknown number are trained together, until
# the equation holds at many points and the data are met (Raissi, Perdikaris and Karniadakis, 2019).
# In the library the coefficient has a name, and the equation uses it. Here: heat in a rod, read by
# 40 sensors at random places and times. Nobody has measured how it began.

# %%
DIFFUSIVITY, NOISE = 0.4, 0.02
rod = Box(x=(0.0, 1.0), t=(0.0, 0.5))
places = rng.uniform((0.05, 0.0), (0.95, 0.5), (40, 2))


def temperature(points, diffusivity=DIFFUSIVITY):
    across, t = points[:, 0], points[:, 1]
    waves = [(1.0, 1), (0.5, 2)]
    return sum(
        a * np.exp(-diffusivity * (j * np.pi) ** 2 * t) * np.sin(j * np.pi * across)
        for a, j in waves
    )


clean = temperature(places)
sensors = clean + NOISE * rng.normal(size=40)


def rod_problem(weight):
    return PDE(
        rod,
        lambda x, u, diffusivity: u.t - diffusivity * u.xx,
        (data(places, sensors, weight=weight),),
        ansatz=lambda x, n: x.x * (1.0 - x.x) * n,
        coefficients={"diffusivity": 1.0},
    )


def trained(problem, width, depth, epochs, num_points=150, seed=0):
    """A trained `PINN`, the points of its training, and the seconds it took."""
    keras.utils.set_random_seed(seed)
    begin, geometry = time.perf_counter(), problem.geometry
    network = coordinate_mlp(
        len(geometry.coordinates),
        problem.num_fields,
        width=width,
        depth=depth,
        bounds=geometry.bounds,
        dtype="float64",
    )
    model, points = PINN(network, problem), problem.sample(num_points, num_boundary=4)
    model.compile(LevenbergMarquardt())
    model.fit(points, epochs=epochs, verbose=0)
    return model, points, time.perf_counter() - begin


model, points, seconds = trained(rod_problem(1.0), 16, 1, 20 if FAST else 150)
doubt = laplace(model, points)
print(f"network: {doubt.mean[0]:.3f} ± {doubt.std['diffusivity']:.3f}, {seconds:.1f} s")

# %% [markdown]
# The classic way needs a beginning, so it makes the amplitudes of the first waves unknown as well.
# Four of them are enough, but one has to know that.

# %%


def left_by_waves(unknowns):
    diffusivity, *amplitudes = unknowns
    values = sum(
        a
        * np.exp(-diffusivity * (j * np.pi) ** 2 * places[:, 1])
        * np.sin(j * np.pi * places[:, 0])
        for j, a in enumerate(amplitudes, 1)
    )
    return (values - sensors) / NOISE


begin = time.perf_counter()
search = least_squares(left_by_waves, [1.0, 1.0, 0.0, 0.0, 0.0])
deviation = np.sqrt(np.linalg.inv(search.jac.T @ search.jac)[0, 0])
seconds = time.perf_counter() - begin
print(f"least squares: {search.x[0]:.3f} ± {deviation:.3f}, {1e3 * seconds:.0f} ms")

# %%
figure, axes = plt.subplots(1, 2, figsize=(11, 3.6))
grid = np.stack(np.meshgrid(np.linspace(0.0, 1.0, 60), np.linspace(0.0, 0.5, 60)), axis=-1)
answer = np.asarray(model(grid.reshape(-1, 2)))[:, 0].reshape(60, 60)
exact = temperature(grid.reshape(-1, 2)).reshape(60, 60)
for axis, field, name in zip(axes, (answer, answer - exact), ("network", "network less truth")):
    picture = axis.pcolormesh(grid[0, :, 0], grid[:, 0, 1], field)
    axis.plot(*places.T, "k.", markersize=4)
    axis.set_xlabel("x")
    axis.set_title(name)
    plt.colorbar(picture)
axes[0].set_ylabel("t")
plt.show()

# %% [markdown]
# The equation has found the beginning by itself, with an error that grows where no sensor looks.
#
# A second example: Lorenz's equations, of which the library's `run pinn --case lorenz-inverse`
# finds all three coefficients. Here only $x$ and $z$ are measured, with noise. That $y$ exists,
# only the equations know.

# %%
LORENZ = np.array([10.0, 15.0, 2.7])
times = np.linspace(0.0, 1.0, 50)


def orbit(coefficients, first):
    s, r, b = coefficients

    def rate(t, u):
        return s * (u[1] - u[0]), u[0] * (r - u[2]) - u[1], u[0] * u[1] - b * u[2]

    return solve_ivp(rate, (0.0, 1.0), first, t_eval=times, rtol=1e-8, atol=1e-8).y


states = orbit(LORENZ, (-8.0, 7.0, 27.0))
measured = states + 0.2 * rng.normal(size=states.shape)
problem = PDE(
    Box(t=(0.0, 1.0)),
    equations.lorenz(),
    tuple(data(times[:, None], measured[i], field=i, weight=0.1) for i in (0, 2)),
    num_fields=3,
    ansatz=lambda place, x, y, z: (10.0 * x, 10.0 * y, 10.0 * z + 15.0),
    coefficients={"sigma": 5.0, "rho": 10.0, "beta": 1.0},
)
model, points, seconds = trained(problem, 20, 1, 30 if FAST else 300, num_points=100)
doubt = laplace(model, points)
print(
    f"network, {seconds:.0f} s:",
    *(f"{v:.2f} ± {s:.2f}" for v, s in zip(doubt.mean, doubt.std.values())),
)
begin = time.perf_counter()
search = least_squares(
    lambda p: ((orbit(p[:3], p[3:]) - measured)[[0, 2]] / 0.2).ravel(),
    [5.0, 10.0, 1.0, *measured[:, 0] * (1.0, 0.0, 1.0)],
)
stds = np.sqrt(np.diag(np.linalg.inv(search.jac.T @ search.jac)))
print(
    f"shooting, {time.perf_counter() - begin:.0f} s:",
    *(f"{v:.2f} ± {s:.2f}" for v, s in zip(search.x[:3], stds)),
)

# %%
found = np.asarray(model(times[:, None])).T
for i, name in enumerate("xyz"):
    (line,) = plt.plot(times, found[i], label=f"{name}, network")
    marks = "x" if i == 1 else "."
    plt.plot(times, states[1] if i == 1 else measured[i], marks, color=line.get_color())
plt.xlabel("t")
plt.title("points: data of x and z, the truth of y")
plt.legend()
plt.show()

# %% [markdown]
# Shooting needs a first guess that stays near the data: over a longer time, orbits of wrong
# coefficients go elsewhere, and the misfit has thousands of minima. The network is held by the data
# at all times, which makes it robust, as multiple shooting is.
#
# ## 5. Noise and weights
# The likelihood of independent normal errors gives each sample the weight $1/\sigma^2$. So two
# kinds of sensors are weighted by their deviations, not by taste. And the equation? It has no
# noise, so its weight should be infinite beside that of the data. A training cannot do that; it
# shows instead what a wrong weight does. The rod again, with several weights of the data:

# %%
weights = (1.0,) if FAST else (1e-3, 1.0, 1e3)
for weight in weights:
    model, points, _ = trained(rod_problem(weight), 16, 1, 20 if FAST else 150)
    value = float(model.coefficients["diffusivity"])
    misfit_left = np.sqrt(np.mean((np.asarray(model(places))[:, 0] - sensors) ** 2)) / NOISE
    fresh = {"residual": rod.sample(300, seed=9)}
    violated = float(np.sqrt(np.mean(np.asarray(model.residuals(fresh)["residual"]) ** 2)))
    print(f"weight {weight:6g}: {value:.3f}, misfit / noise {misfit_left:.2f}, ", end="")
    print(f"equation violated by {violated:.1e}")

# %% [markdown]
# With much weight on the data the network bends the equation to follow the noise, and the misfit
# falls below the noise: always a warning. With less weight nothing changes any more, until the
# training becomes so slow that it does not arrive. Where the answer does not depend on the weight,
# the equation is met as exactly as it matters.
#
# ## 6. What Laplace's approximation does not see
# `laplace` describes the posterior by a normal distribution: the curvature of the misfit at its
# minimum (MacKay, 1992). It is exact for linear models, good where the data determine the unknowns
# within a region in which the model is nearly linear, and wrong elsewhere. Two substances decay,
# and only their sum is measured: $y=\tfrac12(e^{-at}+e^{-bt})$. The exact posterior on a grid:

# %%
a, b = np.meshgrid(np.linspace(0.2, 3.0, 200), np.linspace(0.2, 3.0, 200))
moments = np.linspace(0.1, 4.0, 20)


def total(a, b):
    return 0.5 * (np.exp(-np.multiply.outer(a, moments)) + np.exp(-np.multiply.outer(b, moments)))


figure, axes = plt.subplots(1, 3, figsize=(13, 4))
cases = {
    "rates 0.5 and 2, noise 0.01": ((0.5, 2.0), 0.01),
    "rates 0.5 and 2, noise 0.05": ((0.5, 2.0), 0.05),
    "rates 1 and 1.2, noise 0.05": ((1.0, 1.2), 0.05),
}
for axis, (name, (pair, noise)) in zip(axes, cases.items()):
    values = total(*pair) + noise * np.random.default_rng(1).normal(size=20)

    def left(p, values=values, noise=noise):
        return (total(*p) - values) / noise

    square = np.sum(left((a, b)) ** 2, axis=-1)
    axis.contourf(a, b, np.exp(-0.5 * (square - np.min(square))), levels=10, cmap="Blues")
    search = least_squares(left, pair)
    curve = np.linalg.cholesky(np.linalg.inv(search.jac.T @ search.jac))
    angles = np.linspace(0.0, 2.0 * np.pi, 100)
    ellipse = search.x[:, None] + 2.45 * curve @ np.stack([np.cos(angles), np.sin(angles)])
    axis.plot(*ellipse, "r", label="95 %, Laplace")
    axis.plot(*pair, "k+", markersize=12, label="truth")
    axis.set(title=name, xlim=(0.2, 3.0), ylim=(0.2, 3.0))
    axis.set_xlabel("a")
axes[0].set_ylabel("b")
axes[0].legend()
plt.show()

# %% [markdown]
# On the left it fits one of two equal summits, and does not know of the other: names can be
# swapped. In the middle the region is bent. On the right two summits have become one ridge, along
# which the sum of both rates hardly changes: no ellipse is right there. What helps is to look:
# start from several first values, compare the misfit along the weakest direction with the parabola,
# repeat the campaign on the computer. And what no posterior holds is an error of the *equation*:
# its bars shrink with every further sample, around a wrong number.
#
# ## 7. A field as the unknown
# A wall is heated by a current; its conductivity $e^{k(x)}$ is different everywhere,
# $$-(e^k u')'=1,\qquad u(0)=u(1)=0 .$$
# For a network a field is one output more: `num_fields=2`. But 40 data do not determine a function.
# The network's own smoothness is a prior that nobody has written down; better write one down: the
# term $\beta\,k'^2$ is one more residual, Tikhonov's.

# %%
wall = Box(x=(0.0, 1.0))
fine = np.linspace(0.0, 1.0, 2001)
conductivity = 1.0 + 0.6 * np.tanh((fine - 0.55) / 0.12)
ramp = np.concatenate(
    [[0.0], np.cumsum(0.5 / 2000 * (1.0 / conductivity[1:] + 1.0 / conductivity[:-1]))]
)
weighted = fine / conductivity
moment = np.concatenate([[0.0], np.cumsum(0.5 / 2000 * (weighted[1:] + weighted[:-1]))])
profile = moment[-1] / ramp[-1] * ramp - moment  # from e^k u' = C - x
spots = (np.arange(40) + 0.5) / 40
noisy = np.interp(spots, fine, profile) + 0.002 * rng.normal(size=40)


def wall_problem(beta):
    return PDE(
        wall,
        lambda x, u, k: ((np.exp(k) * u.x).x + 1.0, np.sqrt(beta) * k.x),
        (data(spots[:, None], noisy, weight=100.0),),
        num_fields=2,
        ansatz=lambda x, u, k: (x.x * (1.0 - x.x) * u, k),
    )


# %%
figure, axes = plt.subplots(1, 2, figsize=(11, 4))
axes[0].plot(spots, noisy, "k.", label="data")
axes[1].plot(fine, conductivity, "k", label="truth")
for beta in (1e-4,) if FAST else (1e-8, 1e-3, 1e-2):
    model, _, seconds = trained(wall_problem(beta), 16, 1, 20 if FAST else 150, num_points=80)
    u, logarithm = np.asarray(model(fine[:, None])).T
    deviations = (np.interp(spots, fine, u) - noisy) / 0.002
    axes[0].plot(fine, u)
    label = f"β = {beta:g}, misfit {np.sqrt(np.mean(deviations**2)):.2f}"
    axes[1].plot(fine, np.exp(logarithm), label=label)
    print(f"{label}, {seconds:.1f} s")
summit = moment[-1] / ramp[-1]
axes[1].axvline(summit, color="0.7", linestyle=":")
axes[1].set_ylim(0.0, 3.0)
for axis, name in zip(axes, ("temperature", "conductivity")):
    axis.set_xlabel("x")
    axis.set_title(name)
    axis.legend(fontsize=8)
plt.show()

# %% [markdown]
# At the dotted line the temperature has its maximum: no heat flows there, and so no reading tells
# what the conductivity is. A prior must say it. The misfit over the noise, beside the curves, picks
# $\beta$ as in section 1.
#
# **When to use which?** For few unknowns and a solver at hand: least squares through the solver,
# with its derivatives, in milliseconds. For fields: the adjoint and a penalty. A network, where no
# solver exists for the problem as it is: unknown ends or beginnings, an unmeasured component, data
# scattered in many dimensions, an equation that changes every day. It finds the same numbers as
# least squares, if it is trained to the end, and takes seconds to do so.
#
# ## Exercises
# 1. Double the time `lapse` in section 1. How many waves can still be seen? And with a tenth of the
#    noise? Which of both costs more?
# 2. Replace $\|u\|^2$ by $\|u'\|^2$ in sections 1 and 2. What happens to the band?
# 3. Write the adjoint of section 3 for the trapezoidal rule in time. Which matrix is transposed?
# 4. Measure only $x$ in Lorenz's equations. Which coefficients remain, and what does `laplace` say?
# 5. Show that for a linear model with the prior of section 2 Laplace's approximation is exact.
