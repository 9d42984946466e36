"""Least-squares problems as second-order optimizers see them."""

import numpy as np
from keras import ops

from keras_solvers.training.second_order.linear_models import KernelEquations, NormalEquations

_MAX_ENTRIES = 2**25  # of the Jacobian that is held at once


class LeastSquares:
    """The loss `sum_k weight_k mean_i |r_k(x_i)|^2` as a function of one vector of parameters.

    With all residuals in one vector `r`, scaled by `sqrt(weight_k / num_rows_k)`, it is `|r|^2`.
    The growth of a population, for example, from values at times, `rows` of `(time, value)`::

        size, rate = keras.Variable(1.0), keras.Variable(0.0)

        def misfit(rows):
            return size * ops.exp(rate * rows[:, :1]) - rows[:, 1:]

        system = LeastSquares(Residuals({"misfit": misfit}, [size, rate]), {"misfit": rows})

    Args:
        residuals: `Residuals`.
        inputs: `{name: rows}` for some or all of the residual functions; of a function without
            inputs, `np.zeros((1, 1))`.
        weights: `{name: weight}` for at least these, numbers or Keras variables, whose present
            values count; ones if `None`.

    Raises:
        ValueError: If there are inputs of no residual function.
    """

    def __init__(self, residuals, inputs, weights=None):
        if not inputs or not inputs.keys() <= residuals.functions.keys():
            raise ValueError(
                "`inputs` must have rows for one or more of the residual functions "
                f"{', '.join(residuals.functions)}. Received: inputs for {', '.join(inputs)}"
            )
        self.residuals, self.inputs = residuals, inputs
        self.weights = {n: 1.0 if weights is None else weights[n] for n in inputs}

    @property
    def variables(self):
        """The Keras variables that are sought."""
        return self.residuals.variables

    @property
    def parameters(self):
        """Values of all variables, `(num_parameters,)`, float64; set by assignment."""
        return _flat(ops.convert_to_numpy(v) for v in self.variables)

    @parameters.setter
    def parameters(self, flat):
        for variable, part in zip(self.variables, self._unflattened(flat), strict=True):
            variable.assign(part)

    def loss(self):
        """`|r|^2`."""
        return sum(
            self._scale(name) ** 2 * np.sum(np.square(_double(self.residuals.evaluate(name, rows))))
            for name, rows in self.inputs.items()
        )

    def loss_and_gradient(self):
        """`|r|^2` and its gradient `2 J^T r`, by one reverse pass."""
        loss, gradient = self.residuals.loss_and_gradient(self.inputs, self.weights)
        return loss, _flat(gradient)

    def normal_equations(self):
        """`(|r|^2, J^T r, J^T J)`; of `J^T J` the lower triangle is set."""
        from scipy.linalg import blas

        size = len(self.parameters)
        loss, half_gradient = 0.0, np.zeros(size)
        gram = np.zeros((size, size), order="F")
        for r, jacobian in self._blocks():
            loss += r @ r
            half_gradient += r @ jacobian
            blas.dsyrk(1.0, jacobian.T, 1.0, gram, lower=True, overwrite_c=True)
        return loss, half_gradient, gram

    def linear_model(self):
        """`|r + J d|^2` with its damped minimum, in the cheaper of two forms."""
        num_residuals = sum(
            len(rows) * self.residuals.num_parts(name, rows) for name, rows in self.inputs.items()
        )
        if num_residuals >= len(self.parameters):
            return NormalEquations(*self.normal_equations())
        return KernelEquations(*self.jacobian())

    def jacobian(self):
        """`r` and its Jacobian `J`, `(num_residuals, num_parameters)`, all in memory at once."""
        residuals, jacobian = zip(*self._blocks(), strict=True)
        return np.concatenate(residuals), np.concatenate(jacobian)

    def gauss_newton_product(self, vector):
        """`J^T J v`, without `J`."""
        parts, total = self._unflattened(vector), 0.0
        for name, rows in self.inputs.items():
            product = self.residuals.gauss_newton_product(name, rows, parts)
            total = total + self._scale(name) ** 2 * _flat(product)
        return total

    def kernel_trace(self):
        """`tr(J J^T)`, the trace of the neural tangent kernel."""
        return sum(float(np.sum(np.square(jacobian))) for _, jacobian in self._blocks())

    def subsampled(self, max_rows):
        """The same problem with at most so many rows of each function, evenly chosen."""
        inputs = {name: rows[:: -(-len(rows) // max_rows)] for name, rows in self.inputs.items()}
        return LeastSquares(self.residuals, inputs, self.weights)

    def _blocks(self):
        """Parts of `r` and `J`, as many rows at once as fit in memory."""
        size = len(self.parameters)
        for name, rows in self.inputs.items():
            scale = self._scale(name)
            for block in np.array_split(rows, -(-len(rows) * size // _MAX_ENTRIES)):
                values, jacobian = map(_double, self.residuals.linearize(name, block))
                yield scale * values.ravel(), scale * jacobian.reshape(-1, size)

    def _scale(self, name):
        return np.sqrt(float(self.weights[name]) / len(self.inputs[name]))

    def _unflattened(self, flat):
        shapes = [tuple(v.shape) for v in self.variables]
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
        return [part.reshape(shape) for part, shape in zip(np.split(flat, ends), shapes)]


def _flat(arrays):
    return np.concatenate([_double(array).ravel() for array in arrays])


def _double(array):
    return array.astype("float64", copy=False)
