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
# # Lab 06: Fluids
#
# **You will be able to**
# - write divergence and gradient on a staggered grid, with walls and solids,
# - write an objective from which a pressure solver learns without labels,
# - write a multigrid cycle and say what its smoother and its coarse grids do,
# - put a trained pressure solver into a simulation of smoke,
# - certify its answers by conjugate gradients, and compare it with classic multigrid.
#
# **Before**: labs 02 and 05. **Time**: 110 minutes, of which the computer needs two.
# **Points**: 100.
#
# Water, and air at low speed, cannot be compressed: what flows into a cell flows out of it. In each
# time step a simulation moves the fluid and applies forces, which leaves a velocity $u^*$ that
# breaks this law; then it looks for the pressure $p$ that repairs it:
# $$\nabla\cdot(u^*-\nabla p)=0\quad\text{or}\quad-\nabla\cdot\nabla p=-\nabla\cdot u^* .$$
# This *projection* costs more than all other parts of a step together. It is always the same
# problem with another right-hand side: something to learn.
#
# | symbol | meaning | in the code, for a batch |
# |---|---|---|
# | $u_1,u_2$ | velocity through the faces | `u`: `(batch, n + 1, m)`, `v`: `(batch, n, m + 1)` |
# | $p$ | pressure in the cells | `p`: `(batch, n, m)` |
# | | 1 in fluid, 0 in solids | `fluid`: `(batch, n, m)` |
# | $w$ | weights of the faces | `weights`: a pair, shaped like `u` and `v` |
# | $h$ | length of a cell | `cell_size`; 1 where lengths are in cells |
#
# The first axis of the grid points to the right, the second one upwards. The time step and the
# density are part of $p$.

# %% tags=["setup"]
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from keras_solvers.grading import check, check_range, fast_mode
from keras_solvers.models import multigrid_network
from keras_solvers import Problem
from keras_solvers.problems import PressureProjection
from keras_solvers import NeuralSolver
from scipy.ndimage import gaussian_filter

CELLS = 16 if fast_mode() else 32
PROBLEM = PressureProjection((CELLS, CELLS))  # a closed box
SWEEPS, EPOCHS, NUM_STEPS, MOST = (1, 2, 3, 30) if fast_mode() else (2, 6, 60, 1000)

# %% [markdown]
# ## 1. The data
# Random smooth velocities around random discs in a closed box. Nobody has told them about walls,
# discs or divergence yet.


# %% tags=["given"]
def random_flows(num_flows, n, seed):
    """Velocity `u`, `v` and `fluid` on `n` x `n` cells."""
    rng = np.random.default_rng(seed)
    i, j = np.indices((n, n)) + 0.5
    fluid = np.ones((num_flows, n, n), "float32")
    for mask in fluid:
        for x, y, radius in n * rng.uniform((0.0, 0.0, 0.04), (1.0, 1.0, 0.16), (3, 3)):
            mask[(i - x) ** 2 + (j - y) ** 2 < radius**2] = 0.0
    u, v = rng.normal(size=(num_flows, n + 1, n)), rng.normal(size=(num_flows, n, n + 1))
    u, v = (10.0 * gaussian_filter(w, (0.0, 2.0, 2.0)).astype("float32") for w in (u, v))
    return u, v, fluid


# %%
u, v, fluid = random_flows(4, CELLS, seed=0)
figure, axes = plt.subplots(1, 4, figsize=(12, 3))
for axis, *arrays in zip(axes, u, v, fluid):
    in_cells = 0.5 * (arrays[0][1:] + arrays[0][:-1]), 0.5 * (arrays[1][:, 1:] + arrays[1][:, :-1])
    axis.imshow(arrays[2].T, origin="lower", cmap="gray", vmin=-1.0)
    axis.quiver(*(w.T[::2, ::2] for w in (*np.indices((CELLS, CELLS)), *in_cells)))
    axis.axis("off")
plt.show()

