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
# # Lab 07: Physics-informed networks
#
# **You will be able to**
# - differentiate a network in its coordinates, for all points of a batch at once,
# - write the residual of a differential equation, and a loss of it,
# - meet initial and boundary conditions exactly, whatever the weights are,
# - train by Gauss–Newton steps where Adam stalls, and choose their damping,
# - say in numbers when such a network pays, and when a classic solver is the right tool.
#
# **Before**: labs 02 and 06. **Time**: 100 minutes, of which the computer needs three.
# **Points**: 100.
#
# A network of the coordinates can be differentiated as often as an equation asks for. So it can be
# put into the equation, and trained until nothing is left over (Lagaris et al., 1998; Raissi et
# al., 2019). No data are needed: the equation is the teacher. Ours is Burgers' equation,
# $$\frac{\partial u}{\partial t}+u\frac{\partial u}{\partial x}=\nu\frac{\partial^2u}{\partial x^2}
# \ \text{ for }|x|<1,\ 0<t\le1,\qquad u(x,0)=-\sin\pi x,\qquad u(\pm1,t)=0 .$$
# $u$ is a velocity that carries itself along: fast parts catch up with slow ones, and the slope in
# the middle steepens until the viscosity $\nu$ stops it.
#
# | symbol | meaning | in the code |
# |---|---|---|
# | $(x,t)$ | place and time, no units | `points`: `(n, 2)`, columns $x$ and $t$ |
# | $u$ | velocity | a function from points to `(n, 1)` |
# | $r$ | residual, what is left of the equation | `(n,)` |
# | $w$ | all weights of a network in one row | `(num_weights,)` |
# | $J$ | $\partial r_i/\partial w_j$ | `(n, num_weights)` |
#
# All of this lab is in double precision: with less, accuracy would end at $10^{-4}$ or so.

# %% tags=["setup"]
import functools

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras_solvers.grading import check, check_range, fast_mode

VISCOSITY = 0.05
FAST = fast_mode()
POINTS, ADAM_STEPS, NEWTON_STEPS = (60, 30, 10) if FAST else (800, 2000, 150)
LINE_ADAM, LINE_NEWTON = (50, 60) if FAST else (5000, 600)

# %% [markdown]
# ## 1. The solution we look for
# Burgers' equation is one of the few that have a formula: the substitution of Cole (1951) and Hopf
# (1950) turns it into the heat equation, and
# $$u(x,t)=-\frac{\int\sin(\pi y)\,F(y)\,e^{-(x-y)^2/4\nu t}\,dy}
# {\int F(y)\,e^{-(x-y)^2/4\nu t}\,dy},\qquad F(y)=e^{-\cos(\pi y)/2\pi\nu} .$$
# Gauss–Hermite quadrature computes both integrals to many digits. We use it to measure errors,
# never to train.


# %% tags=["given"]
def burgers_solution(points, viscosity):
    """The exact solution at points with `t > 0`, `(n,)`."""
    nodes, weights = np.polynomial.hermite.hermgauss(150)
    y = points[:, :1] - np.sqrt(4.0 * viscosity * points[:, 1:]) * nodes
    heat = weights * np.exp((1.0 - np.cos(np.pi * y)) / (2.0 * np.pi * viscosity))
    return -np.sum(heat * np.sin(np.pi * y), axis=1) / np.sum(heat, axis=1)


def relative_error(found, exact):
    """Norm of the difference over the norm of the exact values."""
    return np.linalg.norm(found - exact) / np.linalg.norm(exact)


# %%
GRID = np.stack(np.meshgrid(np.linspace(-1, 1, 101), np.linspace(0.02, 1, 50), indexing="ij"), -1)
TEST = GRID.reshape(-1, 2)
EXACT = burgers_solution(TEST, VISCOSITY)
field = EXACT.reshape(GRID.shape[:2])
figure, axes = plt.subplots(1, 2, figsize=(11, 3.4))
picture = axes[0].imshow(field, origin="lower", extent=(0, 1, -1, 1), aspect="auto", cmap="RdBu")
axes[0].set(xlabel="t", ylabel="x", title="u")
plt.colorbar(picture)
for k in (0, 11, 24, 49):
    axes[1].plot(GRID[:, k, 0], field[:, k], label=f"t = {GRID[0, k, 1]:.2f}")
axes[1].set(xlabel="x", ylabel="u", xticks=(-1, -0.5, 0, 0.5, 1))
axes[1].legend()
plt.show()

