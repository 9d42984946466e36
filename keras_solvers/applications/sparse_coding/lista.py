"""Learned ISTA: networks that unroll proximal-gradient steps for sparse codes."""

from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import ArrayLike

from keras_solvers.applications.sparse_coding.problem import SparseCoding
from keras_solvers.applications.sparse_coding.shrinkage import Shrinkage


def lista(
    problem: SparseCoding,
    num_layers: int,
    tied: bool = False,
    support_shares: Sequence[float] | None = None,
    **options: bool,
) -> keras.Model:
    """Builds learned ISTA from signals `(batch, signal_dim)` to codes `(batch, num_atoms)`.

    Untrained, the network equals `ISTA(problem, num_layers)` to rounding (without
    support selection): each layer is a step of length `1 / L` that shrinks by `penalty / L`.

    Args:
        problem: The `SparseCoding` problem.
        num_layers: Number of unrolled steps.
        tied: Whether the layers share their matrices; their thresholds are their own.
        support_shares: Support selection: for each layer the share of the entries, the largest,
            that are not shrunk.
        **options: Of the `Shrinkage` layers: `inhibition`, `train_decoder`, `momentum`,
            `scalar_threshold`. By default the weights are coupled.

    Returns:
        `keras.Model`.

    Raises:
        ValueError: If `num_layers` is not positive, or `support_shares` has another length.

    Reference: Gregor and LeCun, Learning fast approximations of sparse coding, 2010, section 3;
    see `Shrinkage` for the variants.
    """
    step_length = 1.0 / problem.lipschitz
    dictionary = problem.dictionary
    return _unrolled(problem, num_layers, tied, dictionary, step_length, support_shares, options)


def alista(
    problem: SparseCoding,
    num_layers: int,
    support_shares: Sequence[float] | None = None,
    **options: bool,
) -> keras.Model:
    """Builds learned ISTA with analytic weights; a layer learns a step length and a threshold.

    These start from 1 and `penalty`: `analytic_weights` are scaled for steps of that length.

    Args:
        problem: The `SparseCoding` problem.
        num_layers: Number of unrolled steps.
        support_shares: Support selection: for each layer the share of the entries, the largest,
            that are not shrunk.
        **options: Of the `Shrinkage` layer, `momentum` for example.

    Returns:
        `keras.Model`.

    Raises:
        ValueError: If `num_layers` is not positive, or `support_shares` has another length.

    Reference: Liu, Chen, Wang and Yin, ALISTA: analytic weights are as good as learned weights in
    LISTA, 2019, section 3.
    """
    options = {"train_encoder": False, "scalar_threshold": True, **options}
    encoder = analytic_weights(problem.dictionary)
    return _unrolled(problem, num_layers, True, encoder, 1.0, support_shares, options)


def analytic_weights(dictionary: ArrayLike) -> np.ndarray:
    """The `W` that minimises `|W^T A|_F` while every `w_i^T a_i` is 1.

    The Frobenius norm stands for the largest entry off the diagonal, the generalised mutual
    coherence, and makes the minimum explicit: `w_i` is `(A A^T)^+ a_i`, scaled.

    Args:
        dictionary: `A`, array `(signal_dim, num_atoms)` with no zero column.

    Returns:
        float64 array of the same shape.

    Reference: Liu, Chen, Wang and Yin, 2019, section 3.1, equation 16.
    """
    dictionary = np.asarray(dictionary, dtype="float64")
    weights = np.linalg.pinv(dictionary).T  # (A A^T)^+ A
    return weights / np.sum(weights * dictionary, axis=0)


def _unrolled(problem, num_layers, tied, encoder, step_length, support_shares, options):
    if num_layers < 1:
        raise ValueError(f"`num_layers` must be at least 1. Received: num_layers={num_layers}")
    shares = [0.0] * num_layers if support_shares is None else list(support_shares)
    if len(shares) != num_layers:
        raise ValueError(
            f"`support_shares` must hold a share for each of the {num_layers} layers. "
            f"Received: support_shares={support_shares}"
        )
    signal_dim, num_atoms = problem.dictionary.shape
    x = keras.Input((signal_dim,), name="x")
    y = previous = None
    # Layers that share their matrices are the steps of one `Shrinkage`.
    blocks = [shares] if tied else [[share] for share in shares]
    # Half precision would cap the accuracy of the codes, whatever the global policy.
    policies = [None] * (len(blocks) - 1) + [keras.config.dtype_policy().variable_dtype]
    for own, policy in zip(blocks, policies):
        layer = Shrinkage(num_atoms, len(own), support_shares=own, dtype=policy, **options)
        previous, y = y, layer(x, y, previous)
        layer.initialize_as_ista(problem.dictionary, encoder, step_length, problem.penalty)
    return keras.Model(x, y, name="lista")
