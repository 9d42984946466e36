"""Networks of coordinates: each is one solution of one differential equation."""

import keras
import numpy as np
from keras import ops

from keras_solvers.numerics.derivatives import (
    evaluated,
    linearized,
    squared_jacobian_product,
    value_and_gradient,
)
from keras_solvers.pinn.fields.complex_field import ComplexField, real_parts
from keras_solvers.pinn.fields.consistency import (
    check_arguments,
    check_coefficients,
    check_conditions,
    check_network,
    checked_points,
)
from keras_solvers.pinn.fields.coordinates import Coordinates, Unknown
from keras_solvers.pinn.fields.network_field import network_fields
from keras_solvers.pinn.fields.neumann_compatibility import check_neumann_compatibility
from keras_solvers.pinn.fields.pde import PDE
from keras_solvers.pinn.fields.residual_function import residual_function, values
from keras_solvers.pinn.optimizers.point_weights import followed
from keras_solvers.pinn.optimizers.second_order import LeastSquares, SecondOrder
from keras_solvers.pinn.optimizers.steps import fit_steps


class PINN(keras.Model):
    """A network trained until the residual of its equation and conditions vanishes.

    Loss: the sum over equations of weight times mean square, over the points given to `fit`.
    The answer is `model(points)`; `predict` of Keras rounds points to `keras.config.floatx()`. The
    `network` is saved like any other; `solution()` is exported.

    Args:
        network: Keras model from coordinates `(num_points, dimensions)` to the fields, or to what
            the ansatz makes them of, `(num_points, num_outputs)`. Its dtype is that of the
            training: float64 for errors below 1e-5.
        problem: The `PDE`.

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
        self.equations = {
            "residual": self._equation("residual", problem.residual, self._unknowns())
        }
        for name, condition in problem.named_conditions().items():
            self.equations[name] = self._equation(name, condition.equation, {})
        self.equation_weights = {
            name: self._number(f"weight_{name.replace(' ', '_')}", weight, trainable=False)
            for name, weight in self._first_weights().items()
        }
        check_coefficients(self)
        check_neumann_compatibility(problem)
        self.weighted_points = {}
        self._compiled = self._compiled_loss = None
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
        made = self.problem.ansatz(Coordinates(self.coordinates), *outputs)
        return made if isinstance(made, tuple) else (made,)

    def call(self, points):
        if isinstance(points, dict):  # one step of training, a batch of one set of points
            rows = {name: rows[0] for name, rows in points.items()}
            weighted = {n: ops.convert_to_tensor(v) for n, v in self.weighted_points.items()}
            return self.residuals({**rows, **weighted})
        return values(real_parts(self.fields()), points)

    def solution(self):
        """The trained solution, ansatz included, as a functional model: to be exported."""
        inputs = keras.Input((len(self.coordinates),), dtype=self.dtype)
        return keras.Model(inputs, self(inputs), name="solution")

    def residuals(self, points):
        """What each equation leaves at its points.

        Args:
            points: `{equation: rows}`, as `PDE.sample` gives them.

        Returns:
            `{equation: (num_points, parts)}`.
        """
        return {name: self.equations[name](rows) for name, rows in points.items()}

    def weigh_points(self, points):
        """Gives each point of a training a weight in its mean square, one at first.

        Weights are variables of the model, with the points they belong to, so that a checkpoint
        has both: it is restored after this. When a sampler replaces points, each new one takes the
        weight of the nearest old one. They are changed by callbacks, `SelfAdaptivePoints()`.

        Args:
            points: `{equation: rows}`, as `PDE.sample` gives them, of the number that is trained.
        """
        for name, rows in checked_points(self, points).items():
            label, shape = name.replace(" ", "_"), (len(rows), rows.shape[1] + 1)
            variable = self.add_weight(
                shape, "ones", self.dtype, trainable=False, name=f"points_{label}"
            )
            variable.assign(np.column_stack([rows, np.ones(len(rows))]))
            self.weighted_points[name] = variable
        self.train_function = None  # one that was compiled before knows nothing of them

    def compiled_equations(self):
        """For each equation, by name, compiled when called for the first time:

        residuals of points; these and their Jacobian `J`; the product `J^T J v` of points and `v`.
        """
        if self._compiled is None:
            self._compiled = tuple(
                {n: kind(f, self.trainable_variables) for n, f in self.equations.items()}
                for kind in (evaluated, linearized, squared_jacobian_product)
            )
        return self._compiled

    def compiled_loss(self):
        """`(loss, gradient)` of a pair `(points, weights of equations)`, compiled once.

        The gradient is a list of arrays.
        """
        if self._compiled_loss is None:
            self._compiled_loss = value_and_gradient(
                lambda given: _weighted(self.residuals(given[0]), given[1]),
                self.trainable_variables,
            )
        return self._compiled_loss

    def compile(self, optimizer="adam", **kwargs):
        """As in Keras; `optimizer` may also be a second-order one, `LevenbergMarquardt()`,
        `SelfScaledBroyden()` or `LBFGS()`."""
        self.second_order = optimizer if isinstance(optimizer, SecondOrder) else None
        kwargs.setdefault("jit_compile", True)  # three times as fast, on processors too
        super().compile("sgd" if self.second_order else optimizer, **kwargs)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return _weighted(y_pred, self.equation_weights)

    def evaluate_loss(self, points):
        """The loss at points, `{equation: rows}`, as a number."""
        rows = {name: ops.convert_to_tensor(v) for name, v in checked_points(self, points).items()}
        residuals = self.compiled_equations()[0]
        return sum(
            float(self.equation_weights[name])
            * float(ops.mean(ops.sum(ops.square(residuals[name](r)), axis=-1)))
            for name, r in rows.items()
        )

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
        """
        points, history = checked_points(self, points), keras.callbacks.History()
        callbacks = [*callbacks, history]
        every = max(epochs, 1) if sampler is None else sampler.every
        for first in range(initial_epoch, epochs, every):
            if sampler is not None and first > 0:
                points = checked_points(self, sampler(self, points, first))
            self.training_points = self._weighted(points)  # callbacks look at them
            end = min(first + every, epochs)
            fit_steps(self, self._step(self.training_points), first, end, callbacks, verbose)
            if self.stop_training:
                break
        return history

    def _step(self, points):
        """A function that improves the weights once, and returns the loss and why it must end."""
        if self.second_order is not None:
            system = LeastSquares(self, points)
            return lambda: self.second_order.step(system)
        rows = {name: ops.convert_to_tensor(rows[None]) for name, rows in points.items()}

        def step():
            loss = float(self.train_on_batch(rows, return_dict=True)["loss"])
            return loss, None if np.isfinite(loss) else "the loss is not finite"

        return step

    def _weighted(self, points):
        """The points with their weights as last column, if they have such."""
        if not self.weighted_points:
            return points
        for name, variable in self.weighted_points.items():
            variable.assign(followed(name, points[name], ops.convert_to_numpy(variable)))
        return {n: ops.convert_to_numpy(variable) for n, variable in self.weighted_points.items()}

    def _number(self, name, value, trainable):
        weight = self.add_weight((), "zeros", self.dtype, trainable=trainable, name=name)
        weight.assign(value)  # an initializer would round it to float32 on the way
        return weight

    def _first_weights(self):
        conditions = self.problem.named_conditions()
        return {"residual": 1.0, **{name: c.weight for name, c in conditions.items()}}

    def _equation(self, name, function, coefficients):
        columns = self.problem.num_columns(name)
        fields = self.fields()
        return residual_function(name, function, columns, self.coordinates, fields, coefficients)

    def _unknowns(self):
        return {name: Unknown(w, self.coordinates) for name, w in self.coefficients.items()}


def _weighted(residuals, weights):
    """The loss: weight times mean square, all equations together."""
    parts = (
        ops.cast(weights[name], r.dtype) * ops.sum(ops.mean(ops.square(r), axis=0))
        for name, r in residuals.items()
    )
    return sum(parts)