# %% [markdown]
# ## 2. Task 1: derivatives
# `tf.GradientTape` records what is computed, and differentiates it exactly, without differences. A
# gradient is that of *one* number, so `tape.gradient(values, points)` of a whole batch is that of
# the *sum* of the values. Yet it is what we want: the value at a point depends on this point alone,
# so row $i$ of the gradient is $(u_x,u_t)$ at point $i$.
#
# This holds as long as only sums over *points* are taken. Differentiate the whole gradient once
# more, and TensorFlow adds up $u_x+u_t$ first: you get $u_{xx}+u_{tx}$. Pick the column of $u_x$
# before, and do it where the outer tape still records.
#
# `points` is a tensor in float64, `(n, 2)`; `u` takes it and returns `(n, 1)`. Training will
# differentiate your result again, in the weights of a network: stay within TensorFlow.


# %% tags=["task:derivatives"]
def derivatives(u, points):
    """`u`, `u_x`, `u_t` and `u_xx` at the points: four tensors `(n,)`."""
    # --- solution ---
    with tf.GradientTape() as outer:
        outer.watch(points)
        with tf.GradientTape() as inner:
            inner.watch(points)
            values = u(points)
        slopes = inner.gradient(values, points)
        u_x = slopes[:, 0]
    u_xx = outer.gradient(u_x, points)[:, 0]
    return values[:, 0], u_x, slopes[:, 1], u_xx
    # --- end ---


# %% tags=["check:derivatives"]
def derivatives_of_a_product():
    points = tf.constant([[1.0, 2.0], [3.0, -1.0]], tf.float64)
    found = derivatives(lambda p: p[:, :1] ** 3 * p[:, 1:] ** 2, points)
    return np.stack([np.asarray(part) for part in found])


check(
    "u, u_x, u_t and u_xx of u = x^3 t^2 at (1, 2) and (3, -1)",
    derivatives_of_a_product,
    target=[[4.0, 27.0], [12.0, 27.0], [4.0, -54.0], [24.0, 18.0]],
    hint="36 in place of 24: you differentiated u_x + u_t. None: u_x was taken outside the tape.",
)


# %% tags=["given"]
def tanh_network(num_inputs, width, depth, seed):
    """A network in double precision, from points `(n, num_inputs)` to `(n, 1)`."""
    keras.utils.set_random_seed(seed)
    layer = {"kernel_initializer": "glorot_normal", "dtype": "float64"}
    inputs = x = keras.Input((num_inputs,), dtype="float64")
    for _ in range(depth):
        x = keras.layers.Dense(width, "tanh", **layer)(x)
    return keras.Model(inputs, keras.layers.Dense(1, **layer)(x))


def random_points(num_points, seed):
    """Points in the domain, each in a row and a column of its own (Latin hypercube)."""
    rng = np.random.default_rng(seed)
    cells = np.stack([rng.permutation(num_points) for _ in range(2)], axis=-1)
    unit = (cells + rng.uniform(size=cells.shape)) / num_points
    return tf.constant(unit * (2.0, 1.0) - (1.0, 0.0))


# %% [markdown]
# The first of three sanity checks that every such training deserves: the derivatives of a random
# network against differences of neighbouring points. Half of the digits of a difference are lost by
# rounding; yours keep all of them.

# %%
network = tanh_network(2, 16, 3, seed=0)
points, step = random_points(5, seed=0), 1e-4
u, u_x, u_t, u_xx = derivatives(network, points)
right, left = (network(points + tf.constant([[h, 0.0]], tf.float64))[:, 0] for h in (step, -step))
print("u_x: ", np.max(np.abs(u_x - (right - left) / (2.0 * step))))
print("u_xx:", np.max(np.abs(u_xx - (right - 2.0 * u + left) / step**2)))

# %% [markdown]
# ## 3. Task 2: the residual, and a loss
# The residual of a function is what it leaves of the equation,
# $$r=u_t+u\,u_x-\nu\,u_{xx} .$$
# It vanishes for every solution, of which there are many. Initial and boundary conditions pick one.
# The plain way adds their mean squares to the loss, times a weight $\beta$:
# $$E=\operatorname*{mean}_{\text{inside}}r^2+\beta\Big(\operatorname*{mean}_{t=0}\,(u+\sin\pi x)^2
# +\operatorname*{mean}_{x=\pm1}u^2\Big).$$
# `inside`, `start` and `sides` are points of three places, `(n, 2)` each, with different `n`.


# %% tags=["task:residual"]
def residual(u, points, viscosity):
    """What `u` leaves of Burgers' equation at the points: a tensor `(n,)`."""
    # --- solution ---
    value, u_x, u_t, u_xx = derivatives(u, points)
    return u_t + value * u_x - viscosity * u_xx
    # --- end ---


def soft_loss(u, inside, start, sides, viscosity, weight):
    """`E`, with `weight` for the two conditions: a scalar tensor."""
    # --- solution ---
    first = u(start)[:, 0] + tf.sin(np.pi * start[:, 0])
    conditions = tf.reduce_mean(first**2) + tf.reduce_mean(u(sides) ** 2)
    return tf.reduce_mean(residual(u, inside, viscosity) ** 2) + weight * conditions
    # --- end ---