# %% [markdown]
# ## 2. Task 1: the staggered grid
# The pressure lives in the cells and the velocity on their faces (Harlow and Welch, 1965): `u[:, i,
# j]` flows from cell `(i - 1, j)` into cell `(i, j)`. So both operators are differences of
# neighbours, with no gap between them:
# $$(\nabla\cdot u)_{ij}=\frac{u_{i+1,j}-u_{ij}+v_{i,j+1}-v_{ij}}h,\qquad
# (\nabla p)_{ij}=\frac{p_{ij}-p_{i-1,j}}h\ \text{ on the faces of }u .$$
# Through the walls of the box and the surface of solids nothing flows, whatever the pressure is:
# there the gradient does not count. The *weight* of a face says so: 1 between two cells of fluid,
# 0 everywhere else. `gradient` multiplies by it, also by weights other than 0 and 1.
#
# Training will differentiate through these functions: write them with slices and `keras.ops`
# (`ops.pad(array, ((0, 0), (1, 1), (0, 0)))` puts a zero at both ends of axis 1).


# %% tags=["task:staggered"]
def divergence(u, v, cell_size=1.0):
    """Net outflow of each cell, `(batch, n, m)`."""
    # --- solution ---
    return (u[:, 1:] - u[:, :-1] + v[:, :, 1:] - v[:, :, :-1]) / cell_size
    # --- end ---


def faces(fluid):
    """Weights of the faces, shaped like `u` and `v`: 1 between two cells of fluid, else 0."""
    # --- solution ---
    across = fluid[:, 1:] * fluid[:, :-1]
    upwards = fluid[:, :, 1:] * fluid[:, :, :-1]
    return ops.pad(across, ((0, 0), (1, 1), (0, 0))), ops.pad(upwards, ((0, 0), (0, 0), (1, 1)))
    # --- end ---


def gradient(p, weights, cell_size=1.0):
    """Weight times slope of the pressure on each face: a pair, shaped like `u` and `v`."""
    # --- solution ---
    wide = ops.pad(p, ((0, 0), (1, 1), (0, 0)))
    tall = ops.pad(p, ((0, 0), (0, 0), (1, 1)))
    across, upwards = wide[:, 1:] - wide[:, :-1], tall[:, :, 1:] - tall[:, :, :-1]
    return weights[0] * across / cell_size, weights[1] * upwards / cell_size
    # --- end ---


# %% tags=["check:divergence"]
check(
    "divergence of u = 3 x, v = y on cells of length 1/4",
    lambda: divergence(
        np.tile(0.75 * np.arange(5.0)[None, :, None], (1, 1, 4)),
        np.tile(0.25 * np.arange(5.0)[None, None, :], (1, 4, 1)),
        cell_size=0.25,
    ),
    target=np.full((1, 4, 4), 4.0),
    hint="Differences of the faces on both sides of a cell, over the length of the cell.",
)


# %% tags=["check:faces"]
def weights_around_a_solid():
    fluid = np.ones((1, 3, 3))
    fluid[0, 2, 1] = 0.0  # on the right, half way up
    return faces(fluid)[0][0]


check(
    "weights of the faces of u around a solid on the right",
    weights_around_a_solid,
    target=[[0, 0, 0], [1, 1, 1], [1, 0, 1], [0, 0, 0]],
    hint="The product of the two cells beside a face; zero at both ends, where the walls are.",
)


# %% tags=["check:gradient"]
def slope_of_a_product():
    p = np.arange(1.0, 4.0)[None, :, None] * np.arange(1.0, 4.0)
    return gradient(p, faces(np.ones((1, 3, 3))), cell_size=0.5)[0][0]


check(
    "slope of p = i j to the right, cells of length 1/2",
    slope_of_a_product,
    target=[[0, 0, 0], [2, 4, 6], [2, 4, 6], [0, 0, 0]],
    hint="The cell behind the face minus the cell before it, over the length; zero at walls.",
)


# %% tags=["given"]
def operator(p, weights):
    """`A p = -div(weights * grad p)`, lengths in cells, as a NumPy array."""
    return -np.asarray(divergence(*gradient(p, weights)))


def geometry(fluid):
    """The weights of the faces as NumPy arrays in double precision."""
    return tuple(np.asarray(w, "float64") for w in faces(fluid))


def inputs(u, v, fluid):
    """`x` of the pressure problem, `(batch, n, m, 2)`: divergence and fluid."""
    walls = geometry(fluid)
    outflow = np.asarray(divergence(u * walls[0], v * walls[1]))
    return np.stack([outflow, fluid], axis=-1).astype("float32")


# %% [markdown]
# Two facts about $A$, from your code. It is symmetric, because the gradient is minus the transpose
# of the divergence. And it does not see a constant pressure: an answer is unique up to a constant,
# and exists only if the outflow adds up to zero in every closed part of the fluid. It does, since
# nothing flows through walls. (`inputs` sets the velocity there to zero first.)

