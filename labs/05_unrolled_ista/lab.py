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
# # Lab 05: Unrolled ISTA
#
# **You will be able to**
# - write the proximal gradient method (ISTA) and its accelerated form (FISTA),
# - turn an iteration into a network whose layers are its steps, and train it without labels,
# - read a work–precision diagram and say at which batch size the network pays,
# - show inputs on which it loses, and explain why.
#
# **Before**: labs 03 and 04. **Time**: 90 minutes, of which the computer needs three.
# **Points**: 100.
#
# A patch of a photograph, $x\in\mathbb R^{64}$, is to be written with few of 128 given patterns,
# the columns of a *dictionary* $A\in\mathbb R^{64\times128}$: $x\approx Ay$ with most entries of
# the *code* $y\in\mathbb R^{128}$ zero. The best code minimises
# $$E(y)=\tfrac12\|x-Ay\|^2+\lambda\|y\|_1 .$$
#
# | symbol | meaning | in the code, for a batch |
# |---|---|---|
# | $x$ | patch: mean 0, norm 1 | `x`, shape `(batch, 64)` |
# | $y$ | code | `y`, shape `(batch, 128)` |
# | $A$ | dictionary, columns of norm 1 | `dictionary`, shape `(64, 128)` |
# | $\lambda$ | weight of the 1-norm | `penalty` |
# | $L$ | largest eigenvalue of $A^\top A$ | `lipschitz(dictionary)` |
#
# Samples are rows, so $Ay$ of a batch is `y @ dictionary.T`.

# %% tags=["setup"]
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from keras_solvers.applications.sparse_coding import learn_dictionary, photograph_patches
from keras_solvers.grading import check, check_range, fast_mode

PENALTY = 0.1
PATCHES = photograph_patches("china", 8000, size=8, seed=0)
DICTIONARY = learn_dictionary(PATCHES, 128, PENALTY, num_epochs=2)
EPOCHS = 1 if fast_mode() else 20

# %% [markdown]
# ## 1. The data
# 8 x 8 patches of a photograph that scikit-learn brings along, and the dictionary that
# scikit-learn learned from them (Mairal et al., 2009). Other photographs have other patches, but
# all of them have edges, and edges is what the patterns show.

# %%
figure, axes = plt.subplots(2, 12, figsize=(10, 2))
for axis, picture in zip(axes.flat, [*PATCHES[:12], *DICTIONARY.T[:12]], strict=True):
    axis.imshow(np.reshape(picture, (8, 8)), cmap="gray")
    axis.axis("off")
axes[0, 0].set_title("patches", loc="left")
axes[1, 0].set_title("patterns", loc="left")
plt.show()


# %% tags=["given"]
def objective(x, y, dictionary, penalty):
    """`E` of each sample, shape `(batch,)`."""
    misfit = x - y @ dictionary.T
    return 0.5 * np.sum(misfit**2, axis=-1) + penalty * np.sum(np.abs(y), axis=-1)


def lipschitz(dictionary):
    """Largest eigenvalue of `dictionary.T @ dictionary`: how fast the gradient can change."""
    return np.linalg.norm(dictionary, 2) ** 2


# %% [markdown]
# ## 2. Task 1: the soft threshold
# The 1-norm has a kink at zero, so there is no gradient to follow. But its *proximal step* is
# known: the minimiser of $\tfrac12(v-u)^2+\theta|v|$ over $v$ moves $u$ towards zero by
# $\theta$, and stops there.
#
# `threshold` is a number or an array that broadcasts with `u`.


# %% tags=["task:soft_threshold"]
def soft_threshold(u, threshold):
    """The minimiser of `(v - u)**2 / 2 + threshold * |v|` over `v`, entry by entry."""
    # --- solution ---
    return np.sign(u) * np.maximum(np.abs(u) - threshold, 0.0)
    # --- end ---


# %% tags=["check:soft_threshold"]
check(
    "soft threshold of 1",
    lambda: soft_threshold(np.array([-3.0, -0.5, 0.0, 0.5, 3.0]), 1.0),
    target=[-2.0, 0.0, 0.0, 0.0, 2.0],
    hint="Entries smaller than the threshold become zero, the others move towards zero by it.",
)

# %% [markdown]
# ## 3. Task 2: ISTA
# A gradient step on the smooth part, then the proximal step (*iterative shrinkage-thresholding*):
# $$y\leftarrow S_{\lambda/L}\!\left(y+\tfrac1L A^\top(x-Ay)\right),\qquad y_0=0 .$$
# With the step length $1/L$ no step raises $E$, and the codes converge; from $2/L$ on they may not.