# %% tags=["check:residual"]
def residual_of_a_wave():
    points = tf.constant([[0.3, 0.1], [-0.5, 0.7], [0.9, 0.2]], tf.float64)
    wave = residual(lambda p: 0.5 - tf.tanh((p[:, :1] - 0.5 * p[:, 1:]) / 0.2), points, 0.1)
    return np.concatenate([wave, residual(lambda p: p[:, :1] ** 2 * p[:, 1:], points, 0.1)])


check(
    "residual of a travelling wave, which is a solution, then of u = x^2 t, viscosity 0.1",
    residual_of_a_wave,
    target=[0.0, 0.0, 0.0, 0.07054, -0.0125, 0.82832],
    atol=1e-9,
    hint="u_t + u u_x - viscosity * u_xx, all at the same points.",
)


# %% tags=["check:soft_loss"]
def loss_of_a_line():
    inside = tf.constant([[0.5, 0.5]], tf.float64)
    start = tf.constant([[0.5, 0.0], [-0.5, 0.0]], tf.float64)
    sides = tf.constant([[1.0, 0.3], [-1.0, 0.2], [1.0, 0.4], [-1.0, 0.0]], tf.float64)

    def line(p):
        return 2.0 * p[:, :1] + p[:, :1] * p[:, 1:] ** 2

    return soft_loss(line, inside, start, sides, 0.1, 10.0)


check(
    "loss of u = 2 x + x t^2 at seven points, weight 10",
    loss_of_a_line,
    target=92.1767265625,
    hint="Means, not sums. At t = 0 it is u + sin(pi x), at the sides u itself.",
)

# %% [markdown]
# The usual training: a network of 609 weights, 800 points inside, 100 for each condition, 2000
# steps of Adam with a rate that decays from $10^{-2}$, in one compiled function.


# %% tags=["given"]
def adam(loss, network, num_steps, rate=1e-2):
    """Trains the network in place; returns the losses."""
    variables = network.trainable_variables
    decay = keras.optimizers.schedules.CosineDecay(rate, num_steps)
    optimizer = keras.optimizers.Adam(decay)
    optimizer.build(variables)

    def step():
        with tf.GradientTape() as tape:
            value = loss()
        optimizer.apply(tape.gradient(value, variables), variables)
        return value

    compiled = tf.function(step, autograph=False)
    return np.array([float(compiled()) for _ in range(num_steps)])


# %%
from time import perf_counter

inside, rng = random_points(POINTS, seed=0), np.random.default_rng(0)
start = tf.constant(np.stack([np.linspace(-1.0, 1.0, 100), np.zeros(100)], axis=-1))
sides = tf.constant(np.stack([rng.choice([-1.0, 1.0], 100), rng.uniform(size=100)], axis=-1))
soft = tanh_network(2, 16, 3, seed=0)
begin, losses, seconds, errors = perf_counter(), {}, {}, {}
losses["soft, Adam"] = adam(
    lambda: soft_loss(soft, inside, start, sides, VISCOSITY, 10.0), soft, ADAM_STEPS
)
seconds["soft, Adam"] = perf_counter() - begin
errors["soft, Adam"] = relative_error(soft(TEST)[:, 0], EXACT)
missed = np.max(np.abs(soft(start)[:, 0] + tf.sin(np.pi * start[:, 0])))
print(f"error {errors['soft, Adam']:.1e} after {seconds['soft, Adam']:.0f} s")
print(f"largest error at t = 0: {missed:.1e}")

# %% [markdown]
# It works, and it is not good: the conditions hold roughly, the weight $\beta$ was a guess, and
# nobody tells which one is best. Two ideas make it better by orders of magnitude.
#
# ## 4. Task 3: conditions that cannot fail
# The first idea (Lagaris et al., 1998): do not let the network be $u$, but what is still unknown
# about it. With a function $g$ that meets the conditions, and a *distance* $d$ that vanishes where
# they hold,
# $$u(x,t)=g(x,t)+d(x,t)\,N(x,t)$$
# meets them for any network $N$. The distance must
# - vanish at $t=0$ and at $x=\pm1$, and nowhere else, or $u$ would be prescribed there as well,
# - vanish linearly: if its slope were zero too, the *slope* of $u$ would be prescribed. That of $u$
#   at the walls, and $u_t$ at the start, belong to the solution;
# - have no kinks: they would be differentiated twice.
#
# `exact(network)` returns $u$ as a function of points; `network` is any function from points to
# `(n, 1)`.