# %%
weights, rng = geometry(fluid), np.random.default_rng(0)
a, b = rng.normal(size=(2, 4, CELLS, CELLS))
print("symmetric:   ", np.sum(a * operator(b, weights)), "=", np.sum(b * operator(a, weights)))
print("of constants:", np.max(np.abs(operator(np.ones_like(a), weights))))
print("sum of the outflow:", np.sum(inputs(u, v, fluid)[..., 0], axis=(1, 2)))

# %% [markdown]
# ## 3. Task 2: an objective without labels
# How good is a pressure? Nobody needs the right one to tell: project the velocity with it, and look
# at what divergence is left (Tompson et al., 2017):
# $$E(x,y)=\tfrac12\sum_{\text{fluid}}w_s\,\big(\nabla\cdot u^*-\nabla\cdot\nabla p\big)^2,\qquad
# w_s=\max(1,\,4-d) .$$
# $d$ is the distance of a cell to the nearest solid cell, the larger one of the distances along
# both axes, so all eight neighbours of a solid have $d=1$. An error beside a solid makes smoke flow
# into it, and this is what one sees; so the weight grows towards solids. The walls of the box
# are no solids. In solids neither divergence nor pressure means anything: leave them out.
#
# `x` is `(batch, n, m, 2)`, divergence and fluid; `y` is the pressure, `(batch, n, m, 1)`; both in
# single precision. A hint for the weight: `ops.max_pool(array, 3, strides=1, padding="same")` of
# `(batch, n, m, 1)` is the largest value of a cell and its eight neighbours.


# %% tags=["task:objective"]
def solid_weight(fluid):
    """`max(1, 4 - d)` of each cell of fluid, `(batch, n, m)`; of no meaning in solids."""
    # --- solution ---
    solid = 1.0 - fluid[..., None]
    near = ops.max_pool(solid, 3, strides=1, padding="same")
    nearer = ops.max_pool(solid, 5, strides=1, padding="same")
    return (1.0 + near + nearer)[..., 0]
    # --- end ---


def objective(x, y):
    """`E` of each sample, `(batch,)`, in `keras.ops`."""
    # --- solution ---
    outflow, fluid, p = x[..., 0], x[..., 1], y[..., 0]
    left = outflow - divergence(*gradient(p, faces(fluid)))
    return 0.5 * ops.sum(solid_weight(fluid) * fluid * ops.square(left), axis=(1, 2))
    # --- end ---


# %% tags=["check:solid_weight"]
def weights_beside_a_corner():
    fluid = np.ones((1, 5, 5))
    fluid[0, 0, 0] = 0.0
    return np.asarray(solid_weight(fluid))[0, 1:]


check(
    "weights to the right of a solid in the corner",
    weights_beside_a_corner,
    target=[[3, 3, 2, 1, 1], [2, 2, 2, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1]],
    hint="3 for the eight neighbours of a solid, 2 one cell further away, 1 from there on.",
)


# %% tags=["check:objective"]
def objective_of_two_cells():
    fluid = np.ones((1, 2, 3), "float32")
    fluid[0, :, 2] = 0.0  # four cells of fluid, all beside a solid or one cell away
    outflow = np.array([[[1.0, 0.0, 7.0], [0.0, -1.0, 0.0]]], "float32")
    p = np.array([[[0.0, 0.0, 5.0], [0.0, 1.0, 0.0]]], "float32")
    return objective(np.stack([outflow, fluid], axis=-1), p[..., None])


check(
    "objective of a small example",
    objective_of_two_cells,
    target=[5.0],
    hint="What is left is [[1, -1], [-1, 1]], and the weights are [[2, 3], [2, 3]], then 1/2.",
)

# %% [markdown]
# ## 4. Task 3: multigrid
# The classic method to beat. *Relaxation* sets the pressure of one cell so that its own equation
# holds. Done for all cells of one colour of a checkerboard (red: $i+j$ even), then for the other
# one, it is Gauss–Seidel: cells of one colour have no neighbours of the same colour. For a red
# half sweep,
# $$p_{ij}\leftarrow p_{ij}+\frac{(b-Ap)_{ij}}{a_{ij}}\quad\text{for } i+j\text{ even,}$$
# with $a_{ij}$ the sum of the weights of the four faces; where it is 0 the cell is solid, and
# nothing happens. Errors that change from cell to cell vanish fast, smooth ones hardly change. But
# a smooth error is seen by a coarser grid as well, and there it is less smooth (Brandt, 1977):
#
# 1. relax; 2. compute the residual $b-Ap$ and sum it up in blocks of 2 x 2 cells;
# 3. solve for the correction on the coarse grid, in the same way, from zero;
# 4. add it to all cells of the block; 5. relax again.
#
# Write `half_sweep` and the V-cycle with `num_sweeps` sweeps before and after. On the way down red
# goes first, on the way up black, which makes the cycle a symmetric operator. On two cells (the
# shorter axis) relax until nothing is left, about four sweeps there and four back. All of this is
# NumPy.


