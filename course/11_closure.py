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
# # Lecture 11: Closure
#
# Most turbulent flows are computed as means, and what the fluctuations do to a mean flow is a
# guess, a *closure*. It has been a formula with five constants for fifty years. Simulations that
# resolve the turbulence now tell what it should have been, so it looks like a case for learning.
# This lecture says what a closure may be, what a network gains, and why the usual way of showing it
# misleads.
#
# 1. Why: what is missing
# 2. The mathematics: what may enter, what may come out
# 3. The classic closures
# 4. A network, and two ways of testing it
# 5. Doubt
# 6. In the loop
# 7. When a network pays

# %%
import logging

import keras
import matplotlib.pyplot as plt
import numpy as np

from keras_solvers.applications.turbulence_closure import (
    PAIRED_FLOWS,
    SquareDuct,
    barycentric_map,
    channel_profile,
    is_realizable,
    paired_flow,
)
from keras_solvers.classic import (
    BoostedTrees,
    ConstantCoefficients,
    ExplicitAlgebraicStress,
    LinearEddyViscosity,
    QuadraticEddyViscosity,
)
from keras_solvers.grading import fast_mode
from keras_solvers.layers import StrainRotationBasis
from keras_solvers.models import cautious_closure, stress_committee, tensor_basis_network
from keras_solvers.problems import AlgebraicStress

logging.getLogger("tensorflow").setLevel(logging.ERROR)
FAST = fast_mode()
rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. Why
# Let $u$ be what differs from the mean $U$. The mean of the equation of momentum keeps one term of
# it, since the mean of a product is not the product of the means:
# $$U_j\frac{\partial U_i}{\partial x_j}=-\frac{\partial P}{\partial x_i}
# +\frac{\partial}{\partial x_j}\Big(\nu\frac{\partial U_i}{\partial x_j}-\overline{u_iu_j}\Big).$$
# In a channel both parts in brackets add up to $1-y$. Viscosity carries the wall's last ten viscous
# lengths, turbulence all the rest; a closure *is* the flow there.

# %%
figure, axes = plt.subplots(1, 2, figsize=(11, 3.8))
for case in (180, 5200):
    profile = channel_profile("lee_moser", case)
    y_plus = profile.y * profile.friction_reynolds
    viscous = profile.slope / profile.friction_reynolds
    (line,) = axes[0].semilogx(y_plus[1:], viscous[1:], "--")
    turbulent = -profile.stresses[1:, 0, 1]
    axes[0].semilogx(y_plus[1:], turbulent, color=line.get_color(), label=f"$Re_τ$ = {case}")
axes[0].set_title("shear stress: viscous (dashed) and turbulent")
for i, name in enumerate(("along the wall", "away from it", "across")):
    axes[1].semilogx(y_plus[1:], profile.stresses[1:, i, i], label=name)
axes[1].set_title("mean squares of the fluctuations, 5200")
for axis in axes:
    axis.set_xlabel("$y^+$")
    axis.legend()
plt.show()

# %% [markdown]
# ## 2. The mathematics
# The closure sees the gradient, made dimensionless by the turbulence's own time, as strain $S$ and
# rotation $R$, and answers the anisotropy $b$. Physics does not know our axes, so for all
# orthogonal $Q$
# $$b(QSQ^\top,QRQ^\top)=Q\,b(S,R)\,Q^\top .$$
# That is an equation for a function, and it can be solved. Scalars $g_n$ that do not change are
# functions of five traces, and $b=\sum g_nT_n$ with ten tensors (Pope, 1975). Why ten, when a
# symmetric tensor without trace has five numbers? At a single place five of them are enough. But
# which five changes from place to place, and where $S$ and $R$ degenerate some vanish; ten with
# *smooth* coefficients serve everywhere. In a plane flow, three.


