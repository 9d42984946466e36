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
# # Lab 11: Closure
#
# **You will be able to**
# - derive which inputs and outputs of a turbulence closure are admissible, and code the invariants
#   and tensors,
# - build a network that is equivariant under rotations for all weights,
# - give up this property on purpose, and measure what that costs,
# - train it on direct simulations and evaluate it for a flow that it has not seen,
# - solve for the mean flow with a closure, which is the test that matters.
#
# **Before**: labs 01 and 02. **Time**: 100 minutes, of which the computer needs two.
# **Points**: 100.
#
# The mean of a turbulent flow obeys the equations of a laminar flow with an additional stress of
# the fluctuations (Reynolds, 1895):
# $$U_j\frac{\partial U_i}{\partial x_j}=-\frac{\partial P}{\partial x_i}
# +\frac{\partial}{\partial x_j}\Big(\nu\frac{\partial U_i}{\partial x_j}-\overline{u_iu_j}\Big).$$
# ($P$ is the pressure over the density.) The stress $\overline{u_iu_j}$ is unknown without the
# fluctuations. A *closure* models it as a function of the mean flow. Its inputs are the velocity
# gradient, the turbulent kinetic energy $k=\tfrac12\overline{u_iu_i}$ and its dissipation
# $\varepsilon$. The last two come from two more equations. Its output is the dimensionless
# *anisotropy*
# $$b_{ij}=\frac{\overline{u_iu_j}}{2k}-\frac{\delta_{ij}}3 .$$
#
# | symbol | meaning | in the code, for `n` points |
# |---|---|---|
# | $\partial U_i/\partial x_j$ | velocity gradient, row $i$ | `gradient`: `(n, 3, 3)` |
# | $k,\ \varepsilon$ | energy, dissipation | `k`, `epsilon`: `(n,)` |
# | $S,\ R$ | strain and rotation rate, times $k/\varepsilon$ | `s`, `r`: `(n, 3, 3)` |
# | both together | input of a closure | `tensors`: `(n, 2, 3, 3)` |
# | $\sqrt k\,d/\nu,\ k^{3/2}/(\varepsilon d)$ | see section 5 | `scalars`: `(n, 2)` |
# | $b$ | anisotropy | `(n, 3, 3)` |
#
# Lengths are in half heights of the channel, velocities in friction velocities.

# %% tags=["setup"]
import dataclasses
import logging

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from keras_solvers.applications.turbulence_closure import Channel, channel_profile, frozen_channel
from keras_solvers.classic import ExplicitAlgebraicStress
from keras_solvers.grading import check, check_range, fast_mode
from keras_solvers.layers import BoundedNorm
from keras_solvers.models import reynolds_stress, tensor_basis_network
from keras_solvers.problems import AlgebraicStress

logging.getLogger("tensorflow").setLevel(logging.ERROR)
EPOCHS = 40 if fast_mode() else 100

# %% [markdown]
# ## 1. Task 1: admissible inputs
# The laws of turbulence depend neither on the orientation of our axes nor on a uniform motion of
# our frame. So the velocity itself is no admissible input, but its gradient is. Rotated axes change
# the components of the gradient, and only its invariants stay the same. First make the gradient
# dimensionless with the time scale of the turbulence, and split it:
# $$S_{ij}=\frac k{2\varepsilon}\Big(\frac{\partial U_i}{\partial x_j}
# +\frac{\partial U_j}{\partial x_i}\Big)-\frac{\delta_{ij}}3\operatorname{tr},\qquad
# R_{ij}=\frac k{2\varepsilon}\Big(\frac{\partial U_i}{\partial x_j}
# -\frac{\partial U_j}{\partial x_i}\Big).$$
# Here $\operatorname{tr}$ is the trace of the first term. The last term makes $S$ trace-free: in
# computed flows the divergence is never exactly zero.
#
# In axes rotated by an orthogonal matrix $Q$ the tensors become $QSQ^\top$ and $QRQ^\top$. All
# products transform in the same way, $(QSQ^\top)(QRQ^\top)=Q\,SR\,Q^\top$. Since
# $\operatorname{tr}(QAQ^\top)=\operatorname{tr}A$, the *traces of products* are invariant. There
# are infinitely many products, but few independent traces. Every matrix satisfies its own
# characteristic equation (Cayley-Hamilton theorem), for example
# $S^3=\tfrac12\operatorname{tr}(S^2)\,S+\tfrac13\operatorname{tr}(S^3)\,I$ for a trace-free $S$, so
# high powers are linear combinations of low ones. Five traces are left (Pope, 1975):
# $$\operatorname{tr}S^2,\quad\operatorname{tr}R^2,\quad\operatorname{tr}S^3,\quad
# \operatorname{tr}R^2S,\quad\operatorname{tr}R^2S^2 .$$
# Use `keras.ops` where a docstring says so: the same code then works for arrays and, in task 3, for
# the layers of a network. `ops.matmul` multiplies the last two axes, and
# `ops.einsum("nij,nji->n", a, b)` is $\operatorname{tr}AB$.


