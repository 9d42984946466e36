"""Networks of coordinates: each is one solution of one differential equation."""

import keras
import numpy as np

from keras_solvers.pinn.fields.complex_field import ComplexField, real_parts
from keras_solvers.pinn.fields.consistency import (
    check_arguments,
    check_coefficients,
    check_conditions,
    check_network,
    checked_points,
)
from keras_solvers.pinn.fields.coordinates import Coefficient, Coordinates
from keras_solvers.pinn.fields.network_field import network_fields
from keras_solvers.pinn.fields.neumann_compatibility import check_neumann_compatibility
from keras_solvers.pinn.fields.pde import PDE
from keras_solvers.pinn.fields.residual_functions import residual_functions, values
from keras_solvers.pinn.training.point_weights import PointWeights
from keras_solvers.pinn.training.trainer import Trainer
from keras_solvers.training.second_order.least_squares import LeastSquares
from keras_solvers.training.second_order.residuals import Residuals


class PINN(keras.Model):
    """A network trained until the residuals of its equation and conditions vanish.

    Loss: the sum over equations of weight times mean square, over the points given to `fit`.
    The solution is `model(points)`; `predict` of Keras rounds points to `keras.config.floatx()`.
    The `network` is saved like any other; `solution()` is exported.

    Args:
        network: Keras model from coordinates `(num_points, dimensions)` to the fields, or to what
            the ansatz makes them of, `(num_points, num_outputs)`. Its dtype is that of the
            training: float64 for errors below 1e-5.
        problem: The `PDE`.

    Attributes:
        coefficients: `{name: variable}` of the unknown coefficients.
        equation_weights: `{equation: variable}`, factors of the mean squares in the loss. Equations
            are called "residual", and "condition 0" and so on.
        compiled_residuals: `Residuals` of all equations.
        optimizer: What `compile` was given.
        training_points: `{equation: rows}` of the present step; of weighted points, the weights are
            the last column.
        point_weights: The `PointWeights`, or `None`.
        stop_training: Set by a callback to end `fit`.
        stop_reason: Why the last `fit` ended, a sentence.

    Raises:
        TypeError: If an equation does not take the fields, or returns something else than fields.
        ValueError: If the network does not fit the equation, conditions contradict each other or
            the equation, or a coefficient has no effect.
    """

    def __init__(self, network, problem, **kwargs):
        # That of the weights: a functional model has the global one, whatever its layers have.
        super().__init__(dtype=network.trainable_variables[0].dtype, **kwargs)
        if not isinstance(problem, PDE):
            raise TypeError(
                f"`problem` must be a `keras_solvers.pinn.PDE`. Received: problem={problem!r}"
            )
        self.network, self.problem = network, problem
        self.coefficients = {
            name: self._number(name, first, trainable=True)
            for name, first in problem.coefficients.items()
        }
        check_network(network, problem, len(self.fields()))
        check_conditions(problem)
        unknown = {n: Coefficient(w, self.coordinates) for n, w in self.coefficients.items()}
        self.equations = residual_functions(problem, self.fields(), unknown)
        self.equation_weights = {
            name: self._number(f"weight_{name.replace(' ', '_')}", weight, trainable=False)
            for name, weight in problem.equation_weights().items()
        }
        check_coefficients(self)
        check_neumann_compatibility(problem)
        self.compiled_residuals = Residuals(self.equations, self.trainable_variables)
        self.optimizer = self.training_points = self.point_weights = self._trainer = None
        self.built = True

    @property
    def coordinates(self):
        return self.problem.geometry.coordinates

    def fields(self):
        """The unknown fields, functions of points with derivatives: `u.x`."""
        outputs = network_fields(self.network, self.coordinates)
        if self.problem.complex_valued:
            outputs = tuple(map(ComplexField, outputs[::2], outputs[1::2]))
        if self.problem.ansatz is None:
            return outputs
        check_arguments(self.problem.ansatz, "The ansatz", outputs)
        fields = self.problem.ansatz(Coordinates(self.coordinates), *outputs)
        return fields if isinstance(fields, tuple) else (fields,)

    def call(self, points):
        """Values of the fields at points, `(num_points, num_fields)`; of a complex one, two."""
        return values(real_parts(self.fields()), points)

    def solution(self):
        """The trained solution, ansatz included, as a functional model: to be exported."""
        inputs = keras.Input((len(self.coordinates),), dtype=self.dtype)
        return keras.Model(inputs, self(inputs), name="solution")

    def residuals(self, points):
        """Residuals of equations at points, tensors: differentiable, and not compiled.

        Args:
            points: `{equation: rows}`, as `PDE.sample` gives them.

        Returns:
            `{equation: (num_points, num_parts)}`.
        """
        return {name: self.equations[name](rows) for name, rows in points.items()}

    def evaluate_residuals(self, points):
        """The same as arrays, compiled."""
        return {
            name: self.compiled_residuals.evaluate(name, np.asarray(rows, self.dtype))
            for name, rows in points.items()
        }

    def least_squares(self, points):
        """The loss at points of some or all equations, as `LeastSquares`."""
        rows = {name: np.asarray(rows, self.dtype) for name, rows in points.items()}
        return LeastSquares(self.compiled_residuals, rows, self.equation_weights)

    def evaluate_loss(self, points):
        """The loss at points of all equations, as a number."""
        return float(self.least_squares(checked_points(self, points)).loss())

    def weigh_points(self, points):
        """Gives each point of a training a weight in its mean square, one at first.

        Checkpoints hold these weights: restore one after this. When a sampler replaces points, each
        new one takes the weight of the nearest old one. Callbacks change them:
        `SelfAdaptivePoints()`.

        Args:
            points: `{equation: rows}`, as `PDE.sample` gives them, of the number that is trained.
        """
        self.point_weights = PointWeights(self, checked_points(self, points))

    def compile(self, optimizer="adam"):
        """Chooses how to train.

        Args:
            optimizer: An optimizer of Keras, its name, or a second-order one of
                `keras_solvers.training`: `LevenbergMarquardt()`, `GaussNewtonCG()`,
                `SelfScaledBroyden()`, `LBFGS()`.
        """
        # As in Keras, variables are those that can be trained at this time.
        self.compiled_residuals = Residuals(self.equations, self.trainable_variables)
        self._trainer = Trainer(self, optimizer)
        self.optimizer = self._trainer.optimizer

    def fit(self, points, epochs=1, callbacks=(), verbose="auto", sampler=None, initial_epoch=0):
        """Trains on all points at once; an epoch is one step of the optimizer.

        Args:
            points: `{equation: rows}`, as `PDE.sample` gives them.
            epochs: Number of steps in all, those before `initial_epoch` included.
            callbacks: Keras callbacks.
            verbose: As in Keras.
            sampler: Replaces points after every few epochs, such as `ResidualAdaptive()`: called
                with the model, the points and the epoch.
            initial_epoch: Where a training that was interrupted goes on.

        Returns:
            A Keras `History`.

        Raises:
            ValueError: If the model was not compiled, or points are those of another problem.
        """
        if self._trainer is None:
            raise ValueError("Call `compile(optimizer)` before `fit`.")
        return self._trainer.fit(points, epochs, callbacks, verbose, sampler, initial_epoch)

    def _number(self, name, value, trainable):
        weight = self.add_weight((), "zeros", self.dtype, trainable=trainable, name=name)
        weight.assign(value)  # an initializer would round it to float32 on the way
        return weight