# %%
def singular_values(gradient):
    """Of the ten tensors, each of unit size, as vectors."""
    s, r = gradient + gradient.swapaxes(1, 2), gradient - gradient.swapaxes(1, 2)
    s = s - np.trace(s, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3.0
    tensors = np.asarray(StrainRotationBasis(dtype="float64")(np.stack([s, r], axis=1)))[0]
    sizes = np.linalg.norm(tensors, axis=(1, 2))
    vectors = (tensors / np.maximum(sizes, 1e-12)[:, None, None]).reshape(10, 9)
    return np.linalg.svd(vectors, compute_uv=False)


anywhere = rng.normal(size=(1, 3, 3))
plane = np.zeros((1, 3, 3))
plane[:, :2, :2] = rng.normal(size=(2, 2))
plane[0, 1, 1] = -plane[0, 0, 0]
for name, gradient in {"any flow": anywhere, "plane flow": plane}.items():
    plt.semilogy(np.arange(1, 10), singular_values(gradient) + 1e-17, "o-", label=name)
plt.xlabel("number")
plt.ylabel("singular value of the ten tensors")
plt.legend()
plt.show()

# %% [markdown]
# One thing invariance does not give. Squares have no negative mean, so $b+I/3$ has no negative
# eigenvalue: its three eigenvalues, taken as shares of turbulence with one, two and three
# components, lie in a triangle (Banerjee and others, 2007). A closure may leave it, and the linear
# one does as soon as the strain is large: then it answers a negative mean square.
#
# ## 3. The classic closures
# | closure | tensors | coefficients |
# |---|---|---|
# | linear (Boussinesq, 1877) | $T_1$ | $C_\mu=0.09$ |
# | quadratic (Shih, Zhu and Lumley, 1993) | $T_1,T_2,T_3$ | rational in $|S|,|R|$ |
# | explicit algebraic (Wallin and Johansson, 2000) | five | roots of a cubic equation |
#
# The last one *solves* the balance of production, pressure and dissipation of each stress, for
# turbulence in equilibrium. In a plane shear all of them depend on one number,
# $\sigma=\tfrac k\varepsilon\,dU/dy$, about 3 where a wall's logarithmic law holds.

# %%
CLOSURES = {
    "linear": LinearEddyViscosity(),
    "quadratic": QuadraticEddyViscosity(),
    "explicit algebraic": ExplicitAlgebraicStress(AlgebraicStress()),
}
sigma = np.linspace(0.0, 12.0, 121)
shear = np.zeros((121, 2, 3, 3))
shear[:, 0, 0, 1] = shear[:, 0, 1, 0] = shear[:, 1, 0, 1] = 0.5 * sigma
shear[:, 1, 1, 0] = -0.5 * sigma
corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5 * np.sqrt(3.0)], [0.0, 0.0]])

figure, axes = plt.subplots(1, 3, figsize=(13, 3.8))
axes[2].plot(*corners.T, "k", linewidth=0.8)
stress = profile.stresses[5:]
energy = np.trace(stress, axis1=1, axis2=2)[:, None, None]
axes[2].plot(*barycentric_map(stress / energy - np.eye(3) / 3.0).T, "k.", label="channel, 5200")
for name, closure in CLOSURES.items():
    b = np.asarray(closure(shear))
    axes[0].plot(sigma, -b[:, 0, 1], label=name)
    axes[1].plot(sigma, b[:, 0, 0] - b[:, 1, 1], label=name)
    axes[2].plot(*barycentric_map(b).T, label=name)
    beyond = sigma[~is_realizable(b)]
    print(f"{name}: {f'not realizable above {beyond[0]:.1f}' if len(beyond) else 'realizable'}")
axes[0].set_ylabel("$-b_{12}$")
axes[1].set_ylabel("$b_{11}-b_{22}$")
axes[2].set_xlim(-0.1, 1.6)
axes[2].axis("off")
for axis in axes[:2]:
    axis.set_xlabel("σ")
axes[2].legend(fontsize=8)
plt.show()