# %% tags=["task:ista"]
def ista(x, dictionary, penalty, num_steps):
    """The code after `num_steps` steps from zero, shape `(batch, num_atoms)`."""
    # --- solution ---
    step = 1.0 / lipschitz(dictionary)
    y = np.zeros((len(x), dictionary.shape[1]))
    for _ in range(num_steps):
        gradient = (y @ dictionary.T - x) @ dictionary
        y = soft_threshold(y - step * gradient, step * penalty)
    return y
    # --- end ---


# %% tags=["check:ista"]
check(
    "two steps for the dictionary [[2, 0], [0, 1]]",
    lambda: ista(np.array([[2.0, 1.0]]), np.diag([2.0, 1.0]), 0.4, 2),
    target=[[0.9, 0.2625]],
    hint="Here L = 4: the step is 1/4, the threshold 0.4/4.",
)

# %% [markdown]
# ## 4. Task 3: FISTA
# After $k$ steps of ISTA the objective is within $O(1/k)$ of its minimum. Momentum improves this
# bound to $O(1/k^2)$ (Beck and Teboulle, 2009). The gradient is taken at an extrapolated point:
# $$y_{k}=S_{\lambda/L}\!\left(z_k+\tfrac1L A^\top(x-Az_k)\right),\quad
# t_{k+1}=\tfrac12\left(1+\sqrt{1+4t_k^2}\right),\quad
# z_{k+1}=y_k+\frac{t_k-1}{t_{k+1}}\,(y_k-y_{k-1}),$$
# with $y_0=z_1=0$ and $t_1=1$. The first step is one of ISTA.


# %% tags=["task:fista"]
def fista(x, dictionary, penalty, num_steps):
    """The code `y` after `num_steps` accelerated steps, shape `(batch, num_atoms)`."""
    # --- solution ---
    step = 1.0 / lipschitz(dictionary)
    y = z = np.zeros((len(x), dictionary.shape[1]))
    t = 1.0
    for _ in range(num_steps):
        gradient = (z @ dictionary.T - x) @ dictionary
        y, previous = soft_threshold(z - step * gradient, step * penalty), y
        t, earlier = 0.5 * (1.0 + np.sqrt(1.0 + 4.0 * t**2)), t
        z = y + (earlier - 1.0) / t * (y - previous)
    return y
    # --- end ---


# %% tags=["check:fista"]
check(
    "three steps for the dictionary [[2, 0], [0, 1]]",
    lambda: fista(np.array([[2.0, 1.0]]), np.diag([2.0, 1.0]), 0.4, 3),
    target=[[0.9, 0.3706482]],
    rtol=1e-5,
    hint="The first two steps equal those of ISTA: momentum needs two codes to look back on.",
)

# %%
x_new = photograph_patches("flower", 300, size=8, seed=1).astype("float64")
optimum = objective(x_new, fista(x_new, DICTIONARY, PENALTY, 800), DICTIONARY, PENALTY)


def gap(y, x=x_new, best=optimum):
    """Mean of `E(y) - E*`, as a share of the mean of `E*`."""
    return np.mean(objective(x, y, DICTIONARY, PENALTY) - best) / np.mean(best)


# %%
steps = [1, 2, 4, 8, 16, 32, 64, 128]
for method in (ista, fista):
    gaps = [gap(method(x_new, DICTIONARY, PENALTY, k)) for k in steps]
    plt.loglog(steps, gaps, "o-", label=method.__name__.upper())
plt.xlabel("steps")
plt.ylabel("objective gap")
plt.legend()
plt.show()

# %% [markdown]
# ## 5. Task 4: the iteration as a network
# Write a step of ISTA as $S_\theta\big(y+(x-Ay)\,W\big)$, in rows: `(x - y @ A.T) @ W`. With
# $W=A/L$ and $\theta=\lambda/L$ it is ISTA. But nothing forces us to keep these: let every step
# have a matrix $W_k$ and thresholds $\theta_k$ (one for each pattern) of its own, and *train* them
# for patches like ours. That is learned ISTA (Gregor and LeCun, 2010; the coupling of $W$ and
# $A$: Chen et al., 2018). Ten steps become ten layers.
#
# Complete the layer: in `build` the trainable weights `encoder` `(64, 128)` and `threshold`
# `(128,)`, which must stay non-negative whatever the training does (`add_weight` takes a
# `constraint`); `decoder`, $A^\top$, is not trained. In `call` the step, with `keras.ops`.
#
# Then build the network: `num_layers` steps from zero, which before training equal ISTA. A layer
# has weights once it was called; from then on `layer.encoder.assign(value)` sets their values.


