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
# # Lecture 00: Solvers, classic and neural
#
# The idea of the whole course in one hour: what a neural solver is, where the idea comes from, how
# to compare it honestly, and when it pays. Two problems carry the story. In the first the network
# loses; in the second it wins. Both outcomes are worth knowing before you train anything.
#
# **Before**: nothing. **Afterwards**: lab 00, where you do the same by hand for orbits of planets.

# %%
import logging
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops

from keras_solvers import (
    NeuralSolver,
    RootProblem,
    break_even,
    compiled,
    speedup_at_equal_accuracy,
    work_precision,
)
from keras_solvers.applications.sparse_coding import learn_dictionary, photograph_patches
from keras_solvers.classic import FISTA, ISTA, CoordinateDescent
from keras_solvers.grading import fast_mode
from keras_solvers.models import lista, mlp
from keras_solvers.plots import plot_images, plot_work_precision
from keras_solvers.problems import SparseCoding

FAST = fast_mode()
# Every setting of a solver compiles anew, which TensorFlow would report as a likely mistake.
logging.getLogger("tensorflow").setLevel(logging.ERROR)

# %% [markdown]
# ## 1. Why: the same equation, a million times
# Numerics teaches how to solve *one* problem well. Practice rarely has one. A flow code evaluates
# wall friction in every cell and step; a camera denoises sixty images a second; a fit calls the
# model ten thousand times. The inputs $x$ change, the problem stays.
#
# A **problem** says where inputs come from and how good an answer is: a residual or an objective.
# A **solver** is any map
# $$y=\mathrm{solver}(x).$$
# A *classic* solver iterates for each input anew. A *neural* solver has been adjusted to the
# problem beforehand, once, by *training*, and then answers with a fixed number of operations. Since
# both are maps of the same kind, each can be timed, checked, or start the other.

# %% [markdown]
# ## 2. An old neural solver without a network
# The pressure loss in a pipe needs the friction factor $f$. For turbulent flow with Reynolds number
# $\mathrm{Re}$ in a pipe of relative roughness $k$, engineers use the equation of Colebrook (1939)
# $$s=-2\log_{10}\!\Big(\frac{k}{3.7}+\frac{2.51\,s}{\mathrm{Re}}\Big),\qquad s=f^{-1/2}.$$
# The unknown $s$ stands on both sides. The classic answer is to iterate: put $s$ in on the right,
# get a better one on the left. Here are five real pipes (roughness after White, *Fluid Mechanics*),
# all of 50 mm diameter.

# %%
ROUGHNESS = {  # millimetres
    "drawn tube": 0.002,
    "commercial steel": 0.045,
    "galvanised iron": 0.15,
    "cast iron": 0.26,
    "concrete, rough": 2.0,
}


def iterate(x, num_steps, start=6.0):
    """Steps of the fixed-point iteration; columns of `x` are log10(Re) and the roughness."""
    reynolds, s = 10.0 ** x[:, :1], np.full((len(x), 1), start)
    for _ in range(num_steps):
        s = -2.0 * np.log10(x[:, 1:] / 3.7 + 2.51 * s / reynolds)
    return s


# %%
log_reynolds = np.linspace(np.log10(4e3), 8.0, 200)
for name, roughness in ROUGHNESS.items():
    x = np.stack([log_reynolds, np.full(200, roughness / 50.0)], axis=1)
    plt.loglog(10.0**log_reynolds, iterate(x, 50) ** -2, label=name)
plt.xlabel("Reynolds number")
plt.ylabel("friction factor f")
plt.legend()
plt.grid(alpha=0.3, which="both")
plt.show()

# %% [markdown]
# This is the chart of Moody (1944), which hung in every drawing office: a solver made of paper,
# computed once, read many times. When pocket calculators came, people fitted *formulas* to the
# solutions of the equation, such as Haaland's (1983)
# $$s\approx-1.8\log_{10}\!\Big[\Big(\frac{k}{3.7}\Big)^{1.11}+\frac{6.9}{\mathrm{Re}}\Big].$$
# The form came from insight, the numbers 1.8, 1.11 and 6.9 from data. That is all there is to a
# neural solver: **a family of maps, with numbers in it, adjusted to a problem**. A network is a
# family that needs less insight and has more numbers.


# %%
def haaland(x):
    return -1.8 * np.log10((x[:, 1:] / 3.7) ** 1.11 + 6.9 / 10.0 ** x[:, :1])