# %% tags=["task:invariants"]
def strain_and_rotation(gradient, k, epsilon):
    """`S` and `R`, both `(n, 3, 3)`, with NumPy."""
    # --- solution ---
    half = 0.5 * (k / epsilon)[:, None, None] * gradient
    transposed = np.swapaxes(half, 1, 2)
    strain = half + transposed
    third = np.trace(strain, axis1=1, axis2=2)[:, None, None] / 3.0
    return strain - third * np.eye(3), half - transposed
    # --- end ---


def invariants(s, r):
    """The five traces in the order of the text, `(n, 5)`, with `keras.ops`."""
    # --- solution ---
    ss, rr = ops.matmul(s, s), ops.matmul(r, r)
    pairs = ((s, s), (r, r), (ss, s), (rr, s), (rr, ss))
    return ops.stack([ops.einsum("nij,nji->n", a, b) for a, b in pairs], axis=1)
    # --- end ---


# %% tags=["check:tensors"]
def two_shears():
    """Two shears; the first also expands. The time scales are a half and a quarter."""
    gradient = np.zeros((2, 3, 3))
    gradient[0, 0, :2], gradient[1, 1, 2] = (0.3, 4.0), 8.0
    return np.stack(strain_and_rotation(gradient, np.array([0.5, 2.0]), np.array([1.0, 8.0])))


check(
    "S of two shears, one of which also expands, then R",
    two_shears,
    target=[
        [
            [[0.1, 1, 0], [1, -0.05, 0], [0, 0, -0.05]],
            [[0, 0, 0], [0, 0, 1], [0, 1, 0]],
        ],
        [
            [[0, 1, 0], [-1, 0, 0], [0, 0, 0]],
            [[0, 0, 0], [0, 0, 1], [0, -1, 0]],
        ],
    ],
    hint="k/ε of each point, times half the sum or difference with the transpose; S has no trace.",
)


# %% tags=["check:invariants"]
def invariants_of_two_matrices():
    s = np.array([[[1.0, 1.0, 0.0], [1.0, 0.0, 2.0], [0.0, 2.0, -1.0]]])
    r = np.array([[[0.0, 1.0, 0.0], [-1.0, 0.0, 3.0], [0.0, -3.0, 0.0]]])
    return np.asarray(invariants(s, r))[0]


check(
    "invariants of two matrices",
    invariants_of_two_matrices,
    target=[12.0, -20.0, -9.0, 8.0, -85.0],
    rtol=1e-5,
    hint="tr R² is negative: R times R, not R times its transpose.",
)

# %% [markdown]
# ## 2. Task 2: admissible outputs
# The output of a closure has to be equivariant: $b(QSQ^\top,QRQ^\top)=Q\,b(S,R)\,Q^\top$. Linear
# combinations of products have this property. The output also has to be symmetric and trace-free,
# as $b$ is. By the Cayley-Hamilton theorem ten such tensors are enough, with coefficients that are
# functions of the invariants:
# $$b=\sum_{n=1}^{10}g_n\,T_n,\qquad g_n=g_n(\operatorname{tr}S^2,\dots),$$
# $$\begin{aligned}
# T_1&=S&T_6&=R^2S+SR^2-\tfrac23I\operatorname{tr}SR^2\\
# T_2&=SR-RS&T_7&=RSR^2-R^2SR\\
# T_3&=S^2-\tfrac13I\operatorname{tr}S^2&T_8&=SRS^2-S^2RS\\
# T_4&=R^2-\tfrac13I\operatorname{tr}R^2&T_9&=R^2S^2+S^2R^2-\tfrac23I\operatorname{tr}S^2R^2\\
# T_5&=RS^2-S^2R&T_{10}&=RS^2R^2-R^2S^2R
# \end{aligned}$$
# Linear eddy-viscosity models use $T_1$ only, as proposed by Boussinesq (1877): $b=-C_\mu S$. In a
# channel they predict equal normal stresses, while in simulations these differ by a factor of
# three. In a square duct they predict no secondary flow, which Prandtl's student Nikuradse
# photographed in 1926. $T_2$ and $T_3$ can represent both.


# %% tags=["task:basis"]
def basis(s, r):
    """The ten tensors, `(n, 10, 3, 3)`, with `keras.ops`."""
    # --- solution ---
    m = ops.matmul
    ss, rr, sr, rs = m(s, s), m(r, r), m(s, r), m(r, s)
    tensors = [
        s,
        sr - rs,
        ss,
        rr,
        m(r, ss) - m(ss, r),
        m(rr, s) + m(s, rr),
        m(rs, rr) - m(rr, sr),
        m(sr, ss) - m(ss, rs),
        m(rr, ss) + m(ss, rr),
        m(m(r, ss), rr) - m(rr, m(ss, r)),
    ]
    stacked = ops.stack(tensors, axis=1)
    trace = ops.einsum("ntii->nt", stacked)[..., None, None]
    return stacked - trace / 3.0 * ops.eye(3, dtype=stacked.dtype)
    # --- end ---


