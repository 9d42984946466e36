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
# # Lecture 06: Fluids
#
# Smoke, water and air at low speed keep their volume. A simulation has to restore this in every
# time step, and spends most of its time on it. Here a network meets the strongest classic opponent
# of this course, multigrid. We look at what makes it strong, at what is left to learn, and at how
# an answer is certified.
#
# 1. Why: a step of a simulation, in pieces
# 2. The mathematics: projection, staggered grid, what has no answer
# 3. Why relaxation is slow, and why multigrid is not
# 4. What a network can learn, and what it cannot
# 5. Certified answers
# 6. The honest comparison

# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from scipy.fft import dctn, idctn

from keras_solvers import NeuralSolver, break_even, speedup_at_equal_accuracy, work_precision
from keras_solvers.applications.incompressible_flow import (
    Buoyancy,
    Domain,
    Inflow,
    Projection,
    SemiLagrangian,
    Step,
    rollout,
)
from keras_solvers.classic import ConjugateGradient, DampedJacobi
from keras_solvers.grading import fast_mode
from keras_solvers.models import multigrid_network
from keras_solvers.plots import plot_work_precision
from keras_solvers.problems import PressureProjection

FAST = fast_mode()
CELLS = 16 if FAST else 32
keras.utils.set_random_seed(0)

# %% [markdown]
# ## 1. Why
# The equations of an incompressible fluid without friction, for velocity $u$ and pressure $p$, are
# $$\partial_tu+(u\cdot\nabla)u=f-\nabla p,\qquad\nabla\cdot u=0 .$$
# A step of length $\Delta t$ is *split*: each part of the equation acts alone, one after the other.
# Carry the velocity along, add the forces, project (Chorin, 1968; Stam, 1999). The splitting costs
# accuracy of order $\Delta t$ and buys that each part has a solver of its own.

# %%
problem = PressureProjection((CELLS, CELLS))
domain = Domain(problem, time_step=1.0 / CELLS, cell_size=1.0 / CELLS)
right, up = (position[0] / CELLS for position in domain.positions())
source = (right - 0.45) ** 2 + (up - 0.08) ** 2 < 0.07**2
parts = {
    "carried along": SemiLagrangian(domain),
    "blown in": Inflow(domain, source, smoke=1.0, velocity=(0.0, 0.5)),
    "lifted": Buoyancy(domain, strength=4.0),
}
network = multigrid_network(problem)
projection = Projection(domain, network.predict_on_batch)
parts["projected"] = projection
start = domain.at_rest((((right - 0.5) ** 2 + (up - 0.6) ** 2) > 0.12**2)[None])
*_, state = rollout(Step(domain, tuple(parts.values())), start, 3 if FAST else 12)

# %% [markdown]
# The divergence after each part of the last step. Carrying along and forces know nothing of it; the
# projection takes it away, everywhere at once.

# %%
figure, axes = plt.subplots(1, 5, figsize=(13, 2.8))
axes[0].imshow(np.asarray(state["smoke"])[0].T, origin="lower", cmap="Greys")
axes[0].set_title("smoke")
for axis, (name, part) in zip(axes[1:], parts.items()):
    state = part(state)
    outflow = np.asarray(domain.outflow(projection.constrained(state)))[0].T
    axis.imshow(outflow, origin="lower", cmap="RdBu", vmin=-2.0, vmax=2.0)
    axis.set_title(f"{name}: {np.mean(np.abs(outflow)):.3f}")
for axis in axes:
    axis.axis("off")
plt.show()

# %% [markdown]
# ## 2. The mathematics
# After the first parts the velocity is $u^*$. Every velocity is the sum of one without divergence
# and of a gradient, $u^*=u+\nabla p$, and the two are perpendicular if $u$ does not cross the
# walls. So $u=u^*-\nabla p$ is the *nearest* velocity without divergence: a projection. Its
# divergence gives the equation for the pressure,
# $$-\nabla\cdot\nabla p=-\nabla\cdot u^*,$$
# a Poisson equation with $\partial p/\partial n=0$ on walls.
#
# **Where do the numbers live?** If velocity and pressure both live in the centres, the slope in a
# cell is taken between its two neighbours, and a checkerboard of pressures has no slope anywhere:
# the projection can neither see nor remove it. On the staggered grid slopes stand on the faces,
# between cells that touch.