# %% [markdown]
# ## 3. The network: trained by the residual
# In the words of the library: a `RootProblem` with its inputs and its residual. No solutions are
# needed for training. The network is adjusted until the mean squared *residual* is small, for
# inputs drawn at random; the equation itself is the teacher.


# %%
@keras.saving.register_keras_serializable(package="lecture")
class Colebrook(RootProblem):
    """`x`: `(batch, 2)`, log10 of the Reynolds number and roughness; `y`: `(batch, 1)`, `s`."""

    def sample(self, num_samples, seed):
        rng = np.random.default_rng(seed)
        roughness = 10.0 ** rng.uniform(-5.0, np.log10(0.05), num_samples)
        return np.stack([rng.uniform(np.log10(4e3), 8.0, num_samples), roughness], axis=1)

    def residual(self, x, y):
        reynolds = 10.0 ** x[:, :1]
        # Where the untrained network is negative the logarithm does not exist.
        inside = x[:, 1:] / 3.7 + 2.51 * ops.maximum(y, 0.1) / reynolds
        return y + 2.0 * ops.log(inside) / np.log(10.0)


# %%
colebrook = Colebrook()
x_train = colebrook.sample(2_000 if FAST else 20_000, seed=0).astype("float32")
keras.utils.set_random_seed(0)
inputs = keras.Input((2,))
# The roughness spans four powers of ten: show its logarithm, all scaled to about [-1, 1].
scaled = keras.layers.Concatenate()(
    [inputs[:, :1] / 2.2 - 2.6, ops.log(inputs[:, 1:]) / 4.3 + 1.68],
)
network = keras.Model(inputs, 8.0 + 4.0 * mlp((2,), 1, width=32, depth=2)(scaled))
solver = NeuralSolver(network, colebrook)
epochs = 2 if FAST else 10
rate = keras.optimizers.schedules.CosineDecay(3e-3, epochs * len(x_train) // 100)
solver.compile(keras.optimizers.Adam(rate))
begin = time.perf_counter()
history = solver.fit(x_train, batch_size=100, epochs=epochs, verbose=0)
pipe_seconds = time.perf_counter() - begin
print(f"trained in {pipe_seconds:.0f} s; objective {history.history['loss'][-1]:.1e}")

# %% [markdown]
# ## 4. The only fair diagram
# "Faster" means nothing until the error is named. So each solver runs at several settings, on the
# same inputs, and we draw its time against its error: lower left is better.

# %%
x_test = colebrook.sample(1_000 if FAST else 10_000, seed=1).astype("float32")
truth = iterate(x_test.astype("float64"), 60)
pipes = work_precision(
    {
        "fixed point": {k: lambda x, k=k: iterate(x, k) for k in range(1, 7)},
        "Haaland": {"formula": haaland},
        "network": {"2 x 32": compiled(network)},
    },
    x_test,
    error=lambda x, y: np.abs(np.asarray(y) - truth)[:, 0] / truth[:, 0],
)
plot_work_precision(plt.gca(), pipes, "relative error of s", highlight=["network"])
plt.show()

# %%
by_name = {m.name: m for m in pipes}
classic = [m for m in pipes if m.name == "fixed point"]
for name in ("Haaland", "network"):
    measurement = by_name[name]
    ratio = speedup_at_equal_accuracy(measurement, classic).ratio
    print(f"{name}: relative error {measurement.error:.1e}, speed-up {ratio:.2f}")

# %% [markdown]
# Look at the numbers before you read on. The iteration gains a digit per step and each step costs
# one logarithm; there is little left to save. A formula with insight is even, or a little faster; a
# network with a thousand numbers has no advantage, except that nobody had to have an idea.
#
# **Rule one.** If the classic solver needs few cheap steps, do not train anything.

# %% [markdown]
# ## 5. A problem with many unknowns
# A patch $x$ of a photograph, 8 x 8 pixels, is to be written as a sum of few *atoms*, the columns
# of a dictionary $A$ of 128. The unknown is the code $y\in\mathbb R^{128}$:
# $$\min_y\ \tfrac12\|x-Ay\|^2+\lambda\,\|y\|_1.$$
# The second term makes most entries of $y$ exactly zero. Such codes denoise, compress and
# classify, and are found in magnetic resonance imaging and radar in the same form. There is no
# formula: which entries are zero depends on all others.

# %%
patches = photograph_patches("china", 3_000 if FAST else 20_000, size=8, seed=0)
dictionary = learn_dictionary(patches, num_atoms=128, penalty=0.2)
problem = SparseCoding(dictionary, penalty=0.1)
figure, axes = plt.subplots(4, 16, figsize=(8, 2.2))
plot_images(axes, dictionary.T[:64].reshape(4, 16, 8, 8), [""] * 4)
plt.show()

# %% [markdown]
# The atoms were learned from a photograph of a temple: edges, stripes, corners. We will test on
# patches of *another* photograph, a flower.
#
# **The classic solvers.** ISTA repeats a gradient step and a shrinking of all entries towards zero,
# $$y\leftarrow S_{\lambda/L}\big(y+\tfrac1L A^\top(x-Ay)\big),\qquad
# S_t(u)=\mathrm{sign}(u)\max(|u|-t,0),$$
# with $L$ the largest eigenvalue of $A^\top A$. FISTA adds momentum. Coordinate descent optimises
# one entry after the other. All converge to the optimum, if we wait.

# %%
x_patches = photograph_patches("flower", 500 if FAST else 2_000, size=8, seed=1)
best = np.asarray(CoordinateDescent(problem)(x_patches), "float32")
optimum = np.asarray(problem.objective(x_patches, best))


def gap(y):
    """Objective above the optimum, relative to the mean optimum."""
    return (np.asarray(problem.objective(x_patches, y)) - optimum) / optimum.mean()


steps = (1, 2, 4, 8, 16, 32, 64)
for name, method in (("ISTA", ISTA), ("FISTA", FISTA)):
    plt.loglog(steps, [gap(method(problem, k)(x_patches)).mean() for k in steps], "o-", label=name)
plt.xlabel("number of steps")
plt.ylabel("relative gap to the optimum")
plt.legend()
plt.show()

# %% [markdown]
# **The network.** Write eight steps of the iteration one below the other: a chain of matrix
# products and simple non-linear functions. That *is* a network with eight layers (Gregor and LeCun,
# 2010). The one difference: its matrices and thresholds may now move. Before training it does what
# the iteration does; each step of training makes the eighth iterate better, on average over the
# patches of interest. No labels: the objective itself is minimised.

# %%
network = lista(problem, num_layers=8, momentum=True)
codes_before = network.predict(x_patches, verbose=0)
solver = NeuralSolver(network, problem)
epochs = 1 if FAST else 12
num_steps = epochs * len(patches) // 128
solver.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, num_steps)))
begin = time.perf_counter()
solver.fit(patches, batch_size=128, epochs=epochs, verbose=0)
training_seconds = time.perf_counter() - begin
codes = network.predict(x_patches, verbose=0)
print(f"trained in {training_seconds:.0f} s, {network.count_params():,} numbers")
print(f"gap before training {gap(codes_before).mean():.4f}, after {gap(codes).mean():.4f}")