# %% tags=["task:exact"]
def exact(network):
    """A function of points `(n, 2)` that meets all conditions, made of any `network`."""

    # --- solution ---
    def u(points):
        x, t = points[:, :1], points[:, 1:]
        return -tf.sin(np.pi * x) + t * (1.0 - x**2) * network(points)

    return u
    # --- end ---


# %% tags=["check:exact"]
def conditions_of_any_network():
    points = tf.constant([[0.5, 0.0], [-0.25, 0.0], [1.0, 0.3], [-1.0, 0.8]], tf.float64)
    return exact(lambda p: 100.0 * tf.exp(p[:, :1] - p[:, 1:]))(points)[:, 0]


check(
    "two points at the start and two on the sides, network 100 exp(x - t)",
    conditions_of_any_network,
    target=[-1.0, np.sqrt(0.5), 0.0, 0.0],
    hint="At t = 0 it is -sin(pi x), with the network times 0; at x = 1 and x = -1 it is 0.",
)


# %% tags=["check:distance"]
def share_of_the_network():
    """`d` at half of a small distance over `d` at all of it, at the three sides; 1/2 if linear."""
    points = tf.constant([[0.3, 1e-3], [1.0 - 1e-3, 0.5], [-1.0 + 1e-3, 0.5]], tf.float64)
    half = tf.constant([[0.3, 5e-4], [1.0 - 5e-4, 0.5], [-1.0 + 5e-4, 0.5]], tf.float64)
    one, zero = exact(lambda p: 1.0 + 0.0 * p[:, :1]), exact(lambda p: 0.0 * p[:, :1])
    return ((one(half) - zero(half)) / (one(points) - zero(points)))[:, 0]


check(
    "share of the network that is left at half of the distance, at t = 0, x = 1 and x = -1",
    share_of_the_network,
    target=[0.5, 0.5, 0.5],
    rtol=0.01,
    hint="A quarter: the distance is squared there. One: it does not vanish there.",
)

# %% [markdown]
# The second sanity check: the loss before training against a number known beforehand. A network
# whose last layer is zero leaves $u=-\sin\pi x$ for all times, for which the mean square of the
# residual is $\pi^2/8+\nu^2\pi^4/2$. Then the same training as before.

# %%
hard = tanh_network(2, 16, 3, seed=0)
last = hard.layers[-1]
kept = last.get_weights()
last.set_weights([0.0 * w for w in kept])
many = random_points(20000, seed=1)
print("loss at the start:", float(tf.reduce_mean(residual(exact(hard), many, VISCOSITY) ** 2)))
print("expected:         ", np.pi**2 / 8 + VISCOSITY**2 * np.pi**4 / 2)
last.set_weights(kept)

# %%
begin = perf_counter()
losses["exact, Adam"] = adam(
    lambda: tf.reduce_mean(residual(exact(hard), inside, VISCOSITY) ** 2), hard, ADAM_STEPS
)
seconds["exact, Adam"] = perf_counter() - begin
errors["exact, Adam"] = relative_error(exact(hard)(TEST)[:, 0], EXACT)
for name in errors:
    print(f"{name}: error {errors[name]:.1e} after {seconds[name]:.0f} s")

# %% [markdown]
# ## 5. Task 4: Gauss–Newton
# The second idea. Adam follows the gradient of $E=|r|^2$, one number made of many residuals, and
# crawls along the valleys of an ill-conditioned problem. But all residuals are there, and each
# tells how it changes with the weights: $r(w+d)\approx r+Jd$. The best step for *this* model, as
# long as $d$ is short enough for it to hold (Levenberg, 1944; Marquardt, 1963), minimises
# $$|r+Jd|^2+\lambda|d|^2\quad\Rightarrow\quad(J^\top J+\lambda I)\,d=-J^\top r .$$
# - `jacobian`: the residuals and $J$, in TensorFlow. `tape.jacobian` would work, but it sends every
#   row back through the whole batch: $n^2$ times the work of a point. Write instead what happens
#   at *one* point, the gradient of its residual in the variables, flat and one behind the other,
#   and let `tf.vectorized_map(function, points)` do it for all. A point handed to `residual` must
#   be a batch of one. A bias may have no influence on a residual: `unconnected_gradients="zero"`.
# - `damped_step`: $d$, in NumPy.
# - `levenberg_marquardt`: tries `weights + d`. If $|r|^2$ falls there, move there and halve
#   $\lambda$; otherwise stay, and double it. A trial that is not a number counts as a failure.
#   `linearize(weights)` gives `(r, J)` in NumPy; call it once for each trial. After every step,
#   taken or not, note the loss $|r|^2$ of the weights you are at.


# %% tags=["given"]
def get_weights(network):
    """All weights in one row."""
    return np.concatenate([v.numpy().ravel() for v in network.trainable_variables])