# %% tags=["check:basis"]
def some_tensors_in_a_shear():
    """T_2, T_3, T_4 and T_6 of a plane shear."""
    s = np.array([[[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]])
    r = np.array([[[0.0, 2.0, 0.0], [-2.0, 0.0, 0.0], [0.0, 0.0, 0.0]]])
    return np.asarray(basis(s, r))[0, [1, 2, 3, 5]] * 3.0


check(
    "three times T_2, T_3, T_4 and T_6 of a shear",
    some_tensors_in_a_shear,
    target=[
        [[-12, 0, 0], [0, 12, 0], [0, 0, 0]],
        [[1, 0, 0], [0, 1, 0], [0, 0, -2]],
        [[-4, 0, 0], [0, -4, 0], [0, 0, 8]],
        [[0, -24, 0], [-24, 0, 0], [0, 0, 0]],
    ],
    hint="SR - RS is symmetric, though neither of its parts is. Make S² trace-free.",
)


# %% tags=["given"]
def random_gradients(num, seed):
    """Inputs of a network for random gradients of different magnitudes and directions."""
    rng = np.random.default_rng(seed)
    gradient = rng.normal(size=(num, 3, 3)) * rng.uniform(0.2, 3.0, size=(num, 1, 1))
    ones = np.ones(num)
    tensors = np.stack(strain_and_rotation(gradient, ones, ones), axis=1)
    scalars = rng.uniform([10.0, 0.2], [500.0, 3.0], size=(num, 2))
    return {"tensors": tensors.astype("float32"), "scalars": scalars.astype("float32")}


def algebraic_closure(x):
    """The explicit algebraic Reynolds-stress model (Wallin and Johansson, 2000)."""
    closure = ExplicitAlgebraicStress(AlgebraicStress(), num_iterations=12)
    return ops.convert_to_numpy(closure(x["tensors"]))


# %% tags=["check:components"]
def one_component_of_each():
    s = np.array([[[1.0, 1.0, 0.0], [1.0, 0.0, 2.0], [0.0, 2.0, -1.0]]])
    r = np.array([[[0.0, 1.0, 0.0], [-1.0, 0.0, 3.0], [0.0, -3.0, 0.0]]])
    return np.asarray(basis(s, r))[0, :, 1, 2]


check(
    "component 23 of all ten tensors, for two matrices",
    one_component_of_each,
    target=[2, 3, -2, 0, -2, -35, 24, 11, 41, 45],
    rtol=1e-5,
    hint="Check the order of the factors, and which of the two products has the minus sign.",
)


# %% tags=["check:symmetric"]
def largest_asymmetry_and_trace():
    tensors = random_gradients(5, seed=0)["tensors"]
    values = np.asarray(basis(tensors[:, 0], tensors[:, 1]))
    norms = np.linalg.norm(values, axis=(2, 3), keepdims=True)
    values = values / norms
    asymmetry = np.abs(values - np.swapaxes(values, 2, 3)).max()
    return max(asymmetry, np.abs(np.trace(values, axis1=2, axis2=3)).max())


check_range(
    "largest asymmetry and trace of all ten tensors, for random gradients",
    largest_asymmetry_and_trace,
    0.0,
    1e-4,
    hint="The transpose of R S² is -S² R, as the transpose of R is -R. Are all traces zero?",
)

# %% [markdown]
# ## 3. Task 3: the network
# The tensor-basis network of Ling, Kurzawski and Templeton (2016) follows directly: its inputs are
# the invariants, its outputs are the ten $g_n$, and the closure is the sum of $g_nT_n$. It is
# equivariant by construction, before and after training, for all inputs.
#
# `closure_network` is a Keras model of two inputs, `keras.Input((2, 3, 3), name="tensors")` and
# `keras.Input((2,), name="scalars")`, given as a dictionary of these names.
#
# - Products of five matrices of size 10 are of size 100,000. So `BoundedNorm(3.0)` normalises the
#   tensors first: it divides both by $\sqrt{9+|S|^2+|R|^2}$, the same number for all components,
#   which preserves the equivariance. Compute invariants and basis from its output.
# - Both scalars are positive and span decades. The first, $p$, enters as $p/(p+50)$, the second,
#   $q$, as $q/(q+1)$. So the dense layers have seven inputs: five invariants and two scalars.
# - Hidden layers: `depth` of `width` units, activation `"silu"`; then ten outputs without
#   activation.
#
# `train` minimises the weighted mean square error with Adam, batches of 64, and a learning rate
# that decays from 5e-3 to zero like a cosine until the last step. `fit` pauses for a tenth of a
# second after each epoch, which is longer than an epoch of our data. So call it once, with the
# output of `repeated`, which is already shuffled: $\lceil n\cdot\text{epochs}/64\rceil$ steps.
# `steps_per_execution=32` in `compile` runs many steps in one call.


# %% tags=["given"]
def repeated(x, b, weights, epochs):
    """`(x, b, weights)` with all samples repeated `epochs` times, each time in another order."""
    rng = np.random.default_rng(0)
    order = np.concatenate([rng.permutation(len(b)) for _ in range(epochs)])
    return {name: values[order] for name, values in x.items()}, b[order], weights[order]


# %% tags=["task:network"]
def closure_network(width, depth):
    """A Keras model from `{"tensors": (n, 2, 3, 3), "scalars": (n, 2)}` to `b`, `(n, 3, 3)`."""
    # --- solution ---
    tensors = keras.Input((2, 3, 3), name="tensors")
    scalars = keras.Input((2,), name="scalars")
    bounded = BoundedNorm(3.0)(tensors)
    s, r = bounded[:, 0], bounded[:, 1]
    p, q = scalars[:, :1], scalars[:, 1:]
    x = ops.concatenate([invariants(s, r), p / (p + 50.0), q / (q + 1.0)], axis=1)
    for _ in range(depth):
        x = keras.layers.Dense(width, "silu")(x)
    weights = keras.layers.Dense(10)(x)
    b = ops.sum(weights[:, :, None, None] * basis(s, r), axis=1)
    return keras.Model({"tensors": tensors, "scalars": scalars}, b)
    # --- end ---


def train(network, x, b, weights, epochs):
    """Trains the network on targets `b`, `(n, 3, 3)`, with sample weights `(n, 1)`."""
    # --- solution ---
    x, b, weights = repeated(x, b, weights, epochs)
    rate = keras.optimizers.schedules.CosineDecay(5e-3, -(-len(b) // 64))
    network.compile(keras.optimizers.Adam(rate), "mse", steps_per_execution=32)
    network.fit(x, b, 64, shuffle=False, sample_weight=weights, verbose=0)
    # --- end ---


# %% tags=["check:equivariant"]
def error_in_rotated_axes():
    """Error of an untrained network for a general rotation with a reflection."""
    keras.utils.set_random_seed(0)
    network, x = closure_network(16, 2), random_gradients(20, seed=1)
    q = -np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    b = ops.convert_to_numpy(network(x))
    other = ops.convert_to_numpy(network({**x, "tensors": q @ x["tensors"] @ q.T}))
    return np.abs(other - q @ b @ q.T).max() / np.abs(b).max()


check_range(
    "an untrained network in rotated axes, relative error",
    error_in_rotated_axes,
    0.0,
    1e-4,
    hint="Do the dense layers have any inputs but invariants and scalars?",
)


# %% tags=["check:scalars"]
def dependence_on_scalars():
    """Three times each scalar must change the output; for large scalars it must converge."""
    keras.utils.set_random_seed(0)
    network, x = closure_network(16, 2), random_gradients(20, seed=1)

    def output(*factors):
        scalars = (x["scalars"] * factors).astype("float32")
        return ops.convert_to_numpy(network({**x, "scalars": scalars}))

    b = output(1.0, 1.0)
    changes = [np.abs(output(*f) - b).max() / np.abs(b).max() for f in ((3.0, 1.0), (1.0, 3.0))]
    limit = np.abs(output(1e9, 1e9) - output(1e12, 1e12)).max() / np.abs(b).max()
    return np.array([changes[0] > 1e-3, changes[1] > 1e-3, limit < 1e-3])


check(
    "it depends on the first scalar and on the second, and both are bounded",
    dependence_on_scalars,
    target=[1, 1, 1],
    hint="p / (p + 50) and q / (q + 1), concatenated with the invariants.",
)


# %% tags=["check:learns"]
def error_of_trained_network():
    """Trained on 1200 samples, of which the last 200 are wrong and have zero weight."""
    keras.utils.set_random_seed(0)
    network, x, unseen = closure_network(30, 3), random_gradients(1200, 2), random_gradients(500, 3)
    b, weights = algebraic_closure(x), np.ones((1200, 1))
    b[1000:], weights[1000:] = 1.0, 0.0
    train(network, x, b, weights, 40)
    error = ops.convert_to_numpy(network(unseen)) - algebraic_closure(unseen)
    return np.linalg.norm(error) / np.linalg.norm(algebraic_closure(unseen))


check_range(
    "relative error for unseen gradients, after 40 epochs on 1000",
    error_of_trained_network,
    0.0,
    0.12,
    hint="Check activations, sample weights, all epochs, and a rate of zero at the last step.",
)

# %% [markdown]
# ## 4. Task 4: give up equivariance
# A plain network maps the 18 components of the tensors to nine numbers. It is not equivariant, but
# can learn to be from examples: data augmentation with rotated copies. `rotated` makes them, and
# `equivariance_error` measures how far a closure is from equivariant:
# $$e=\frac{\|\,b(QSQ^\top,QRQ^\top)-Q\,b(S,R)\,Q^\top\|}{\|\,b(S,R)\,\|}\qquad
# \text{with the norm over all samples and components.}$$
# A closure is any function of `x`. The scalars are invariant. `with_rotated_copies` returns the
# data followed by `m` rotated copies; `rotations`, `(m, n, 3, 3)`, has one matrix for each sample
# of each copy. `rotated` should work for many matrices at once: NumPy broadcasts `q @ a`, and
# `np.swapaxes` exchanges two axes.


# %% tags=["given"]
def plain_network(width, depth):
    """A network with the same inputs and outputs that is not equivariant."""
    tensors, scalars = keras.Input((2, 3, 3), name="tensors"), keras.Input((2,), name="scalars")
    x = keras.layers.Flatten()(BoundedNorm(3.0)(tensors))
    x = ops.concatenate([x, scalars / (scalars + ops.array([50.0, 1.0]))], axis=1)
    for _ in range(depth):
        x = keras.layers.Dense(width, "silu")(x)
    x = keras.layers.Reshape((3, 3))(keras.layers.Dense(9)(x))
    return keras.Model({"tensors": tensors, "scalars": scalars}, x)


def random_orthogonal(shape, seed):
    """Orthogonal matrices, `(*shape, 3, 3)`, with and without reflection."""
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(*shape, 3, 3)))[0]


# %% tags=["task:axes"]
def rotated(a, q):
    """`Q A Q^T` of matrices `a` and `q`, both `(..., 3, 3)`; leading axes broadcast."""
    # --- solution ---
    return q @ a @ np.swapaxes(q, -1, -2)
    # --- end ---


def equivariance_error(closure, x, q):
    """`e` for one matrix `q`, `(3, 3)`."""
    # --- solution ---
    b = ops.convert_to_numpy(closure(x))
    other = ops.convert_to_numpy(closure({**x, "tensors": rotated(x["tensors"], q)}))
    return np.linalg.norm(other - rotated(b, q)) / np.linalg.norm(b)
    # --- end ---


def with_rotated_copies(x, b, rotations):
    """`(x, b)` followed by rotated copies of all samples; `rotations`: `(m, n, 3, 3)`."""
    # --- solution ---
    tensors = [x["tensors"], *(rotated(x["tensors"], q[:, None]) for q in rotations)]
    scalars = np.tile(x["scalars"], (len(rotations) + 1, 1))
    targets = [b, *(rotated(b, q) for q in rotations)]
    return {"tensors": np.concatenate(tensors), "scalars": scalars}, np.concatenate(targets)
    # --- end ---


# %% tags=["check:equivariance_error"]
def error_of_a_closure_with_a_preferred_axis():
    """Its output is the strain without all components along the first axis."""
    s = np.array([[0.0, 2.0, 0.0], [2.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    x = {"tensors": np.stack([s, 0.0 * s])[None], "scalars": np.ones((1, 2))}
    first = np.diag([0.0, 1.0, 1.0])
    permutation = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])  # 1 to 2 to 3 to 1
    return equivariance_error(lambda x: first @ x["tensors"][:, 0] @ first, x, permutation)


check(
    "error of a closure that ignores an axis",
    error_of_a_closure_with_a_preferred_axis,
    target=np.sqrt(5.0),
    hint="If 1: Q and its transpose are exchanged. Else: compare the output of rotated inputs with "
    "the rotated output.",
)


# %% tags=["check:rotated_copies"]
def copies_of_two_samples():
    """Numbers of samples; then the errors of a copied strain and of its target."""
    x, rotations = random_gradients(2, seed=0), random_orthogonal((3, 2), seed=0)
    s = x["tensors"][:, 0]
    more, targets = with_rotated_copies(x, s, rotations)
    q = rotations[0, 1]
    error = np.abs(more["tensors"][3, 0] - q @ s[1] @ q.T).max()
    return np.array(
        [len(targets), len(more["scalars"]), error, np.abs(targets[3] - q @ s[1] @ q.T).max()]
    )


check(
    "two samples and three rotations: numbers of targets and scalars, errors of S and of b",
    copies_of_two_samples,
    target=[8, 8, 0, 0],
    atol=1e-5,
    hint="The two samples, then two for each rotation; each sample has its own matrix, also for b.",
)

# %% [markdown]
# Now train three networks on the same 1000 gradients, all of shear flows along the first axis. The
# third network also gets ten rotated copies, for the same number of steps. Evaluate them in these
# axes and in others.


# %%
def aligned_shears(num, seed):
    """Shears along the first axis with small perturbations, as in most data sets."""
    rng = np.random.default_rng(seed)
    gradient = 0.2 * rng.normal(size=(num, 3, 3))
    gradient[:, 0, 1] += rng.uniform(0.5, 6.0, num)
    tensors = np.stack(strain_and_rotation(gradient, np.ones(num), np.ones(num)), axis=1)
    scalars = np.ones((num, 2), "float32")
    return {"tensors": tensors.astype("float32"), "scalars": scalars}


training, unseen = aligned_shears(1000, 0), aligned_shears(500, 1)
target = algebraic_closure(training)
augmented, targets = with_rotated_copies(training, target, random_orthogonal((10, 1000), seed=0))
axes = random_orthogonal((), seed=99)
unseen_rotated = {**unseen, "tensors": rotated(unseen["tensors"], axes)}
rows = {}
for name, build, x, b, epochs in (
    ("tensor basis", closure_network, training, target, EPOCHS),
    ("plain", plain_network, training, target, EPOCHS),
    ("plain, 10 copies", plain_network, augmented, targets, max(EPOCHS // 11, 1)),
):
    keras.utils.set_random_seed(0)
    network = build(30, 3)
    train(network, x, b, np.ones((len(b), 1)), epochs)
    rows[name] = []
    for each in (unseen, unseen_rotated):
        expected = algebraic_closure(each)
        difference = ops.convert_to_numpy(network(each)) - expected
        rows[name].append(np.linalg.norm(difference) / np.linalg.norm(expected))
    error = equivariance_error(network, unseen, axes)
    print(f"{name:17s} error {rows[name][0]:.3f}, rotated {rows[name][1]:.3f}, e = {error:.1e}")

# Clipping the components is a widespread normalisation, and it is not equivariant:
network = closure_network(30, 3)
clipped = equivariance_error(
    lambda x: network({**x, "tensors": np.clip(x["tensors"], -1.0, 1.0)}), unseen, axes
)
print(f"tensor basis with clipped inputs: e = {clipped:.2f}")

# %%
positions = np.arange(len(rows))
for i, label in enumerate(("axes of training", "other axes")):
    plt.bar(positions + 0.35 * (i - 0.5), [row[i] for row in rows.values()], 0.35, label=label)
plt.xticks(positions, rows)
plt.yscale("log")
plt.ylabel("relative error of b")
plt.legend()
plt.show()

# %% [markdown]
# In the axes of training the error of the plain network is two to three times as large, and most
# publications would show this comparison only. In other axes the plain network is useless.
# Augmentation makes it nearly equivariant, but it does not reach the network that is equivariant by
# construction, and its error in the axes of training grows. Clipping the inputs destroys the
# equivariance of the tensor basis.
#
# ## 5. Learn from simulations
# In a channel the mean velocity $U(y)$ has one derivative. The viscous and the turbulent shear
# stress balance the pressure gradient, so that with $\nu=1/Re_\tau$
# $$\nu\frac{dU}{dy}-2k\,b_{12}=1-y .$$
# Direct simulations (Lee and Moser, 2015; Moser, Kim and Mansour, 1999) provide $U$ and all
# stresses. The library adds $k$ and $\varepsilon$ by frozen-field inversion: it solves the two
# equations of a turbulence model for the given mean flow. The anisotropy that is to be learned then
# reproduces this mean flow in the model.
#
# $S$ and $R$ alone do not contain the wall distance, on which near-wall turbulence depends. So two
# more invariant inputs are used: the Reynolds number of the wall distance $d=y$, and the turbulent
# length scale over this distance.


# %% tags=["given"]
@dataclasses.dataclass(frozen=True)
class Flow:
    """Turbulence of a channel at points from the wall to the centreline; `viscosity` is ν."""

    y: np.ndarray
    k: np.ndarray
    epsilon: np.ndarray
    viscosity: float


def closure_inputs(du_dy, flow):
    """Inputs of a closure in a channel with the shear rate `dU/dy`, `(n,)`."""
    gradient = np.zeros((len(du_dy), 3, 3))
    gradient[:, 0, 1] = du_dy
    tensors = np.stack(strain_and_rotation(gradient, flow.k, flow.epsilon), axis=1)
    velocity = np.sqrt(flow.k)
    scalars = [velocity * flow.y / flow.viscosity, velocity**3 / (flow.epsilon * flow.y)]
    return {"tensors": tensors, "scalars": np.stack(scalars, axis=1)}


# %%
PROFILES = {180: "lee_moser", 395: "moser_kim_mansour", 550: "lee_moser", 2000: "lee_moser"}
profiles = {number: channel_profile(source, number) for number, source in PROFILES.items()}
inversions = {number: frozen_channel(profile) for number, profile in profiles.items()}
flows = {
    number: Flow(each.y, each.energy, each.dissipation, 1.0 / profiles[number].friction_reynolds)
    for number, each in inversions.items()
}
TRAINING, UNSEEN = (180, 550, 2000), 395

parts = [closure_inputs(inversions[n].velocity_gradient, flows[n]) for n in TRAINING]
x = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
b = np.concatenate([inversions[n].anisotropy for n in TRAINING])
# At the wall k vanishes, and with it the effect of b.
k = np.concatenate([inversions[n].energy for n in TRAINING])
weights = (k[:, None] / (k[:, None] + 0.3)) ** 2

keras.utils.set_random_seed(0)
closure = closure_network(16, 2)
train(closure, x, b, weights, 4 * EPOCHS)

# %%
flow, inversion = flows[UNSEEN], inversions[UNSEEN]
inputs = closure_inputs(inversion.velocity_gradient, flow)
found = ops.convert_to_numpy(closure(inputs))
linear = -0.09 * inputs["tensors"][:, 0]
figure, axes = plt.subplots(1, 4, figsize=(13, 3.4))
for axis, (i, j) in zip(axes, ((0, 1), (0, 0), (1, 1), (2, 2)), strict=True):
    y_plus = flow.y / flow.viscosity
    axis.semilogx(y_plus, inversion.anisotropy[:, i, j], "k.", markersize=3, label="simulation")
    axis.semilogx(y_plus, linear[:, i, j], "--", label="linear")
    axis.semilogx(y_plus, found[:, i, j], label="network")
    axis.set_xlim(10.0, 400.0)
    axis.set_ylim(-0.6, 0.6)
    axis.set_title(f"$b_{{{i + 1}{j + 1}}}$, $Re_τ$ = {UNSEEN}")
    axis.set_xlabel("$y^+$")
axes[0].legend()
plt.show()

# %% [markdown]
# The normal components of the anisotropy vanish for the linear closure. The network predicts them
# for a flow that it has not seen. Below $y^+=10$ the $k$ of the model is so small that no
# realizable anisotropy fits the simulation, but it has hardly any effect there.
#
# ## 6. Task 5: in the flow
# A closure that is accurate for a *given* mean flow may fail in a solver, where its output
# determines the velocity gradient, which is its input. Solve the momentum balance of section 5 for
# $g=dU/dy$, at each point independently:
# $$f(g)=\nu g-2k\,b_{12}(g)-(1-y)=0 .$$
# Turbulence transports momentum to the wall, $b_{12}\le0$. If $b_{12}(0)=0$, then $f(0)\le0$. At
# $g=(1-y)/\nu$, where the viscous stress alone balances the pressure gradient, $f\ge0$. So a root
# lies between these bounds, and bisection finds it for any closure. Start with these bounds, and
# evaluate the closure at all points at once. Sixty bisections reach rounding errors. A closure may
# violate the assumption: if $f<0$ at the upper bound at any point, or $f>0$ at the lower bound, by
# more than rounding (1e-12), raise a `ValueError` that says so. A solver must not return a solution
# where there is none.
#
# The velocity is the integral of $dU/dy$. Between the wall and the first point $dU/dy$ is constant
# and equal to its first value; use the trapezoidal rule between the points.


# %% tags=["task:channel"]
def shear_rate(closure, flow):
    """`dU/dy` at all points, `(n,)`, for which the stresses balance up to rounding."""

    # --- solution ---
    def residual(du_dy):
        b = ops.convert_to_numpy(closure(closure_inputs(du_dy, flow)))
        return flow.viscosity * du_dy - 2.0 * flow.k * b[:, 0, 1] - (1.0 - flow.y)

    low, high = np.zeros_like(flow.y), (1.0 - flow.y) / flow.viscosity
    if np.any(residual(low) > 1e-12) or np.any(residual(high) < -1e-12):
        raise ValueError("The momentum balance of this closure has no root between the bounds.")
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = residual(middle) > 0.0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return 0.5 * (low + high)
    # --- end ---


def velocity(du_dy, y):
    """`U` at the points, `(n,)`; it is zero at the wall, `y = 0`."""
    # --- solution ---
    steps = 0.5 * (du_dy[1:] + du_dy[:-1]) * np.diff(y)
    return du_dy[0] * y[0] + np.append(0.0, np.cumsum(steps))
    # --- end ---


# %% tags=["check:balance"]
def shear_rate_of_linear_closure():
    """With a constant eddy viscosity 0.09 k² / ε = 0.04 and a viscosity of 0.01."""
    y = np.array([0.1, 0.5, 0.9])
    flow = Flow(y, np.full(3, 2.0), np.full(3, 9.0), 0.01)
    return shear_rate(lambda x: -0.09 * x["tensors"][:, 0], flow)


check(
    "shear rate of a linear closure: (1 - y) over the sum of the viscosities",
    shear_rate_of_linear_closure,
    target=[18.0, 10.0, 2.0],
    hint="f contains -2 k b_12, with the k of each point; where f < 0, the lower bound moves.",
)


# %% tags=["check:refuses"]
def error_for_a_closure_without_a_root():
    y = np.array([0.1, 0.5, 0.9])
    flow = Flow(y, np.full(3, 2.0), np.full(3, 9.0), 0.01)
    wrong = np.zeros((3, 3, 3))
    wrong[1, 0, 1] = wrong[1, 1, 0] = 0.1
    try:
        shear_rate(lambda x: wrong, flow)
    except ValueError:
        return 1.0
    return 0.0


check(
    "a ValueError if there is no root at one of three points",
    error_for_a_closure_without_a_root,
    target=1,
    hint="Evaluate f at both bounds before the bisection, and test all points.",
)


# %% tags=["check:velocity"]
check(
    "velocity for dU/dy = 1 - y / 2 at the points 0.2, 0.4 and 1",
    lambda: velocity(np.array([0.9, 0.8, 0.5]), np.array([0.2, 0.4, 1.0])),
    target=[0.18, 0.35, 0.74],
    hint="The first interval, from the wall, contributes du_dy[0] * y[0].",
)

# %% [markdown]
# Now evaluate the closures. A second network stands beside yours: that of the library, with the
# settings for use in a solver. It has three tensors, and its coefficients depend on the scalars but
# not on the invariants.

# %%
keras.utils.set_random_seed(0)
settings = {"width": 16, "depth": 2, "invariants": False, "num_tensors": 3, "dtype": "float64"}
reduced = tensor_basis_network(**settings, scalar_sizes=(50.0, 1.0))
train(reduced, x, b, weights, 4 * EPOCHS)

# %%
profile = profiles[UNSEEN]
candidates = {
    "linear": lambda x: -0.09 * x["tensors"][:, 0],
    "explicit algebraic": algebraic_closure,
    "network": closure,
    "network without invariants": reduced,
}


def velocity_error(u, y):
    """Relative L2 error over the channel."""
    error = u - np.interp(y, profile.y, profile.velocity)
    return np.sqrt(np.trapezoid(error**2, y) / np.trapezoid((u - error) ** 2, y))


figure, axes = plt.subplots(1, 2, figsize=(12, 4))
point = np.argmin(np.abs(y_plus - 100.0))
factors = np.linspace(0.0, 3.0, 31)
for name, each in candidates.items():
    u = velocity(shear_rate(each, flow), flow.y)
    label = f"{name}: {100 * velocity_error(u, flow.y):.1f} %"
    axes[0].semilogx(y_plus, u, label=label)
    trials = factors[:, None] * inversion.velocity_gradient
    f = [
        flow.viscosity * du_dy[point]
        - 2.0 * flow.k[point] * ops.convert_to_numpy(each(closure_inputs(du_dy, flow)))[point, 0, 1]
        - (1.0 - flow.y[point])
        for du_dy in trials
    ]
    axes[1].plot(factors, f, label=name)
axes[0].semilogx(profile.y[1:] / flow.viscosity, profile.velocity[1:], "k.", label="simulation")
axes[0].set_xlabel("$y^+$")
axes[0].set_ylabel("U")
axes[0].set_ylim(0.0, 40.0)
axes[1].axhline(0.0, color="0.7")
axes[1].set_ylim(-1.0, 2.0)
axes[1].set_xlabel("dU/dy over that of the simulation, $y^+$ = 100")
axes[1].set_ylabel("f")
axes[0].legend()
plt.show()

# %% [markdown]
# This is the main result of the lab: the network that was accurate for the given channel is useless
# in a solver. The right figure shows the reason. $f$ has to cross zero at one, and it should
# increase there. In training each point had one gradient only, the correct one, and the network
# extrapolates to all others. Its $f$ hardly increases there, so a small error of the stress becomes
# a large error of the velocity: the problem is ill-conditioned (Wu, Xiao, Sun and Wang, 2019). The
# explicit algebraic model has a flat $f$ as well; with the $k$ and $\varepsilon$ of its own flow it
# is more accurate. Without invariants, $b_{12}$ is the normalised gradient times a factor that
# depends on the wall distance, so $f$ increases whatever the network has learned. Less freedom
# gives a better flow.
#
# So far $k$ and $\varepsilon$ were given. In a real computation they depend on the mean flow, the
# mean flow on the closure, and the closure on all three. The library solves the coupled system by
# Newton's method, and raises an error if it does not converge.

# %%
channel = Channel(profile.friction_reynolds)
for name, each in {"linear": channel.model.linear, "network without invariants": reduced}.items():
    solved = channel.solve(each)
    plt.semilogx(solved.y[1:] / flow.viscosity, solved.velocity[1:], label=f"{name}, coupled")
    error = 100 * velocity_error(solved.velocity, solved.y)
    print(f"{name}: {len(solved.residuals)} Newton steps, error of U {error:.1f} %")
plt.semilogx(profile.y[1:] / flow.viscosity, profile.velocity[1:], "k.", label="simulation")
plt.xlabel("$y^+$")
plt.ylabel("U")
plt.legend()
plt.show()

# %% [markdown]
# ## 7. Explore
# Hold out 2000 instead of 395, then 180. Is a closure worse outside of the range of its training
# data or within it? Remove the scalars from the network, and look at $b_{12}$ again. Keep $T_1$
# only: how do the velocity of the channel and its stresses change? Train both kinds of network on
# 100 gradients instead of 1000. Reflect a channel, $y\to-y$: what is the sign of $b_{12}$, and
# which closures predict it?
#
# **Questions to answer for yourself.** Why are reflections included, although no laboratory can be
# reflected? Which of the ten tensors vanish in a plane flow, and which are multiples of each other?
# Why may $\nu$ enter only through a Reynolds number? Why is an error of 3 % in $b_{12}$ no error of
# 3 % in $U$? Where in the channel does a wrong $b_{11}$ change the velocity?
#
# ## 8. Save, and the library's version
# A flow solver calls a model of the velocity gradient, $k$ and $\varepsilon$ that returns stresses.

# %%
stresses = reynolds_stress(closure)
stresses.save("closure.keras")
loaded = keras.saving.load_model("closure.keras")
flat = {"gradient": np.zeros((2, 3, 3)), "k": np.ones((2, 1)), "epsilon": np.ones((2, 1))}
np.asarray(loaded({**flat, "scalars": np.ones((2, 2))}))[0]

# %% [markdown]
# Without a gradient all tensors vanish, and the stresses are isotropic, with 2/3 of `k` in each
# direction, by construction. The library's version is `tensor_basis_network`. The command
# `keras-solvers run closure --leave-out square_duct` trains an ensemble of them on other flows,
# evaluates it for a duct, and shows the ensemble spread.