# %% tags=["task:lista"]
@keras.saving.register_keras_serializable(package="lab05")
class Step(keras.layers.Layer):
    """One step: `call(x, y)` returns the next code."""

    def __init__(self, num_atoms, **kwargs):
        super().__init__(**kwargs)
        self.num_atoms = num_atoms

    def get_config(self):
        return {**super().get_config(), "num_atoms": self.num_atoms}

    def build(self, x_shape, y_shape=None):
        self.decoder = self.add_weight((self.num_atoms, x_shape[-1]), trainable=False)
        # --- solution ---
        self.encoder = self.add_weight((x_shape[-1], self.num_atoms))
        self.threshold = self.add_weight((self.num_atoms,), constraint="non_neg")
        # --- end ---

    def call(self, x, y):
        # --- solution ---
        u = y + ops.matmul(x - ops.matmul(y, self.decoder), self.encoder)
        return ops.sign(u) * ops.relu(ops.abs(u) - self.threshold)
        # --- end ---


def lista(dictionary, penalty, num_layers):
    """Keras model from patches to codes that equals `ista` with `num_layers` steps."""
    signal_dim, num_atoms = dictionary.shape
    x = keras.Input((signal_dim,))
    # Zeros of the shape of the codes, which depends on the batch: so they are computed from x.
    y = ops.zeros_like(ops.matmul(x, np.zeros((signal_dim, num_atoms), "float32")))
    # --- solution ---
    step = 1.0 / lipschitz(dictionary)
    for _ in range(num_layers):
        layer = Step(num_atoms)
        y = layer(x, y)
        layer.decoder.assign(dictionary.T)
        layer.encoder.assign(step * dictionary)
        layer.threshold.assign(np.full(num_atoms, step * penalty))
    return keras.Model(x, y)
    # --- end ---


# %% tags=["check:lista_start"]
check(
    "the untrained network is ISTA",
    lambda: lista(DICTIONARY, PENALTY, 5).predict(PATCHES[:50], verbose=0),
    target=ista(PATCHES[:50], DICTIONARY, PENALTY, 5),
    rtol=1e-4,
    hint="The encoder starts at A / L, the decoder at the transposed A, thresholds at penalty / L.",
)

# %% tags=["check:lista_parameters"]
check(
    "trainable numbers of three layers",
    lambda: sum(np.prod(w.shape) for w in lista(DICTIONARY, PENALTY, 3).trainable_weights),
    target=3 * (64 * 128 + 128),
    hint="A matrix and thresholds for each layer of its own; the decoder is not trained.",
)


# %% tags=["check:lista_thresholds"]
def least_threshold():
    """After a step of training that rewards large codes, so it pushes all thresholds down."""
    model = lista(DICTIONARY, PENALTY, 1)
    model.compile(keras.optimizers.SGD(100.0), loss=lambda _, y: -ops.sum(ops.abs(y), axis=-1))
    model.train_on_batch(PATCHES[:50], PATCHES[:50])
    return min(np.min(weight) for weight in model.get_weights() if weight.ndim == 1)


check_range(
    "least threshold after training pushed them down",
    least_threshold,
    0.0,
    np.inf,
    hint='add_weight(shape, constraint="non_neg"): whatever the optimizer does, none is negative.',
)

# %% [markdown]
# ## 6. Task 5: train it without labels
# We need no converged codes to learn from: a code is good if $E$ is low. So $E$ itself is the loss,
# with the patches in the place of labels: `fit(x, x)` calls `loss(x, y)` with the code $y$ that the
# network answers. Train in place with at most `epochs` passes; one pass over 8,000 patches takes
# about a second. Adam with batches of about 100 and a rate of 1e-3 to 3e-3 is a good start; let
# the rate decay to zero, or the last steps undo each other.
#
# Graded: the objective gap of four layers after 6 passes, on patches of a photograph that
# training never saw. Full marks up to 0.022; FISTA with four steps has 0.16.
#
# Sanity first: the loss of the untrained network must be the mean of `objective` at ISTA's code.


# %% tags=["task:train"]
def make_loss(dictionary, penalty):
    """A function of `x` and `y` that returns `E` of each sample, in `keras.ops`."""
    # --- solution ---
    decoder = np.asarray(dictionary.T, "float32")

    def loss(x, y):
        misfit = x - ops.matmul(y, decoder)
        return 0.5 * ops.sum(misfit**2, axis=-1) + penalty * ops.sum(ops.abs(y), axis=-1)

    return loss
    # --- end ---


