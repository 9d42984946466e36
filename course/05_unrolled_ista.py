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
# # Lecture 05: Unrolled ISTA
#
# The networks so far learned from examples what to answer. This one learns from an *algorithm* how
# to answer. We take a classic iteration, write its steps one below the other, call them layers, and
# train what used to be fixed. It is the plainest member of a large family: unrolled networks exist
# for tomography, magnetic resonance imaging, flow and control, and all have the shape you see here.
#
# 1. Why: an iteration that is repeated a million times
# 2. The mathematics: proximal gradient steps
# 3. The classic methods: ISTA, FISTA, coordinate descent
# 4. The network: the same steps with weights of their own
# 5. When it pays, and when not

# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np

from keras_solvers import (
    NeuralSolver,
    break_even,
    compiled,
    speedup_at_equal_accuracy,
    work_precision,
)
from keras_solvers.applications.sparse_coding import (
    analytic_weights,
    learn_dictionary,
    photograph_patches,
)
from keras_solvers.classic import FISTA, ISTA, CoordinateDescent
from keras_solvers.grading import fast_mode
from keras_solvers.models import lista
from keras_solvers.plots import plot_work_precision
from keras_solvers.problems import SparseCoding

FAST = fast_mode()
keras.utils.set_random_seed(0)

# %% [markdown]
# ## 1. Why
# A photograph has a million overlapping patches of 8 x 8 pixels. Denoising, inpainting and
# compression by sparse codes solve one small optimisation problem for each:
# $$\min_y E(x,y)=\tfrac12\|x-Ay\|^2+\lambda\|y\|_1 ,$$
# every time with the same dictionary $A$ and the same penalty $\lambda$, only $x$ changes. A solver
# for *all* $x$ knows nothing of photographs. One that does could be faster.

# %%
patches = photograph_patches("china", 2000 if FAST else 8000, size=8, seed=0)
begin = time.perf_counter()
dictionary = learn_dictionary(patches, 128, penalty=0.1, num_epochs=1 if FAST else 2)
print(f"dictionary {dictionary.shape}, after {time.perf_counter() - begin:.1f} s")
problem = SparseCoding(dictionary, penalty=0.1)

# %%
order = np.argsort(-np.mean(np.abs(patches @ dictionary), axis=0))
figure, axes = plt.subplots(4, 16, figsize=(11, 3))
for axis, atom in zip(axes.flat, dictionary.T[order]):
    axis.imshow(atom.reshape(8, 8), cmap="gray")
    axis.axis("off")
figure.suptitle("the 64 patterns that photographs use most")
plt.show()

# %% [markdown]
# Why the 1-norm? The picture shows the two-dimensional case: the contours of the misfit meet the
# ball of the 1-norm at a corner, where a coordinate is exactly zero. The round ball of the 2-norm
# has no corners, so its solution has no zeros.

# %%
matrix, x2 = np.array([[1.0, 0.6], [0.2, 0.9]]), np.array([1.0, 0.35])
grid = np.linspace(-0.6, 1.3, 200)
points = np.stack(np.meshgrid(grid, grid), axis=-1)
misfit = np.sum((x2 - points @ matrix.T) ** 2, axis=-1)
figure, axes = plt.subplots(1, 2, figsize=(9, 4))
norms = {1: np.sum(np.abs(points), axis=-1), 2: np.sqrt(np.sum(points**2, axis=-1))}
for axis, (order, norm) in zip(axes, norms.items()):
    radius = 0.6
    best = np.unravel_index(np.argmin(np.where(norm <= radius, misfit, np.inf)), misfit.shape)
    axis.contour(grid, grid, misfit, levels=np.linspace(0.02, 1.5, 12), cmap="Greys")
    axis.contourf(grid, grid, norm, levels=[0.0, radius], alpha=0.4)
    axis.plot(*points[best], "ro")
    axis.set_title(f"best point of the ball of the {order}-norm")
    axis.set_aspect("equal")
plt.show()

# %% [markdown]
# ## 2. The mathematics
# $E=f+g$ with a smooth part $f(y)=\tfrac12\|x-Ay\|^2$ and a kinked part $g=\lambda\|y\|_1$. Its
# gradient $\nabla f=-A^\top(x-Ay)$ is Lipschitz with constant $L=\|A\|^2$, so $f$ lies below a
# parabola of curvature $L$ that touches it at the present point $y_k$:
# $$E(y)\le f(y_k)+\nabla f(y_k)^\top(y-y_k)+\tfrac L2\|y-y_k\|^2+g(y).$$
# The right-hand side falls apart into one-dimensional problems, each with a closed solution, the
# soft threshold. Minimising it gives the next point. That $E$ falls in every step is now obvious:
# we minimise something that lies above it and touches it.