# %%
pictures = [x_patches[:8], (codes @ dictionary.T)[:8], (best @ dictionary.T)[:8]]
figure, axes = plt.subplots(3, 8, figsize=(8, 3.2))
plot_images(axes, [p.reshape(8, 8, 8) for p in pictures], ["patch", "network", "optimum"])
plt.show()

# %% [markdown]
# ## 6. Time against error, again


# %%
def measured(x, error, repeats):
    return work_precision(
        {
            "ISTA": {k: compiled(ISTA(problem, k)) for k in (8, 16, 32, 64)},
            "FISTA": {k: compiled(FISTA(problem, k)) for k in (4, 8, 16, 32, 64)},
            "LISTA": {"8 layers": compiled(network)},
            "FISTA from LISTA": {
                k: compiled(FISTA(problem, k, initial_guess=network)) for k in (8, 16, 32)
            },
        },
        x,
        error=lambda x, y: error(y),
        repeats=repeats,
    )


many = measured(x_patches, gap, repeats=3 if FAST else 10)
plot_work_precision(plt.gca(), many, "relative gap", highlight=["LISTA"])
plt.title(f"{len(x_patches):,} patches")
plt.show()

# %%
neural = next(m for m in many if m.name == "LISTA")
classic = [m for m in many if m.name in ("ISTA", "FISTA")]
result = speedup_at_equal_accuracy(neural, classic)
print(f"speed-up at a gap of {neural.error:.4f} over {result.classic_name}: {result.ratio:.1f}")
print(f"training repaid after {break_even(neural, classic, training_seconds):,.0f} patches")

