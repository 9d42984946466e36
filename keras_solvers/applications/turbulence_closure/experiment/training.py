"""Training of tensor-basis ensembles and of Bayesian tensor-basis networks."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.data.turbulent_flows import TurbulentFlow
from keras_solvers.applications.turbulence_closure.experiment.training_points import (
    TrainingPoints,
    add_random_gradients,
    draw_points,
    with_sample_weights,
)
from keras_solvers.applications.turbulence_closure.models.tensor_basis_ensemble import (
    bayesian_tensor_basis_network,
    tensor_basis_ensemble,
)

PENALTY = 10.0  # weight of the realizability penalty
NOISE = 0.05  # standard deviation of the components of b for given inputs
NUM_INDEPENDENT = 1000  # effective number of samples: neighbouring points are correlated
EPOCHS = 15  # more epochs overfit the training flows


def train_ensemble(
    flows: Sequence[TurbulentFlow],
    seed: int,
    num_members: int = 8,
    epochs: int = EPOCHS,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> keras.Model:
    """Trains a `tensor_basis_ensemble`, each member on a bootstrap sample of the flows.

    Points of one flow are correlated. The ensemble spread should show which inputs only some of the
    flows cover, so whole flows are resampled instead of points: the cluster bootstrap (Davison and
    Hinkley, Bootstrap Methods and their Application, 1997, section 3.8).

    Args:
        flows: Training flows.
        seed: Seed of points, weights, bootstrap samples and order.
        num_members: Number of members.
        epochs: Passes through the points.
        callbacks: Keras callbacks.
    """
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    points = _training_points(flows, seed)
    counts = rng.multinomial(len(flows), np.full(len(flows), 1.0 / len(flows)), size=num_members)
    weights = points.weights[:, None] * counts.T[points.flow]
    ensemble = tensor_basis_ensemble(num_members, num_scalars=2, penalty=PENALTY)
    targets = np.repeat(points.b[:, None], num_members, axis=1)
    fit(ensemble, points.x, targets, weights, epochs, callbacks)
    return ensemble


def train_bayesian_network(
    flows: Sequence[TurbulentFlow], seed: int, num_members: int = 8, epochs: int = EPOCHS
) -> keras.Model:
    """Trains a `bayesian_tensor_basis_network` on all flows.

    Args:
        flows: Training flows.
        seed: Seed of points, weights, posterior samples and order.
        num_members: Number of posterior samples.
        epochs: Passes through the points.
    """
    keras.utils.set_random_seed(seed)
    points = _training_points(flows, seed)
    kl_weight = 2.0 * NOISE**2 / (9.0 * NUM_INDEPENDENT)
    network = bayesian_tensor_basis_network(
        kl_weight, num_members, num_scalars=2, penalty=PENALTY, seed=seed
    )
    targets = np.repeat(points.b[:, None], num_members, axis=1)
    weights = np.repeat(points.weights[:, None], num_members, axis=1)
    fit(network, points.x, targets, weights, epochs)
    return network


def _training_points(flows, seed) -> TrainingPoints:
    return add_random_gradients(with_sample_weights(draw_points(flows, seed), flows), seed)


def fit(
    model: keras.Model,
    x: dict[str, np.ndarray],
    targets: np.ndarray,
    weights: np.ndarray,
    epochs: int,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    batch_size: int = 1024,
    learning_rate: float = 3e-3,
) -> None:
    """Minimises the weighted mean square error with AdamW and a cosine-decayed learning rate.

    All steps of an epoch run in one compiled call, because the overhead of Python calls would
    dominate with such small data.
    """
    steps = max(len(targets) // batch_size, 1)
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, epochs * steps)
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=0.01),
        loss=tensor_mean_square,
        steps_per_execution=steps,
        jit_compile=True,
    )
    kept = steps * min(batch_size, len(targets))
    order = np.random.default_rng(0).permutation(len(targets))[:kept]
    x = {key: values[order] for key, values in x.items()}
    model.fit(
        x if len(model.inputs) > 1 else x["tensors"],
        targets[order],
        min(batch_size, kept),
        epochs,
        sample_weight=weights[order].astype("float32"),
        callbacks=list(callbacks),
        verbose=0,
    )


def tensor_mean_square(target, prediction):
    """Mean square error over the components of a tensor, `(..., 3, 3)` to `(...)`."""
    return ops.mean(ops.square(prediction - target), axis=(-2, -1))