def set_weights(network, weights):
    """The inverse of `get_weights`."""
    variables = network.trainable_variables
    ends = np.cumsum([int(np.prod(v.shape)) for v in variables])
    for variable, part in zip(variables, np.split(weights, ends[:-1])):
        variable.assign(part.reshape(variable.shape))


def least_squares(network, residual, points):
    """`linearize` for `levenberg_marquardt`; `|r|^2` is the mean square of the residuals."""
    variables = [v.value for v in network.trainable_variables]
    scale = 1.0 / np.sqrt(len(points))
    compiled = tf.function(lambda p: jacobian(residual, p, variables), autograph=False)

    def linearize(weights):
        set_weights(network, weights)
        r, j = compiled(points)
        return scale * r.numpy(), scale * j.numpy()

    return linearize


# %% tags=["given"]
def line_problem(network, source):
    """`(1 - x^2) N(x)`, and what it leaves of `-u'' = f`: two functions of points."""

    def u(points):
        return (1.0 - points[:, :1] ** 2) * network(points[:, :1])

    def residual(points):
        return -derivatives(u, points)[3] - source(points[:, 0])

    return u, residual


def line_source(x):
    """`f` of the solution `(1 - x^2) e^x`."""
    return (1.0 + 4.0 * x + x**2) * tf.exp(x)


# %% tags=["task:gauss_newton"]
def jacobian(residual, points, variables):
    """Residuals `(n,)` and their Jacobian `(n, num_weights)`, tensors.

    `residual` is a function of points, `(n, columns)` to `(n,)`; `variables` are `tf.Variable`s.
    """

    # --- solution ---
    def at_point(point):
        with tf.GradientTape() as tape:
            value = residual(point[None])[0]
        parts = tape.gradient(value, variables, unconnected_gradients="zero")
        return value, tf.concat([tf.reshape(part, [-1]) for part in parts], axis=0)

    return tf.vectorized_map(at_point, points)
    # --- end ---


def damped_step(r, j, damping):
    """The minimum of `|r + j d|^2 + damping |d|^2`, `(num_weights,)`."""
    # --- solution ---
    return -np.linalg.solve(j.T @ j + damping * np.eye(j.shape[1]), j.T @ r)
    # --- end ---


def levenberg_marquardt(linearize, weights, num_steps, damping=1e-2):
    """The weights after `num_steps` trials, and the losses, `(num_steps + 1,)`, the first first."""
    # --- solution ---
    r, j = linearize(weights)
    losses = [r @ r]
    for _ in range(num_steps):
        trial = weights + damped_step(r, j, damping)
        new_r, new_j = linearize(trial)
        if new_r @ new_r < losses[-1]:  # false if it is not a number
            weights, r, j, damping = trial, new_r, new_j, damping / 2.0
        else:
            damping = 2.0 * damping
        losses.append(r @ r)
    return weights, np.array(losses)
    # --- end ---


# %% tags=["check:jacobian"]
def jacobian_of_a_formula():
    a, b = tf.Variable([[2.0, 3.0]], dtype="float64"), tf.Variable(5.0, dtype="float64")
    points = tf.constant([[1.0, 2.0], [3.0, -1.0], [0.0, 1.0]], tf.float64)
    return jacobian(lambda p: b * tf.reduce_sum(a * p, axis=1) ** 2, points, [a, b])[1]


check(
    "Jacobian of b (a . p)^2 at three points, for a = (2, 3) and b = 5",
    jacobian_of_a_formula,
    target=[[80.0, 160.0, 64.0], [90.0, -30.0, 9.0], [0.0, 30.0, 9.0]],
    hint="A row for each point, a column for each weight: those of a first, then b.",
)

# %% tags=["check:damped_step"]
check(
    "step for r = (3, 4, 5), J = ((1, 0), (0, 2), (0, 0)), damping 2",
    lambda: damped_step(np.array([3.0, 4.0, 5.0]), np.array([[1.0, 0], [0, 2], [0, 0]]), 2.0),
    target=[-1.0, -4.0 / 3.0],
    hint="(J^T J + damping I) d = -J^T r; I as large as there are weights.",
)


# %% tags=["check:levenberg_marquardt"]
def valley(w):
    """Residuals of Rosenbrock's valley, and their Jacobian; zero at (1, 1)."""
    return (
        1e-3 * np.array([10.0 * (w[1] - w[0] ** 2), 1.0 - w[0]]),
        1e-3 * np.array([[-20.0 * w[0], 10.0], [-1.0, 0.0]]),
    )


check(
    "where 100 steps down Rosenbrock's valley end",
    lambda: levenberg_marquardt(valley, np.array([-1.2, 1.0]), 100)[0],
    target=[1.0, 1.0],
    hint="Print the losses and the damping: it falls after each success, grows after a failure.",
)