# %%
curvature, slope, offset = 2.0, -1.4, 0.9
t = np.linspace(-1.0, 2.5, 300)


def kinked(v):
    """A smooth function plus a kink at zero."""
    return 0.5 * (v - 1.2) ** 2 + 0.15 * np.sin(3.0 * v) + 0.5 * np.abs(v)


start = 2.0
slope = (start - 1.2) + 0.45 * np.cos(3.0 * start)
smooth = 0.5 * (start - 1.2) ** 2 + 0.15 * np.sin(3.0 * start)
above = smooth + slope * (t - start) + 0.5 * 2.4 * (t - start) ** 2 + 0.5 * np.abs(t)
plt.plot(t, kinked(t), label="$E$")
plt.plot(t, above, label="parabola and kink above it")
plt.plot(start, kinked(start), "ko", label="present point")
plt.plot(t[np.argmin(above)], np.min(above), "r*", markersize=12, label="next point")
plt.ylim(0.0, 4.0)
plt.legend()
plt.show()

# %% [markdown]
# ## 3. The classic methods
# ISTA repeats that step: its gap falls like $1/k$. FISTA adds momentum: $1/k^2$. Coordinate descent
# updates one entry of the code at a time and is hard to beat for a single problem. Their errors on
# patches of *another* photograph, relative to the optimum:

# %%
x = photograph_patches("flower", 300 if FAST else 2000, size=8, seed=1)
x64 = x.astype("float64")
reference = CoordinateDescent(problem)(x64)
optimum = np.asarray(problem.objective(x64, reference))


def gap(y, inputs=x64, best=optimum):
    """`E(y) - E*` of each patch, over the mean of `E*`."""
    return (np.asarray(problem.objective(inputs, np.asarray(y, "float64"))) - best) / np.mean(best)


# %%
counts = (1, 2, 4, 8, 16, 32, 64, 128)
for method in (ISTA, FISTA):
    gaps = [np.mean(gap(method(problem, k)(x))) for k in counts]
    plt.loglog(counts, gaps, "o-", label=method.__name__)
guide = np.array(counts, float)
plt.loglog(guide, 0.8 / guide, "k:", label="$1/k$")
plt.loglog(guide, 2.0 / guide**2, "k--", label="$1/k^2$")
plt.xlabel("steps $k$")
plt.ylabel("objective gap")
plt.legend()
plt.show()

# %% [markdown]
# The first ten steps are the slow ones, and they are the same story for every patch: find the few
# patterns that matter. That is what can be learned.
#
# ## 4. The network
# One step of ISTA is $y\leftarrow S_\theta(y+W^\top(x-Ay))$ with $W=A/L$, $\theta=\lambda/L$: a
# matrix, a sum, a kinked function. It *is* a layer. Learned ISTA gives each layer its own $W_k$ and
# $\theta_k$, starts them at ISTA's values and trains them. Nothing else changes, so before training
# the network is exactly ISTA:

# %%
NUM_LAYERS = 8
network = lista(problem, NUM_LAYERS, momentum=True)
difference = np.abs(network.predict(x, verbose=0) - np.asarray(ISTA(problem, NUM_LAYERS)(x)))
print(f"largest difference from ISTA: {np.max(difference):.1e}")

# %% [markdown]
# The loss is $E$ itself. No converged code is needed; the labels of supervised learning would cost
# a classic solve each, and would ask for the wrong thing: a small distance in $y$ is not a small
# $E$.

# %%
begin = time.perf_counter()
solver = NeuralSolver(network, problem)
epochs, batch = (1 if FAST else 20), 100
rate = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(patches) // batch)
solver.compile(keras.optimizers.Adam(rate))
history = solver.fit(patches, batch_size=batch, epochs=epochs, verbose=0)
training_seconds = time.perf_counter() - begin
trained = np.mean(gap(network.predict(x, verbose=0)))
print(f"trained in {training_seconds:.0f} s; gap {trained:.4f}")
print(f"FISTA, {NUM_LAYERS} steps:  gap {np.mean(gap(FISTA(problem, NUM_LAYERS)(x))):.4f}")

# %% [markdown]
# What did it learn? The thresholds of the layers, beside the constant $\lambda/L$ of ISTA. And the
# matrices: theory (Liu, Chen, Wang and Yin, 2019) says that good ones make the patterns look as
# different from each other as possible, and can be computed without any training. The largest
# entries of $W^\top A$ off its diagonal tell how much one pattern is mistaken for another.