# %%
checkerboard = np.indices((8, 8)).sum(axis=0) % 2
centred = 0.5 * (checkerboard[2:] - checkerboard[:-2])
staggered = checkerboard[1:] - checkerboard[:-1]
figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
pictures = {"pressure": checkerboard, "slope in centres": centred, "slope on faces": staggered}
for axis, (name, picture) in zip(axes, pictures.items()):
    axis.imshow(picture.T, origin="lower", cmap="RdBu", vmin=-1.0, vmax=1.0)
    axis.set_title(name)
    axis.axis("off")
plt.show()

# %% [markdown]
# **What has no answer?** $A=-\nabla\cdot\nabla$ maps constants to zero. It is symmetric, so its
# image is perpendicular to constants: $Ap=b$ has an answer only if $b$ adds up to zero in each
# closed part of the fluid. In words: what flows in must flow out. The library checks it.

# %%
x = ops.convert_to_numpy(problem.sample(32, seed=1))
problem.check(x)
leaking = x.copy()
leaking[..., 0] += leaking[..., 1]
try:
    problem.check(leaking)
except ValueError as error:
    print(str(error)[:160])

# %% [markdown]
# ## 3. Why relaxation is slow, and why multigrid is not
# Damped Jacobi changes the pressure of each cell towards the mean of its neighbours. In a box
# without solids its eigenvectors are, but for the cells at the walls, the waves with $k$ half waves
# in $n$ cells along each axis; a sweep multiplies them by $1-2\omega\sin^2(\pi k/2n)$. For $k\ll n$
# that is 1: what a cell knows travels one cell a sweep, and a long wave hardly notices. We choose a
# pressure in which all waves are equally strong, start from zero, and look at what is missing.

# %%
n, waves = CELLS, np.arange(CELLS)
signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(n, n))
pressure, fluid = idctn(signs, norm="ortho")[None], np.ones((1, n, n))
rough = np.stack([-ops.convert_to_numpy(problem.operator(fluid)(pressure)), fluid], axis=-1)
for k in (0, 1, 5, 20):
    missing = pressure - ops.convert_to_numpy(DampedJacobi(problem, k)(rough))[..., 0]
    left = np.abs(np.diag(dctn(missing[0], norm="ortho")))
    (line,) = plt.plot(waves[1:], left[1:], "o", markersize=4, label=f"{k} sweeps")
    theory = np.abs(1.0 - 1.6 * np.sin(0.5 * np.pi * waves / n) ** 2) ** k
    plt.plot(waves[1:], theory[1:], color=line.get_color())
plt.ylim(0.0, 1.2)
plt.xlabel("half waves along each axis")
plt.ylabel("share of the wave that is left")
plt.legend()
plt.show()

# %% [markdown]
# Points are measured, lines are theory; walls make the points scatter. After five sweeps the upper
# two thirds of the spectrum are gone, and the longest waves are all still there. What is left is
# smooth, so a grid with half as many cells along each axis represents it, at a quarter of the cost,
# and there its waves are shorter, measured in cells. This is all of multigrid (Brandt, 1977):
# relax, send the *residual* down, solve there in the same way, bring the *correction* up, relax.
# All grids together cost $1+\tfrac14+\tfrac1{16}+\dots<\tfrac43$ times as much as the finest one.
#
# The measure that matters is work for a digit. One cycle divides the residual by the same number on
# every grid; conjugate gradients need more steps the more cells lie between the walls.

# %%
sizes = (8, 16) if FAST else (32, 64, 128)
rows = []
for n in sizes:
    box = PressureProjection((n, n))
    flows = ops.convert_to_numpy(box.sample(4, seed=2))
    cycle = multigrid_network(box)
    outflow, y, residuals = flows[..., :1], 0.0, []
    for _ in range(4):
        answer = cycle.predict_on_batch(np.concatenate([outflow, flows[..., 1:]], axis=-1))
        y, outflow = y + answer, ops.convert_to_numpy(box.residual(flows, y + answer))[..., None]
        residuals.append(np.mean(box.relative_residual(flows, y)))
    rows.append((residuals[-1] / residuals[0]) ** (1.0 / 3.0))
    print(f"{n:3d} x {n:3d} cells: a cycle leaves {rows[-1]:.3f} of the residual")


# %%
def steps_of_conjugate_gradients(box, flows):
    """Steps to a residual of 1e-3; the preconditioner counts them and returns the residual."""
    calls = []

    def counted(x):
        calls.append(1)
        return -x[..., :1]

    ConjugateGradient(box, 2000, 1e-3, preconditioner=counted)(flows)
    return len(calls)


