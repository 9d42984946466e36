"""Learned proximal-gradient steps for sparse codes."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.sparse_coding")
class Shrinkage(keras.layers.Layer):
    """Proximal-gradient steps with learned matrices and thresholds.

    A step extrapolates the code `y` of the signal `x`, moves it against the misfit, and shrinks:

        z = y + momentum (y - previous)
        y <- S(z + W^T (x - D z), threshold),    S(u, t) = sign(u) max(|u| - t, 0)

    With `W = A / L`, `D = A`, `threshold = penalty / L` and no momentum this is ISTA for the
    dictionary `A`. What is learned beside the thresholds gives the members of the family:

    - `W`, by default: coupled weights (Chen et al.);
    - a step length alone, as `W` is given, with `train_encoder=False`: analytic weights
      (Liu et al.);
    - `W` and `D` with `train_decoder=True`: free weights in the form that is cheapest for
      `units > 2 signal_dim`, two products with a `(signal_dim, units)` matrix a step;
    - `W` and `V` with `inhibition=True`: free weights as in Gregor and LeCun,
      `y <- S(W^T x + V z, threshold)`, `V` of shape `(units, units)`.

    Thresholds are projected onto the non-negative numbers after each step of the optimizer.

    Args:
        units: Number of atoms, the dimension of a code.
        num_steps: Steps that share the matrices; each has its own thresholds, step length and
            momentum.
        inhibition: Whether `V` takes the place of `D`.
        train_encoder: Whether `W` is learned, or else a step length in front of it.
        train_decoder: Whether `D` is learned.
        momentum: Whether to extrapolate; the coefficients start at 0.
        scalar_threshold: Whether the atoms share one threshold.
        support_shares: Support selection (Chen et al., section 3.2): for each step the share, in
            `[0, 1)`, of the entries, the largest, that are not shrunk. `None`: all are.

    Shapes:
        x: `(batch, signal_dim)`, signals.
        y: `(batch, units)`, codes to improve; zero if `None`, which saves a product.
        previous: `(batch, units)`, the codes one step before; zero if `None`.
        returns: `(batch, units)`.

    Raises:
        ValueError: If `num_steps` or a share is out of range.

    References: Gregor and LeCun, Learning fast approximations of sparse coding, 2010, section 3;
    Chen, Liu, Wang and Yin, Theoretical linear convergence of unfolded ISTA and its practical
    weights and thresholds, 2018, section 3; Liu, Chen, Wang and Yin, ALISTA: analytic weights are
    as good as learned weights in LISTA, 2019, section 3.
    """

    def __init__(
        self,
        units,
        num_steps=1,
        inhibition=False,
        train_encoder=True,
        train_decoder=False,
        momentum=False,
        scalar_threshold=False,
        support_shares=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if num_steps < 1:
            raise ValueError(f"`num_steps` must be at least 1. Received: num_steps={num_steps}")
        shares = [0.0] * num_steps if support_shares is None else list(support_shares)
        if len(shares) != num_steps or not all(0.0 <= share < 1.0 for share in shares):
            raise ValueError(
                f"`support_shares` must hold a share in [0, 1) for each of the {num_steps} steps. "
                f"Received: support_shares={support_shares}"
            )
        self.units = units
        self.num_steps = num_steps
        self.inhibition = inhibition
        self.train_encoder = train_encoder
        self.train_decoder = train_decoder
        self.momentum = momentum
        self.scalar_threshold = scalar_threshold
        self.support_shares = shares

    def build(self, x_shape, y_shape=None, previous_shape=None):
        add, steps, shape = self.add_weight, self.num_steps, (x_shape[-1], self.units)
        self.encoder = add(shape, trainable=self.train_encoder, name="encoder")
        if not self.train_encoder:
            self.step_lengths = add((steps,), "ones", name="step_lengths")
        width = 1 if self.scalar_threshold else self.units
        self.thresholds = add((steps, width), "zeros", constraint="non_neg", name="thresholds")
        self.starts_at_zero = y_shape is None and steps == 1
        if self.starts_at_zero:
            return  # nothing multiplies the code
        if self.inhibition:
            self.inhibitor = add((self.units, self.units), "identity", name="inhibitor")
        else:
            self.decoder = add(shape[::-1], trainable=self.train_decoder, name="decoder")
        if self.momentum:
            self.momenta = add((steps,), "zeros", name="momenta")

    def initialize_as_ista(self, dictionary, encoder, step_length, penalty):
        """Turns every step into the proximal-gradient step with these matrices and numbers.

        Args:
            dictionary: `A`, array `(signal_dim, units)`.
            encoder: Array of the same shape, `A` itself for ISTA.
            step_length: `1 / L` for ISTA; `W` becomes `step_length * encoder`.
            penalty: The thresholds become `step_length * penalty`.
        """
        if self.train_encoder:
            self.encoder.assign(step_length * encoder)
        else:
            self.encoder.assign(encoder)
            self.step_lengths.assign(np.full(self.num_steps, step_length))
        self.thresholds.assign(np.full(self.thresholds.shape, step_length * penalty))
        if self.starts_at_zero:
            return
        if self.inhibition:
            self.inhibitor.assign(np.eye(self.units) - step_length * dictionary.T @ encoder)
        else:
            self.decoder.assign(dictionary.T)

    def call(self, x, y=None, previous=None):
        # The part of the signal stays the same in all steps.
        encoded = ops.matmul(x, self.encoder) if self.inhibition else None
        for step in range(self.num_steps):
            previous, y = y, self._shrink(step, self._move(step, x, encoded, y, previous))
        return y

    def _move(self, step, x, encoded, y, previous):
        if self.momentum and y is not None:
            y = y + self.momenta[step] * (y if previous is None else y - previous)
        if self.inhibition:
            return encoded if y is None else encoded + ops.matmul(y, self.inhibitor)
        residual = x if y is None else x - ops.matmul(y, self.decoder)
        if not self.train_encoder:
            residual = self.step_lengths[step] * residual
        move = ops.matmul(residual, self.encoder)
        return move if y is None else y + move

    def _shrink(self, step, u):
        threshold = self.thresholds[step]
        shrunk = u - ops.clip(u, -threshold, threshold)
        num_selected = round(self.support_shares[step] * self.units)
        if num_selected == 0:
            return shrunk
        size = ops.abs(u)
        least = ops.top_k(size, num_selected)[0][:, -1:]
        return ops.where((size >= least) & (size > threshold), u, shrunk)

    def compute_output_shape(self, x_shape, y_shape=None, previous_shape=None):
        return (*x_shape[:-1], self.units)

    def get_config(self):
        own = {
            "units": self.units,
            "num_steps": self.num_steps,
            "inhibition": self.inhibition,
            "train_encoder": self.train_encoder,
            "train_decoder": self.train_decoder,
            "momentum": self.momentum,
            "scalar_threshold": self.scalar_threshold,
            "support_shares": self.support_shares,
        }
        return {**super().get_config(), **own}
