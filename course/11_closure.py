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
# Most turbulent flows are computed as averages. The mean flow depends on the Reynolds stresses of
# the fluctuations, and a *closure* models these stresses. For fifty years it has been a formula
# with about five constants. Simulations that resolve the turbulence now provide the stresses
# themselves, so closures can be learned from data. This lecture explains which functions are
# admissible as closures, what a network gains, and why the usual test is misleading.
#
# 1. Why: the missing stresses
# 2. The mathematics: admissible inputs and outputs
# 3. The classic closures
# 4. A network, and two ways of testing it
# 5. Uncertainty
# 6. In a flow solver
# 7. When a network pays

# %%
import logging

import keras
import matplotlib.pyplot as plt
import numpy as np

from keras_solvers.applications.turbulence_closure import (
    RANS_LES_FLOWS,
    SquareDuct,
    barycentric_map,
    channel_profile,
    is_realizable,
    rans_les_flow,
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
from keras_solvers.models import (
    shrinkage_closure,
    tensor_basis_ensemble,
    tensor_basis_network,
)
from keras_solvers.problems import AlgebraicStress

logging.getLogger("tensorflow").setLevel(logging.ERROR)
FAST = fast_mode()
rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. Why
# Let $u$ be the deviation of the velocity from its mean $U$. The averaged momentum equation
# contains one term in $u$, since the mean of a product is not the product of the means:
# $$U_j\frac{\partial U_i}{\partial x_j}=-\frac{\partial P}{\partial x_i}
# +\frac{\partial}{\partial x_j}\Big(\nu\frac{\partial U_i}{\partial x_j}-\overline{u_iu_j}\Big).$$
# In a channel the viscous and the turbulent shear stress add up to $1-y$. The viscous stress
# dominates within about ten viscous lengths of the wall, and the turbulent stress everywhere else.
# Outside of this layer the mean flow is determined by the closure.

# %%
figure, axes = plt.subplots(1, 2, figsize=(11, 3.8))
for case in (180, 5200):
    profile = channel_profile("lee_moser", case)
    y_plus = profile.y * profile.friction_reynolds
    viscous = profile.velocity_gradient / profile.friction_reynolds
    (line,) = axes[0].semilogx(y_plus[1:], viscous[1:], "--")
    turbulent = -profile.stresses[1:, 0, 1]
    axes[0].semilogx(y_plus[1:], turbulent, color=line.get_color(), label=f"$Re_τ$ = {case}")
axes[0].set_title("shear stress: viscous (dashed) and turbulent")
for i, name in enumerate(("streamwise", "wall-normal", "spanwise")):
    axes[1].semilogx(y_plus[1:], profile.stresses[1:, i, i], label=name)
axes[1].set_title("normal Reynolds stresses, $Re_τ$ = 5200")
for axis in axes:
    axis.set_xlabel("$y^+$")
    axis.legend()
plt.show()

# %% [markdown]
# ## 2. The mathematics
# The input of a closure is the velocity gradient, made dimensionless with the turbulent time scale,
# as strain rate $S$ and rotation rate $R$. The output is the anisotropy $b$. The laws of physics do
# not depend on the orientation of the axes, so for all orthogonal $Q$
# $$b(QSQ^\top,QRQ^\top)=Q\,b(S,R)\,Q^\top .$$
# The general solution of this functional equation is known: $b=\sum g_nT_n$ with ten tensors $T_n$
# (Pope, 1975). The scalar coefficients $g_n$ are functions of five invariants, which are traces of
# products of $S$ and $R$. A symmetric, trace-free tensor has only five components, so five tensors
# are enough at a single point. Which five are independent changes from point to point, and some
# vanish where $S$ and $R$ degenerate. Ten tensors with *smooth* coefficients are enough everywhere.
# In a plane flow three are enough.


# %%
def singular_values(gradient):
    """Singular values of the ten tensors, each normalised to unit length, as vectors."""
    s, r = gradient + gradient.swapaxes(1, 2), gradient - gradient.swapaxes(1, 2)
    s = s - np.trace(s, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3.0
    tensors = np.asarray(StrainRotationBasis(dtype="float64")(np.stack([s, r], axis=1)))[0]
    norms = np.linalg.norm(tensors, axis=(1, 2))
    vectors = (tensors / np.maximum(norms, 1e-12)[:, None, None]).reshape(10, 9)
    return np.linalg.svd(vectors, compute_uv=False)


general = rng.normal(size=(1, 3, 3))
plane = np.zeros((1, 3, 3))
plane[:, :2, :2] = rng.normal(size=(2, 2))
plane[0, 1, 1] = -plane[0, 0, 0]
for name, gradient in {"general flow": general, "plane flow": plane}.items():
    plt.semilogy(np.arange(1, 10), singular_values(gradient) + 1e-17, "o-", label=name)
plt.xlabel("number")
plt.ylabel("singular value of the ten tensors")
plt.legend()
plt.show()

# %% [markdown]
# Equivariance does not imply realizability. The stress tensor is a mean of squares, so $b+I/3$ has
# no negative eigenvalue. Its three eigenvalues define weights of one-, two- and three-component
# turbulence, which lie in a triangle (Banerjee and others, 2007). The output of a closure can lie
# outside of it. That of a linear closure does as soon as the strain is large: it then predicts a
# negative normal stress.
#
# ## 3. The classic closures
# | closure | tensors | coefficients |
# |---|---|---|
# | linear (Boussinesq, 1877) | $T_1$ | $C_\mu=0.09$ |
# | quadratic (Shih, Zhu and Lumley, 1993) | $T_1,T_2,T_3$ | rational in $|S|,|R|$ |
# | explicit algebraic (Wallin and Johansson, 2000) | five | roots of a cubic equation |
#
# The last one *solves* the transport equation of each stress for turbulence in equilibrium, where
# production, pressure strain and dissipation balance. In a plane shear flow all of them depend on
# one number, $\sigma=\tfrac k\varepsilon\,dU/dy$. It is about 3 in the logarithmic layer of a wall.

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
trace = np.trace(stress, axis1=1, axis2=2)[:, None, None]
axes[2].plot(*barycentric_map(stress / trace - np.eye(3) / 3.0).T, "k.", label="channel, 5200")
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
# Four flows were computed both with a two-equation model (RANS) and with resolved turbulence (LES):
# a duct, a converging-diverging channel, periodic hills, and the wake of a square cylinder. The
# inputs $S,R$ come from the model and the targets $b$ from the resolved simulation. The
# tensor-basis network of Ling, Kurzawski and Templeton (2016) maps Pope's five invariants to his
# ten coefficients.
#
# The usual test holds out random *points* of all flows. But a closure is needed for flows that
# nobody has resolved, so the relevant test holds out a whole *flow*. We do both. Beside the network
# stand the strongest closures without a network: four constants fitted to the same data, and
# boosted trees.

# %%
FLOWS = {name: rans_les_flow(name) for name in RANS_LES_FLOWS}
EPOCHS = 3 if FAST else 30


def joined(flows, seed=0, num_points=2000):
    """Random points of each flow: `(tensors, b)`."""
    random = np.random.default_rng(seed)
    parts = [flow.take(random.permutation(len(flow))[:num_points]) for flow in flows]
    tensors = np.concatenate([part.tensors for part in parts])
    return tensors, np.concatenate([part.anisotropy for part in parts])


def learn(tensors, b):
    """Constants, trees and a network fitted to the same points: `{name: closure}`."""
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
    held_out = learn(*joined([other for other in FLOWS.values() if other is not flow]))
    for kind, closure in held_out.items():
        table.setdefault(f"{kind}, flow held out", []).append(error(closure, flow))
same_flows = learn(*joined(FLOWS.values()))
for kind, closure in same_flows.items():
    table[f"{kind}, points held out"] = [error(closure, flow) for flow in FLOWS.values()]
print(f"{'':28s}" + "".join(f"{name[:12]:>14s}" for name in FLOWS))
for name, row in table.items():
    print(f"{name:28s}" + "".join(f"{value:14.3f}" for value in row))

# %% [markdown]
# If points are held out, the error of the trees is half of that of the best algebraic closure, also
# on the hills. The network is better than all algebraic closures on three of the four flows. Most
# publications show this comparison. If a *flow* is held out, little of the advantage remains. Four
# fitted constants are as good as the network. On the hills and the cylinder all fitted closures are
# worse than zero anisotropy. Both results are correct, but only the second one is relevant in
# engineering.
#
# ## 5. Uncertainty
# A network should indicate that an input lies outside its training data. One method is an ensemble
# whose members are trained on bootstrap samples of the flows. Where the ensemble spread is large,
# the input lies outside the training data. `shrinkage_closure` shrinks the ensemble mean towards
# zero there and projects it on realizable states.


# %%
def ensemble_without(name):
    """An ensemble of eight members trained on the other flows, and its closure."""
    others = [flow for flow in FLOWS.values() if flow.name != name]
    keras.utils.set_random_seed(0)
    parts = [joined([flow], seed) for seed, flow in enumerate(others)]
    tensors, b = (np.concatenate(part) for part in zip(*parts, strict=True))
    flow = np.repeat(np.arange(len(others)), [len(part[1]) for part in parts])
    counts = rng.multinomial(len(others), np.full(len(others), 1.0 / len(others)), size=8)
    ensemble = tensor_basis_ensemble(8)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, EPOCHS * len(b) // 512)
    ensemble.compile(
        keras.optimizers.AdamW(rate, weight_decay=0.01),
        lambda a, b: keras.ops.mean(keras.ops.square(a - b), axis=(-2, -1)),
        steps_per_execution=8,
    )
    targets = np.repeat(b[:, None], 8, axis=1)
    weights = counts.T[flow].astype("float32")
    ensemble.fit(tensors, targets, 512, EPOCHS, sample_weight=weights, verbose=0)
    return ensemble, shrinkage_closure(ensemble)


ensemble, closure = ensemble_without("periodic_hills")
flow = FLOWS["periodic_hills"]
members = ensemble.predict(flow.tensors, batch_size=4096, verbose=0)
found = closure.predict(flow.tensors, batch_size=4096, verbose=0)
spread = np.sqrt(np.mean(np.var(members, axis=1), axis=(1, 2)))
figure, axes = plt.subplots(1, 3, figsize=(14, 3.4))
fields = {
    "resolved $b_{12}$": flow.anisotropy[:, 0, 1],
    "shrinkage closure": found[:, 0, 1],
    "ensemble spread": spread,
}
for axis, (title, values) in zip(axes, fields.items(), strict=True):
    colours = {"vmin": 0.0, "vmax": 0.2} if values is spread else {"vmin": -0.3, "vmax": 0.3}
    drawn = axis.scatter(*flow.coordinates.T, c=values, s=2, cmap="coolwarm", **colours)
    figure.colorbar(drawn, ax=axis)
    axis.set_title(title)
    axis.set_aspect("equal")
plt.show()
single = np.sqrt(np.mean((members - flow.anisotropy[:, None]) ** 2, axis=(0, 2, 3)))
mean = np.sqrt(np.mean((members.mean(axis=1) - flow.anisotropy) ** 2))
shrunk = np.sqrt(np.mean((found - flow.anisotropy) ** 2))
print(f"hills: members {single.min():.3f} to {single.max():.3f}, mean {mean:.3f}, ", end="")
print(f"shrinkage closure {shrunk:.3f}, zero {table['zero'][2]:.3f}")

# %% [markdown]
# The mean has a smaller error than its members, and shrinkage reduces the error further. It helps
# more than a better fit would. The spread ranks the points by their error, but it is no error bar:
# outside the training data all members may have the same error.
#
# ## 6. In a flow solver
# A closure is used to compute a mean flow. In a square duct a linear closure gives no secondary
# flow. With $T_2$ or $T_3$ the normal stresses differ, and this drives vortices that carry fluid
# into the corners, at about one percent of the bulk velocity. Lab 11 does the same for a channel.
# It shows that a closure can be accurate for a given mean flow and useless in a solver.

# %%
duct = SquareDuct(600.0, num_cells=16)
explicit = CLOSURES["explicit algebraic"]
solution = duct.solve(lambda x: explicit(x["tensors"]))
y, z = solution.nodes.T
figure, axis = plt.subplots(figsize=(5.5, 4.5))
drawn = axis.tricontourf(y, z, solution.velocity[0], 20)
axis.quiver(y, z, *solution.velocity[1:])
figure.colorbar(drawn, ax=axis, label="U")
axis.set_xlabel("y")
axis.set_ylabel("z")
axis.set_aspect("equal")
plt.show()
print(f"maximum secondary speed: {100 * solution.secondary.max():.1f} % of the bulk velocity")

# %% [markdown]
# ## 7. When a network pays
# - *Similar flows* (hills of other slopes, channels at other Reynolds numbers): learning pays.
#   Trees learn as much in seconds.
# - *Flows of another kind*: an algebraic model derived from the transport equations of the stresses
#   is hard to beat. Fitted constants come next. A network needs shrinkage, and then gains a few
#   percent.
# - *In a solver*: the error of the mean flow counts, not that of $b$. Give the closure no more
#   freedom than the data determine. Evaluate it at gradients outside the training data before you
#   use it in a solver. Never accept a flow that has not converged.
# - Invariance costs nothing and is worth ten rotated copies of the data. Realizability costs one
#   eigenvalue.