counts, small_sizes = [], (8, 16) if FAST else (8, 16, 32)
for n in small_sizes:
    box = PressureProjection((n, n))
    counts.append(steps_of_conjugate_gradients(box, ops.convert_to_numpy(box.sample(1, seed=2))))
cycles = [3.0 / -np.log10(factor) for factor in rows]
plt.loglog(small_sizes, counts, "o-", label="conjugate gradients, steps")
plt.loglog(sizes, cycles, "o-", label="multigrid, cycles of about 8 sweeps")
plt.xlabel("cells along an axis")
plt.ylabel("until the residual is 1e-3")
plt.legend()
plt.show()

# %% [markdown]
# A solver whose work for a digit does not grow with the grid is hard to beat: all that is left is
# the constant. Remember it when somebody reports that a network is a hundred times as fast as "a
# classic solver".
#
# ## 4. What a network can learn, and what it cannot
# FluidNet (Tompson et al., 2017) is a convolutional network from divergence and geometry to
# pressure. Its loss needs no labels: the divergence that is left, weighted near solids,
# $$E=\tfrac12\sum w\,(\nabla\cdot(u^*-\nabla p))^2 ,$$
# which is the objective of the problem. So training is one line, for any network. Here are two:
# four convolutions of 3 x 3, and a multigrid cycle, whose eight relaxation lengths are its weights.