# %% tags=["given"]
def sum_of_children(array):
    """Sums over blocks of 2 x 2 cells."""
    return array[:, ::2, ::2] + array[:, 1::2, ::2] + array[:, ::2, 1::2] + array[:, 1::2, 1::2]


def to_children(array):
    """The value of each coarse cell in its four cells."""
    return np.repeat(np.repeat(array, 2, axis=1), 2, axis=2)


def coarser(weights):
    """Half the sum of the weights of two faces side by side: centres are twice as far apart."""
    wx, wy = weights[0][:, ::2], weights[1][:, :, ::2]
    return 0.5 * (wx[:, :, ::2] + wx[:, :, 1::2]), 0.5 * (wy[:, ::2] + wy[:, 1::2])


# %% tags=["task:multigrid"]
def half_sweep(b, p, weights, colour):
    """Relaxes the cells whose `i + j` is even (`colour` 0) or odd (1); leaves the others alone."""
    # --- solution ---
    wx, wy = weights
    diagonal = wx[:, 1:] + wx[:, :-1] + wy[:, :, 1:] + wy[:, :, :-1]
    i, j = np.indices(p.shape[1:])
    chosen = ((i + j) % 2 == colour) * (diagonal > 0.0)
    return p + chosen * (b - operator(p, weights)) / np.where(diagonal > 0.0, diagonal, 1.0)
    # --- end ---


def cycle(b, p, weights, num_sweeps=1):
    """A better pressure after one V-cycle, `(batch, n, m)`; `n` and `m` are powers of two."""
    # --- solution ---
    coarsest = min(p.shape[1:]) <= 2
    count = 4 if coarsest else num_sweeps
    for colour in count * (0, 1):
        p = half_sweep(b, p, weights, colour)
    if not coarsest:
        rest = sum_of_children(b - operator(p, weights))
        p = p + to_children(cycle(rest, np.zeros_like(rest), coarser(weights), num_sweeps))
    for colour in count * (1, 0):
        p = half_sweep(b, p, weights, colour)
    return p
    # --- end ---


# %% tags=["check:half_sweep"]
def residual_of_red_cells():
    u, v, fluid = random_flows(1, 16, seed=1)
    weights, b = geometry(fluid), -inputs(u, v, fluid)[..., 0].astype("float64")
    p = half_sweep(b, np.random.default_rng(0).normal(size=b.shape), weights, 0)
    residual = (b - operator(p, weights)) * fluid
    return [np.max(np.abs(residual[:, ::2, ::2])), np.max(np.abs(residual[:, 1::2, 1::2]))]


check(
    "largest residual of the red cells after a red half sweep",
    residual_of_red_cells,
    target=[0.0, 0.0],
    atol=1e-12,
    hint="Update the red cells only: p + (b - A p) / a, a the sum of four weights.",
)


# %% tags=["check:cycle"]
def factor_of_a_cycle():
    u, v, fluid = random_flows(4, 32, seed=2)
    weights, b = geometry(fluid), -inputs(u, v, fluid)[..., 0].astype("float64")
    p, norms = np.zeros_like(b), []
    for _ in range(6):
        p = cycle(b, p, weights)
        norms.append(np.linalg.norm(b - operator(p, weights)))
    return (norms[-1] / norms[1]) ** 0.25


check_range(
    "residual after a cycle over that before it",
    factor_of_a_cycle,
    0.0,
    0.45,
    hint="Relax, restrict the residual (not b), correct, relax. Without the correction it is 0.9.",
)

# %% [markdown]
# What smoothing and correction do, from the error of a random start with no solids:

# %%
weights, b = geometry(np.ones((1, 64, 64))), np.zeros((1, 64, 64))
noise = gaussian_filter(np.random.default_rng(0).normal(size=b.shape), (0.0, 1.0, 1.0))
errors = {"start": noise - np.mean(noise)}
p = errors["start"]
for _ in range(2):
    p = half_sweep(b, half_sweep(b, p, weights, 0), weights, 1)
errors["two sweeps"] = p
errors["one cycle"] = cycle(b, errors["start"], weights)

# %%
figure, axes = plt.subplots(1, 3, figsize=(11, 3.2))
for axis, (name, error) in zip(axes, errors.items()):
    picture = axis.imshow(error[0].T - np.mean(error), origin="lower", cmap="RdBu")
    axis.set_title(f"{name}: {np.std(error):.1e}")
    axis.axis("off")
    plt.colorbar(picture)
plt.show()

# %% [markdown]
# ## 5. Task 4: train a cycle without labels
# Every half sweep may go a little further or less far than Gauss–Seidel does: $p\leftarrow
# p+\omega\,(\dots)$. How far is best around solids, no theory says: it is learned (Greenfeld et
# al., 2019). `multigrid_network` of the library is a V-cycle like yours, with two sweeps before and
# after, and with eight such lengths $\omega_k$, the same on all grids. All of them are 1 before
# training.
#
# `NeuralSolver(network, problem)` is a Keras model whose loss is the mean of `problem.objective(x,
# network(x))`; below is your objective as a problem. Compile it with an optimizer and `fit` it to
# `x`: in place, with no labels and at most `epochs` passes over `x`. Adam with a rate of 0.03 to
# 0.1 and batches of about 8 is a good start; let the rate decay to zero. Most of the time is the
# tracing of the graph. It is done once instead of twice if the optimizer has its variables before:
# `solver.optimizer.build(network.trainable_variables)` after `compile`.
#
# Graded: the share of the divergence that a network with *three* sweeps before and after leaves, on
# flows that training never saw; full marks up to 0.011, while the untrained one leaves 0.038. And
# another little network, whose best weight is known: trained by *your* objective it must end there.


# %% tags=["given"]
class Handmade(Problem):
    """The pressure projection with your objective."""

    def sample(self, num_samples, seed):
        return inputs(*random_flows(num_samples, CELLS, seed))

    def objective(self, x, y):
        return objective(x, y)


# %% tags=["task:train"]
def train(network, x, epochs):
    """Trains the network in place on the inputs `x`, `(num_flows, n, m, 2)`, without labels."""
    # --- solution ---
    batch_size = 8
    num_steps = epochs * len(x) // batch_size
    solver = NeuralSolver(network, Handmade())
    rate = keras.optimizers.schedules.CosineDecay(0.05, num_steps)
    solver.compile(keras.optimizers.Adam(rate))
    solver.optimizer.build(network.trainable_variables)
    solver.fit(x, batch_size=batch_size, epochs=epochs, verbose=0)
    # --- end ---


# %%
def divergence_left(x, y):
    """Norm of the divergence after the projection over that before it, `(batch,)`."""
    p = np.asarray(y, "float64")[..., 0]
    left = x[..., 1] * (x[..., 0] + operator(p, geometry(x[..., 1])))
    return np.linalg.norm(left, axis=(1, 2)) / np.linalg.norm(x[..., 0], axis=(1, 2))


keras.utils.set_random_seed(0)  # the order of the flows
x_train, x_new = inputs(*random_flows(96, CELLS, 0)), inputs(*random_flows(32, CELLS, 1))
network = multigrid_network(PROBLEM, num_smoothings=SWEEPS)
before = np.mean(divergence_left(x_new, network.predict_on_batch(x_new)))
train(network, x_train, EPOCHS)
after = np.mean(divergence_left(x_new, network.predict_on_batch(x_new)))
print(f"divergence left: {before:.4f} untrained, {after:.4f} trained")
print("lengths, down and up:", *np.round(network.get_weights()[0], 2))

# %% tags=["check:train"]
check_range(
    "divergence left by the trained network",
    lambda: after,
    0.0,
    0.25 if fast_mode() else 0.035,
    hint="Does the loss fall? Print `fit(...).history`; try another rate, smaller batches.",
)

# %% [markdown]
# The network learned to go too far first and not far enough afterwards. Eight numbers, found in
# seconds. They do not know how many cells there are, so they serve any grid.
#
# ## 6. Into the simulator
# A plume of smoke on 64 x 64 cells, in a closed box with a disc. A step of the library's simulator
# is: carry velocity and smoke along, blow in smoke, lift it, *project*. The projection takes any
# solver, so it takes yours.