# %% [markdown]
# Here learning pays: the classic solver needs twenty to thirty steps to get as far as the network
# does in eight, because the network has learned which shortcuts patches of photographs allow. The
# best classic solver and the same error were used for the comparison; with ISTA as the baseline the
# number would look far better, and be worth nothing.
#
# **Rule two.** Quote a speed-up only at equal accuracy, over the strongest classic solver, on the
# same machine and batch, and say after how many solves the training is repaid.

# %% [markdown]
# ## 7. What can go wrong
# The objective that was minimised is a *mean* over patches of the temple. Nothing is promised for a
# single input, or for inputs of another kind. So look at the whole distribution of the gap: for the
# patches of the flower, and for pure noise of the same norm.

# %%
noise = np.random.default_rng(2).normal(size=x_patches.shape).astype("float32")
noise /= np.linalg.norm(noise, axis=1, keepdims=True)


def gaps_of_network(x):
    exact = np.asarray(problem.objective(x, np.asarray(CoordinateDescent(problem)(x), "float32")))
    found = np.asarray(problem.objective(x, network.predict(x, verbose=0)))
    return np.maximum((found - exact) / exact.mean(), 1e-6)


gaps = gaps_of_network(x_patches)
for values, label in ((gaps, "patches of a flower"), (gaps_of_network(noise), "noise")):
    plt.hist(np.log10(values), bins=np.linspace(-5, 1, 80), alpha=0.6, label=label)
    middle, worst = np.median(values), values.max()
    print(f"{label}: median {middle:.4f}, mean {values.mean():.4f}, worst {worst:.2f}")
plt.yscale("log")
plt.xlabel("log10 of the relative gap")
plt.ylabel("number of inputs")
plt.legend()
plt.show()

# %% [markdown]
# Most patches have less than the mean; a thin tail on the right makes up the rest, and for single
# patches the answer may be far off. Nor does the tail sit where one would look first: noise is
# unlike any photograph, and yet it is not the hard case. Here are the eight worst patches and what
# the network made of them. What do they have in common?

# %%
worst = np.argsort(gaps)[-8:]
pictures = [x_patches[worst], codes[worst] @ dictionary.T, best[worst] @ dictionary.T]
figure, axes = plt.subplots(3, 8, figsize=(8, 3.2))
plot_images(axes, [p.reshape(8, 8, 8) for p in pictures], ["patch", "network", "optimum"])
plt.show()

# %% [markdown]
# A classic solver converges for every input; the network is good on average where it was trained.
# Two safeguards cost little:
#
# - *check*: the residual or the objective of an answer can be computed without knowing the truth;
# - *a neural start with a classic end*: `FISTA(problem, 32, initial_guess=network)` in the diagram
#   above converges for every input, and begins near the end for those that matter.

# %%
for name in ("LISTA", "FISTA from LISTA", "FISTA"):
    finest = [m for m in many if m.name == name][-1]
    print(f"{name:17} {finest.setting:9} mean gap {finest.error:.1e}, worst {finest.max_error:.1e}")

# %% [markdown]
# **Rule three.** A network without a check is an opinion.
#
# ## 8. When it pays, and when not
#
# | | pays | does not pay |
# |---|---|---|
# | number of solves | many more than the break-even | one, or a few |
# | classic solver | many steps, or steps that cost much | few cheap steps |
# | accuracy asked | a few per mille | to rounding |
# | inputs | from one family, known beforehand | anything |
# | dimension | high, but near a manifold | one or two: use a table or a formula |
#
# Everything in the course serves one of the columns. First come *fits* (lecture 01), then neurons
# and gradients, then layers that know that their input is an image or a field; after that networks
# that unroll solvers, learn from equations instead of data, or replace a part of a simulation. Each
# time a classic solver stands beside the network, and sometimes it wins.

# %% [markdown]
# ## Exercises
# 1. Add the formula of Swamee and Jain (1976), $s\approx-2\log_{10}(k/3.7+5.74/\mathrm{Re}^{0.9})$,
#    to the first diagram. Then let one step of the iteration follow Haaland's formula: what does it
#    cost, what does it bring?
# 2. Start the iteration for Colebrook's equation from the network. How many steps are saved?
# 3. How does the second diagram look for a single patch? Explain it by what a call costs before any
#    arithmetic is done.
# 4. Train LISTA with 2, 4 and 16 layers. Which one has the best speed-up, and which the earliest
#    break-even?
# 5. Train on noise and test on patches. What does the network learn, and what does it lose?