# %%
def trained(network, x, epochs, rate):
    """Training without labels; returns the seconds it took."""
    begin = time.perf_counter()
    solver = NeuralSolver(network, problem)
    decay = keras.optimizers.schedules.CosineDecay(rate, epochs * len(x) // 8)
    solver.compile(keras.optimizers.Adam(decay))
    solver.optimizer.build(network.trainable_variables)  # or the graph is traced twice
    solver.fit(x, batch_size=8, epochs=epochs, verbose=0)
    return time.perf_counter() - begin


x_train = ops.convert_to_numpy(problem.sample(96, seed=0))
local = keras.Sequential([keras.Input((CELLS, CELLS, 2))])
for _ in range(3):
    local.add(keras.layers.Conv2D(16, 3, padding="same", activation="relu"))
local.add(keras.layers.Conv2D(1, 3, padding="same"))
untrained = network.get_weights()
before = np.mean(problem.relative_residual(x, network.predict_on_batch(x)))
seconds = {"four convolutions": trained(local, x_train, 1 if FAST else 15, 5e-3)}
seconds["cycle"] = trained(network, x_train, 2 if FAST else 6, 0.05)
print(f"residual of the cycle before training: {before:.3f}")
for name, model in {"four convolutions": local, "cycle": network}.items():
    left = np.mean(problem.relative_residual(x, model.predict_on_batch(x)))
    print(f"{name}: {model.count_params()} weights, {seconds[name]:.0f} s, residual {left:.3f}")

# %% [markdown]
# Why is the small one better? Ask both for the pressure of a source and a sink. The exact pressure
# reaches all walls. A cell of the four convolutions sees four cells to each side; what lies further
# away cannot move its answer, however long it is trained. It is the story of Jacobi's smooth waves
# again: information must cross the box. A U-Net crosses it, because it has coarse grids too; then
# it has to learn what multigrid knows.

# %%
pair = np.zeros((1, CELLS, CELLS, 2), "float32")
pair[..., 1] = 1.0
pair[0, CELLS // 4, CELLS // 2, 0], pair[0, 3 * CELLS // 4, CELLS // 2, 0] = 1.0, -1.0
exact = ConjugateGradient(problem, 30, 1e-5, preconditioner=network.predict_on_batch)
answers = {"exact": exact(pair), "four convolutions": local(pair), "cycle": network(pair)}
figure, axes = plt.subplots(1, 3, figsize=(11, 3))
for axis, (name, y) in zip(axes, answers.items()):
    p = np.asarray(y)[0, ..., 0].T
    picture = axis.imshow(p - np.mean(p), origin="lower", cmap="RdBu", vmin=-0.4, vmax=0.4)
    axis.set_title(name)
    axis.axis("off")
plt.colorbar(picture, ax=axes)
plt.show()

# %% [markdown]
# What did the cycle learn? Its half sweeps go down with the first row of lengths and up with the
# second. Far beyond 1 at first, short of 1 afterwards: what one half sweep overdoes the next takes
# back, as in Chebyshev iteration. Around solids nobody has a formula for it. The lengths do not
# depend on the number of cells, so they serve any grid.

# %%
print(np.round(network.get_weights()[0], 2))

# %% [markdown]
# ## 5. Certified answers
# The residual of an answer costs one application of $A$. So every answer can carry a *certificate*,
# and if it is not good enough the network is asked again, for what is left, inside of conjugate
# gradients: its answer $z$ to the residual $r$ is a direction, and the step along it is computed
# (Notay, 2000). The error in the energy norm never grows, whatever the network says. Now in double
# precision, with the trained lengths and with random ones:

# %%
flows = x[:4].astype("float64")
mean = np.sum(flows[..., 0], axis=(1, 2)) / np.sum(flows[..., 1], axis=(1, 2))
flows[..., 0] -= mean[:, None, None] * flows[..., 1]  # what rounding to single precision left


def answer(x):
    return network.predict_on_batch(np.asarray(x, "float32"))


learned = network.get_weights()
rng = np.random.default_rng(0)
lengths = {
    "trained": learned,
    "untrained": untrained,
    "random": [rng.uniform(0.0, 2.5, w.shape) for w in learned],
}
steps = (0, 1, 2, 4) if FAST else (0, 1, 2, 3, 5, 8, 12)
for name, values in lengths.items():
    network.set_weights(values)
    solvers = [ConjugateGradient(problem, k, 0.0, answer, preconditioner=answer) for k in steps]
    residuals = [np.max(problem.relative_residual(flows, solver(flows))) for solver in solvers]
    plt.semilogy(steps, residuals, "o-", label=name)
network.set_weights(learned)
plt.xlabel("steps")
plt.ylabel("largest relative residual")
plt.legend()
plt.show()

# %% [markdown]
# Trained and untrained lengths gain a digit in about a step, down to rounding. The random ones may
# crawl or stall: that the energy cannot grow is not yet progress. But the certificate says so, and
# whoever reads it goes on without the network: plain conjugate gradients always arrive. A bad
# network costs time, never correctness.
#
# ## 6. The honest comparison
# The cycle before training is classic multigrid, with the same operations at the same cost, so the
# comparison is as fair as it gets: the same code, other lengths. Several cycles, one after the
# other; the classic ones with the best common length of a sweep.


# %%
def cycles_of(values, count):
    """A solver that makes some cycles with these lengths."""

    def solve(x):
        network.set_weights(values)
        y = answer(x)
        for _ in range(count - 1):
            left = ops.convert_to_numpy(problem.residual(x, y))[..., None]
            y = y + answer(np.concatenate([left, x[..., 1:]], axis=-1))
        return y

    return solve


families = {
    f"length {w:g}": {k: cycles_of([np.full_like(v, w) for v in learned], k) for k in (1, 2, 3, 4)}
    for w in (1.0, 1.1, 1.2)
}
families["trained"] = {k: cycles_of(learned, k) for k in (1, 2, 3)}
measured = work_precision(families, x, problem.relative_residual, repeats=5)
plot_work_precision(plt.gca(), measured, "relative residual", highlight=("trained",))
plt.show()

# %%
classic = [m for m in measured if m.name != "trained"]
for neural in (m for m in measured if m.name == "trained"):
    faster = speedup_at_equal_accuracy(neural, classic)
    repaid = break_even(neural, classic, seconds["cycle"])
    print(f"residual {neural.error:.1e}: ratio {faster.ratio}, repaid after {repaid} solves")

# %% [markdown]
# A factor between one and two, repaid after tens of thousands of solves: a few thousand time steps
# of a few simulations. That is what is honestly left to gain over multigrid on a grid like this.
# Beside relaxation or conjugate gradients the same network would look many times as fast, and so
# would multigrid.
#
# ## Exercises
# 1. Let the top of the box be open (`sides`). Which part of section 2 changes, and does the trained
#    cycle still serve?
# 2. Train four convolutions on 16 x 16 and on 64 x 64 cells. How does their residual grow, and why?
# 3. Draw the spectrum of the error after one V-cycle, as in section 3. Which waves are left?
# 4. Replace the weight near solids by 1 and train the cycle again. What happens to the divergence
#    beside solids, what to the rest?
# 5. Write the energy of the error after one step of conjugate gradients as a function of $z$. For
#    which $z$ is nothing gained?
