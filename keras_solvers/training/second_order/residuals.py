"""Residuals as functions of Keras variables, with their derivatives."""

from keras import ops

from keras_solvers.numerics.derivatives import (
    evaluated,
    linearized,
    squared_jacobian_product,
    value_and_gradient,
)


class Residuals:
    """Residual functions of the same variables; each is compiled when it is first evaluated.

    Args:
        functions: `{name: function}`. Each maps inputs `(num_rows, ...)` to residuals
            `(num_rows, num_parts)`, every row of the result from its own row of the inputs alone.
            It is written in `keras.ops` and uses the variables directly.
        variables: Keras variables.
    """

    def __init__(self, functions, variables):
        self.functions, self.variables = dict(functions), list(variables)
        self._values, self._linearized, self._products = (
            {name: kind(f, self.variables) for name, f in self.functions.items()}
            for kind in (evaluated, linearized, squared_jacobian_product)
        )
        self._num_parts = {}
        self._loss_and_gradient = value_and_gradient(lambda x: self.loss(*x), self.variables)

    def loss(self, inputs, weights):
        """`sum_k weight_k mean_i |r_k(x_i)|^2`, differentiable by the backend.

        Args:
            inputs: `{name: rows}`, tensors, for some or all of the functions.
            weights: `{name: weight}`, numbers or scalar tensors, for these.
        """
        total = 0.0
        for name, rows in inputs.items():
            residuals = self.functions[name](rows)
            mean_square = ops.sum(ops.mean(ops.square(residuals), axis=0))
            total = total + ops.cast(weights[name], residuals.dtype) * mean_square
        return total

    def evaluate(self, name, rows):
        """Residuals of one function, NumPy, `(num_rows, num_parts)`."""
        return ops.convert_to_numpy(self._values[name](ops.convert_to_tensor(rows)))

    def linearize(self, name, rows):
        """These and their Jacobian, NumPy, `(num_rows, num_parts, num_parameters)`."""
        both = self._linearized[name](ops.convert_to_tensor(rows))
        return tuple(map(ops.convert_to_numpy, both))

    def gauss_newton_product(self, name, rows, vector):
        """`J^T J v` with the Jacobian of one function; `v` has an array for each variable."""
        tensors = [ops.convert_to_tensor(p, v.dtype) for p, v in zip(vector, self.variables)]
        product = self._products[name](ops.convert_to_tensor(rows), tensors)
        return [ops.convert_to_numpy(part) for part in product]

    def loss_and_gradient(self, inputs, weights):
        """`loss` as a number, and its gradient, an array for each variable."""
        given = [
            {name: ops.convert_to_tensor(value) for name, value in values.items()}
            for values in (inputs, weights)
        ]
        loss, gradient = self._loss_and_gradient(tuple(given))
        return float(loss), [ops.convert_to_numpy(part) for part in gradient]

    def num_parts(self, name, rows):
        """How many residuals a row of one function has."""
        if name not in self._num_parts:
            self._num_parts[name] = self.functions[name](ops.convert_to_tensor(rows[:1])).shape[1]
        return self._num_parts[name]