def train(network, patches, dictionary, penalty, epochs):
    """Trains the network in place on the patches."""
    # --- solution ---
    batch_size = 100
    num_steps = epochs * len(patches) // batch_size
    rate = keras.optimizers.schedules.CosineDecay(2e-3, num_steps)
    network.compile(keras.optimizers.Adam(rate), loss=make_loss(dictionary, penalty))
    network.fit(patches, patches, batch_size=batch_size, epochs=epochs, verbose=0)
    # --- end ---


# %% tags=["check:loss"]
def loss_of_untrained():
    model = lista(DICTIONARY, PENALTY, 5)
    model.compile(loss=make_loss(DICTIONARY, PENALTY))
    return model.evaluate(PATCHES[:20], PATCHES[:20], verbose=0)


check(
    "loss of the untrained network with 5 layers",
    loss_of_untrained,
    target=np.mean(
        objective(PATCHES[:20], ista(PATCHES[:20], DICTIONARY, PENALTY, 5), DICTIONARY, PENALTY)
    ),
    rtol=1e-5,
    hint="Half the squared misfit plus the penalty times the sum of absolute values.",
)


# %% tags=["check:train"]
def gap_of_two_layers():
    keras.utils.set_random_seed(0)
    model = lista(DICTIONARY, PENALTY, 2)
    train(model, PATCHES, DICTIONARY, PENALTY, 3)
    return gap(model.predict(x_new, verbose=0))


check_range(
    "gap of two layers after three passes",
    gap_of_two_layers,
    0.0,
    0.12,
    hint="Does the loss fall? It starts at 0.25; try another rate, smaller batches.",
)

# %%
NUM_LAYERS = 8
keras.utils.set_random_seed(0)  # the order of the patches
network = lista(DICTIONARY, PENALTY, NUM_LAYERS)
before = gap(network.predict(x_new, verbose=0))
train(network, PATCHES, DICTIONARY, PENALTY, EPOCHS)
after = gap(network.predict(x_new, verbose=0))
print(f"gap of {NUM_LAYERS} layers: {before:.4f} untrained, {after:.4f} trained")
print(f"gap of FISTA with {NUM_LAYERS} steps: {gap(fista(x_new, DICTIONARY, PENALTY, 8)):.4f}")

# %% [markdown]
# ## 7. When does it pay? The work–precision diagram
# Error over time: 50 patches one at a time, and 2,000 at once. The network does the work of eight
# steps; read how much time FISTA and coordinate descent (scikit-learn's, the classic choice for the
# lasso) need for the same error. The library's solvers are compiled and timed as the network is.

# %%
from keras_solvers.classic import FISTA, ISTA, CoordinateDescent
from keras_solvers import speedup_at_equal_accuracy, work_precision
from keras_solvers.plots import plot_work_precision
from keras_solvers.problems import SparseCoding
from keras_solvers import compiled


problem = SparseCoding(DICTIONARY, PENALTY)
x_many = photograph_patches("flower", 300 if fast_mode() else 2000, size=8, seed=3)
best_many = objective(
    x_many, CoordinateDescent(problem)(x_many.astype("float64")), DICTIONARY, PENALTY
)
counts = (4, 8, 16, 32, 64)
families = {
    "ISTA": {k: compiled(ISTA(problem, k)) for k in counts},
    "FISTA": {k: compiled(FISTA(problem, k)) for k in counts},
    "coordinate descent": {k: CoordinateDescent(problem, k) for k in (1, 2, 4, 8)},
    "network": {NUM_LAYERS: compiled(network)},
}


def relative_gap(x, y):
    """How far the objective lies above its optimum, over the mean optimum."""
    return (objective(x, np.asarray(y), DICTIONARY, PENALTY) - best_many) / np.mean(best_many)


batches = (1, len(x_many))
measured = work_precision(families, x_many, relative_gap, batch_sizes=batches)
figure, axes = plt.subplots(1, 2, figsize=(11, 4))
for axis, batch in zip(axes, batches, strict=True):
    *classic, neural = (m for m in measured if m.batch_size == batch)
    plot_work_precision(axis, [*classic, neural], "objective gap", highlight=("network",))
    axis.set_title(f"{batch} patches at a time")
    faster = speedup_at_equal_accuracy(neural, classic)
    print(f"{batch} at a time: {faster.ratio:.2f} times as fast as {faster.classic_name}")
plt.show()

# %% [markdown]
# ## 8. When it loses
# ISTA is promised to converge for every patch, dictionary and penalty. The network has learned
# *these* patches with *this* dictionary and *this* penalty. Four problems it was not trained for:
# white noise, half the penalty (so less sparse codes), a dictionary learned from another
# photograph, and patches twice as bright.