# %% [markdown]
# The third sanity check: a problem whose answer is known. On a line, $-u''=f$ with $u(\pm1)=0$ and
# $u=(1-x^2)\,e^x$. The network has one input; the column $t$ is there, but not used. Adam gets many
# steps, Gauss–Newton few: which one is ahead after the same time?


# %%
x = np.linspace(-1.0, 1.0, 1001)
line_exact = (1.0 - x**2) * np.exp(x)
on_line = tf.constant(np.stack([np.linspace(-1.0, 1.0, 100), np.zeros(100)], axis=-1))
everywhere = np.stack([x, 0.0 * x], axis=-1)
curves = {}


def solve_line(name, train):
    """Trains a fresh network; prints its error."""
    network = tanh_network(1, 16, 2, seed=1)
    u, left = line_problem(network, line_source)
    begin = perf_counter()
    history = train(network, left)
    spent = perf_counter() - begin
    error = relative_error(u(everywhere)[:, 0], line_exact)
    curves[name] = np.linspace(0.0, spent, len(history)), history
    print(f"{name}: {len(history)} losses, error {error:.1e}, {spent:.1f} s")
    return network, error, spent


def by_adam(network, left):
    return adam(lambda: tf.reduce_mean(left(on_line) ** 2), network, LINE_ADAM)


def by_gauss_newton(network, left):
    linearize = least_squares(network, left, on_line)
    weights, history = levenberg_marquardt(linearize, get_weights(network), LINE_NEWTON)
    set_weights(network, weights)
    return history


solve_line("Adam", by_adam)
line_network, line_error, line_seconds = solve_line("Gauss–Newton", by_gauss_newton)

# %%
for name, (spent, history) in curves.items():
    plt.semilogy(spent, history, label=name)
plt.xlabel("seconds")
plt.ylabel("mean square of the residual")
plt.legend()
plt.show()

# %% tags=["check:line"]
check_range(
    "relative error of -u'' = f by Gauss–Newton",
    lambda: line_error,
    0.0,
    1e-2 if FAST else 5e-7,
    hint="Does the loss fall to 1e-10? If it stays put, look at the damping.",
)

# %% [markdown]
# Now Burgers' equation, with the same points and a network that starts with the same weights.

# %%
network = tanh_network(2, 16, 3, seed=0)
u = exact(network)
linearize = least_squares(network, lambda p: residual(u, p, VISCOSITY), inside)
begin = perf_counter()
weights, losses["exact, Gauss–Newton"] = levenberg_marquardt(
    linearize, get_weights(network), NEWTON_STEPS
)
seconds["exact, Gauss–Newton"] = perf_counter() - begin
set_weights(network, weights)
errors["exact, Gauss–Newton"] = relative_error(u(TEST)[:, 0], EXACT)
for name in errors:
    print(f"{name}: error {errors[name]:.1e} after {seconds[name]:.0f} s")

# %%
figure, axes = plt.subplots(1, 3, figsize=(13, 3.2))
for axis, (name, f) in zip(axes, {"soft": soft, "exact": exact(hard), "Gauss–Newton": u}.items()):
    wrong = np.log10(np.abs(f(TEST).numpy()[:, 0] - EXACT) + 1e-16).reshape(field.shape)
    image = {"origin": "lower", "extent": (0, 1, -1, 1), "aspect": "auto"}
    picture = axis.imshow(wrong, cmap="magma", vmin=-6, vmax=-1, **image)
    axis.set(title=f"{name}: log10 of the error", xlabel="t")
axes[0].set_ylabel("x")
plt.colorbar(picture, ax=axes)
plt.show()

# %% [markdown]
# Why does it work? A step of Adam costs a tenth of one of Gauss–Newton, but the singular values of
# $J$ span many orders of magnitude: what lies in the directions of the small ones a gradient hardly
# sees. They are where the last digits are. The price is $n$ times the square of the number of
# weights for a step, so it is a method for small networks, which is what equations with few
# coordinates need.

# %%
spectrum = np.linalg.svd(linearize(weights)[1], compute_uv=False)
plt.semilogy(spectrum)
plt.xlabel("number")
plt.ylabel("singular values of the Jacobian")
plt.show()