# %%
layers = [layer for layer in network.layers if layer.name.startswith("shrinkage")]
thresholds = [
    np.ravel(weight) for layer in layers for weight in layer.weights if "threshold" in weight.name
]
plt.boxplot(thresholds, showfliers=False)
plt.axhline(problem.penalty / problem.lipschitz, color="grey", label="ISTA")
plt.xlabel("layer")
plt.ylabel("thresholds")
plt.legend()
plt.show()


# %%
def coherence(weights):
    """Largest share of one pattern that is taken for another, for each pattern."""
    product = weights.T @ dictionary
    product = product / np.diag(product)
    return np.max(np.abs(product - np.eye(len(product))), axis=1)


for name, weights in {"A": dictionary, "analytic": analytic_weights(dictionary)}.items():
    print(f"{name:9s} mean coherence {np.mean(coherence(weights)):.3f}")

# %% [markdown]
# ## 5. When it pays, and when not
# All solvers compiled alike, timed in turns, on one patch and on many. The only speed-up worth
# quoting is at *equal error*: how long does the best classic method need for what the network
# reaches?

# %%
families = {
    "ISTA": {k: compiled(ISTA(problem, k)) for k in (4, 8, 16, 32, 64)},
    "FISTA": {k: compiled(FISTA(problem, k)) for k in (4, 8, 16, 32, 64)},
    "coordinate descent": {k: CoordinateDescent(problem, k) for k in (1, 2, 4, 8)},
    "network": {NUM_LAYERS: compiled(network)},
}
batches = (1, len(x))
measured = work_precision(
    families, x, lambda x, y: gap(y, x64, optimum), batch_sizes=batches, repeats=3
)
figure, axes = plt.subplots(1, 2, figsize=(11, 4))
for axis, batch in zip(axes, batches):
    *classic, neural = (m for m in measured if m.batch_size == batch)
    plot_work_precision(axis, [*classic, neural], "objective gap", highlight=("network",))
    axis.set_title(f"{batch} patches at once")
    speedup = speedup_at_equal_accuracy(neural, classic)
    print(f"{batch} patches: speed-up {speedup.ratio}, over {speedup.classic_name}")
plt.show()

# %%
print("solves until the training is repaid:", break_even(neural, classic, training_seconds))

# %% [markdown]
# On one patch a call costs more than its arithmetic and nothing is gained. On many the network
# wins by what it saves in steps. And the promise that ISTA makes for *every* input is gone. Two
# tests: patches it was not trained on, brighter and brighter, and a start of FISTA from its answer.

# %%
strengths = np.array([0.5, 1.0, 1.5, 2.0, 3.0])
rows = {"network": [], "FISTA, as many steps": [], "FISTA from the network": []}
for strength in strengths:
    inputs = strength * x64[:200]
    best = np.asarray(problem.objective(inputs, CoordinateDescent(problem)(inputs)))
    answers = (
        network.predict(inputs, verbose=0),
        FISTA(problem, NUM_LAYERS)(inputs),
        FISTA(problem, NUM_LAYERS, initial_guess=network)(inputs.astype("float32")),
    )
    for row, y in zip(rows.values(), answers):
        row.append(np.mean(gap(y, inputs, best)))
for name, row in rows.items():
    plt.semilogy(strengths, row, "o-", label=name)
plt.xlabel("brightness of the patches, 1 as in training")
plt.ylabel("objective gap")
plt.legend()
plt.show()

# %% [markdown]
# On patches three times as bright as in training the network is off by a factor of a thousand: its
# steps are no longer sure to go downhill. A neural start with a classic end inherits the promise of
# the classic method, whatever the input; how many steps it takes depends on how good the start was.
# It is the pattern to remember for all solvers of this course.
#
# ## Exercises
# 1. Train the network on converged codes (`network.compile("adam", loss="mse")`) and compare its
#    gap with that of the network above. Which distance did each of them learn to make small?
# 2. Let all layers share their matrices (`tied=True`). How much is lost, and what is gained?
# 3. Replace $A$ by a dictionary learned from the other photograph, without training again. Show the
#    gap before and after a few steps of FISTA.
# 4. The soft threshold belongs to the 1-norm. Which activation belongs to $\lambda\|y\|_0$, and to
#    codes that must not be negative?
# 5. Write the unrolled form of another iteration you know (Jacobi, Gauss–Newton, Kalman). What
#    would you train, and what must stay fixed so that it remains a solver?
