"""Weights of equations and conditions that are chosen while a coordinate network is trained."""

import abc

import keras
import numpy as np

from keras_solvers.training.second_order.least_squares import LeastSquares

_TINY = 1e-300


class LossWeighting(keras.callbacks.Callback, abc.ABC):
    """Chooses `PINN.equation_weights` anew every few epochs.

    Args:
        every: Epochs between two choices, the first before the first epoch.
        momentum: Share of the old weights that is kept, except at the first choice.
    """

    def __init__(self, every=100, momentum=0.9):
        super().__init__()
        if every < 1 or not 0.0 <= momentum < 1.0:
            raise ValueError(
                "`every` must be at least 1 and `momentum` in [0, 1). "
                f"Received: every={every}, momentum={momentum}"
            )
        self.every, self.momentum = every, momentum

    @abc.abstractmethod
    def new_weights(self, losses):
        """The new weights, `{equation: number}`; equations that are left out keep theirs.

        Args:
            losses: `{equation: LeastSquares}`: the mean square of each alone, unweighted.
        """

    def on_epoch_begin(self, epoch, logs=None):
        if epoch % self.every:
            return
        model = self.model
        losses = {
            name: LeastSquares(model.compiled_residuals, {name: rows})
            for name, rows in model.training_points.items()
        }
        momentum = self.momentum if epoch else 0.0
        for name, weight in self.new_weights(losses).items():
            present = model.equation_weights[name]
            present.assign(momentum * present + (1.0 - momentum) * weight)


class GradientNorms(LossWeighting):
    """Equal norms of the gradients of all parts of the loss in the weights of the network.

    `w_k = sum_j |grad L_j| / |grad L_k|` (Wang, Sankaran, Wang and Perdikaris, An expert's guide to
    training physics-informed neural networks, 2023, section 4.3).

    Args: Those of `LossWeighting`.
    """

    def new_weights(self, losses):
        return _equalizing(
            {name: np.linalg.norm(loss.loss_and_gradient()[1]) for name, loss in losses.items()}
        )


class TangentKernel(LossWeighting):
    """Equal rates at which all residuals fall under steepest descent.

    `w_k = sum_j tr K_j / tr K_k` with the mean diagonal of the neural tangent kernel,
    `tr K_k = |J_k|^2 / num_points` (Wang, Yu and Perdikaris, When and why PINNs fail to train: a
    neural tangent kernel perspective, 2022, eq. 6.5 with means).

    Args: Those of `LossWeighting`.
    """

    def new_weights(self, losses):
        return _equalizing({name: loss.kernel_trace() for name, loss in losses.items()})


class SelfAdaptive(LossWeighting):
    """Conditions that grow in weight while they are not met: weights ascend, the network descends.

    `w_k <- w_k + rate L_k` for each condition; the residual keeps its weight, for it is their ratio
    that counts (McClenny and Braga-Neto, Self-adaptive physics-informed neural networks, 2023,
    eq. 9, with one mask for all points of a condition). `SelfAdaptivePoints` has one for each.

    Args:
        every: Epochs between two steps.
        rate: Length of a step.
    """

    def __init__(self, every=1, rate=0.1):
        super().__init__(every, momentum=0.0)
        if rate <= 0.0:
            raise ValueError(f"`rate` must be positive. Received: rate={rate}")
        self.rate = rate

    def new_weights(self, losses):
        present = self.model.equation_weights
        return {
            name: float(present[name]) + self.rate * loss.loss()
            for name, loss in losses.items()
            if name != "residual"
        }


def _equalizing(sizes):
    """Weights that make all sizes equal to their sum."""
    return {name: sum(sizes.values()) / max(size, _TINY) for name, size in sizes.items()}
