"""A weight for each point of a training, chosen while a coordinate network is trained."""

import keras
import numpy as np
from keras import ops


class PointWeights:
    """A weight for each point of a training, in its mean square; ones at first.

    Weights are variables of the model, together with the points they belong to: a checkpoint has
    both, and new points take the weight of the nearest old one.

    Args:
        model: The `PINN`.
        points: `{equation: rows}`, of the number that is trained.

    Attributes:
        variables: `{equation: variable}`, rows with their weight as last column.
    """

    def __init__(self, model, points):
        self.variables = {}
        for name, rows in points.items():
            label, shape = name.replace(" ", "_"), (len(rows), rows.shape[1] + 1)
            variable = model.add_weight(
                shape, "ones", model.dtype, trainable=False, name=f"points_{label}"
            )
            variable.assign(np.column_stack([rows, np.ones(len(rows))]))
            self.variables[name] = variable

    def attached(self, points):
        """Points with their weights as last column, `{equation: rows}`; these are kept."""
        for name, rows in self.rows().items():
            self.variables[name].assign(_with_nearest(name, points[name], rows))
        return self.rows()

    def rows(self):
        """The points with their weights, as arrays."""
        return {name: ops.convert_to_numpy(variable) for name, variable in self.variables.items()}


class SelfAdaptivePoints(keras.callbacks.Callback):
    """Points that grow in weight while the network is wrong there.

    `w_i <- w_i + rate |r_i|^2` at each point, inside and on the boundary: weights ascend the loss
    `mean(w_i |r_i|^2)` that the network descends (McClenny and Braga-Neto, Self-adaptive
    physics-informed neural networks, 2023, eqs. 8 to 12, with the mask `m(w) = w`). Needs
    `PINN.weigh_points`. With the weights of whole conditions: `SelfAdaptive`.

    Args:
        every: Epochs between two steps, the first before the first epoch.
        rate: Length of a step.

    Raises:
        ValueError: If the rate is not positive; before training, if points have no weights.
    """

    def __init__(self, every=1, rate=0.1):
        super().__init__()
        if every < 1 or rate <= 0.0:
            raise ValueError(
                "`every` must be at least 1 and `rate` must be positive. "
                f"Received: every={every}, rate={rate}"
            )
        self.every, self.rate = every, rate

    def on_train_begin(self, logs=None):
        if self.model.point_weights is None:
            raise ValueError(
                "Points have no weights that could grow: call `model.weigh_points(points)` with "
                "the points of the training first."
            )

    def on_epoch_begin(self, epoch, logs=None):
        if epoch % self.every:
            return
        model, weights = self.model, self.model.point_weights
        points = {name: rows[:, :-1] for name, rows in model.training_points.items()}
        for name, residuals in model.evaluate_residuals(points).items():
            old = model.training_points[name][:, -1]
            new = old + self.rate * np.sum(np.square(residuals), axis=1)
            weights.variables[name].assign(np.column_stack([points[name], new]))
        model.training_points = weights.rows()


def _with_nearest(name, rows, weighted):
    """Rows with the weights of the nearest old ones: their own, if they are the same.

    Args:
        name: Of the equation.
        rows: `(num_points, columns)`.
        weighted: The old ones with weights, `(num_points, columns + 1)`.
    """
    from scipy.spatial import cKDTree

    if len(rows) != len(weighted):
        raise ValueError(
            "A training keeps the number of points that `weigh_points` was given, "
            f"{len(weighted)} for `{name}`. Received: {len(rows)}"
        )
    rows = rows[:, : weighted.shape[1] - 1]  # it may be points of a training, with weights
    nearest = cKDTree(weighted[:, :-1]).query(rows)[1]
    return np.column_stack([rows, weighted[nearest, -1]]).astype(rows.dtype)