# %%
from keras_solvers.applications.incompressible_flow import (
    Buoyancy,
    Domain,
    Inflow,
    Projection,
    SemiLagrangian,
    Step,
)
from keras_solvers.applications.incompressible_flow import mean_divergence
from keras_solvers import compiled

N = 32 if fast_mode() else 64
large = PressureProjection((N, N))
wide = multigrid_network(large, num_smoothings=SWEEPS)
wide.set_weights(network.get_weights())
domain = Domain(large, time_step=1.0 / N, cell_size=1.0 / N)
right, up = (p[0] / N for p in domain.positions())
disc = (right - 0.5) ** 2 + (up - 0.6) ** 2 < 0.1**2
source = (right - 0.45) ** 2 + (up - 0.05) ** 2 < 0.05**2
operators = (
    SemiLagrangian(domain),
    Inflow(domain, source, smoke=1.0, velocity=(0.0, 0.5)),
    Buoyancy(domain, strength=4.0),
    Projection(domain, None).constrained,  # nothing flows through walls and the disc
)
moved = Step(domain, operators) if fast_mode() else compiled(Step(domain, operators))


# %%
def simulate(solver, num_steps):
    """The last state before and after its projection, and the mean `|div u|` of all of them."""
    projection = Projection(domain, solver)
    state, means = domain.at_rest(~disc[None]), []
    for _ in range(num_steps):
        before = moved(state)
        state = projection(before)
        means.append([float(mean_divergence(domain, s)[0]) for s in (before, state)])
    return before, state, np.array(means)


before, after, means = simulate(wide.predict_on_batch, NUM_STEPS)
print(f"mean |div u| of the last step: {means[-1, 0]:.3f} before, {means[-1, 1]:.4f} after")

# %% [markdown]
# The last step: smoke, and the divergence before and after the projection on the same colours.

# %%
figure, axes = plt.subplots(1, 3, figsize=(12, 3.6))
axes[0].imshow(
    np.asarray(after["smoke"])[0].T - disc.T, origin="lower", cmap="Greys", vmin=-1, vmax=1
)
axes[0].set_title("smoke")
for axis, state, name in zip(axes[1:], (before, after), ("before", "after")):
    outflow = np.asarray(domain.outflow(state))[0].T
    picture = axis.imshow(outflow, origin="lower", cmap="RdBu", vmin=-2.0, vmax=2.0)
    axis.set_title(f"divergence {name}")
    plt.colorbar(picture)
plt.show()

# %% [markdown]
# Now all steps, with the trained cycle, with the same cycle untrained (all lengths 1), and with no
# pressure at all: then smoke is stretched and squeezed, and nothing turns round.

# %%
untrained = [np.ones_like(w) for w in wide.get_weights()]
trained, runs = wide.get_weights(), {"trained": means}
wide.set_weights(untrained)
runs["untrained"] = simulate(wide.predict_on_batch, NUM_STEPS)[2]
wide.set_weights(trained)
_, squeezed, runs["no pressure"] = simulate(lambda x: ops.zeros_like(x[..., :1]), NUM_STEPS)

# %%
figure, axes = plt.subplots(1, 3, figsize=(12, 3.6))
for name, values in runs.items():
    axes[0].semilogy(values[:, 1], label=name)
axes[0].set_xlabel("step")
axes[0].set_ylabel("mean |div u| after the step")
axes[0].legend()
for axis, state, name in zip(axes[1:], (squeezed, after), ("no pressure", "trained")):
    smoke = np.asarray(state["smoke"])[0].T
    axis.imshow(smoke - disc.T, origin="lower", cmap="Greys", vmin=-1, vmax=1)
    axis.set_title(name)
plt.show()