# %% [markdown]
# ## 6. Task 5: when not to use one
# An error of $10^{-4}$ in some seconds: is that good? Ask a method from 1900. On places at a
# distance $h$, differences turn the equation into one for the values there,
# $$\frac{du_i}{dt}=\nu\,\frac{u_{i+1}-2u_i+u_{i-1}}{h^2}-u_i\,\frac{u_{i+1}-u_{i-1}}{2h},$$
# and zero at both ends, which SciPy integrates in time. `rate` is its right-hand side for the
# values at `np.linspace(-1, 1, len(values))`, in NumPy.
#
# Then the question in numbers. A solver has settings, each with an error and seconds for one solve;
# `classic` is a list of such pairs, in any order. A network has one error and `seconds` for one
# solve, and cost `training` seconds before. *After how many solves has it cost no more time than
# the classic solver*, with the fastest setting that is at least as accurate? `break_even` returns
# the smallest such whole number; 1 if no setting is as accurate; `np.inf` if it never happens.


# %% tags=["task:compare"]
def rate(values, viscosity):
    """`du/dt` of Burgers' equation by central differences, `(n,)`; zero at both ends."""
    # --- solution ---
    h = 2.0 / (len(values) - 1)
    slope = (values[2:] - values[:-2]) / (2.0 * h)
    curvature = (values[2:] - 2.0 * values[1:-1] + values[:-2]) / h**2
    return np.pad(viscosity * curvature - values[1:-1] * slope, 1)
    # --- end ---


def break_even(error, seconds, training, classic):
    """Solves after which a network is repaid; `classic` is a list of `(error, seconds)`."""
    # --- solution ---
    accurate = [time for other, time in classic if other <= error]
    saved = min(accurate, default=np.inf) - seconds
    return max(1.0, np.ceil(training / saved)) if saved > 0.0 else np.inf
    # --- end ---


# %% tags=["check:rate"]
check(
    "rate of u = 1 - x^2 at five places, viscosity 0.1",
    lambda: rate(np.array([0.0, 0.75, 1.0, 0.75, 0.0]), 0.1),
    target=[0.0, -0.95, -0.2, 0.55, 0.0],
    hint="Differences are exact for parabolas: 2 x (1 - x^2) - 0.2, and 0 at both ends.",
)

# %% tags=["check:break_even"]
SETTINGS = [(1e-2, 0.1), (1e-4, 1.0), (1e-5, 3.0)]
check(
    "solves until a network is repaid in four cases",
    lambda: np.minimum(
        [
            break_even(1e-3, 0.25, 10.0, SETTINGS),
            break_even(1e-1, 0.25, 10.0, SETTINGS),
            break_even(1e-5, 0.25, 10.0, SETTINGS),
            break_even(1e-6, 0.25, 10.0, SETTINGS),
        ],
        1e9,
    ),
    target=[14.0, 1e9, 4.0, 1.0],
    hint="1e-3 needs the setting of 1 s: 0.75 s are saved by each solve. Never is np.inf.",
)


# %% tags=["given"]
def by_differences(num_cells, viscosity, tolerance, x, times):
    """The classic solution on a grid, `(len(x), len(times))`: your rate, integrated by SciPy."""
    from scipy.integrate import solve_ivp
    from scipy.interpolate import CubicSpline

    places = np.linspace(-1.0, 1.0, num_cells + 1)
    answer = solve_ivp(
        lambda t, values: rate(values, viscosity),
        (0.0, 1.0),
        -np.sin(np.pi * places),
        "LSODA",
        times,
        rtol=tolerance,
        atol=tolerance,
        lband=1,  # each place feels its two neighbours alone
        uband=1,
    )
    return CubicSpline(places, answer.y)(x)


def timed(function, repeats=5):
    """What `function()` returns, and the least seconds of some calls."""
    spent = []
    for _ in range(repeats):
        begin = perf_counter()
        answer = function()
        spent.append(perf_counter() - begin)
    return answer, min(spent)


# %%
def measured(viscosity, grids):
    """`(error, seconds)` of differences on some grids."""
    pairs, exact_values = [], burgers_solution(TEST, viscosity)
    for num_cells, tolerance in grids:
        answer, spent = timed(
            functools.partial(
                by_differences, num_cells, viscosity, tolerance, GRID[:, 0, 0], GRID[0, :, 1]
            )
        )
        pairs.append((relative_error(answer.ravel(), exact_values), spent))
        print(f"{num_cells} cells: error {pairs[-1][0]:.1e}, {1e3 * spent:.1f} ms")
    return pairs


GRIDS = ((25, 1e-3), (50, 1e-4), (100, 1e-4), (200, 1e-5), (400, 1e-6), (800, 1e-7))
settings = measured(VISCOSITY, GRIDS)

# %%
plt.loglog([s for _, s in settings], [e for e, _ in settings], "o-", label="differences")
for name in errors:
    plt.loglog(seconds[name], errors[name], "*", markersize=14, label=name)
plt.xlabel("seconds for one solution")
plt.ylabel("relative error")
plt.legend()
plt.show()
for name in errors:  # each solution is a training of its own
    print(f"{name}: repaid after {break_even(errors[name], seconds[name], 0.0, settings)} solves")

