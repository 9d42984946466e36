"""Training of closures on flows, all of which count the same."""

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.experiment.samples import (
    samples,
    weighed,
    with_any_gradients,
)
from keras_solvers.applications.turbulence_closure.models.stress_committee import (
    stress_committee,
    variational_committee,
)

PENALTY = 10.0  # weight of members that are not realizable
NOISE = 0.05  # of components of anisotropies, given what a closure sees
NUM_INDEPENDENT = 1000  # neighbours in a flow are alike: of ten thousand points not more than that
EPOCHS = 15  # more fit the flows that are seen, and lose those that are not


def train_committee(flows, seed, num_members=8, epochs=EPOCHS, callbacks=()):
    """Trains a `stress_committee`; each member sees flows drawn with replacement.

    Points of one flow are alike: what members disagree about must come from flows that some have
    seen and some have not, so whole flows are drawn, not points (the cluster bootstrap; Davison and
    Hinkley, Bootstrap Methods and their Application, 1997, section 3.8).

    Args:
        flows: `TurbulentFlow`s.
        seed: Of points, weights, draws and order.
        num_members: Number of networks.
        epochs: Passes through the points.
        callbacks: Keras callbacks.
    """
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    drawn = with_any_gradients(weighed(samples(flows, seed), flows), seed)
    draws = rng.multinomial(len(flows), np.full(len(flows), 1.0 / len(flows)), size=num_members)
    weights = drawn.weights[:, None] * draws.T[drawn.flow]
    committee = stress_committee(num_members, num_scalars=2, penalty=PENALTY)
    fit(
        committee,
        drawn,
        np.repeat(drawn.b[:, None], num_members, axis=1),
        weights,
        epochs,
        callbacks,
    )
    return committee


def train_variational(flows, seed, num_members=8, epochs=EPOCHS):
    """Trains a `variational_committee`; all members learn from all flows.

    Args:
        flows: `TurbulentFlow`s.
        seed: Of points, weights, draws and order.
        num_members: Number of draws of the weights.
        epochs: Passes through the points.
    """
    keras.utils.set_random_seed(seed)
    drawn = with_any_gradients(weighed(samples(flows, seed), flows), seed)
    kl_weight = 2.0 * NOISE**2 / (9.0 * NUM_INDEPENDENT)
    committee = variational_committee(
        kl_weight, num_members, num_scalars=2, penalty=PENALTY, seed=seed
    )
    answers = np.repeat(drawn.b[:, None], num_members, axis=1)
    fit(committee, drawn, answers, np.repeat(drawn.weights[:, None], num_members, axis=1), epochs)
    return committee


def fit(model, drawn, answers, weights, epochs, callbacks=(), batch_size=1024, rate=3e-3):
    """Minimises the weighted mean square with AdamW and a rate that falls like a cosine.

    All steps of an epoch run in one compiled call: small data would otherwise wait for Python.
    """
    steps = max(len(answers) // batch_size, 1)
    schedule = keras.optimizers.schedules.CosineDecay(rate, epochs * steps)
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=0.01),
        loss=mean_square,
        steps_per_execution=steps,
        jit_compile=True,
    )
    kept = steps * min(batch_size, len(answers))
    order = np.random.default_rng(0).permutation(len(answers))[:kept]
    x = {key: values[order] for key, values in drawn.x.items()}
    model.fit(
        x if len(model.inputs) > 1 else x["tensors"],
        answers[order],
        min(batch_size, kept),
        epochs,
        sample_weight=weights[order].astype("float32"),
        callbacks=list(callbacks),
        verbose=0,
    )


def mean_square(expected, found):
    """Over the components of a tensor: `(..., 3, 3)` to `(...)`, one for each member."""
    return ops.mean(ops.square(found - expected), axis=(-2, -1))