# %% [markdown]
# ## 7. Task 5: certify it
# The network promises nothing: for another flow, around another solid, its answer may be bad. But
# how bad it is can be computed, and conjugate gradients turn any answer into one as good as you
# like. Let the network be their initial guess and their *preconditioner*: in each step it answers
# for the residual that is left, and says where to go; how far is computed.
#
# With $r=b-Ap$ and the answer $z$ of the preconditioner to it, one step of *flexible* conjugate
# gradients (Notay, 2000) is
# $$d\leftarrow z-\frac{z\cdot Ad'}{d'\cdot Ad'}\,d',\qquad
# p\leftarrow p+\frac{d\cdot r}{d\cdot Ad}\,d ,$$
# where $d'$ is the direction of the step before; the first step has none. The energy of the error
# never grows, whatever $z$ is; but a $z$ that is worth nothing brings nothing. So the network is
# trusted for the first `trust` steps only. From then on $z=r$, and every step goes at least as far
# down as one of steepest descent: this always arrives.
#
# The *certificate* is $\|b-Ap\|/\|b\|$, computed from the pressure itself at the start and after
# each step, never from what a network or a formula says. Stop as soon as the largest of the batch
# is at most `tolerance`, and after `max_steps` steps in any case. `ratio` gives 0 where there is
# nothing to divide by. All here is NumPy.


# %% tags=["given"]
def dot(a, b):
    """Inner product of each sample, `(batch, 1, 1)`."""
    return np.sum(a * b, axis=(1, 2), keepdims=True)


def ratio(a, b):
    """`a / b`, and 0 where `b` is not positive."""
    return np.where(b > 0.0, a / np.where(b > 0.0, b, 1.0), 0.0)


# %% tags=["task:certified"]
def certified(b, weights, precondition, p, tolerance=1e-8, trust=20, max_steps=1000):
    """Flexible conjugate gradients for `A p = b` from the guess `p`.

    `z = precondition(r)` in the first `trust` steps, then `z = r`.

    Returns the pressure and its certificates, `(steps + 1, batch)`, that of the guess first.
    """
    # --- solution ---
    direction = image = np.zeros_like(b)
    certificates = []
    while True:
        residual = b - operator(p, weights)
        certificates.append(np.sqrt(ratio(dot(residual, residual), dot(b, b)))[:, 0, 0])
        if np.max(certificates[-1]) <= tolerance or len(certificates) > max_steps:
            return p, np.array(certificates)
        z = precondition(residual) if len(certificates) <= trust else residual
        direction = z - ratio(dot(z, image), dot(direction, image)) * direction
        image = operator(direction, weights)
        p = p + ratio(dot(direction, residual), dot(direction, image)) * direction
    # --- end ---


# %% tags=["check:certified"]
def steps_of_conjugate_gradients():
    """The line of eight cells has eight equations, of which seven are independent."""
    weights = geometry(np.ones((1, 8, 1)))
    b = np.random.default_rng(0).normal(size=(1, 8, 1))
    b = b - np.mean(b)
    p, certificates = certified(b, weights, lambda r: r, np.zeros_like(b), 1e-9)
    return [len(certificates) - 1, np.linalg.norm(b - operator(p, weights)) <= 1e-9]


check(
    "steps for eight cells in a line without preconditioner, and whether they reach 1e-9",
    steps_of_conjugate_gradients,
    target=[7, 1],
    hint="Without conjugate directions it takes hundreds. Does the guess count as a step?",
)

# %% [markdown]
# Now with the network, on flows that it has never seen. Twice: as trained, and broken, with random
# numbers in place of its lengths.


# %%
def correction(r):
    """The network's answer to a residual, as a preconditioner."""
    x = np.stack([-r, fluid], axis=-1).astype("float32")
    return network.predict_on_batch(x)[..., 0].astype("float64")


u, v, fluid = random_flows(32, CELLS, seed=1)
weights, flows = geometry(fluid), inputs(u, v, fluid)
b = -np.asarray(divergence(u * weights[0], v * weights[1]))
rng = np.random.default_rng(0)
broken = [rng.uniform(0.0, 2.5, w.shape) for w in trained]

# %%
from time import perf_counter

answers = {}
for name, values in {"trained": trained, "untrained": untrained, "broken": broken}.items():
    network.set_weights(values)
    begin = perf_counter()
    p, certificates = certified(b, weights, correction, correction(b), max_steps=MOST)
    answers[name] = p, certificates
    print(
        f"{name:9s} {len(certificates) - 1:3d} steps, {perf_counter() - begin:.2f} s, "
        f"the network alone {np.max(certificates[0]):.1e}, certified {np.max(certificates[-1]):.1e}"
    )
network.set_weights(trained)

# %%
for name, (_, certificates) in answers.items():
    plt.semilogy(np.max(certificates, axis=1), "o-", markersize=3, label=name)