# %% [markdown]
# ## 4. A network, and two ways of testing it
# Four flows were computed twice, with a model of two equations and with the turbulence resolved: a
# duct, a channel with a bump, hills, and the wake of a square cylinder. We have $S,R$ of the first
# and $b$ of the second. Ling, Kurzawski and Templeton (2016) let a network see Pope's five traces
# and answer his ten coefficients.
#
# How shall we test it? The usual way draws some *points* of all flows for the test. The honest way
# keeps a *flow*: a closure is for flows that nobody has resolved. We do both, beside the strongest
# closures without a network: four constants fitted to the same data, and boosted trees.

# %%
FLOWS = {name: paired_flow(name) for name in PAIRED_FLOWS}
EPOCHS = 3 if FAST else 30


def joined(flows, seed=0, num_points=2000):
    """Points at random of each flow: `(tensors, b)`."""
    draws = np.random.default_rng(seed)
    parts = [flow.take(draws.permutation(len(flow))[:num_points]) for flow in flows]
    tensors = np.concatenate([part.tensors for part in parts])
    return tensors, np.concatenate([part.anisotropy for part in parts])


def learn(tensors, b):
    """Network, constants and trees from the same points: `{name: closure}`."""
    keras.utils.set_random_seed(0)
    network = tensor_basis_network(width=30, depth=4)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, EPOCHS * len(b) // 256)
    network.compile(keras.optimizers.Adam(rate), "mse", steps_per_execution=16)
    network.fit(tensors, b, 256, EPOCHS, verbose=0)
    trees = BoostedTrees(seed=0).fit({"tensors": tensors}, b)
    return {
        "constants": ConstantCoefficients().fit(tensors, b),
        "trees": lambda x: trees({"tensors": x}),
        "network": lambda x: network.predict(x, batch_size=4096, verbose=0),
    }


def error(closure, flow):
    return np.sqrt(np.mean((np.asarray(closure(flow.tensors)) - flow.anisotropy) ** 2))


table = {"zero": [np.sqrt(np.mean(flow.anisotropy**2)) for flow in FLOWS.values()]}
table |= {name: [error(c, flow) for flow in FLOWS.values()] for name, c in CLOSURES.items()}
for flow in FLOWS.values():
    kept = learn(*joined([other for other in FLOWS.values() if other is not flow]))
    for kind, closure in kept.items():
        table.setdefault(f"{kind}, other flows", []).append(error(closure, flow))
everywhere = learn(*joined(FLOWS.values()))
for kind, closure in everywhere.items():
    table[f"{kind}, other points"] = [error(closure, flow) for flow in FLOWS.values()]
print(f"{'':24s}" + "".join(f"{name[:12]:>14s}" for name in FLOWS))
for name, row in table.items():
    print(f"{name:24s}" + "".join(f"{value:14.3f}" for value in row))

# %% [markdown]
# With points of the same flows in training the trees have half of the error of the best formula, on
# the hills as much. The network has less error than any formula on three of the four. That is what
# most publications show. Of a *flow* that is not in training little of it is left: four fitted
# constants do as well as the network, and on hills and cylinder everything that was fitted is worse
# than no anisotropy at all. Both statements are true; only one is about engineering.
#
# ## 5. Doubt
# A network should know when it is asked something new. One way is to train several, each on flows
# drawn with replacement; where they disagree, nothing alike was seen. `cautious_closure` shortens
# their mean there, and keeps it realizable.


# %%
def committee_without(name):
    """A committee of eight that has seen the other flows, and its closure."""
    others = [flow for flow in FLOWS.values() if flow.name != name]
    keras.utils.set_random_seed(0)
    parts = [joined([flow], seed) for seed, flow in enumerate(others)]
    tensors, b = (np.concatenate(part) for part in zip(*parts, strict=True))
    flow = np.repeat(np.arange(len(others)), [len(part[1]) for part in parts])
    draws = rng.multinomial(len(others), np.full(len(others), 1.0 / len(others)), size=8)
    committee = stress_committee(8)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, EPOCHS * len(b) // 512)
    committee.compile(
        keras.optimizers.AdamW(rate, weight_decay=0.01),
        lambda a, b: keras.ops.mean(keras.ops.square(a - b), axis=(-2, -1)),
        steps_per_execution=8,
    )
    answers = np.repeat(b[:, None], 8, axis=1)
    weights = draws.T[flow].astype("float32")
    committee.fit(tensors, answers, 512, EPOCHS, sample_weight=weights, verbose=0)
    return committee, cautious_closure(committee)