# %%
rng = np.random.default_rng(0)
white = rng.normal(size=x_new.shape)
white /= np.linalg.norm(white, axis=1, keepdims=True)
other = learn_dictionary(photograph_patches("flower", 4000, size=8, seed=2), 128, PENALTY)
strangers = {
    "as trained": (x_new, DICTIONARY, PENALTY),
    "white noise": (white, DICTIONARY, PENALTY),
    "half penalty": (x_new, DICTIONARY, PENALTY / 2),
    "other dictionary": (x_new, other, PENALTY),
    "twice as bright": (2.0 * x_new, DICTIONARY, PENALTY),
}
rows = {}
for name, (x, matrix, weight) in strangers.items():
    best = np.mean(objective(x, fista(x, matrix, weight, 800), matrix, weight))
    stranger = SparseCoding(matrix, weight)
    answers = {
        "network": network.predict(x, verbose=0),
        "FISTA, 8 steps": fista(x, matrix, weight, 8),
        "network, then FISTA, 8 steps": FISTA(stranger, 8, initial_guess=network)(x),
    }
    rows[name] = [
        np.mean(objective(x, np.asarray(y), matrix, weight)) / best - 1.0 for y in answers.values()
    ]
    print(f"{name:17s}", ", ".join(f"{k} {gap:.4f}" for k, gap in zip(answers, rows[name])))

# %%
plt.figure(figsize=(9, 4))
places = np.arange(len(rows))
for i, name in enumerate(answers):
    plt.bar(places + 0.27 * (i - 1), [gaps[i] for gaps in rows.values()], 0.27, label=name)
plt.xticks(places, rows)
plt.yscale("log")
plt.ylabel("objective gap")
plt.legend()
plt.show()

# %% [markdown]
# White noise costs it nothing: the dictionary is the same, and steps that suit photographs suit
# noise. A new penalty or dictionary is a new problem, which it cannot even be told about: its lead
# is gone, or worse. And brighter patches send it astray, because its steps are longer than is safe
# for all inputs. A step $y\mapsto y(I-A^\top W)$ shrinks every error only if no eigenvalue of the
# matrix is larger than 1:

# %%
encoders = [weight for weight in network.get_weights() if weight.shape == DICTIONARY.shape]
for number, encoder in enumerate(encoders, 1):
    radius = np.max(np.abs(np.linalg.eigvals(np.eye(128) - DICTIONARY.T @ encoder)))
    print(f"layer {number}: largest eigenvalue {radius:.2f}")

# %% [markdown]
# The remedy that keeps a promise is the third bar: the network answers first, and a few steps of
# FISTA from there repair what it missed. A bad start costs steps (with the other dictionary FISTA
# does better alone), but never correctness. And nobody needs the optimum to see how good the result
# is: from any code follows a lower bound of $E$, the dual objective, so the *duality gap* bounds
# $E(y)-E^*$ from above, for every single patch.

# %%
x = strangers["twice as bright"][0]
for steps_after in (0, 8, 64):
    y = np.asarray(FISTA(problem, steps_after, initial_guess=network)(x))
    bound = np.asarray(problem.duality_gap(x, y)) / objective(x, y, DICTIONARY, PENALTY)
    print(f"{steps_after:2d} steps of FISTA: at most {bound.max():.1%} of E above the optimum")

# %% [markdown]
# ## 9. Explore
# Change the number of layers (2, 4, 16), the penalty after training, or train on white noise. At
# which number of layers does another layer stop paying?
#
# **Questions to answer for yourself.** Why are thresholds per pattern better than one for all? Why
# is the network's lead smaller with one patch at a time than with 2,000, although it does less
# arithmetic than FISTA in both cases? From which number of patches on has its training been repaid?
#
# ## 10. Save, and the library's version
# The model carries its weights; `Step` is registered, so no unsafe loading is needed here. Only the
# loss, a function of our own, is left behind: it is not needed to answer.

# %%
network.save("lista.keras")
loaded = keras.saving.load_model("lista.keras", compile=False)
np.max(np.abs(loaded.predict(x_new, verbose=0) - network.predict(x_new, verbose=0)))

# %% [markdown]
# In the library `keras_solvers.models.lista` builds this network with options (tied and analytic
# weights, momentum), and `NeuralSolver` trains it by the objective of any `Problem`. A second or
# two of training, for a comparison with yours:

# %%
from keras_solvers.models import lista as library_lista
from keras_solvers import NeuralSolver

solver = NeuralSolver(library_lista(problem, NUM_LAYERS, momentum=True), problem)
solver.compile(keras.optimizers.Adam(1e-3))
solver.fit(PATCHES, batch_size=100, epochs=min(EPOCHS, 3), verbose=0)
gap(solver.predict(x_new, verbose=0))