p, certificates = certified(b, weights, lambda r: r, np.zeros_like(b), max_steps=MOST)
plt.semilogy(np.max(certificates, axis=1), label="no network")
plt.xscale("symlog")
plt.xlabel("steps")
plt.ylabel("relative residual")
plt.legend()
plt.show()
gap = answers["trained"][0] - answers["broken"][0]
slopes = [np.max(np.abs(np.asarray(g))) for g in gradient(gap, weights)]
print(f"largest difference of the velocities, trained and broken: {max(slopes):.1e}")

# %% [markdown]
# The broken network costs steps, and so time. The velocity is the same: the certificate, not the
# network, decides when it is done.
#
# ## 8. The honest comparison
# One pass of the network and one classic cycle are the same operations, so they take the same time,
# and they can be repeated: each pass answers for the divergence that the passes before it left.
# Classic multigrid has a setting as well, one length for all half sweeps; it gets the best one.


# %%
def repeated(lengths, num_passes):
    """Pressure after some passes of a cycle with these lengths, and the seconds they took."""
    network.set_weights([lengths])
    begin, p = perf_counter(), correction(b)
    for _ in range(num_passes - 1):
        p = p + correction(b - operator(p, weights))
    return p[..., None], perf_counter() - begin


solvers = {f"classic, length {w:g}": np.full_like(trained[0], w) for w in (1.0, 1.1, 1.2, 1.3)}
solvers["network"] = trained[0]
print("relative residual after 1, 2, 3, 4 passes")
table = {}
for name, lengths in solvers.items():
    runs = [repeated(lengths, k) for k in (1, 2, 3, 4)]
    table[name] = [np.mean(divergence_left(flows, y)) for y, _ in runs], [s for _, s in runs]
    print(f"{name:20s}", *(f"{r:.1e}" for r in table[name][0]))
network.set_weights(trained)

# %%
for name, (residuals, seconds) in table.items():
    plt.loglog(1e3 * np.array(seconds), residuals, "o-", label=name)
plt.xlabel("milliseconds for 32 flows")
plt.ylabel("relative residual")
plt.legend()
plt.show()

# %% [markdown]
# **Answer with numbers of your run.**
# 1. A simulation needs a residual of 1e-2. How many milliseconds does the network need for it, how
#    many the best classic setting? Their quotient is the speed-up at equal accuracy.
# 2. How many milliseconds do they need for 1e-4? Does the lead grow or shrink with each pass?
# 3. How many seconds did the training take? After how many projections is it repaid, at 1e-2 and at
#    1e-4? How many steps of the plume is that?
# 4. How much of the lead is left if one length alone is tuned, as in the table?
#
# ## 9. Explore
# Train on 16 x 16 cells and use it on 64 x 64; train with all weights $w_s=1$, and look at the
# divergence beside the disc; take one sweep in place of two; break the network with lengths up to
# 4, and trust it for 5 steps or for 100.
#
# **Questions to answer for yourself.** Why does a network of eight numbers beat one of ten thousand
# here? The pressure at one wall feels a fan at the other: through how many layers of 3 x 3
# convolutions would it travel on 64 cells, and through how many grids of your cycle? What would you
# have to say about a plume whose pressure was never certified?
#
# ## 10. Save, and the library's version
# The network is a Keras model with eight weights.

# %%
network.save("pressure.keras")
loaded = keras.saving.load_model("pressure.keras")
np.max(np.abs(loaded.predict_on_batch(x_new) - network.predict_on_batch(x_new)))

# %% [markdown]
# All that you wrote by hand is in the library, for two and three dimensions, open and periodic
# sides: `PressureProjection` has your objective, `Multigrid` your cycle, `ConjugateGradient` your
# certificate. Is it the same?

# %%
from keras_solvers.classic import ConjugateGradient, Multigrid

y = cycle(b, np.zeros_like(b), weights)[..., None]
x64 = np.stack([-b, fluid.astype("float64")], axis=-1)
single = flows, y.astype("float32")
print("objective:", np.max(np.abs(objective(*single) / PROBLEM.objective(*single) - 1.0)))
difference = (y - np.asarray(Multigrid(PROBLEM, 1)(x64)))[..., 0]
print("cycle:    ", np.max(np.abs(operator(difference, weights))), "but for a constant")


def answer(x):
    return network.predict_on_batch(np.asarray(x, "float32"))


solver = ConjugateGradient(PROBLEM, 500, 1e-8, answer, preconditioner=answer)
print("certified:", np.max(PROBLEM.relative_residual(x64, solver(x64))))