committee, cautious = committee_without("periodic_hills")
flow = FLOWS["periodic_hills"]
members = committee.predict(flow.tensors, batch_size=4096, verbose=0)
found = cautious.predict(flow.tensors, batch_size=4096, verbose=0)
spread = np.sqrt(np.mean(np.var(members, axis=1), axis=(1, 2)))
figure, axes = plt.subplots(1, 3, figsize=(14, 3.4))
fields = {
    "resolved $b_{12}$": flow.anisotropy[:, 0, 1],
    "cautious mean": found[:, 0, 1],
    "how far members are apart": spread,
}
for axis, (title, values) in zip(axes, fields.items(), strict=True):
    colours = {"vmin": 0.0, "vmax": 0.2} if values is spread else {"vmin": -0.3, "vmax": 0.3}
    drawn = axis.scatter(*flow.places.T, c=values, s=2, cmap="coolwarm", **colours)
    figure.colorbar(drawn, ax=axis)
    axis.set_title(title)
    axis.set_aspect("equal")
plt.show()
alone = np.sqrt(np.mean((members - flow.anisotropy[:, None]) ** 2, axis=(0, 2, 3)))
together = np.sqrt(np.mean((members.mean(axis=1) - flow.anisotropy) ** 2))
shortened = np.sqrt(np.mean((found - flow.anisotropy) ** 2))
print(f"hills: members {alone.min():.3f} to {alone.max():.3f}, mean {together:.3f}, ", end="")
print(f"cautious {shortened:.3f}, zero {table['zero'][2]:.3f}")

# %% [markdown]
# A mean has less error than its members, and a shortened one less again: caution is worth more here
# than a better fit. The spread ranks places. It is no error bar: what no member has seen, all may
# get wrong alike.
#
# ## 6. In the loop
# In the end a closure makes a flow. Along a square duct the linear one makes a straight flow. Any
# closure with $T_2$ or $T_3$ makes normal stresses differ, and these drive vortices that carry
# fluid into the corners, a hundredth of the speed along the duct. Lab 11 does the same for a
# channel, and shows how a closure can be good about a flow and useless in it.

# %%
duct = SquareDuct(600.0, num_cells=16)
explicit = CLOSURES["explicit algebraic"]
across = duct.solve(lambda x: explicit(x["tensors"]))
y, z = across.nodes.T
figure, axis = plt.subplots(figsize=(5.5, 4.5))
drawn = axis.tricontourf(y, z, across.velocity[0], 20)
axis.quiver(y, z, *across.velocity[1:])
figure.colorbar(drawn, ax=axis, label="U")
axis.set_xlabel("y")
axis.set_ylabel("z")
axis.set_aspect("equal")
plt.show()
print(f"largest speed across: {100 * across.secondary.max():.1f} % of the mean along")

# %% [markdown]
# ## 7. When a network pays
# - *Flows that are alike* (hills of other slopes, channels at other Reynolds numbers): learning
#   pays, and trees learn it as well, in seconds.
# - *Flows of another kind*: a formula derived from the balance of stresses is hard to beat. Fitted
#   constants come next. A network needs caution, and then gains some percent.
# - *In a solver*: what counts is the flow, not $b$. Let the closure have as little freedom as the
#   data determine; ask it about gradients it has not seen before you ask a solver; never accept a
#   flow that has not converged.
# - Invariance costs nothing and is worth ten copies of the data. Realizability costs an eigenvalue.