# %% [markdown]
# For *one* solution of an equation with one or two coordinates the network loses by orders of
# magnitude. This is no weakness of your code: the classic method solves a linear or almost linear
# problem where the network solves a hard nonlinear one.
#
# What a network can do and a grid cannot: treat a parameter as one more coordinate. Trained once,
# for all viscosities from 0.1 to 0.3, it gives the solution for any of them in no time. Your
# functions take points with a third column as they are: rows of $(x,t,\nu)$.


# %%
def family_of(network):
    """`u` at rows of `(x, t, viscosity)`; the network sees the viscosity scaled to [-1, 1]."""

    def u(p):
        x, t, viscosity = p[:, :1], p[:, 1:2], p[:, 2:]
        scaled = tf.concat([x, t, (viscosity - 0.2) / 0.1], axis=1)
        return -tf.sin(np.pi * x) + t * (1.0 - x**2) * network(scaled)

    return u


cloud = tf.concat([inside, rng.uniform(0.08, 0.32, (POINTS, 1))], axis=1)  # a little beyond
of_three = tanh_network(3, 16, 3, seed=0)
family = family_of(of_three)
linearize = least_squares(of_three, lambda p: residual(family, p, p[:, 2]), cloud)
begin = perf_counter()
weights, _ = levenberg_marquardt(linearize, get_weights(of_three), NEWTON_STEPS)
training = perf_counter() - begin
set_weights(of_three, weights)

# %%
compiled, table = tf.function(family, autograph=False), []
for viscosity in (0.1, 0.17, 0.3):
    places = tf.constant(np.insert(TEST, 2, viscosity, axis=1))
    compiled(places)  # compiles
    answer, spent = timed(functools.partial(compiled, places))
    table.append((relative_error(answer[:, 0], burgers_solution(TEST, viscosity)), spent))
    print(f"viscosity {viscosity}: error {table[-1][0]:.1e}, {1e3 * spent:.1f} ms")
error, spent = np.max(table, axis=0)
print("differences, viscosity 0.1")
number = break_even(error, spent, training, measured(0.1, GRIDS))
print(f"training {training:.0f} s, repaid after {number:.0f} solves")

# %% [markdown]
# **Answer with numbers of your run.**
# 1. How many times faster are differences than each of the three trainings, at equal error?
# 2. After how many viscosities is the family repaid? Who needs that many?
# 3. What do Adam's last thousand steps gain, what Gauss–Newton's last twenty? Where would each be
#    after a minute?
# 4. How large is the ratio of the largest to the smallest singular value of $J$? What does it say
#    about the number of steps that a gradient method needs?
#
# A network of coordinates is worth its training where a grid fails: a dozen coordinates (ten cells
# along each of ten axes are ten billion), a family of solutions, or a coefficient that is not known
# and has to be found together with the solution, from measurements. The last one is lab 08.
#
# ## 7. Explore
# Halve the viscosity, and again: which method suffers more, and where is the error? Take 200 points
# in place of 800, and compare the loss with the error. Put all points near the middle. Train the
# soft loss by Gauss–Newton: the residuals of the conditions are more rows of $J$.
#
# **Questions to answer for yourself.** Is a small loss a small error? How would you know if there
# were no formula? Why is a network with relu useless here?
#
# ## 8. Save, and the library's version
# The network is a Keras model; the conditions belong to the formula around it.

# %%
network.save("burgers.keras")
loaded = keras.saving.load_model("burgers.keras")
np.max(np.abs(exact(loaded)(TEST) - u(TEST)))

# %% [markdown]
# All that you wrote is in the library: equations as on paper, any order of derivatives, conditions
# by construction or by a loss, and your optimizer, with a somewhat finer rule for the damping.

# %%
from keras_solvers.pinn import diagnose
from keras_solvers.numerics.geometry import Box
from keras_solvers.models import coordinate_mlp
from keras_solvers.pinn import PDE
from keras_solvers.pinn import PINN
from keras_solvers.training import LevenbergMarquardt

problem = PDE(
    Box(x=(-1.0, 1.0), t=(0.0, 1.0)),
    lambda x, u: u.t + u * u.x - VISCOSITY * u.xx,
    ansatz=lambda x, n: -np.sin(np.pi * x.x) + x.t * (1.0 - x.x**2) * n,
)
model = PINN(coordinate_mlp(2, width=16, depth=3, dtype="float64"), problem)
model.compile(LevenbergMarquardt())
samples = problem.sample(POINTS)
begin = perf_counter()
model.fit(samples, epochs=NEWTON_STEPS, verbose=0)
print(f"error {relative_error(model(TEST)[:, 0], EXACT):.1e}, {perf_counter() - begin:.0f} s")
print(diagnose(model, samples))
